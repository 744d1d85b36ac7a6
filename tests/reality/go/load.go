package main

// What a CockroachDB 24.2 or later does with a certificate directory: which files it takes, what it says at start, what its root client
// says before it dials. Told again from the description of its behaviour.

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

type file struct {
	name     string
	crt, key []byte
	err      string
}

type directory struct {
	path  string
	files map[string]*file // by role: "ca", "node", "client.USER", ...
	err   string           // loading itself failed
}

func role(name string) (string, bool) {
	parts := strings.Split(strings.TrimSuffix(name, ".crt"), ".")
	switch parts[0] {
	case "ca", "ca-client", "ca-ui", "ca-client-tenant", "node", "ui":
		return parts[0], len(parts) == 1
	case "client", "client-tenant", "tenant-signing":
		rest := strings.Join(parts[1:], ".")
		return parts[0] + "." + rest, rest != ""
	}
	return "", false
}

func readDirectory(path string) *directory {
	d := &directory{path: path, files: map[string]*file{}}
	entries, err := os.ReadDir(path)
	if os.IsNotExist(err) {
		return d
	}
	if err != nil {
		d.err = fmt.Sprintf("problem loading certs directory %s: %v", path, err)
		return d
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.HasSuffix(name, ".crt") {
			continue
		}
		as, known := role(name)
		if !known {
			continue
		}
		if id := strings.SplitN(as, ".", 2); strings.HasPrefix(as, "client-tenant.") || strings.HasPrefix(as, "tenant-signing.") {
			if _, err := strconv.ParseUint(id[1], 10, 64); err != nil {
				d.err = "invalid tenant id " + id[1]
				return d
			}
		}
		f := &file{name: name}
		d.files[as] = f
		f.crt, _ = os.ReadFile(filepath.Join(path, name))
		f.err = certificateTrouble(name, f.crt)
		if f.err == "" && !strings.HasPrefix(as, "ca") {
			f.err = f.readKey(filepath.Join(path, strings.TrimSuffix(name, ".crt")+".key"))
		}
	}
	return d
}

func certificateTrouble(name string, data []byte) string {
	if len(data) == 0 {
		return "empty certificate file: " + name
	}
	var blocks [][]byte
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return fmt.Sprintf("failed to parse certificate file %s as PEM: block #%d is of type %s, not CERTIFICATE", name, len(blocks), block.Type)
		}
		blocks = append(blocks, block.Bytes)
	}
	if len(blocks) == 0 {
		return "no certificates found in " + name
	}
	for i, der := range blocks {
		if _, err := x509.ParseCertificate(der); err != nil {
			return fmt.Sprintf("failed to parse certificate %d in file %s: %v", i, name, err)
		}
	}
	return ""
}

func (f *file) readKey(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Sprintf("could not stat key file %s: %v", path, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Sprintf("key file %s is not a regular file", path)
	}
	most := fs.FileMode(0700)
	if stat := info.Sys().(*syscall.Stat_t); stat.Uid == 0 && int(stat.Gid) == os.Getgid() {
		most = 0740
	}
	if info.Mode().Perm()&^most != 0 {
		return fmt.Sprintf("key file %s has permissions %s, exceeds %s", path, info.Mode().Perm(), most)
	}
	if f.key, err = os.ReadFile(path); err != nil {
		return fmt.Sprintf("could not read key file %s: %v", path, err)
	}
	return ""
}

func (d *directory) trouble(role string) string {
	if f := d.files[role]; f == nil {
		return "not found"
	} else {
		return f.err
	}
}

func (d *directory) first(roles ...string) string {
	for _, r := range roles {
		if d.files[r] != nil {
			return r
		}
	}
	return roles[len(roles)-1]
}

