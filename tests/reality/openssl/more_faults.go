package main

// Faults that OpenSSL and gRPC core mind, or judge otherwise than Go.

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os/exec"
	"strings"
	"time"
)

type signer = crypto.Signer

var (
	oidNetscape   = asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 1}
	oidProxy      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 14}
	oidPolicies   = asn1.ObjectIdentifier{2, 5, 29, 32}
	oidPolicyCon  = asn1.ObjectIdentifier{2, 5, 29, 36}
	oidInhibitAny = asn1.ObjectIdentifier{2, 5, 29, 54}
	oidCRL        = asn1.ObjectIdentifier{2, 5, 29, 31}
	oidIssuerAlt  = asn1.ObjectIdentifier{2, 5, 29, 18}
	oidMSGated    = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 10, 3, 3}
)

func cn(tag int, values ...string) (list []attribute) {
	for _, v := range values {
		list = append(list, attribute{oidCN, tag, v})
	}
	return list
}

// nameless gives a certificate no alternative names but a subject.
func nameless(subject []attribute) func(*build) {
	return func(b *build) { b.node.drop(oidSAN); b.node.subject = subject }
}

func (b *build) both() []*cert { return []*cert{b.node, b.clientNode} }

func keyIDs(keyid []byte, issuer []attribute, serial *big.Int) []byte {
	var parts [][]byte
	if keyid != nil {
		parts = append(parts, tlv(2, 0, false, keyid))
	}
	if issuer != nil {
		parts = append(parts, tlv(2, 1, true, tlv(2, 4, true, encodeName(issuer))))
	}
	if serial != nil {
		full := marshal(serial)
		parts = append(parts, tlv(2, 2, false, full[2:]))
	}
	return sequence(parts...)
}

