package main

// Certificates with every field under control: crypto/x509 would refuse to make most of the faulty ones.

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"log"
	"math/big"
	"net"
	"time"
)

var (
	oidCN          = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidO           = asn1.ObjectIdentifier{2, 5, 4, 10}
	oidOU          = asn1.ObjectIdentifier{2, 5, 4, 11}
	oidBasic       = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidUsage       = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidExtended    = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidSAN         = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidConstraints = asn1.ObjectIdentifier{2, 5, 29, 30}
	oidSubjectID   = asn1.ObjectIdentifier{2, 5, 29, 14}
	oidAuthorityID = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidServer      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}
	oidClient      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
	oidCode        = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 3}
	oidAny         = asn1.ObjectIdentifier{2, 5, 29, 37, 0}
	oidNobody      = asn1.ObjectIdentifier{1, 2, 3, 4, 5}
)

type attribute struct {
	oid   asn1.ObjectIdentifier
	tag   int
	value string
}

type cert struct {
	subject  []attribute
	key      crypto.Signer
	issuer   *cert         // nil: itself
	signer   crypto.Signer // nil: the issuer's key
	called   []attribute   // the issuer's name as written here, nil: the issuer's subject
	serial   *big.Int
	version  int
	from, to time.Time
	ext      []pkix.Extension
	digest   string // "": SHA-256
	tail     []byte // after the extensions
	patch    func([]byte) []byte
	der      []byte
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func marshal(v any) []byte {
	return must(asn1.Marshal(v))
}

func tlv(class, tag int, compound bool, body []byte) []byte {
	return marshal(asn1.RawValue{Class: class, Tag: tag, IsCompound: compound, Bytes: body})
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func sequence(parts ...[]byte) []byte {
	return tlv(0, asn1.TagSequence, true, join(parts...))
}

func encodeName(attributes []attribute) []byte {
	var rdns []byte
	for _, a := range attributes {
		value := tlv(0, a.tag, false, []byte(a.value))
		rdns = append(rdns, tlv(0, asn1.TagSet, true, sequence(marshal(a.oid), value))...)
	}
	return sequence(rdns)
}

func named(cn string) []attribute {
	return []attribute{{oidO, asn1.TagUTF8String, "Cockroach"}, {oidCN, asn1.TagUTF8String, cn}}
}

// Extensions

func extension(oid asn1.ObjectIdentifier, critical bool, value []byte) pkix.Extension {
	return pkix.Extension{Id: oid, Critical: critical, Value: value}
}

func basic(ca bool, pathlen int) pkix.Extension {
	var body []byte
	if ca {
		body = marshal(true)
	}
	if pathlen >= 0 {
		body = append(body, marshal(pathlen)...)
	}
	return extension(oidBasic, true, sequence(body))
}

const (
	digitalSignature = 0x80
	keyEncipherment  = 0x20
	certSign         = 0x04
)

func usage(bits byte) pkix.Extension {
	n := 8
	for n > 1 && bits>>(8-n)&1 == 0 {
		n--
	}
	return extension(oidUsage, true, marshal(asn1.BitString{Bytes: []byte{bits}, BitLength: n}))
}

func extended(oids ...asn1.ObjectIdentifier) pkix.Extension {
	return extension(oidExtended, false, marshal(oids))
}

func dns(name string) []byte    { return tlv(2, 2, false, []byte(name)) }
func uri(text string) []byte    { return tlv(2, 6, false, []byte(text)) }
func mail(text string) []byte   { return tlv(2, 1, false, []byte(text)) }
func rawIP(bytes []byte) []byte { return tlv(2, 7, false, bytes) }

func ip(text string) []byte {
	address := net.ParseIP(text)
	if four := address.To4(); four != nil {
		return rawIP(four)
	}
	return rawIP(address)
}

func san(names ...[]byte) pkix.Extension {
	return extension(oidSAN, false, sequence(names...))
}

// constraints: lists of general names, permitted and excluded.
func constraints(permitted, excluded [][]byte) pkix.Extension {
	trees := func(tag int, names [][]byte) []byte {
		var all []byte
		for _, n := range names {
			all = append(all, sequence(n)...)
		}
		if all == nil {
			return nil
		}
		return tlv(2, tag, true, all)
	}
	return extension(oidConstraints, true, sequence(trees(0, permitted), trees(1, excluded)))
}

func (c *cert) drop(oid asn1.ObjectIdentifier) {
	var kept []pkix.Extension
	for _, e := range c.ext {
		if !e.Id.Equal(oid) {
			kept = append(kept, e)
		}
	}
	c.ext = kept
}

func (c *cert) set(e pkix.Extension) {
	c.drop(e.Id)
	c.ext = append(c.ext, e)
}

// Keys

type keyring struct {
	curve map[elliptic.Curve][]crypto.Signer
	rsa   map[int][]crypto.Signer
	ed    []crypto.Signer
}

// take gives the i-th key of a kind, made when first wanted.
func (k *keyring) take(kind string, i int) crypto.Signer {
	curve := map[string]elliptic.Curve{"p224": elliptic.P224(), "p256": elliptic.P256(), "p384": elliptic.P384(), "p521": elliptic.P521()}[kind]
	if curve != nil {
		for len(k.curve[curve]) <= i {
			k.curve[curve] = append(k.curve[curve], must(ecdsa.GenerateKey(curve, rand.Reader)))
		}
		return k.curve[curve][i]
	}
	if kind == "ed25519" {
		for len(k.ed) <= i {
			_, private, err := ed25519.GenerateKey(rand.Reader)
			k.ed = append(k.ed, must(private, err))
		}
		return k.ed[i]
	}
	bits := map[string]int{"rsa512": 512, "rsa1024": 1024, "rsa2048": 2048}[kind]
	for len(k.rsa[bits]) <= i {
		k.rsa[bits] = append(k.rsa[bits], must(rsa.GenerateKey(rand.Reader, bits)))
	}
	return k.rsa[bits][i]
}

// Signatures

func algorithm(key crypto.Signer, digest string) ([]byte, crypto.Hash) {
	null := []byte{5, 0}
	rsaOID := func(n int) asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, n} }
	ecdsaOID := func(n int) asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, n} }
	switch key.(type) {
	case ed25519.PrivateKey:
		return sequence(marshal(asn1.ObjectIdentifier{1, 3, 101, 112})), crypto.Hash(0)
	case *rsa.PrivateKey:
		switch digest {
		case "sha1":
			return sequence(marshal(rsaOID(5)), null), crypto.SHA1
		case "md5":
			return sequence(marshal(rsaOID(4)), null), crypto.MD5
		case "sha224":
			return sequence(marshal(rsaOID(14)), null), crypto.SHA224
		case "sha512":
			return sequence(marshal(rsaOID(13)), null), crypto.SHA512
		}
		return sequence(marshal(rsaOID(11)), null), crypto.SHA256
	}
	switch digest {
	case "sha1":
		return sequence(marshal(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1})), crypto.SHA1
	case "sha224":
		return sequence(marshal(ecdsaOID(1))), crypto.SHA224
	case "sha512":
		return sequence(marshal(ecdsaOID(4))), crypto.SHA512
	}
	return sequence(marshal(ecdsaOID(2))), crypto.SHA256
}

