// pkits answers path questions as crypto/x509 does. A question is a line: id, seconds since 1970, and certificates in base64 DER, tabs
// between: the leaf, "/", intermediates, "/", roots. The answer: id, tab, the error or nothing.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

func parse(text string) (*x509.Certificate, error) {
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func answer(fields []string) error {
	at, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return err
	}
	pools := []*x509.CertPool{nil, x509.NewCertPool(), x509.NewCertPool()}
	var leaf *x509.Certificate
	part := 0
	for _, field := range fields[2:] {
		if field == "/" {
			part++
			continue
		}
		c, err := parse(field)
		if part == 0 {
			if err != nil {
				return err
			}
			leaf = c
		} else if err == nil { // as a TLS client does with what it cannot parse: here, leave it out
			pools[part].AddCert(c)
		}
	}
	_, err = leaf.Verify(x509.VerifyOptions{Intermediates: pools[1], Roots: pools[2], CurrentTime: time.Unix(at, 0)})
	return err
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		fields := strings.Split(in.Text(), "\t")
		text := ""
		if err := answer(fields); err != nil {
			text = strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Printf("%s\t%s\n", fields[0], text)
	}
}
