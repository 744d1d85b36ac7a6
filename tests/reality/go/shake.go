package main

// Real handshakes, in memory.

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"
)

// stream is one direction of a connection: writes never wait, so that neither end can block the other's alert.
type stream struct {
	mu     sync.Mutex
	more   *sync.Cond
	data   []byte
	closed bool
}

func newStream() *stream {
	s := &stream{}
	s.more = sync.NewCond(&s.mu)
	return s
}

func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, io.ErrClosedPipe
	}
	s.data = append(s.data, p...)
	s.more.Broadcast()
	return len(p), nil
}

func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.data) == 0 && !s.closed {
		s.more.Wait()
	}
	if len(s.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.data)
	s.data = s.data[n:]
	return n, nil
}

func (s *stream) close() {
	s.mu.Lock()
	s.closed = true
	s.more.Broadcast()
	s.mu.Unlock()
}

type wire struct{ in, out *stream }

func (w wire) Read(p []byte) (int, error)       { return w.in.Read(p) }
func (w wire) Write(p []byte) (int, error)      { return w.out.Write(p) }
func (w wire) Close() error                     { w.out.close(); return nil }
func (w wire) LocalAddr() net.Addr              { return nil }
func (w wire) RemoteAddr() net.Addr             { return nil }
func (w wire) SetDeadline(time.Time) error      { return nil }
func (w wire) SetReadDeadline(time.Time) error  { return nil }
func (w wire) SetWriteDeadline(time.Time) error { return nil }

type outcome struct {
	ok             bool
	stage          string // "", config, handshake, auth
	says           string // of the side that refuses
	client, server string // what each end's log shows; only of stage handshake
}

func shake(listen, dial *tls.Config, host string, now time.Time) (outcome, []*x509.Certificate) {
	clock := func() time.Time { return now }
	listen, dial = listen.Clone(), dial.Clone()
	listen.Time, dial.Time, dial.ServerName = clock, clock, host
	there, back := newStream(), newStream()
	server, client := tls.Server(wire{there, back}, listen), tls.Client(wire{back, there}, dial)
	var serverErr error
	var peer []*x509.Certificate
	done := make(chan bool)
	go func() {
		if serverErr = server.Handshake(); serverErr == nil {
			peer = server.ConnectionState().PeerCertificates
			_, serverErr = server.Write([]byte{1})
		}
		back.close()
		close(done)
	}()
	clientErr := client.Handshake()
	if clientErr == nil { // a TLS 1.3 client hears of a refusal at its first read
		_, clientErr = client.Read(make([]byte, 1))
	}
	there.close()
	<-done
	if clientErr == nil && serverErr == nil {
		return outcome{ok: true}, peer
	}
	o := outcome{stage: "handshake"}
	if clientErr != nil {
		o.client = clientErr.Error()
	}
	if serverErr != nil {
		o.server = serverErr.Error()
	}
	o.says = o.client
	if strings.HasPrefix(o.client, "remote error: ") || o.client == "" {
		o.says = o.server
	}
	return o, nil
}

const unauthenticated = "rpc error: code = Unauthenticated desc = "

// admitted is the RPC server's decision by names: "" lets in. A text that ends in "..." is known only so far.
func admitted(peer []*x509.Certificate) string {
	if len(peer) == 0 {
		return unauthenticated + "TLSInfo is not available in request context"
	}
	leaf := peer[0]
	for _, ou := range leaf.Subject.OrganizationalUnit {
		if ou == "Tenants" {
			return unauthenticated + "..."
		}
	}
	names := append([]string{leaf.Subject.CommonName}, leaf.DNSNames...)
	shown := "on all tenants"
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
		names, shown = append(names, name), "on tenant"
	}
	for _, n := range names {
		if n == "node" || n == "root" {
			return ""
		}
	}
	if scoped {
		return unauthenticated + "need root or node client cert to perform RPCs on this server..."
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q %s", n, shown)
	}
	return unauthenticated + "need root or node client cert to perform RPCs on this server (this is tenant system; cert is valid for " +
		strings.Join(quoted, ", ") + ")"
}

// tenantUser reads crdb://tenant/1/user/NAME; a user of another tenant is worth nothing here.
func tenantUser(u *url.URL) (string, bool) {
	parts := strings.Split(u.Path, "/")
	if u.Host != "tenant" || len(parts) != 4 || parts[0] != "" || parts[2] != "user" {
		return "", false
	}
	if parts[1] != "1" {
		return "", true
	}
	return parts[3], true
}

type verdict struct {
	start    string // "": starts
	rpc, cli outcome
	sql      *outcome // of the SQL shell as root; nil: not judged here
	noRoot   bool     // there is no client.root.crt
}

func judge(path, host string, now time.Time) verdict {
	d := readDirectory(path)
	listen, dial, says := d.server()
	v := verdict{start: says, noRoot: d.files["client.root"] == nil}
	login := func(dial *tls.Config, admitted func([]*x509.Certificate) string) outcome {
		o, peer := shake(listen, dial, host, now)
		if o.ok {
			if text := admitted(peer); text != "" {
				return outcome{stage: "auth", says: text}
			}
		}
		return o
	}
	refused := outcome{stage: "config", says: says}
	root, rootSays := d.client("root")
	switch {
	case says != "":
		v.rpc = refused
	default:
		v.rpc = login(dial, admitted)
	}
	switch {
	case rootSays != "":
		v.cli = outcome{stage: "config", says: rootSays}
	case says != "":
		v.cli = refused
	default:
		v.cli = login(root, admitted)
	}
	sql, sqlSays, judged := shell(path, "root")
	switch {
	case !judged:
	case sqlSays != "":
		v.sql = &outcome{stage: "config", says: sqlSays}
	case says != "":
		v.sql = &refused
	default:
		o := login(sql, loggedIn)
		v.sql = &o
	}
	return v
}
