// certdiff compares crtlint's certificate reader with crypto/x509 of the Go that runs this program, on certificates and on
// mutations of them. It needs Go 1.19's standard library only.
//
//	go run certdiff.go -dump ./certdump -n 300000 seeds/*.der
//
// Every file holds one DER certificate. certdump is told to behave as -go says; only a Go of that release proves anything.
package main

import (
	"bufio"
	"bytes"
	"crypto/dsa"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"fmt"
	"math/big"
	"math/rand"
	"net"
	"os"
	"os/exec"
	"sort"
	"strings"
)

type element struct{ at, header, length int } // of one TLV in the certificate

// elements lists the TLVs of a certificate, going into constructed ones and into OCTET STRINGs and BIT STRINGs that hold DER.
func elements(der []byte, base, depth int, out []element) []element {
	for at := 0; at < len(der); {
		if len(der)-at < 2 || der[at]&0x1f == 0x1f {
			return out
		}
		header, length := 2, int(der[at+1])
		if length >= 0x80 {
			count := length & 0x7f
			if count == 0 || count > 3 || at+2+count > len(der) {
				return out
			}
			length = 0
			for _, b := range der[at+2 : at+2+count] {
				length = length<<8 | int(b)
			}
			header += count
		}
		if at+header+length > len(der) {
			return out
		}
		out = append(out, element{base + at, header, length})
		body := der[at+header : at+header+length]
		switch {
		case depth > 12:
		case der[at]&0x20 != 0:
			out = elements(body, base+at+header, depth+1, out)
		case der[at] == 4 && len(body) > 2 && body[0]&0x20 != 0:
			out = elements(body, base+at+header, depth+1, out)
		case der[at] == 3 && len(body) > 3 && body[0] == 0 && body[1] == 0x30:
			out = elements(body[1:], base+at+header+1, depth+1, out)
		}
		at += header + length
	}
	return out
}

func lengthBytes(n int) []byte {
	switch {
	case n < 0x80:
		return []byte{byte(n)}
	case n < 0x100:
		return []byte{0x81, byte(n)}
	default:
		return []byte{0x82, byte(n >> 8), byte(n)}
	}
}

// replace puts another TLV in the place of one and corrects the lengths of all around it.
func replace(der []byte, all []element, which element, tlv []byte) []byte {
	out := append(append(append([]byte{}, der[:which.at]...), tlv...), der[which.at+which.header+which.length:]...)
	grown := len(tlv) - which.header - which.length
	end := which.at + which.header + which.length
	for i := len(all) - 1; i >= 0; i-- {
		e := all[i]
		if e.at >= which.at || e.at+e.header+e.length < end {
			continue
		}
		head := lengthBytes(e.length + grown)
		out = append(append(append([]byte{}, out[:e.at+1]...), head...), out[e.at+e.header:]...)
		grown += len(head) + 1 - e.header
	}
	return out
}

var tags = []byte{1, 2, 3, 4, 5, 6, 10, 12, 18, 19, 20, 22, 23, 24, 28, 30, 0x30, 0x31, 0x80, 0x81, 0x82, 0x86, 0x87, 0x88, 0xa0,
	0xa1, 0xa3, 0xa4}