// loaded is what every program says that reads the directory.
func (d *directory) loaded() string {
	if d.err != "" {
		return d.err
	}
	if node := d.files["node"]; node != nil && node.err != "" && d.files["client.node"] == nil {
		return "validating node cert: " + node.err
	}
	for as := range d.files {
		if !strings.HasPrefix(as, "client-tenant.") && !strings.HasPrefix(as, "tenant-signing.") && as != "ca-client-tenant" {
			return ""
		}
	}
	return "no certificates found; does certs dir exist?"
}

func (d *directory) pair(role string) (tls.Certificate, string) {
	f := d.files[role]
	pair, err := tls.X509KeyPair(f.crt, f.key)
	if err != nil {
		return pair, err.Error()
	}
	return pair, ""
}

func (d *directory) pool(says string, roles ...string) (*x509.CertPool, string) {
	pool := x509.NewCertPool()
	for _, r := range roles {
		if d.files[r] != nil && !pool.AppendCertsFromPEM(d.files[r].crt) {
			return nil, says
		}
	}
	return pool, ""
}

// server is the start of a node: the two configurations it needs, or what it says.
func (d *directory) server() (listen, dial *tls.Config, says string) {
	fail := func(text string) (*tls.Config, *tls.Config, string) { return nil, nil, text }
	if text := d.loaded(); text != "" {
		return fail(text)
	}
	if text := d.trouble("ca"); text != "" {
		return fail("problem with CA certificate: " + text)
	}
	if text := d.trouble("node"); text != "" {
		return fail("problem with node certificate: " + text)
	}
	for _, optional := range [][2]string{{"ca-client", "problem with client CA certificate: "}, {"ca-client-tenant", "problem with tenant client CA certificate: "}} {
		if f := d.files[optional[0]]; f != nil && f.err != "" {
			return fail(optional[1] + f.err)
		}
	}
	own, text := d.pair("node")
	if text != "" {
		return fail(text)
	}
	roots, text := d.pool("failed to parse PEM data to pool", "ca")
	if text != "" {
		return fail(text)
	}
	clients, text := d.pool("failed to parse client CA PEM data to pool", d.first("ca-client", "ca"), "ca-client-tenant")
	if text != "" {
		return fail(text)
	}
	if ui := d.files["ui"]; ui != nil {
		if ui.err != "" {
			return fail("problem with UI certificate: " + ui.err)
		}
		if _, text := d.pair("ui"); text != "" {
			return fail(text)
		}
	}
	as := d.first("client.node", "node")
	if text := d.trouble(as); text != "" {
		return fail("problem with node client certificate: " + text)
	}
	dialer, text := d.pair(as)
	if text != "" {
		return fail(text)
	}
	listen = &tls.Config{Certificates: []tls.Certificate{own}, ClientAuth: tls.VerifyClientCertIfGiven, RootCAs: roots, ClientCAs: clients,
		MinVersion: tls.VersionTLS12}
	dial = &tls.Config{Certificates: []tls.Certificate{dialer}, RootCAs: roots, MinVersion: tls.VersionTLS12}
	return listen, dial, ""
}

// client is what a command line client does for this user before it dials.
func (d *directory) client(user string) (*tls.Config, string) {
	if text := d.loaded(); text != "" {
		return nil, text
	}
	if d.files["ca"] == nil && d.files["ca-client-tenant"] == nil {
		return nil, "no CA certificate found, cannot authenticate remote server"
	}
	if f := d.files["ca"]; f != nil && f.err != "" {
		return nil, "problem with CA certificate: " + f.err
	}
	if text := d.trouble("client." + user); text != "" {
		return nil, "problem with client cert for user " + user + ": " + text
	}
	own, text := d.pair("client." + user)
	if text != "" {
		return nil, text
	}
	roots, text := d.pool("failed to parse PEM data to pool", "ca", "ca-client-tenant")
	if text != "" {
		return nil, text
	}
	return &tls.Config{Certificates: []tls.Certificate{own}, RootCAs: roots, MinVersion: tls.VersionTLS12}, ""
}