func opensslFaults() []fault {
	null := []byte{5, 0}
	host := "node1.example.com"
	ids := func(name string, f func(b *build, issuer *cert) []byte) fault {
		return plan(name, func(b *build) {
			c := b.someLeaf()
			issuer := c.issuer
			if issuer == nil {
				issuer = b.ca
			}
			c.set(extension(oidAuthorityID, false, f(b, issuer)))
		})
	}
	return []fault{
		// names
		plan("cn-two-first", nameless(cn(asn1.TagUTF8String, host, "other.example.com"))),
		plan("cn-two-last", nameless(cn(asn1.TagUTF8String, "other.example.com", host))),
		plan("cn-bmp", nameless(cn(30, "\x00n\x00o\x00d\x00e\x001\x00.\x00e\x00x\x00a\x00m\x00p\x00l\x00e\x00.\x00c\x00o\x00m"))),
		plan("cn-trailing-dot", nameless(cn(asn1.TagUTF8String, host+"."))),
		plan("cn-nul", nameless(cn(asn1.TagUTF8String, host+"\x00.org"))),
		plan("cn-ip", func(b *build) { nameless(cn(asn1.TagUTF8String, "10.1.1.1"))(b); b.host = "10.1.1.1" }),
		plan("cn-none", nameless([]attribute{{oidO, asn1.TagUTF8String, "x"}})),
		plan("cn-wild", nameless(cn(asn1.TagUTF8String, "*.example.com"))),
		plan("cn-with-mail", func(b *build) { b.node.set(san(mail("a@example.com"))); b.node.subject = cn(asn1.TagUTF8String, host) }),
		plan("cn-with-uri", func(b *build) {
			b.node.set(san(uri("https://a.example.com/")))
			b.node.subject = cn(asn1.TagUTF8String, host)
		}),
		plan("cn-with-other-name", func(b *build) {
			b.node.set(san(tlv(2, 8, false, []byte{42, 3, 4})))
			b.node.subject = cn(asn1.TagUTF8String, host)
		}),
		plan("cn-with-directory-name", func(b *build) {
			b.node.set(san(tlv(2, 4, true, encodeName(named("x")))))
			b.node.subject = cn(asn1.TagUTF8String, host)
		}),
		plan("cn-with-ip", func(b *build) { b.node.set(san(ip("127.0.0.1"))); b.node.subject = cn(asn1.TagUTF8String, host) }),
		plan("ip-5-bytes-beside-names", func(b *build) {
			for _, c := range b.both() {
				c.set(san(dns(host), rawIP([]byte{1, 2, 3, 4, 5})))
			}
		}),
		plan("uri-is-host", func(b *build) { b.node.set(san(uri(host))) }),
		plan("mail-is-host", func(b *build) { b.node.set(san(mail(host))) }),
		plan("san-nul", func(b *build) { b.node.set(san(dns(host + "\x00.org"))) }),
		plan("san-wild-star-end", func(b *build) { b.node.set(san(dns("n*.example.com"))) }),
		plan("san-wild-star-start", func(b *build) { b.node.set(san(dns("*1.example.com"))) }),
		plan("san-wild-two", func(b *build) { b.node.set(san(dns("*.*.com"))) }),
		plan("san-wild-idn", func(b *build) { b.node.set(san(dns("*.xn--bcher-kva.example"))); b.host = "a.xn--bcher-kva.example" }),
		plan("san-wild-dot", func(b *build) { b.node.set(san(dns("*.example.com."))) }),
		plan("dial-label-of-idn", func(b *build) { b.node.set(san(dns("*.example.com"))); b.host = "xn--bcher-kva.example.com" }),
		plan("dial-single", func(b *build) { b.host = "localhost" }),
		plan("dial-wild-tld", func(b *build) { b.node.set(san(dns("*.com"))); b.host = "example.com" }),
		plan("dial-like-ip", func(b *build) { b.node.set(san(dns("999.1.1.1"))); b.host = "999.1.1.1" }),
		plan("dial-like-short-ip", func(b *build) { b.node.set(san(dns("10.1.1"))); b.host = "10.1.1" }),
		plan("dial-ipv6-upper", func(b *build) { b.host = "2001:DB8::1" }),
		plan("dial-ipv6-long", func(b *build) { b.host = "2001:db8:0:0:0:0:0:1" }),
		plan("dial-ipv6-dns", func(b *build) { b.node.set(san(dns("2001:db8::1"))); b.host = "2001:db8::1" }),
		// key identifiers
		ids("aki-other", func(b *build, issuer *cert) []byte {
			issuer.set(extension(oidSubjectID, false, tlv(0, 4, false, keyID(issuer.key))))
			return keyIDs([]byte("another key"), nil, nil)
		}),
		ids("aki-serial", func(b *build, issuer *cert) []byte {
			above := issuer
			if issuer.issuer != nil {
				above = issuer.issuer
			}
			return keyIDs(nil, above.subject, issuer.serial)
		}),
		ids("aki-serial-other", func(b *build, issuer *cert) []byte { return keyIDs(nil, issuer.subject, big.NewInt(77)) }),
		ids("aki-issuer-other", func(b *build, issuer *cert) []byte { return keyIDs(keyID(issuer.key), named("x"), issuer.serial) }),
		ids("aki-serial-alone", func(b *build, issuer *cert) []byte { return keyIDs(nil, nil, big.NewInt(78)) }),
		ids("aki-empty", func(*build, *cert) []byte { return sequence() }),
		plan("ski-other", func(b *build) { b.someCA().set(extension(oidSubjectID, false, tlv(0, 4, false, []byte("another")))) }),
		plan("aki-critical", func(b *build) {
			c := b.someLeaf()
			c.set(extension(oidAuthorityID, true, sequence()))
		}),
		plan("ca-aki-other", func(b *build) {
			b.ca.set(extension(oidSubjectID, false, tlv(0, 4, false, keyID(b.ca.key))))
			b.ca.set(extension(oidAuthorityID, false, keyIDs([]byte("elsewhere"), nil, nil)))
		}),
		// subject and issuer
		plan("subject-of-ca-rsa", func(b *build) {
			c := b.someLeaf()
			c.subject = b.ca.subject
			c.key = b.key("rsa2048")
			if b.mid == nil {
				b.ca.key = b.key("rsa2048")
			}
		}),
		plan("subject-of-issuer", func(b *build) { c := b.someLeaf(); c.subject = c.issuer.subject; c.drop(oidAuthorityID) }),
		plan("subject-of-issuer-identified", func(b *build) {
			c := b.someLeaf()
			c.subject = c.issuer.subject
			c.set(extension(oidAuthorityID, false, keyIDs(keyID(c.issuer.key), nil, nil)))
			c.set(extension(oidSubjectID, false, tlv(0, 4, false, keyID(c.key))))
		}),
		plan("ca-subject-empty", func(b *build) { b.someCA().subject = nil }),
		plan("issuer-blanks", func(b *build) {
			c := b.someLeaf()
			c.called = append([]attribute(nil), c.issuer.subject...)
			c.called[1].value = "  " + c.called[1].value + " "
		}),
		maybe("mid-self-issued", func(b *build) bool {
			if b.mid == nil {
				return false
			}
			b.mid.subject = b.ca.subject
			b.mid.set(extension(oidSubjectID, false, tlv(0, 4, false, keyID(b.mid.key))))
			b.mid.set(extension(oidAuthorityID, false, keyIDs(keyID(b.ca.key), nil, nil)))
			b.ca.set(extension(oidSubjectID, false, tlv(0, 4, false, keyID(b.ca.key))))
			return true
		}),
		// purposes and usages
		plan("usage-key-agreement", func(b *build) { b.someLeaf().set(usage(0x08)) }),
		plan("usage-encipherment", func(b *build) { b.someLeaf().set(usage(keyEncipherment)) }),
		plan("usage-commitment", func(b *build) { b.someLeaf().set(usage(0x40)) }),
		plan("usage-crl-sign", func(b *build) { b.someCA().set(usage(0x02)) }),
		plan("usage-zero", func(b *build) { b.some().set(extension(oidUsage, true, []byte{3, 2, 7, 0})) }),
		plan("netscape-server", func(b *build) { b.some().set(extension(oidNetscape, false, []byte{3, 2, 6, 0x40})) }),
		plan("netscape-client", func(b *build) { b.some().set(extension(oidNetscape, false, []byte{3, 2, 7, 0x80})) }),
		plan("netscape-ca", func(b *build) {
			c := b.someCA()
			c.drop(oidBasic)
			c.drop(oidUsage)
			c.set(extension(oidNetscape, false, []byte{3, 2, 2, 0x04}))
		}),
		plan("netscape-bad", func(b *build) { b.some().set(extension(oidNetscape, false, null)) }),
		plan("eku-gated", func(b *build) { b.some().set(extended(oidMSGated)) }),
		plan("eku-on-ca-client", func(b *build) { b.someCA().set(extended(oidClient)) }),
		plan("eku-on-ca-any", func(b *build) { b.someCA().set(extended(oidAny)) }),
		plan("leaf-ca-with-length", func(b *build) { b.someLeaf().set(basic(true, 0)) }),
		plan("leaf-length-without-ca", func(b *build) { b.someLeaf().set(basic(false, 0)) }),
		plan("path-length-negative", func(b *build) {
			b.someCA().set(extension(oidBasic, true, sequence([]byte{1, 1, 0xff}, []byte{2, 1, 0xff})))
		}),
		plan("ca-length-0", func(b *build) { b.someCA().set(basic(true, 0)) }),
		plan("ca-usage-and-no-basic", func(b *build) { c := b.someCA(); c.drop(oidBasic); c.set(usage(certSign)) }),
		plan("ca-bare", func(b *build) { c := b.someCA(); c.ext = nil }),
		// extensions
		ext("proxy", (*build).some, oidProxy, true, sequence(sequence([]byte{6, 3, 42, 3, 4}))),
		ext("proxy-lenient", (*build).someLeaf, oidProxy, false, sequence(sequence([]byte{6, 3, 42, 3, 4}))),
		ext("policies", (*build).some, oidPolicies, true, sequence(sequence([]byte{6, 3, 42, 3, 4}))),
		ext("policies-bad", (*build).some, oidPolicies, false, null),
		ext("policies-twice", (*build).some, oidPolicies, false, sequence(sequence([]byte{6, 3, 42, 3, 4}), sequence([]byte{6, 3, 42, 3, 4}))),
		ext("policy-required", (*build).someCA, oidPolicyCon, true, sequence(tlv(2, 0, false, []byte{0}))),
		ext("inhibit-any", (*build).someCA, oidInhibitAny, true, []byte{2, 1, 0}),
		ext("crl-bad", (*build).some, oidCRL, false, null),
		ext("crl", (*build).some, oidCRL, false, sequence(sequence(tlv(2, 0, true, tlv(2, 0, true, uri("http://example.com/crl")))))),
		ext("issuer-alt", (*build).some, oidIssuerAlt, false, sequence(dns("x"))),
		ext("issuer-alt-critical", (*build).some, oidIssuerAlt, true, sequence(dns("x"))),
		plan("san-twice", func(b *build) { e := names(); c := b.someLeaf(); c.ext = append(c.ext, e, e) }),
		plan("eku-twice", func(b *build) { c := b.some(); c.ext = append(c.ext, extended(oidServer), extended(oidClient)) }),
		plan("critical-eku", func(b *build) { e := extended(oidServer, oidClient); e.Critical = true; b.some().set(e) }),
		// name constraints
		plan("constraint-not-critical", func(b *build) {
			e := constraints([][]byte{dns("example.org")}, nil)
			e.Critical = false
			b.someCA().set(e)
		}),
		plan("constraint-directory-fits", func(b *build) {
			b.someCA().set(constraints([][]byte{tlv(2, 4, true, encodeName([]attribute{{oidO, asn1.TagUTF8String, "Cockroach"}}))}, nil))
		}),
		plan("constraint-directory-lenient", func(b *build) {
			e := constraints([][]byte{tlv(2, 4, true, encodeName(named("x")))}, nil)
			e.Critical = false
			b.someCA().set(e)
		}),
		plan("constraint-of-cn", func(b *build) {
			b.someCA().set(constraints([][]byte{dns("example.org")}, nil))
			for _, c := range b.leaves() {
				c.drop(oidSAN)
				c.subject = named(host)
			}
		}),
		plan("constraint-uri", func(b *build) {
			b.someCA().set(constraints([][]byte{uri(".example.com")}, nil))
			b.node.set(san(dns(host), uri("https://a.example.com/x")))
		}),
		plan("constraint-uri-not", func(b *build) {
			b.someCA().set(constraints([][]byte{uri("example.org")}, nil))
			b.node.set(san(dns(host), uri("https://a.example.com/x")))
		}),
		plan("constraint-on-leaf", func(b *build) { b.someLeaf().set(constraints([][]byte{dns("example.org")}, nil)) }),
		plan("constraint-ipv6", func(b *build) {
			b.someCA().set(constraints(nil, [][]byte{rawIP(append([]byte{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
				255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))}))
		}),
		// several CAs
		plan("bundle-expired-last", func(b *build) {
			old := *b.ca
			old.to, old.der = b.now.Add(-time.Hour), nil
			b.files["ca.crt"] = append(b.files["ca.crt"], &old)
		}),
		plan("bundle-not-yet-first", func(b *build) {
			early := *b.ca
			early.from, early.der = b.now.Add(time.Hour), nil
			b.files["ca.crt"] = append([]*cert{&early}, b.files["ca.crt"]...)
		}),
		plan("bundle-same-key-id", func(b *build) {
			b.ca.set(extension(oidSubjectID, false, tlv(0, 4, false, keyID(b.ca.key))))
			other := b.authority("TiDB CA", nil, 1)
			other.set(extension(oidSubjectID, false, tlv(0, 4, false, keyID(b.ca.key))))
			b.files["ca.crt"] = append([]*cert{other}, b.files["ca.crt"]...)
		}),
		plan("same-name-other-key-tidb", func(b *build) { b.files["ca.crt"] = []*cert{b.authority("TiDB CA", nil, 1)} }),
		plan("same-name-other-key-bare", func(b *build) {
			other := b.authority("TiDB CA", nil, 1)
			other.drop(oidSubjectID)
			b.files["ca.crt"] = []*cert{other}
			for _, c := range b.leaves() {
				c.drop(oidAuthorityID)
			}
		}),
		plan("same-name-first", func(b *build) {
			b.files["ca.crt"] = append([]*cert{b.authority("TiDB CA", nil, 1)}, b.files["ca.crt"]...)
		}),
		plan("same-name-last", func(b *build) { b.files["ca.crt"] = append(b.files["ca.crt"], b.authority("TiDB CA", nil, 1)) }),
		maybe("mid-twin-in-ca", func(b *build) bool { // the intermediate's name as a root of its own
			if b.mid != nil {
				b.files["ca.crt"] = append(b.files["ca.crt"], b.authority("Issuing CA", nil, 1))
			}
			return b.mid != nil
		}),
		maybe("mid-self-signed-twin", func(b *build) bool { // the same key, signed by itself
			if b.mid == nil {
				return false
			}
			twin := *b.mid
			twin.issuer, twin.der = nil, nil
			b.files["ca.crt"] = []*cert{&twin}
			return true
		}),
		maybe("mid-expired-trusted", func(b *build) bool {
			if b.mid == nil {
				return false
			}
			b.mid.to = b.now.Add(-time.Hour)
			b.files["ca.crt"] = append(b.files["ca.crt"], b.mid)
			return true
		}),
		plan("leaf-alone-trusted", func(b *build) { b.files["ca.crt"] = []*cert{b.node, b.clientNode, b.root} }),
		plan("chain-of-roots", func(b *build) {
			n := b.someFile()
			b.files[n] = append(b.files[n], b.authority("TiDB CA", nil, 1), b.ca)
		}),
		plan("chain-order", func(b *build) {
			n := b.someFile()
			list := b.files[n]
			b.files[n] = []*cert{list[0], b.ca}
			b.files[n] = append(b.files[n], list[1:]...)
		}),
		// keys and files
		plan("ca-rsa1024", func(b *build) { b.someCA().key = b.key("rsa1024") }),
		plan("ca-rsa512", func(b *build) { b.someCA().key = b.key("rsa512") }),
		plan("leaf-rsa1024", func(b *build) { b.someLeaf().key = b.key("rsa1024") }),
		plan("leaf-sha1", func(b *build) { b.someLeaf().digest = "sha1" }),
		plan("ca-sha1", func(b *build) { b.ca.digest = "sha1" }),
		key("key-encrypted-empty", func(_ *build, data []byte) []byte {
			block, _ := pem.Decode(data)
			//lint:ignore SA1019 this is what the fault is about
			return pem.EncodeToMemory(must(x509.EncryptPEMBlock(rand.Reader, "RSA PRIVATE KEY", block.Bytes, nil, x509.PEMCipherAES128)))
		}),
		key("key-encrypted-upper", func(_ *build, data []byte) []byte {
			block, _ := pem.Decode(data)
			//lint:ignore SA1019 likewise
			locked := must(x509.EncryptPEMBlock(rand.Reader, block.Type, block.Bytes, nil, x509.PEMCipher3DES))
			locked.Headers["DEK-Info"] = strings.ToUpper(locked.Headers["DEK-Info"])
			return pem.EncodeToMemory(locked)
		}),
		key("key-label", func(b *build, data []byte) []byte {
			block, _ := pem.Decode(data)
			block.Type = []string{"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ANY PRIVATE KEY", "ENCRYPTED PRIVATE KEY"}[b.dice.Intn(5)]
			return pem.EncodeToMemory(block)
		}),
		key("key-version-2", func(_ *build, data []byte) []byte {
			block, _ := pem.Decode(data)
			var k struct {
				Version int
				Kind    asn1.RawValue
				Key     []byte
				Public  asn1.RawValue `asn1:"optional"`
			}
			if _, err := asn1.Unmarshal(block.Bytes, &k); err != nil || block.Type != "PRIVATE KEY" {
				return data
			}
			k.Version, k.Public = 1, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, Bytes: make([]byte, 33)}
			block.Bytes = must(asn1.Marshal(k))
			return pem.EncodeToMemory(block)
		}),
		key("key-locked-empty", func(_ *build, data []byte) []byte {
			scheme := [][]string{{"-v2", "aes-256-cbc"}, {"-v2", "des3"}, {"-v1", "PBE-SHA1-3DES"}}[len(data)%3]
			return encrypt(data, "", scheme...)
		}),
		key("key-locked-pkcs8", func(_ *build, data []byte) []byte { return encrypt(data, "secret", "-v2", "aes-256-cbc") }),
		key("key-trailing-certificate", func(b *build, data []byte) []byte { return append(data, b.node.pem()...) }),
		spoil("combined", func(b *build) {
			n := b.someFile()
			both := append(append([]byte(nil), b.bytes[n]...), b.bytes[keyName(n)]...)
			b.bytes[n], b.bytes[keyName(n)] = both, both
		}),
		spoil("ca-x509-label", func(b *build) {
			b.edit("ca.crt", func(d []byte) []byte { return replace(" CERTIFICATE-", " X509 CERTIFICATE-")(b, d) })
		}),
		spoil("ca-trusted-label", func(b *build) {
			b.edit("ca.crt", func(d []byte) []byte { return replace(" CERTIFICATE-", " TRUSTED CERTIFICATE-")(b, d) })
		}),
		spoil("ca-key-inside", func(b *build) {
			b.edit("ca.crt", func(d []byte) []byte { return append(d, encodeKey(b.ca.key, 1)...) })
		}),
		spoil("ca-broken-key-inside", func(b *build) {
			b.edit("ca.crt", func(d []byte) []byte {
				return append(d, "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"...)
			})
		}),
		spoil("ca-crl-inside", func(b *build) {
			b.edit("ca.crt", func(d []byte) []byte { return append(d, "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"...) })
		}),
		spoil("ca-broken-first", func(b *build) {
			b.edit("ca.crt", func(d []byte) []byte {
				return append([]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"), d...)
			})
		}),
		spoil("ca-twice", func(b *build) { b.edit("ca.crt", func(d []byte) []byte { return append(d, d...) }) }),
		spoil("chain-broken-second", func(b *build) {
			b.edit(b.someFile(), func(d []byte) []byte {
				return append(d, "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"...)
			})
		}),
	}
}

// encrypt wraps a key in a PKCS #8 EncryptedPrivateKeyInfo.
func encrypt(data []byte, passphrase string, scheme ...string) []byte {
	c := exec.Command("openssl", append([]string{"pkcs8", "-topk8", "-passout", "pass:" + passphrase}, scheme...)...)
	c.Stdin = bytes.NewReader(data)
	return must(c.Output())
}
