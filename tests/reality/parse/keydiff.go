// keydiff compares key_parse and key_match with tls.X509KeyPair over mutated private keys:
//
//	go run keydiff.go [-n 200000] [-seed 1] PEMDUMP
//
// Standard library only. Keys and certificates are made here; what is mutated is the DER, as bytes or as a tree whose lengths
// are kept right, and the PEM text around it.
package main

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/binary"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"math/big"
	mrand "math/rand"
	"os"
	"os/exec"
	"strings"
)

type form struct {
	label string
	der   []byte
}

type kind struct {
	name   string
	cert   []byte // PEM
	public []byte // for pemdump
	forms  []form
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func makeKind(name string, key crypto.Signer, public []byte) kind {
	template := x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	must(err)
	k := kind{name: name, cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), public: public}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	must(err)
	k.forms = append(k.forms, form{"PRIVATE KEY", pkcs8})
	switch key := key.(type) {
	case *rsa.PrivateKey:
		k.forms = append(k.forms, form{"RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)})
	case *ecdsa.PrivateKey:
		sec1, err := x509.MarshalECPrivateKey(key)
		must(err)
		k.forms = append(k.forms, form{"EC PRIVATE KEY", sec1})
		bare, err := asn1.Marshal(struct { // neither curve nor point inside PKCS#8
			Version    int
			PrivateKey []byte
		}{1, key.D.FillBytes(make([]byte, (key.Params().BitSize+7)/8))})
		must(err)
		type algorithm struct{ A, B asn1.ObjectIdentifier }
		var wrapped struct {
			V  int
			A  algorithm
			PK []byte
		}
		_, err = asn1.Unmarshal(pkcs8, &wrapped)
		must(err)
		wrapped.PK = bare
		der, err := asn1.Marshal(wrapped)
		must(err)
		k.forms = append(k.forms, form{"PRIVATE KEY", der})
	}
	return k
}

func makeKinds(seed int64) []kind {
	r := mrand.New(mrand.NewSource(seed))
	var kinds []kind
	for _, primes := range []int{2, 2, 3, 4} {
		key, err := rsa.GenerateMultiPrimeKey(r, primes, 512+r.Intn(2)*512)
		must(err)
		kinds = append(kinds, makeKind("RSA", key, append([]byte("rsa"), key.N.Bytes()...)))
	}
	for i, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, r)
		must(err)
		public := append([]byte{'e', 'c', byte('1' + i)}, elliptic.Marshal(curve, key.X, key.Y)...)
		kinds = append(kinds, makeKind(curve.Params().Name, key, public))
	}
	seed32 := make([]byte, 32)
	r.Read(seed32)
	key := ed25519.NewKeyFromSeed(seed32)
	kinds = append(kinds, makeKind("Ed25519", key, append([]byte("ed"), key.Public().(ed25519.PublicKey)...)))
	return kinds
}

type node struct {
	tag      byte
	contents []byte // of a primitive one
	children []*node
	opaque   bool // an OCTET STRING or an explicit tag with DER inside
}

func parse(der []byte, depth int) ([]*node, bool) {
	var out []*node
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil || der[0]&0x1f == 0x1f {
			return nil, false
		}
		n := &node{tag: der[0], contents: v.Bytes}
		if depth > 0 && len(v.Bytes) > 0 && (v.IsCompound || der[0] == 4) {
			if children, ok := parse(v.Bytes, depth-1); ok {
				n.children = children
			}
		}
		out = append(out, n)
		der = rest
	}
	return out, true
}

func (n *node) bytes() []byte {
	body := n.contents
	if n.children != nil {
		body = join(n.children)
	}
	head := []byte{n.tag}
	switch {
	case len(body) < 0x80:
		head = append(head, byte(len(body)))
	case len(body) < 0x100:
		head = append(head, 0x81, byte(len(body)))
	default:
		head = append(head, 0x82, byte(len(body)>>8), byte(len(body)))
	}
	return append(head, body...)
}

func join(nodes []*node) []byte {
	var b []byte
	for _, n := range nodes {
		b = append(b, n.bytes()...)
	}
	return b
}

func all(nodes []*node, out []*node) []*node {
	for _, n := range nodes {
		out = all(n.children, append(out, n))
	}
	return out
}

