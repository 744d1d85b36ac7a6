package main

// The faults. One that does not fit the directory returns false and another is drawn.

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"io/fs"
	"math/big"
	"strings"
	"time"
)

type fault struct {
	name   string
	before func(*build) bool // spoils the plan
	after  func(*build) bool // spoils the bytes
}

func plan(name string, f func(*build)) fault {
	return fault{name: name, before: func(b *build) bool { f(b); return true }}
}

func maybe(name string, f func(*build) bool) fault { return fault{name: name, before: f} }

func spoil(name string, f func(*build)) fault {
	return fault{name: name, after: func(b *build) bool { f(b); return true }}
}

func (b *build) edit(name string, f func([]byte) []byte) {
	b.bytes[name] = f(append([]byte(nil), b.bytes[name]...))
}

// crt spoils the bytes of some certificate file.
func crt(name string, f func(*build, []byte) []byte) fault {
	return spoil(name, func(b *build) { b.edit(b.anyFile(), func(data []byte) []byte { return f(b, data) }) })
}

// key spoils the bytes of some key file.
func key(name string, f func(*build, []byte) []byte) fault {
	return spoil(name, func(b *build) { b.edit(keyName(b.someFile()), func(data []byte) []byte { return f(b, data) }) })
}

func replace(old, new string) func(*build, []byte) []byte {
	return func(_ *build, data []byte) []byte { return []byte(strings.ReplaceAll(string(data), old, new)) }
}

func ext(name string, who func(*build) *cert, oid asn1.ObjectIdentifier, critical bool, value []byte) fault {
	return plan(name, func(b *build) { who(b).set(extension(oid, critical, value)) })
}

func (b *build) nodeLeaf() *cert { return b.node }

func flip(b *build, der []byte) []byte {
	out := append([]byte(nil), der...)
	out[b.dice.Intn(len(out))] = byte(b.dice.Intn(256))
	return out
}