// Values that lie near some border of the reader.
var values = []string{"", "\x00", "\xff", "\x80", "\x00\x80", "\x00\x01", "\xff\xff", "\x01", "\x7f", "\x00\x00\x00", "0",
	"\x7f\xff\xff\xff\xff\xff\xff\xff", "\x00\xff\xff\xff\xff\xff\xff\xff\xff", "500101000000Z", "491231235959Z", "0001010000Z",
	"230229000000Z", "240229000000Z", "2301010000+0100", "230101000000-9959", "230101000000+2400", "230101000000+0000",
	"230101000060Z", "20230101000000Z", "99991231235959Z", "00000101000000Z", "20230101000000.5Z", "20230101000000+0130",
	"202301010000Z", "230101000000.1Z", "236101000000Z", "http://[::1]/", "http://[::1", "http://a:b/", "http://a%zz/", "://x", ":x", "a b:c",
	"http://a%25b/", "http://[fe80::1%25en0]:80/", "http://[fe80::1%25%41]/", "http://us er@h/", "http://u:p%4@h/", "http://h/%4", "h#%zz",
	"http://h./", "http://.h/", "http://a..b/", "//h:1/x", "///x", "a:b", "x/y:z", "x:y", "1x:y", "http://h\x7f/", "*", "?", "http://h?a?b",
	"http://\"<>/", "http://h{/", "mailto:a@b", "urn:uuid:f81d4fae", "spiffe://cluster.local/ns/x", "http://a@b@c/",
	".example.com", "..example.com", ".", "example.com.", "a..b", "exam ple", "a@b", "@b", "\"a b\"@c", "\"a@c", "a\\@b@c", "a..b@c", ".a@c",
	"a@c.", "a@.c", "10.0.0.1", "::1", "00001::", "1::2::3", "::ffff:1.2.3.4", "1.2.3", "01.2.3.4", "::1%eth0", "1.2.3.256",
	"\x0a\x00\x00\x00\xff\x00\x00\x00", "\x0a\x00\x00\x00\xff\x00\xff\x00", "\x0a\x00\x00\x00\xff\xfd\x00\x00",
	"\x0a\x00\x00\x01", "1234567890123456", "\x55\x1d\x11", "\x55\x1d\x0f", "\x55\x1d\x13", "\x55\x1d\x25", "\x55\x1d\x80\x11",
	"\x55\x1d\x1e", "\x55\x1d\x1f", "\x55\x1d\x20", "\x55\x1d\x23", "\x55\x1d\x0e", "\x55\x1d\x24", "\x55\x1d\x21", "\x55\x1d\x36",
	"\x2b\x06\x01\x05\x05\x07\x01\x01", "\x80\x01", "\x8f\xff\xff\xff\x7f", "\x90\x80\x80\x80\x00", "\x81\x80\x80\x80\x80\x01",
	"\x2b\x65\x70", "\x2b\x65\x71", "\x2a\x86\x48\xce\x3d\x02\x01", "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "\x2a\x86\x48\xce\x38\x04\x01",
	"\x2b\x81\x04\x00\x0a", "\x2b\x81\x04\x00\x22", "\x2a\x86\x48\xce\x3d\x03\x01\x07", "a*b&c", "a_b", "caf\xc3\xa9", "caf\xe9",
	"\xed\xa0\x80", "\xd8\x3d\xde\x00", "\xd8\x3d", "\x00A\x00\x00", "\xff\xfe", "\x00A\x00", "12 34", "12a"}