var oids = [][]byte{
	{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1}, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10}, {0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1}, {0x2b, 0x65, 0x70}, {0x2b, 0x65, 0x6e}, {0x2b, 0x65, 0x71},
	{0x2b, 0x81, 4, 0, 0x21}, {0x2b, 0x81, 4, 0, 0x22}, {0x2b, 0x81, 4, 0, 0x23}, {0x2b, 0x81, 4, 0, 10}, {0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7}, {0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1}, {}, {0x80, 1}, {0x81},
	{0x2b, 0x8f, 0xff, 0xff, 0xff, 0x7f}, {0x2b, 0x87, 0xff, 0xff, 0xff, 0x7f}, {0x2b, 0x88, 0x80, 0x80, 0x80, 0},
}

var elements = []string{"\x05\x00", "\x02\x01\x00", "\x02\x01\x01", "\x02\x01\xff", "\x30\x00", "\x04\x00", "\x03\x01\x00", "\xa0\x00", "\xa1\x00", "\x80\x00", "\xbf\x1f\x00", "\x9f\x1e\x00", "\x1f\x81\x00\x01a", "\x02\x00",
	"\xa0\x02\x05\x00", "\xa0\x05\x06\x03\x2b\x81\x04", "\xa1\x04\x03\x02\x00\x04", "\xa0\x01\x06\x03\x2b\x65\x70", "\x02\x84\x00\x00\x00\x01\x01", "\x02\x85\x01\x00\x00\x00\x00"}

func mutateTree(r *mrand.Rand, der []byte) []byte {
	tree, ok := parse(der, 8)
	if !ok {
		return der
	}
	nodes := all(tree, nil)
	if len(nodes) == 0 {
		return der
	}
	n := nodes[r.Intn(len(nodes))]
	switch r.Intn(12) {
	case 0: // another tag
		n.tag = []byte{2, 3, 4, 5, 6, 0x30, 0x31, 0xa0, 0xa1, 0x80, 0x24, 0x22, 0x10, byte(r.Intn(256))}[r.Intn(14)]
	case 1: // a child away
		if len(n.children) > 0 {
			i := r.Intn(len(n.children))
			n.children = append(append([]*node{}, n.children[:i]...), n.children[i+1:]...)
		}
	case 2: // a child twice
		if len(n.children) > 0 {
			n.children = append(n.children, n.children[r.Intn(len(n.children))])
		}
	case 3, 4: // some element among the children
		if n.children != nil {
			i := r.Intn(len(n.children) + 1)
			raw, ok := parse([]byte(elements[r.Intn(len(elements))]), 8)
			if ok {
				n.children = append(append(append([]*node{}, n.children[:i]...), raw...), n.children[i:]...)
			}
		}
	case 5: // two contents exchanged
		m := nodes[r.Intn(len(nodes))]
		if n.children == nil && m.children == nil {
			n.contents, m.contents = m.contents, n.contents
		}
	case 6: // zeros in front
		if n.children == nil {
			n.contents = append(make([]byte, 1+r.Intn(3)), n.contents...)
		}
	case 7: // front bytes away
		if n.children == nil && len(n.contents) > 0 {
			n.contents = n.contents[1+r.Intn(len(n.contents)):]
		}
	case 8: // another OID
		if n.tag == 6 {
			n.contents = oids[r.Intn(len(oids))]
		}
	case 9: // a small number, or a great one
		if n.children == nil {
			n.contents = [][]byte{{0}, {1}, {2}, {3}, {0xff}, {0x80}, {0, 0x80}, {0xff, 0x80}, {0x7f, 0xff, 0xff, 0xff}, {0, 0x80, 0, 0, 0}, bytes.Repeat([]byte{0x7f}, 8), bytes.Repeat([]byte{0x7f}, 9), bytes.Repeat([]byte{0xff}, 66)}[r.Intn(13)]
		}
	case 10: // a bit
		if n.children == nil && len(n.contents) > 0 {
			c := append([]byte{}, n.contents...)
			c[r.Intn(len(c))] ^= 1 << r.Intn(8)
			n.contents = c
		}
	case 11: // a number one off, or its double: exponents that still fit
		if n.tag == 2 && n.children == nil {
			v := new(big.Int).SetBytes(n.contents)
			v.Add(v, big.NewInt(int64(r.Intn(5)-2)))
			if r.Intn(2) == 0 {
				v.Lsh(v, 1)
			}
			n.contents, _ = asn1.Marshal(v)
			n.contents = n.contents[2:]
		}
	}
	return join(tree)
}

