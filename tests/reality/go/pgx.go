package main

// What the SQL shell of CockroachDB 25.2 or later does with a certificate directory: it names ca.crt, and a user's certificate and key
// where both are there, to pgx. What pgx makes of the files (configTLS of pgconn) is told again from the description of its behaviour.

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
)

// shell is the configuration with which the shell dials, or what it says; judged: no CA here means the system's own, which are not ours.
func shell(path, user string) (config *tls.Config, says string, judged bool) {
	name := func(file string) string { return filepath.Join(path, file) }
	there := func(file string) bool {
		_, err := os.Stat(name(file))
		return err == nil
	}
	failed := func(text string) (*tls.Config, string, bool) {
		return nil, "failed to configure TLS (" + text + ")", true
	}
	if !there("ca.crt") {
		return nil, "", false
	}
	data, err := os.ReadFile(name("ca.crt"))
	if err != nil {
		return failed("unable to read CA file: " + err.Error())
	}
	config = &tls.Config{RootCAs: x509.NewCertPool()}
	if !config.RootCAs.AppendCertsFromPEM(data) {
		return failed("unable to add CA to cert pool")
	}
	crt, key := "client."+user+".crt", "client."+user+".key"
	if !there(crt) || !there(key) {
		return config, "", true
	}
	if data, err = os.ReadFile(name(key)); err != nil {
		return failed("unable to read sslkey: " + err.Error())
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return failed("failed to decode sslkey")
	}
	//lint:ignore SA1019 pgx asks it
	if x509.IsEncryptedPEMBlock(block) {
		return failed("unable to find sslpassword")
	}
	if data, err = os.ReadFile(name(crt)); err != nil {
		return failed("unable to read cert: " + err.Error())
	}
	pair, err := tls.X509KeyPair(data, pem.EncodeToMemory(block))
	if err != nil {
		return failed("unable to load cert: " + err.Error())
	}
	config.Certificates = []tls.Certificate{pair}
	return config, "", true
}

// loggedIn is the SQL server's decision about root by the certificate that arrived.
func loggedIn(peer []*x509.Certificate) string {
	if len(peer) == 0 {
		return "password authentication failed for user root"
	}
	leaf := peer[0]
	for _, ou := range leaf.Subject.OrganizationalUnit {
		if ou == "Tenants" {
			return "using tenant client certificate as user certificate is not allowed"
		}
	}
	names := append([]string{strings.ToLower(leaf.Subject.CommonName)}, leaf.DNSNames...)
	scoped := false
	for _, u := range leaf.URIs {
		if u.Scheme != "crdb" {
			continue
		}
		if !scoped {
			scoped, names = true, nil
		}
		name, ok := tenantUser(u)
		if !ok {
			return "..."
		}
		names = append(names, name)
	}
	for _, n := range names {
		if n == "root" {
			return ""
		}
	}
	return `certificate authentication failed for user "root"`
}