func mutate(r *rand.Rand, seed []byte, all []element) []byte {
	out := append([]byte{}, seed...)
	e := all[r.Intn(len(all))]
	body := seed[e.at+e.header : e.at+e.header+e.length]
	tlv := seed[e.at : e.at+e.header+e.length]
	with := func(tag byte, value []byte) []byte {
		return replace(seed, all, e, append(append([]byte{tag}, lengthBytes(len(value))...), value...))
	}
	switch r.Intn(22) {
	case 0: // byte flips
		for i := r.Intn(3); i >= 0; i-- {
			out[r.Intn(len(out))] = byte(r.Intn(256))
		}
	case 1: // bit flip
		out[r.Intn(len(out))] ^= 1 << r.Intn(8)
	case 2: // truncation
		out = out[:r.Intn(len(out)+1)]
	case 3: // insertion
		at := r.Intn(len(out) + 1)
		extra := make([]byte, 1+r.Intn(4))
		r.Read(extra)
		out = append(out[:at], append(extra, seed[at:]...)...)
	case 4: // deletion
		at := r.Intn(len(out))
		out = append(out[:at], seed[at+1+r.Intn(len(seed)-at):]...)
	case 5: // another tag
		out[e.at] = tags[r.Intn(len(tags))]
	case 6: // a wrong length
		out[e.at+1+r.Intn(e.header-1)] += byte(r.Intn(7) - 3)
	case 7: // remove an element
		out = replace(seed, all, e, nil)
	case 8: // repeat an element
		out = replace(seed, all, e, append(append([]byte{}, tlv...), tlv...))
	case 9, 10: // a value of the list
		out = with(seed[e.at], []byte(values[r.Intn(len(values))]))
	case 11: // another tag and a value of the list
		out = with(tags[r.Intn(len(tags))], []byte(values[r.Intn(len(values))]))
	case 12: // a byte of the value
		if len(body) > 0 {
			value := append([]byte{}, body...)
			value[r.Intn(len(value))] = byte(r.Intn(256))
			out = with(seed[e.at], value)
		}
	case 13: // a longer or shorter value
		value := append([]byte{}, body...)
		if len(value) > 0 && r.Intn(2) == 0 {
			value = value[:r.Intn(len(value))]
		} else {
			value = append(value, byte(r.Intn(256)))
		}
		out = with(seed[e.at], value)
	case 14: // an element in the place of another
		f := all[r.Intn(len(all))]
		out = replace(seed, all, e, seed[f.at:f.at+f.header+f.length])
	case 15: // a length in long form, something behind the end
		if r.Intn(4) == 0 {
			out = append(out, byte(r.Intn(256)))
		} else {
			head := append([]byte{0x83, 0}, byte(e.length>>8), byte(e.length))
			if r.Intn(2) == 0 && e.length < 0x100 {
				head = []byte{0x81, byte(e.length)}
			}
			out = replace(seed, all, e, append(append([]byte{seed[e.at]}, head...), body...))
		}
	default: // a name, a time, a number or an identifier made from the list
		var leaves []element
		for _, l := range all {
			if strings.IndexByte("\x02\x06\x0c\x12\x13\x14\x16\x17\x18\x1e\x81\x82\x86\x87", seed[l.at]) >= 0 {
				leaves = append(leaves, l)
			}
		}
		if len(leaves) == 0 {
			return out
		}
		e = leaves[r.Intn(len(leaves))]
		value := craft(r, seed[e.at+e.header:e.at+e.header+e.length])
		tag := seed[e.at]
		if tag >= 0x80 && r.Intn(2) == 0 {
			tag = []byte{0x81, 0x82, 0x86, 0x86, 0x86, 0x87}[r.Intn(6)]
		} else if tag == 0x17 || tag == 0x18 {
			tag = 0x17 + byte(r.Intn(2))
		}
		out = with(tag, value)
	}
	return out
}

// craft makes a value from what stands there and from the list.
func craft(r *rand.Rand, old []byte) []byte {
	pieces := []string{string(old), values[r.Intn(len(values))], values[r.Intn(len(values))]}
	value := []byte(pieces[r.Intn(3)])
	if r.Intn(3) == 0 {
		at := r.Intn(len(value) + 1)
		value = append(append(append([]byte{}, value[:at]...), pieces[r.Intn(3)]...), value[at:]...)
	}
	for i := r.Intn(4); i > 0 && len(value) > 0; i-- {
		const signs = "0123456789Z+-.:/@%[]?# \"\\<>{}|^`~!$&'()*,;=aAfFgGzZ\x00\x1f\x7f\x80\xc3\xa9\xff"
		at, c := r.Intn(len(value)), signs[r.Intn(len(signs))]
		switch r.Intn(3) {
		case 0:
			value[at] = c
		case 1:
			value = append(append(append([]byte{}, value[:at]...), c), value[at:]...)
		default:
			value = append(append([]byte{}, value[:at]...), value[at+1:]...)
		}
	}
	return value
}

func strs(list []string) string {
	s := ""
	for _, v := range list {
		s += hex.EncodeToString([]byte(v)) + ","
	}
	return s
}

func nets(list []*net.IPNet) string {
	s := ""
	for _, n := range list {
		s += hex.EncodeToString(n.IP) + hex.EncodeToString(n.Mask) + ","
	}
	return s
}

func twos(n *big.Int) []byte {
	if n.Sign() >= 0 {
		b := n.Bytes()
		if len(b) == 0 || b[0]&0x80 != 0 {
			b = append([]byte{0}, b...)
		}
		return b
	}
	length := uint(n.BitLen()/8 + 1)
	b := new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), length*8)).Bytes()
	for len(b) > 1 && b[0] == 0xff && b[1]&0x80 != 0 {
		b = b[1:]
	}
	return b
}