func mutateBytes(r *mrand.Rand, b []byte) []byte {
	if len(b) == 0 {
		return []byte{byte(r.Intn(256))}
	}
	c := append([]byte{}, b...)
	at := r.Intn(len(c))
	if r.Intn(2) == 0 && at > 40 {
		at %= 40 // where the structure is
	}
	switch r.Intn(5) {
	case 0:
		c[at] = byte(r.Intn(256))
	case 1:
		c[at] ^= 1 << r.Intn(8)
	case 2:
		c = append(c[:at], append([]byte{byte(r.Intn(256))}, c[at:]...)...)
	case 3:
		c = append(c[:at], c[at+1:]...)
	case 4:
		if r.Intn(2) == 0 {
			c = c[:at]
		} else {
			c = append(c, byte(r.Intn(256)))
		}
	}
	return c
}

var labels = []string{"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ANY PRIVATE KEY", "PRIVATE KEYS", "XPRIVATE KEY", "CERTIFICATE", "EC PARAMETERS", "PUBLIC KEY", "", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "caf\xc3\xa9", "\x01 PRIVATE KEY"}

func makeFile(r *mrand.Rand, kinds []kind) []byte {
	k := kinds[r.Intn(len(kinds))]
	f := k.forms[r.Intn(len(k.forms))]
	for i := r.Intn(4); i > 0; i-- {
		if r.Intn(4) > 0 {
			f.der = mutateTree(r, f.der)
		} else {
			f.der = mutateBytes(r, f.der)
		}
	}
	var b []byte
	for r.Intn(5) == 0 {
		b = append(b, pem.EncodeToMemory(&pem.Block{Type: labels[r.Intn(len(labels))], Bytes: []byte("abc")})...)
	}
	if r.Intn(6) == 0 {
		f.label = labels[r.Intn(len(labels))]
	}
	b = append(b, pem.EncodeToMemory(&pem.Block{Type: f.label, Bytes: f.der})...)
	if r.Intn(20) == 0 {
		b = mutateBytes(r, b)
	}
	return b
}

// text is what X509KeyPair says, as far as our gate for texts shows it as it is.
func text(cert, file []byte) string {
	_, err := tls.X509KeyPair(cert, file)
	if err == nil {
		return ""
	}
	return err.Error()
}

const listing = "after skipping PEM blocks of the following types: "

func comparable(s string) string {
	i := strings.Index(s, listing)
	if i < 0 {
		return s
	}
	for _, c := range []byte(s) {
		if c < 0x20 || c > 0x7e {
			return s[:i]
		}
	}
	return s
}

func main() {
	n := flag.Int("n", 200000, "mutants")
	seed := flag.Int64("seed", 1, "of the random numbers")
	flag.Parse()
	kinds := makeKinds(*seed)
	r := mrand.New(mrand.NewSource(*seed))
	cmd := exec.Command(flag.Arg(0), "key", "1999")
	cmd.Stderr = os.Stderr
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	must(cmd.Start())
	type question struct{ cert, file []byte }
	questions := make(chan question, 1024)
	go func() {
		w := bufio.NewWriter(in)
		send := func(kind byte, b []byte) {
			binary.Write(w, binary.BigEndian, uint32(len(b)+1))
			w.WriteByte(kind)
			w.Write(b)
		}
		for i := 0; i < *n; i++ {
			k := r.Intn(len(kinds))
			against := kinds[k]
			if r.Intn(10) == 0 {
				against = kinds[r.Intn(len(kinds))]
			}
			file := makeFile(r, kinds[k:k+1])
			send('P', against.public)
			send('K', file)
			questions <- question{against.cert, file}
		}
		w.Flush()
		in.Close()
		close(questions)
	}()
	lines := bufio.NewReaderSize(out, 1<<20)
	counts := map[string]int{}
	flaws := map[byte]int{}
	differences := 0
	for q := range questions {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			fmt.Printf("pemdump ended at %q\n", q.file)
			os.Exit(1)
		}
		line = strings.TrimRight(line, "\n")
		flaws[line[0]]++
		want, got := text(q.cert, q.file), line[2:]
		if i := strings.Index(want, listing); i >= 0 {
			if cut := comparable(want); cut != want {
				want = cut
				if len(got) > len(cut) {
					got = got[:len(cut)]
				}
			}
			counts[want[:i]]++
		} else {
			counts[want]++
		}
		if want != got {
			differences++
			if differences <= 10 {
				fmt.Printf("difference\n%s\n  Go  %q\n ours %q\n", q.file, want, got)
			}
		}
	}
	for text, n := range counts {
		fmt.Printf("%8d %q\n", n, text)
	}
	for flaw, n := range flaws {
		fmt.Printf("%8d flaw %c\n", n, flaw)
	}
	fmt.Printf("%d keys, %d differences\n", *n, differences)
	if differences > 0 {
		os.Exit(1)
	}
}
