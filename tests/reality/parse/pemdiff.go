// pemdiff compares pem_scan with encoding/pem over mutated files:
//
//	go run pemdiff.go [-n 300000] [-seed 1] PEMDUMP [FILE...]
//
// Standard library only. The files are what is mutated; some are made here besides.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"strings"
)

var pieces = []string{
	"\n", "\r\n", "\r", " ", "\t", "\x00", "-", "--", "-----", "=", "==", ":", "a: b\n", "\n\n", " \n", "\v", "\xef\xbb\xbf", "\x85", "\xa0",
	"-----BEGIN ", "-----BEGIN X-----\n", "\n-----BEGIN X-----\n", "-----END ", "\n-----END ", "-----END X-----\n", "\n-----END X-----\n", "\n-----END X-----",
	"-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----",
	"-----BEGIN -----\n-----END -----\n", "-----BEGIN X: -----\n", "-----END X: -----\n", "\n-----END a:b-----\n", "Proc-Type: 4,ENCRYPTED\n", "AAAA", "AA==", "AAA=", "A", "\n----- END ", "-----BEGIN\n",
	"-----BEGIN X-----\nAAAA\n-----END X-----\n", "-----BEGIN X-----\na: b\n\nAAAA\n-----END X-----\n", "-----BEGIN X-----\n-----END X-----\n",
}

func made(r *rand.Rand) []byte {
	var b bytes.Buffer
	for i := r.Intn(6); i >= 0; i-- {
		block := pem.Block{Type: []string{"CERTIFICATE", "X", "", "RSA PRIVATE KEY", "a b"}[r.Intn(5)], Bytes: make([]byte, r.Intn(200))}
		r.Read(block.Bytes)
		if r.Intn(3) == 0 {
			block.Headers = map[string]string{"Proc-Type": "4,ENCRYPTED", "k": "v"}
		}
		text := pem.EncodeToMemory(&block)
		if r.Intn(4) == 0 {
			text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
		}
		if r.Intn(4) == 0 {
			b.WriteString("some text: here\n")
		}
		b.Write(text)
	}
	return b.Bytes()
}

func splice(r *rand.Rand, b []byte) []byte {
	if len(b) == 0 {
		return []byte(pieces[r.Intn(len(pieces))])
	}
	i, j := r.Intn(len(b)+1), r.Intn(len(b)+1)
	if i > j {
		i, j = j, i
	}
	insert := func(at int, s []byte) []byte {
		return append(append(append([]byte{}, b[:at]...), s...), b[at:]...)
	}
	lines := bytes.SplitAfter(b, []byte("\n"))
	line := r.Intn(len(lines))
	switch r.Intn(10) {
	case 0: // one byte
		c := append([]byte{}, b...)
		c[r.Intn(len(c))] = byte(r.Intn(256))
		return c
	case 1, 2:
		return insert(i, []byte(pieces[r.Intn(len(pieces))]))
	case 3: // at the start of a line
		at := len(bytes.Join(lines[:line], nil))
		return insert(at, []byte(pieces[r.Intn(len(pieces))]))
	case 4: // at the end of one
		at := len(bytes.TrimRight(bytes.Join(lines[:line+1], nil), "\n"))
		return insert(at, []byte(pieces[r.Intn(len(pieces))]))
	case 5: // a line away
		return bytes.Join(append(append([][]byte{}, lines[:line]...), lines[line+1:]...), nil)
	case 6: // a line twice, or elsewhere
		at := len(bytes.Join(lines[:r.Intn(len(lines))], nil))
		return insert(at, lines[line])
	case 7: // a short hole
		if j > i+8 {
			j = i + 1 + r.Intn(8)
		}
		return append(append([]byte{}, b[:i]...), b[j:]...)
	case 8: // cut off
		return append([]byte{}, b[:i]...)
	}
	return insert(i, b[i:j])
}

func expected(data []byte) (answer string, panicked bool) {
	var out strings.Builder
	defer func() {
		if recover() != nil {
			answer, panicked = out.String()+"end", true
		}
	}()
	for n := 0; ; n++ {
		var block *pem.Block
		block, data = pem.Decode(data)
		if block == nil {
			return out.String() + "end", false
		}
		digest := sha256.Sum256(block.Bytes)
		headers := 0
		if len(block.Headers) > 0 {
			headers = 1
		}
		fmt.Fprintf(&out, "%s:%d:%d:%s ", hex.EncodeToString([]byte(block.Type)), headers, len(block.Bytes), hex.EncodeToString(digest[:8]))
	}
}

func main() {
	n := flag.Int("n", 300000, "mutants")
	seed := flag.Int64("seed", 1, "of the random numbers")
	dialect := flag.String("dialect", "go", "for pemdump")
	flag.Parse()
	r := rand.New(rand.NewSource(*seed))
	var files [][]byte
	for _, name := range flag.Args()[1:] {
		data, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		files = append(files, data)
	}
	cmd := exec.Command(flag.Arg(0), "pem", *dialect)
	cmd.Stderr = os.Stderr
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	inputs := make(chan []byte, 1024)
	go func() {
		w := bufio.NewWriter(in)
		for i := 0; i < *n; i++ {
			b := made(r)
			if len(files) > 0 && r.Intn(2) == 0 {
				b = files[r.Intn(len(files))]
			}
			for k := r.Intn(6); k > 0; k-- {
				b = splice(r, b)
				if len(b) > 1<<16 {
					b = b[:1<<16]
				}
			}
			binary.Write(w, binary.BigEndian, uint32(len(b)))
			w.Write(b)
			inputs <- b
		}
		w.Flush()
		in.Close()
		close(inputs)
	}()
	lines := bufio.NewReaderSize(out, 1<<20)
	differences, blocks, panics, done := 0, 0, 0, 0
	for b := range inputs {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			fmt.Printf("pemdump ended at input %d: %q\n", done, b)
			os.Exit(1)
		}
		line = strings.TrimRight(line, "\n")
		want, panicked := expected(b)
		blocks += strings.Count(want, " ")
		if panicked {
			panics++
		}
		done++
		if line != want {
			differences++
			if differences <= 10 {
				fmt.Printf("difference (Go panics: %v)\n file %q\n  Go  %s\n ours %s\n", panicked, b, want, line)
			}
		}
	}
	fmt.Printf("%d files, %d blocks, %d panics of Go, %d differences\n", done, blocks, panics, differences)
	if differences > 0 {
		os.Exit(1)
	}
}