// latin1 is what crtlint always makes of a T61String; Go does since 1.25.
func latin1(s string) string {
	var out []rune
	for i := 0; i < len(s); i++ {
		out = append(out, rune(s[i]))
	}
	return string(out)
}

func describe(der []byte) string {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return "ERR\t" + err.Error()
	}
	bits, modulus := 0, ""
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		bits, modulus = k.N.BitLen(), hex.EncodeToString(k.N.Bytes())
	case *ecdsa.PublicKey:
		bits = k.Params().BitSize
	case ed25519.PublicKey:
		bits = 256
	case *dsa.PublicKey:
		bits = k.P.BitLen()
	}
	server, unhandled := 0, ""
	for _, u := range c.ExtKeyUsage {
		if u == x509.ExtKeyUsageServerAuth {
			server = 1
		}
	}
	bit := map[bool]int{true: 1}
	if len(c.UnhandledCriticalExtensions) > 0 {
		unhandled = c.UnhandledCriticalExtensions[0].String()
	}
	path := c.MaxPathLen
	if path < 0 || !c.BasicConstraintsValid {
		path = -1
	} else if path > 0x7fffffff {
		path = 0x7fffffff
	}
	version := c.Version
	if version < 0 {
		version = 1
	}
	exts, policies, ips, texts := "", "", "", ""
	for _, e := range c.Extensions {
		exts += fmt.Sprintf("%s:%d:%d,", e.Id, bit[e.Critical], len(e.Value))
	}
	for _, p := range c.PolicyIdentifiers {
		policies += p.String() + ","
	}
	for _, ip := range c.IPAddresses {
		ips += hex.EncodeToString(ip) + ","
		texts += ip.String() + ","
	}
	tbs := c.RawTBSCertificate
	if len(tbs) > 8 {
		tbs = tbs[:8]
	}
	s := fmt.Sprintf("OK\tv=%d\tnb=%d\tna=%d\tsig=%s\tkey=%s\tbits=%d\tbc=%d\tca=%d\tmpl=%d\tku=%d\tneku=%d\tunh=%d\tsrv=%d", version,
		c.NotBefore.Unix(), c.NotAfter.Unix(), c.SignatureAlgorithm, c.PublicKeyAlgorithm, bits, bit[c.BasicConstraintsValid], bit[c.IsCA],
		path, c.KeyUsage, len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage), bit[len(c.UnhandledCriticalExtensions) > 0], server)
	s += fmt.Sprintf("\tserial=%x\tsignature=%x\tcn=%x\ticn=%x\tski=%x\taki=%x\tmod=%s\ttbs=%x", twos(c.SerialNumber), c.Signature,
		c.Subject.CommonName, c.Issuer.CommonName, c.SubjectKeyId, c.AuthorityKeyId, modulus, tbs)
	s += fmt.Sprintf("\tlens=%d,%d,%d,%d\text=%s\tpol=%s\tunhoid=%s", len(c.RawTBSCertificate), len(c.RawIssuer), len(c.RawSubject),
		len(c.RawSubjectPublicKeyInfo), exts, policies, unhandled)
	s += fmt.Sprintf("\tdns=%s\tmail=%s\tip=%s\turi=%s\tocsp=%s", strs(c.DNSNames), strs(c.EmailAddresses), ips,
		strings.Repeat(",", len(c.URIs)), strs(c.OCSPServer))
	s += fmt.Sprintf("\tnc00=%s\tnc01=%s\tnc02=%s\tnc03=%s", strs(c.PermittedDNSDomains), nets(c.PermittedIPRanges),
		strs(c.PermittedEmailAddresses), strs(c.PermittedURIDomains))
	s += fmt.Sprintf("\tnc10=%s\tnc11=%s\tnc12=%s\tnc13=%s\tips=%s", strs(c.ExcludedDNSDomains), nets(c.ExcludedIPRanges),
		strs(c.ExcludedEmailAddresses), strs(c.ExcludedURIDomains), texts)
	return s
}