func faults() []fault {
	null := []byte{5, 0}
	all := []fault{
		// dates
		plan("leaf-expired", func(b *build) { b.someLeaf().to = b.now.Add(-time.Hour) }),
		plan("leaf-not-yet", func(b *build) { b.someLeaf().from = b.now.Add(time.Hour) }),
		plan("leaf-ends-now", func(b *build) { b.someLeaf().to = b.now }),
		plan("leaf-ended-a-second-ago", func(b *build) { b.someLeaf().to = b.now.Add(-time.Second) }),
		plan("leaf-begins-now", func(b *build) { b.someLeaf().from = b.now }),
		plan("dates-reversed", func(b *build) { c := b.some(); c.from, c.to = c.to, c.from }),
		plan("ca-expired", func(b *build) { b.someCA().to = b.now.Add(-time.Hour) }),
		plan("ca-not-yet", func(b *build) { b.someCA().from = b.now.Add(time.Hour) }),
		plan("far-future", func(b *build) { b.some().to = time.Date(2150, 1, 1, 0, 0, 0, 0, time.UTC) }),
		// authorities
		plan("other-ca", func(b *build) { b.files["ca.crt"] = []*cert{b.authority("Other CA", nil, 1)} }),
		plan("same-name-other-key", func(b *build) { b.files["ca.crt"] = []*cert{b.authority("Cockroach CA", nil, 1)} }),
		plan("bundle-same-name", func(b *build) {
			b.files["ca.crt"] = append([]*cert{b.authority("Cockroach CA", nil, 1)}, b.files["ca.crt"]...)
		}),
		plan("bundle-other", func(b *build) { b.files["ca.crt"] = append(b.files["ca.crt"], b.authority("Other CA", nil, 1)) }),
		plan("ca-expired-and-renewed", func(b *build) {
			old := *b.ca
			old.to, old.der = b.now.Add(-time.Hour), nil
			b.files["ca.crt"] = append([]*cert{&old}, b.files["ca.crt"]...)
		}),
		plan("ca-only-expired-twin", func(b *build) {
			old := *b.ca
			old.to = b.now.Add(-time.Hour)
			b.files["ca.crt"][0] = &old
		}),
		maybe("intermediate-missing", func(b *build) bool {
			if len(b.files["node.crt"]) < 2 {
				return false
			}
			name := b.someFile()
			b.files[name] = b.files[name][:1]
			return true
		}),
		maybe("intermediate-alone-in-ca", func(b *build) bool {
			if b.mid != nil {
				b.files["ca.crt"] = []*cert{b.mid}
			}
			return b.mid != nil
		}),
		maybe("leaf-not-first", func(b *build) bool {
			name := b.someFile()
			list := b.files[name]
			if len(list) < 2 {
				return false
			}
			b.keyFiles[name] = list[0].key
			b.files[name] = []*cert{list[1], list[0]}
			return true
		}),
		plan("root-sent-along", func(b *build) { n := b.someFile(); b.files[n] = append(b.files[n], b.ca) }),
		plan("stranger-sent-along", func(b *build) { n := b.someFile(); b.files[n] = append(b.files[n], b.authority("Stranger", nil, 1)) }),
		plan("leaf-twice", func(b *build) { n := b.someFile(); b.files[n] = append(b.files[n], b.files[n][0]) }),
		plan("leaf-in-ca", func(b *build) { b.files["ca.crt"] = append(b.files["ca.crt"], b.node) }),
		plan("leaf-alone-in-ca", func(b *build) { b.files["ca.crt"] = []*cert{b.node} }),
		plan("leaf-self-signed", func(b *build) { b.someLeaf().issuer = nil }),
		plan("leaf-self-signed-in-ca", func(b *build) { b.node.issuer = nil; b.files["ca.crt"] = append(b.files["ca.crt"], b.node) }),
		maybe("two-intermediates", func(b *build) bool {
			if len(b.files["node.crt"]) < 2 {
				return false
			}
			lower := b.authority("Lower CA", b.mid, -1)
			b.node.issuer = lower
			b.files["node.crt"] = []*cert{b.node, lower, b.mid}
			return true
		}),
		plan("ca-false", func(b *build) { b.someCA().set(basic(false, -1)) }),
		plan("ca-no-basic", func(b *build) { b.someCA().drop(oidBasic) }),
		plan("ca-no-cert-sign", func(b *build) { b.someCA().set(usage(digitalSignature)) }),
		plan("ca-no-usage", func(b *build) { b.someCA().drop(oidUsage) }),
		plan("ca-version-1", func(b *build) { c := b.someCA(); c.version, c.ext = 1, nil }),
		plan("leaf-version-1", func(b *build) { c := b.someLeaf(); c.version, c.ext = 1, nil }),
		plan("path-length-0", func(b *build) { b.ca.set(basic(true, 0)) }),
		plan("path-length-none", func(b *build) { b.ca.set(basic(true, -1)) }),
		plan("leaf-is-ca", func(b *build) { b.someLeaf().set(basic(true, -1)) }),
		plan("key-of-ca", func(b *build) { b.someLeaf().key = b.ca.key }),
		plan("other-signer", func(b *build) { b.some().signer = b.usualKey() }),
		plan("subject-of-ca", func(b *build) { b.someLeaf().subject = b.ca.subject }),
		plan("issuer-other-string-type", func(b *build) {
			b.someLeaf().called = []attribute{{oidO, asn1.TagPrintableString, "Cockroach"}, {oidCN, asn1.TagUTF8String, "Cockroach CA"}}
		}),
		plan("issuer-other-case", func(b *build) { b.someLeaf().called = named("cockroach ca") }),
		plan("authority-id-of-another", func(b *build) {
			b.someLeaf().set(extension(oidAuthorityID, false, sequence(tlv(2, 0, false, []byte("somebody else's id..")))))
		}),
		// names
		plan("no-san", func(b *build) { b.node.drop(oidSAN) }),
		plan("cn-only", func(b *build) { b.node.drop(oidSAN); b.node.subject = named("node1.example.com") }),
		plan("cn-only-wildcard", func(b *build) { b.node.drop(oidSAN); b.node.subject = named("*.example.com") }),
		plan("ip-as-dns", func(b *build) { b.node.set(san(dns("10.1.1.1"), dns("localhost"))); b.host = "10.1.1.1" }),
		plan("host-not-named", func(b *build) { b.node.set(san(dns("localhost"), ip("127.0.0.1"))) }),
		plan("host-not-named-many", func(b *build) {
			var list [][]byte
			for i := 0; i < 120; i++ {
				list = append(list, dns(fmt.Sprintf("host%d.example.com", i)))
			}
			b.node.set(san(list...))
		}),
		plan("too-large", func(b *build) {
			var list [][]byte
			for i := 0; i < 4000; i++ {
				list = append(list, dns(fmt.Sprintf("host%d.example.com", i)))
			}
			c := b.someLeaf()
			c.set(san(append(list, dns("node1.example.com"))...))
		}),
		plan("wildcard", func(b *build) { b.node.set(san(dns("*.example.com"))) }),
		plan("wildcard-partial", func(b *build) { b.node.set(san(dns("node*.example.com"))) }),
		plan("wildcard-too-high", func(b *build) { b.node.set(san(dns("*.com"), dns("*"))) }),
		plan("wildcard-inside", func(b *build) { b.node.set(san(dns("node1.*.com"))) }),
		plan("san-upper-case", func(b *build) { b.node.set(san(dns("NODE1.Example.COM"))) }),
		plan("san-trailing-dot", func(b *build) { b.node.set(san(dns("node1.example.com."))) }),
		plan("san-with-port", func(b *build) { b.node.set(san(dns("node1.example.com:26257"))) }),
		plan("san-with-space", func(b *build) { b.node.set(san(dns(" node1.example.com"))) }),
		plan("san-empty-name", func(b *build) { b.node.set(san(dns(""))) }),
		plan("san-empty", func(b *build) { b.node.set(san()) }),
		plan("san-mail-only", func(b *build) { b.node.set(san(mail("a@example.com"))) }),
		plan("san-ip-only", func(b *build) { b.node.set(san(ip("127.0.0.1"))) }),
		plan("san-ip-mapped", func(b *build) {
			b.node.set(san(rawIP(append([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255}, 10, 1, 1, 1))))
			b.host = "10.1.1.1"
		}),
		plan("san-directory-name", func(b *build) { b.node.set(san(tlv(2, 4, true, encodeName(named("x"))), dns("node1.example.com"))) }),
		plan("dial-ip", func(b *build) { b.host = "10.1.1.1" }),
		plan("dial-other-ip", func(b *build) { b.host = "10.1.1.2" }),
		plan("dial-ipv6", func(b *build) { b.host = "2001:db8::1" }),
		plan("dial-other-ipv6", func(b *build) { b.host = "2001:db8::2" }),
		plan("dial-trailing-dot", func(b *build) { b.host = "node1.example.com." }),
		plan("dial-upper-case", func(b *build) { b.host = "NODE1.EXAMPLE.COM" }),
		plan("dial-underscore", func(b *build) { b.host = "node_1"; b.node.set(san(dns("node_1"))) }),
		plan("dial-below-wildcard", func(b *build) { b.host = "a.db.example.com" }),
		plan("dial-two-below-wildcard", func(b *build) { b.host = "a.b.db.example.com" }),
		plan("dial-short", func(b *build) { b.host = "node1" }),
		// purposes
		plan("eku-server-only", func(b *build) { b.some().set(extended(oidServer)) }),
		plan("eku-client-only", func(b *build) { b.some().set(extended(oidClient)) }),
		plan("eku-code", func(b *build) { b.some().set(extended(oidCode)) }),
		plan("eku-any", func(b *build) { b.some().set(extended(oidAny)) }),
		plan("eku-unknown", func(b *build) { b.some().set(extended(oidNobody)) }),
		plan("eku-none", func(b *build) { b.someLeaf().drop(oidExtended) }),
		plan("eku-on-ca", func(b *build) { b.someCA().set(extended(oidServer)) }),
		ext("eku-empty", (*build).some, oidExtended, false, sequence()),
		plan("usage-none", func(b *build) { b.someLeaf().drop(oidUsage) }),
		plan("usage-cert-sign", func(b *build) { b.someLeaf().set(usage(certSign)) }),
		// name constraints
		plan("constraint-fits", func(b *build) {
			b.someCA().set(constraints([][]byte{dns("example.com"), dns("localhost")}, nil))
		}),
		plan("constraint-dns", func(b *build) { b.someCA().set(constraints([][]byte{dns("example.com")}, nil)) }),
		plan("constraint-other-dns", func(b *build) { b.someCA().set(constraints([][]byte{dns("example.org")}, nil)) }),
		plan("constraint-dot", func(b *build) { b.someCA().set(constraints([][]byte{dns(".example.com"), dns("localhost")}, nil)) }),
		plan("constraint-excluded", func(b *build) { b.someCA().set(constraints(nil, [][]byte{dns("node1.example.com")})) }),
		plan("constraint-excluded-wildcard", func(b *build) { b.someCA().set(constraints(nil, [][]byte{dns("a.db.example.com")})) }),
		plan("constraint-ip", func(b *build) { b.someCA().set(constraints([][]byte{rawIP([]byte{10, 1, 0, 0, 255, 255, 0, 0})}, nil)) }),
		plan("constraint-ip-excluded", func(b *build) { b.someCA().set(constraints(nil, [][]byte{rawIP([]byte{127, 0, 0, 0, 255, 0, 0, 0})})) }),
		plan("constraint-ip-mask", func(b *build) { b.someCA().set(constraints([][]byte{rawIP([]byte{10, 1, 0, 0, 255, 0, 255, 0})}, nil)) }),
		plan("constraint-mail", func(b *build) { b.someCA().set(constraints([][]byte{mail("example.com")}, nil)) }),
		plan("constraint-directory", func(b *build) { b.someCA().set(constraints([][]byte{tlv(2, 4, true, encodeName(named("x")))}, nil)) }),
		plan("constraint-bad-san", func(b *build) {
			b.ca.set(constraints([][]byte{dns("example.com")}, nil))
			b.node.set(san(dns("node1.example.com"), dns("bad..example.com")))
		}),
		ext("constraint-empty", (*build).someCA, oidConstraints, true, sequence()),
		// extensions
		ext("critical-unknown", (*build).some, oidNobody, true, null),
		ext("unknown", (*build).some, oidNobody, false, null),
		plan("extension-twice", func(b *build) { c := b.some(); e := extension(oidNobody, false, null); c.ext = append(c.ext, e, e) }),
		plan("critical-subject-id", func(b *build) { c := b.some(); c.set(extension(oidSubjectID, true, tlv(0, 4, false, keyID(c.key)))) }),
		plan("critical-san", func(b *build) { b.node.ext[len(b.node.ext)-1].Critical = true }),
		plan("critical-san-of-nobody", func(b *build) {
			e := san(tlv(2, 8, false, []byte{42, 3, 4}))
			e.Critical = true
			b.some().set(e)
		}),
		ext("san-ip-5-bytes", (*build).someLeaf, oidSAN, false, sequence(rawIP([]byte{1, 2, 3, 4, 5}))),
		ext("san-dns-utf8", (*build).someLeaf, oidSAN, false, sequence(dns("nöde.example.com"))),
		ext("san-uri-bad", (*build).someLeaf, oidSAN, false, sequence(uri("http://exa mple.com/"))),
		ext("san-uri-bad-port", (*build).someLeaf, oidSAN, false, sequence(uri("http://example.com:x/"))),
		ext("san-uri-bad-domain", (*build).someLeaf, oidSAN, false, sequence(uri("https://a..b/"))),
		ext("san-not-a-sequence", (*build).someLeaf, oidSAN, false, null),
		ext("usage-malformed", (*build).some, oidUsage, true, null),
		ext("basic-malformed", (*build).some, oidBasic, true, null),
		ext("basic-false-encoded", (*build).some, oidBasic, true, sequence([]byte{1, 1, 0})),
		ext("eku-malformed", (*build).some, oidExtended, false, null),
		ext("subject-id-malformed", (*build).some, oidSubjectID, false, null),
		ext("authority-id-malformed", (*build).some, oidAuthorityID, false, null),
		// the certificate itself
		plan("serial-negative", func(b *build) { b.some().serial = big.NewInt(-5) }),
		plan("serial-zero", func(b *build) { b.some().serial = big.NewInt(0) }),
		plan("serial-huge", func(b *build) { b.some().serial = new(big.Int).Lsh(big.NewInt(1), 300) }),
		plan("version-4", func(b *build) { b.some().version = 4 }),
		plan("version-2", func(b *build) { b.some().version = 2 }),
		plan("tbs-tail", func(b *build) { b.some().tail = []byte{4, 1, 0} }),
		plan("sha1", func(b *build) { b.some().digest = "sha1" }),
		plan("md5", func(b *build) { b.some().digest = "md5" }),
		plan("sha224", func(b *build) { b.some().digest = "sha224" }),
		plan("sha512", func(b *build) { b.some().digest = "sha512" }),
		plan("der-byte", func(b *build) { b.some().patch = func(der []byte) []byte { return flip(b, der) } }),
		plan("der-bytes", func(b *build) { b.some().patch = func(der []byte) []byte { return flip(b, flip(b, der)) } }),
		plan("der-cut", func(b *build) { b.some().patch = func(der []byte) []byte { return der[:b.dice.Intn(len(der))] } }),
		plan("der-trailing", func(b *build) { b.some().patch = func(der []byte) []byte { return append(der, 0) } }),
		plan("signature-damaged", func(b *build) {
			b.some().patch = func(der []byte) []byte { out := append([]byte(nil), der...); out[len(out)-1] ^= 1; return out }
		}),
		// keys
		plan("key-rsa512", func(b *build) { b.some().key = b.key("rsa512") }),
		plan("key-rsa1024", func(b *build) { b.some().key = b.key("rsa1024") }),
		plan("key-p224", func(b *build) { b.some().key = b.key("p224") }),
		plan("key-p521", func(b *build) { b.some().key = b.key("p521") }),
		plan("key-of-another", func(b *build) { b.keyFiles[b.someFile()] = b.key("p256") }),
		plan("key-of-another-type", func(b *build) { b.keyFiles[b.someFile()] = b.key([]string{"rsa2048", "ed25519"}[b.dice.Intn(2)]) }),
		key("key-empty", func(*build, []byte) []byte { return nil }),
		key("key-garbage", func(*build, []byte) []byte { return []byte("secret\n") }),
		key("key-der", func(_ *build, data []byte) []byte { block, _ := pem.Decode(data); return block.Bytes }),
		key("key-is-certificate", func(b *build, _ []byte) []byte { return b.node.pem() }),
		key("key-is-public", replace(" PRIVATE KEY", " PUBLIC KEY")),
		key("key-after-certificate", func(b *build, data []byte) []byte { return append(b.node.pem(), data...) }),
		key("key-after-parameters", func(_ *build, data []byte) []byte {
			return append([]byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"), data...)
		}),
		key("key-twice", func(b *build, data []byte) []byte { return append(encodeKey(b.key("p256"), 0), data...) }),
		key("key-cut", func(b *build, data []byte) []byte { return data[:len(data)/2] }),
		key("key-encrypted-pkcs8", replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")),
		key("key-encrypted", func(_ *build, data []byte) []byte {
			block, _ := pem.Decode(data)
			//lint:ignore SA1019 this is what the fault is about
			return pem.EncodeToMemory(must(x509.EncryptPEMBlock(rand.Reader, "RSA PRIVATE KEY", block.Bytes, []byte("x"), x509.PEMCipherAES128)))
		}),
		key("key-crlf", replace("\n", "\r\n")),
		key("key-mutated", func(b *build, data []byte) []byte { return flip(b, data) }),
		key("key-der-byte", func(b *build, data []byte) []byte {
			block, _ := pem.Decode(data)
			block.Bytes = flip(b, block.Bytes)
			return pem.EncodeToMemory(block)
		}),
		// PEM
		crt("pem-crlf", replace("\n", "\r\n")),
		crt("pem-cr", replace("\n", "\r")),
		crt("pem-bom", func(_ *build, data []byte) []byte { return append([]byte("\xef\xbb\xbf"), data...) }),
		crt("pem-indented", replace("-----BEGIN", "  -----BEGIN")),
		crt("pem-junk-behind", func(_ *build, data []byte) []byte { return append(data, "\x00\x01junk"...) }),
		crt("pem-text-before", func(_ *build, data []byte) []byte { return append([]byte("Subject: CN=node\n"), data...) }),
		crt("pem-text-before-same-line", func(_ *build, data []byte) []byte { return append([]byte("certificate: "), data...) }),
		crt("pem-headers", replace("BEGIN CERTIFICATE-----\n", "BEGIN CERTIFICATE-----\nName: value\n\n")),
		crt("pem-headers-no-blank", replace("BEGIN CERTIFICATE-----\n", "BEGIN CERTIFICATE-----\nName: value\n")),
		crt("pem-label-x509", replace(" CERTIFICATE-", " X509 CERTIFICATE-")),
		crt("pem-label-trusted", replace(" CERTIFICATE-", " TRUSTED CERTIFICATE-")),
		crt("pem-label-lower", replace(" CERTIFICATE-", " certificate-")),
		crt("pem-label-end", replace("END CERTIFICATE", "END CERTIFICATF")),
		crt("pem-label-blank", replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE-----  \t")),
		crt("pem-end-blank", replace("END CERTIFICATE-----", "END CERTIFICATE----- \t")),
		crt("pem-end-junk", replace("END CERTIFICATE-----", "END CERTIFICATE-----x")),
		crt("pem-six-dashes", replace("-----BEGIN", "------BEGIN")),
		crt("pem-four-dashes", replace("-----END", "----END")),
		crt("pem-no-newline", func(_ *build, data []byte) []byte { return bytes.TrimSuffix(data, []byte("\n")) }),
		crt("pem-blank-lines", replace("\n", "\n\n")),
		crt("pem-tabs", func(_ *build, data []byte) []byte { return bytes.Replace(data, []byte("\nM"), []byte("\nM\t "), 1) }),
		crt("pem-cut", func(b *build, data []byte) []byte { return data[:b.dice.Intn(len(data))] }),
		crt("pem-base64", func(b *build, data []byte) []byte { data[40+b.dice.Intn(200)] = '!'; return data }),
		crt("pem-key-inside", func(b *build, data []byte) []byte { return append(data, encodeKey(b.node.key, 0)...) }),
		crt("pem-key-before", func(b *build, data []byte) []byte { return append(encodeKey(b.node.key, 0), data...) }),
		crt("pem-begin-twice", func(_ *build, data []byte) []byte { return append([]byte("-----BEGIN CERTIFICATE-----\n"), data...) }),
		crt("pem-second-empty", func(_ *build, data []byte) []byte {
			return append(data, "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"...)
		}),
		crt("pem-second-bad", func(_ *build, data []byte) []byte {
			return append(data, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte{0x30, 3, 2, 1, 1}})...)
		}),
		crt("pem-mutated", func(b *build, data []byte) []byte { return flip(b, data) }),
		crt("pem-mutated-more", func(b *build, data []byte) []byte { return flip(b, flip(b, flip(b, data))) }),
		crt("file-empty", func(*build, []byte) []byte { return nil }),
		crt("file-blank", func(*build, []byte) []byte { return []byte("\n") }),
		crt("file-der", func(_ *build, data []byte) []byte { block, _ := pem.Decode(data); return block.Bytes }),
		// layout
		maybe("split-ca-without-client-node", func(b *build) bool {
			if b.clientCA == nil {
				return false
			}
			delete(b.files, "client.node.crt")
			b.clientNode = nil
			return true
		}),
		maybe("split-ca-root-of-main-ca", func(b *build) bool {
			if b.clientCA != nil {
				b.root.issuer = b.ca
			}
			return b.clientCA != nil
		}),
		maybe("split-ca-both", func(b *build) bool {
			if b.clientCA != nil {
				b.files["ca-client.crt"] = append(b.files["ca-client.crt"], b.ca)
			}
			return b.clientCA != nil
		}),
		plan("split-ca-added", func(b *build) { b.files["ca-client.crt"] = []*cert{b.authority("Client CA", nil, 1)} }),
		plan("ca-client-empty", func(b *build) { b.files["ca-client.crt"] = nil }),
		plan("ui", func(b *build) { b.files["ui.crt"] = []*cert{b.leaf("ui", b.ca, extended(oidServer), names())} }),
		{"ui-without-key", func(b *build) bool {
			b.files["ui.crt"] = []*cert{b.leaf("ui", b.ca, extended(oidServer), names())}
			return true
		}, func(b *build) bool { delete(b.bytes, "ui.key"); return true }},
		plan("ui-other-key", func(b *build) {
			b.files["ui.crt"] = []*cert{b.leaf("ui", b.ca, extended(oidServer), names())}
			b.keyFiles["ui.crt"] = b.key("p256")
		}),
		plan("ca-ui-broken", func(b *build) { b.files["ca-ui.crt"] = nil }),
		plan("client-node-broken", func(b *build) { b.files["client.node.crt"] = nil }),
		// principals
		plan("node-is-host", func(b *build) { b.node.subject = named("node1.example.com") }),
		plan("node-is-upper", func(b *build) { b.node.subject = named("Node") }),
		plan("node-by-dns", func(b *build) { b.node.subject = named("x"); b.node.set(san(dns("node1.example.com"), dns("node"))) }),
		plan("root-is-alice", func(b *build) { b.root.subject = named("alice") }),
		plan("alice-by-dns-root", func(b *build) { b.root.subject = named("alice"); b.root.set(san(dns("root"))) }),
		plan("two-names-last-root", func(b *build) {
			b.root.subject = append(named("alice"), attribute{oidCN, asn1.TagUTF8String, "root"})
		}),
		plan("two-names-last-alice", func(b *build) {
			b.root.subject = append(named("root"), attribute{oidCN, asn1.TagUTF8String, "alice"})
		}),
		plan("subject-empty", func(b *build) { b.someLeaf().subject = nil }),
		plan("subject-universal", func(b *build) { b.someLeaf().subject = []attribute{{oidCN, 28, "\x00\x00\x00n"}} }),
		plan("subject-printable-bad", func(b *build) { b.someLeaf().subject = []attribute{{oidCN, asn1.TagPrintableString, "a_b"}} }),
		plan("subject-bmp", func(b *build) { b.someLeaf().subject = []attribute{{oidCN, 30, "\x00r\x00o\x00o\x00t"}} }),
		plan("subject-latin1", func(b *build) { b.someLeaf().subject = []attribute{{oidCN, asn1.TagT61String, "r\xf6\xf6t"}} }),
		plan("subject-utf8-bad", func(b *build) { b.someLeaf().subject = []attribute{{oidCN, asn1.TagUTF8String, "r\xff"}} }),
		plan("scope-system", func(b *build) { b.root.set(san(uri("crdb://tenant/1/user/root"))) }),
		plan("scope-other", func(b *build) { b.root.set(san(uri("crdb://tenant/2/user/root"))) }),
		plan("scope-alice", func(b *build) { b.root.set(san(uri("crdb://tenant/1/user/alice"))) }),
		plan("scope-bad", func(b *build) { b.root.set(san(uri("crdb://tenant/1"))) }),
		plan("uri-foreign", func(b *build) { b.root.set(san(uri("spiffe://example.com/root"))) }),
		plan("tenant-unit", func(b *build) {
			b.root.subject = append([]attribute{{oidOU, asn1.TagUTF8String, "Tenants"}}, named("root")...)
		}),
		// files
		spoil("tenant-name", func(b *build) { b.bytes["client-tenant.acme.crt"] = b.node.pem() }),
		spoil("foreign-names", func(b *build) {
			b.bytes["tls.crt"], b.bytes["node.old.crt"], b.bytes["Node.crt"] = b.node.pem(), b.node.pem(), nil
		}),
		spoil("other-user-broken", func(b *build) { b.bytes["client.alice.crt"] = []byte("x") }),
	}
	for _, name := range []string{"ca.crt", "node.crt", "node.key", "client.root.crt", "client.root.key"} {
		name := name
		all = append(all, spoil("missing-"+name, func(b *build) { delete(b.bytes, name) }))
	}
	for _, mode := range []fs.FileMode{0644, 0640, 0604, 0400, 0700, 0660} {
		mode := mode
		all = append(all, spoil("key-mode-"+mode.String(), func(b *build) { b.modes[keyName(b.someFile())] = mode }))
	}
	all = append(all,
		spoil("node-is-directory", func(b *build) {
			name := b.anyFile()
			delete(b.bytes, name)
			b.dirs = append(b.dirs, name)
		}),
		spoil("key-is-directory", func(b *build) {
			name := keyName(b.someFile())
			delete(b.bytes, name)
			b.dirs = append(b.dirs, name)
		}),
		spoil("link-dangling", func(b *build) {
			name := b.anyFile()
			delete(b.bytes, name)
			b.links[name] = "nowhere"
		}),
		spoil("link", func(b *build) {
			name := b.anyFile()
			b.bytes["..data-"+name] = b.bytes[name]
			delete(b.bytes, name)
			b.links[name] = "..data-" + name
		}))
	return all
}