func sign(key crypto.Signer, hash crypto.Hash, data []byte) []byte {
	if hash != 0 {
		h := hash.New()
		h.Write(data)
		data = h.Sum(nil)
	}
	return must(key.Sign(rand.Reader, data, hash))
}

func encodeTime(t time.Time) []byte {
	if t.Year() < 2050 {
		return tlv(0, asn1.TagUTCTime, false, []byte(t.UTC().Format("060102150405Z")))
	}
	return tlv(0, asn1.TagGeneralizedTime, false, []byte(t.UTC().Format("20060102150405Z")))
}

func keyID(key crypto.Signer) []byte {
	id := sha1.Sum(must(x509.MarshalPKIXPublicKey(key.Public())))
	return id[:]
}

// issue makes the certificate, and before it the one that signs it.
func (c *cert) issue() {
	if c.der != nil {
		return
	}
	parent := c
	if c.issuer != nil {
		parent = c.issuer
		parent.issue()
	}
	signer, called := c.signer, c.called
	if signer == nil {
		signer = parent.key
	}
	if called == nil {
		called = parent.subject
	}
	digest := c.digest
	if _, isRSA := signer.(*rsa.PrivateKey); digest == "md5" && !isRSA {
		digest = "sha1"
	}
	if k, isRSA := signer.(*rsa.PrivateKey); isRSA && k.N.BitLen() < 600 && digest == "sha512" {
		digest = ""
	}
	algorithm, hash := algorithm(signer, digest)
	var version, extensions []byte
	if c.version > 1 {
		version = tlv(2, 0, true, marshal(c.version-1))
	}
	if len(c.ext) > 0 {
		extensions = tlv(2, 3, true, marshal(c.ext))
	}
	tbs := sequence(version, marshal(c.serial), algorithm, encodeName(called), sequence(encodeTime(c.from), encodeTime(c.to)),
		encodeName(c.subject), must(x509.MarshalPKIXPublicKey(c.key.Public())), extensions, c.tail)
	signature := sign(signer, hash, tbs)
	c.der = sequence(tbs, algorithm, marshal(asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}))
	if c.patch != nil {
		c.der = c.patch(c.der)
	}
}

func (c *cert) pem() []byte {
	c.issue()
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.der})
}