// same says whether two lines agree, but for what is known and harmless.
func same(ours, theirs string) (bool, string) {
	if ours == theirs {
		return true, ""
	}
	if strings.HasPrefix(ours, "OK") != strings.HasPrefix(theirs, "OK") {
		return false, "acceptance"
	}
	if strings.HasPrefix(ours, "ERR") {
		return false, "text"
	}
	a, b := strings.Split(ours, "\t"), strings.Split(theirs, "\t")
	if len(a) != len(b) {
		return false, "shape"
	}
	kinds := []string{}
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		key := strings.SplitN(a[i], "=", 2)[0]
		if key == "cn" || key == "icn" {
			raw, _ := hex.DecodeString(b[i][len(key)+1:])
			if hex.EncodeToString([]byte(latin1(string(raw)))) == a[i][len(key)+1:] {
				continue
			}
		}
		kinds = append(kinds, key)
	}
	return len(kinds) == 0, "value " + strings.Join(kinds, ",")
}

func main() {
	dump := flag.String("dump", "./certdump", "the C program")
	release := flag.String("go", "1999", "the Go release that it is to follow")
	count := flag.Int("n", 300000, "mutations")
	seed := flag.Int64("seed", 1, "of the random numbers")
	show := flag.Int("show", 5, "differences shown of each kind")
	double := flag.Int("double", 25, "percent of mutations applied twice")
	flag.Parse()

	var seeds [][]byte
	for _, name := range flag.Args() {
		der, err := os.ReadFile(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		seeds = append(seeds, der)
	}
	if len(seeds) == 0 {
		fmt.Fprintln(os.Stderr, "certdiff: no certificates given")
		os.Exit(2)
	}
	trees := make([][]element, len(seeds))
	for i, der := range seeds {
		trees[i] = elements(der, 0, 0, nil)
	}

	command := exec.Command(*dump, *release)
	in, _ := command.StdinPipe()
	pipe, _ := command.StdoutPipe()
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out := bufio.NewReaderSize(pipe, 1<<20)

	r := rand.New(rand.NewSource(*seed))
	kinds, texts := map[string]int{}, map[string]int{}
	accepted, refused, differ := 0, 0, 0
	const batch = 256
	for done := 0; done < *count+len(seeds); {
		var ders [][]byte
		var frame bytes.Buffer
		for len(ders) < batch && done < *count+len(seeds) {
			var der []byte
			if done < len(seeds) {
				der = seeds[done]
			} else {
				which := r.Intn(len(seeds))
				der = mutate(r, seeds[which], trees[which])
				if r.Intn(100) < *double && len(der) > 0 {
					if all := elements(der, 0, 0, nil); len(all) > 0 {
						der = mutate(r, der, all)
					}
				}
			}
			done++
			ders = append(ders, der)
			binary.Write(&frame, binary.BigEndian, uint32(len(der)))
			frame.Write(der)
		}
		go in.Write(frame.Bytes())
		for _, der := range ders {
			line, err := out.ReadString('\n')
			if err != nil {
				fmt.Printf("certdump died; one of %d certificates, the first in hex: %x\n", len(ders), ders[0])
				os.Exit(1)
			}
			theirs := describe(der)
			if strings.HasPrefix(theirs, "OK") {
				accepted++
			} else {
				refused++
				key := theirs
				if i := strings.IndexByte(key, '"'); i > 0 {
					key = key[:i]
				}
				texts[key]++
			}
			ok, kind := same(strings.TrimSuffix(line, "\n"), theirs)
			if ok {
				continue
			}
			differ++
			kinds[kind]++
			if kinds[kind] <= *show {
				fmt.Printf("DIFFERENCE (%s)\n  ours %.400s\n    Go %.400s\n   der %x\n", kind, line, theirs, der)
			}
		}
	}
	in.Close()
	if err := command.Wait(); err != nil {
		fmt.Println("certdump:", err)
		os.Exit(1)
	}
	var names []string
	for text := range texts {
		names = append(names, text)
	}
	sort.Strings(names)
	for _, text := range names {
		fmt.Printf("%8d %s\n", texts[text], strings.TrimPrefix(text, "ERR\t"))
	}
	fmt.Printf("%d certificates (%d seeds): %d accepted, %d refused with %d texts, %d differences %v\n", accepted+refused, len(seeds),
		accepted, refused, len(texts), differ, kinds)
	if differ > 0 {
		os.Exit(1)
	}
}
