package main

// A sound directory of some layout, as data that faults may spoil before it is written.

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io/fs"
	"log"
	"math/big"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"time"
)

type build struct {
	dice  *rand.Rand
	keys  *keyring
	taken map[string]int
	now   time.Time
	host  string

	ca, mid, clientCA      *cert // mid and clientCA: nil in most layouts
	node, clientNode, root *cert // clientNode: nil when there is none
	files                  map[string][]*cert
	keyFiles               map[string]crypto.Signer

	bytes map[string][]byte // as they will be written
	modes map[string]fs.FileMode
	links map[string]string
	dirs  []string
}

func (b *build) key(kind string) crypto.Signer {
	i := b.taken[kind]
	b.taken[kind]++
	return b.keys.take(kind, i)
}

func (b *build) usualKey() crypto.Signer {
	switch n := b.dice.Intn(100); {
	case n < 70:
		return b.key("p256")
	case n < 80:
		return b.key("p384")
	case n < 90:
		return b.key("ed25519")
	}
	return b.key("rsa2048")
}

func (b *build) cert(subject []attribute, issuer *cert, ext ...pkix.Extension) *cert {
	return &cert{subject: subject, key: b.usualKey(), issuer: issuer, serial: big.NewInt(b.dice.Int63()), version: 3,
		from: b.now.AddDate(0, -3, 0), to: b.now.AddDate(3, 0, 0), ext: ext}
}

func (b *build) authority(cn string, issuer *cert, pathlen int) *cert {
	c := b.cert(named(cn), issuer, basic(true, pathlen), usage(digitalSignature|keyEncipherment|certSign))
	c.to = b.now.AddDate(9, 0, 0)
	if b.dice.Intn(2) == 0 {
		c.ext = append(c.ext, extension(oidSubjectID, false, tlv(0, 4, false, keyID(c.key))))
	}
	return c
}

func (b *build) leaf(cn string, issuer *cert, ext ...pkix.Extension) *cert {
	c := b.cert(named(cn), issuer, append([]pkix.Extension{usage(digitalSignature | keyEncipherment)}, ext...)...)
	if b.dice.Intn(2) == 0 {
		c.ext = append(c.ext, extension(oidAuthorityID, false, sequence(tlv(2, 0, false, keyID(issuer.key)))))
	}
	return c
}

func names() pkix.Extension {
	return san(dns("localhost"), dns("node1.example.com"), dns("*.db.example.com"), ip("127.0.0.1"), ip("10.1.1.1"), ip("2001:db8::1"))
}

func newBuild(dice *rand.Rand, keys *keyring, now time.Time) *build {
	b := &build{dice: dice, keys: keys, taken: map[string]int{}, now: now, host: "node1.example.com", files: map[string][]*cert{},
		keyFiles: map[string]crypto.Signer{}, bytes: map[string][]byte{}, modes: map[string]fs.FileMode{}, links: map[string]string{}}
	b.ca = b.authority("Cockroach CA", nil, 1)
	issuer, chain := b.ca, []*cert(nil)
	b.files["ca.crt"] = []*cert{b.ca}
	layout := dice.Intn(20)
	switch {
	case layout < 4: // an intermediate, sent along
		b.mid = b.authority("Issuing CA", b.ca, 0)
		issuer, chain = b.mid, []*cert{b.mid}
	case layout < 6: // an intermediate, in ca.crt
		b.mid = b.authority("Issuing CA", b.ca, 0)
		issuer = b.mid
		b.files["ca.crt"] = []*cert{b.ca, b.mid}
	}
	clients := issuer
	if layout >= 16 {
		b.clientCA = b.authority([]string{"Client CA", "Cockroach CA"}[dice.Intn(2)], nil, 1)
		b.files["ca-client.crt"] = []*cert{b.clientCA}
		clients = b.clientCA
	}
	b.node = b.leaf("node", issuer, extended(oidServer, oidClient), names())
	b.files["node.crt"] = append([]*cert{b.node}, chain...)
	b.root = b.leaf("root", clients, extended(oidClient))
	b.files["client.root.crt"] = []*cert{b.root}
	if clients == issuer {
		b.files["client.root.crt"] = append(b.files["client.root.crt"], chain...)
	}
	if layout >= 14 {
		b.clientNode = b.leaf("node", clients, extended(oidClient))
		b.files["client.node.crt"] = []*cert{b.clientNode}
	}
	return b
}

// leaves are the certificates that somebody presents.
func (b *build) leaves() []*cert {
	all := []*cert{b.node, b.root}
	if b.clientNode != nil {
		all = append(all, b.clientNode)
	}
	return all
}

func (b *build) someLeaf() *cert {
	return b.leaves()[b.dice.Intn(len(b.leaves()))]
}

// someCA: one that signs; above: at least one.
func (b *build) someCA() *cert {
	all := []*cert{b.ca, b.ca}
	if b.mid != nil {
		all = append(all, b.mid, b.mid)
	}
	if b.clientCA != nil {
		all = append(all, b.clientCA)
	}
	return all[b.dice.Intn(len(all))]
}

func (b *build) some() *cert {
	if b.dice.Intn(2) == 0 {
		return b.someCA()
	}
	return b.someLeaf()
}

// someFile: a certificate file with a leaf first.
func (b *build) someFile() string {
	var all []string
	for name, certs := range b.files {
		if len(certs) > 0 && (certs[0] == b.node || certs[0] == b.root || certs[0] == b.clientNode) {
			all = append(all, name)
		}
	}
	sort.Strings(all)
	return all[b.dice.Intn(len(all))]
}

func (b *build) anyFile() string {
	if b.dice.Intn(3) == 0 {
		return "ca.crt"
	}
	return b.someFile()
}

func keyName(crt string) string {
	return crt[:len(crt)-len(".crt")] + ".key"
}

func encodeKey(key crypto.Signer, form int) []byte {
	label, der := "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key))
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if form == 1 {
			label, der = "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(k)
		}
	case *ecdsa.PrivateKey:
		if form == 1 {
			label, der = "EC PRIVATE KEY", must(x509.MarshalECPrivateKey(k))
		}
	}
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
}

// compose turns the plan into bytes.
func (b *build) compose() {
	var order []string
	for name := range b.files {
		order = append(order, name)
	}
	sort.Strings(order)
	for _, name := range order {
		certs := b.files[name]
		data := []byte{}
		for _, c := range certs {
			data = append(data, c.pem()...)
		}
		b.bytes[name] = data
		if name == "ca.crt" || name == "ca-client.crt" || name == "ca-ui.crt" || len(certs) == 0 {
			continue
		}
		key := b.keyFiles[name]
		if key == nil {
			key = certs[0].key
		}
		b.bytes[keyName(name)] = encodeKey(key, b.dice.Intn(2))
	}
}

func (b *build) write(path string) {
	check := func(err error) {
		if err != nil {
			log.Fatal(err)
		}
	}
	check(os.Mkdir(path, 0700))
	for _, name := range b.dirs {
		check(os.MkdirAll(filepath.Join(path, name), 0700))
		delete(b.bytes, name)
	}
	for name := range b.links {
		delete(b.bytes, name)
	}
	for name, data := range b.bytes {
		mode, set := b.modes[name]
		if !set {
			mode = 0600
		}
		full := filepath.Join(path, name)
		check(os.WriteFile(full, data, 0600))
		check(os.Chmod(full, mode))
	}
	for name, target := range b.links {
		os.Remove(filepath.Join(path, name))
		check(os.Symlink(target, filepath.Join(path, name)))
	}
}
