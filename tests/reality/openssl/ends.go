package main

// The ends: gRPC core and OpenSSL in processes of their own, Go here.

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// process is a program that answers each line with a line.
type process struct {
	argv []string
	env  []string
	log  string // file of its standard error
	read int64
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
}

func start(log string, env []string, argv ...string) *process {
	p := &process{argv: argv, env: env, log: log}
	p.begin()
	return p
}

func (p *process) begin() {
	p.cmd = exec.Command(p.argv[0], p.argv[1:]...)
	p.cmd.Env = append(os.Environ(), p.env...)
	p.cmd.Stderr = must(os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0600))
	p.in = must(p.cmd.StdinPipe())
	p.out = bufio.NewReaderSize(must(p.cmd.StdoutPipe()), 1<<20)
	if err := p.cmd.Start(); err != nil {
		log.Fatal(err)
	}
}

// ask: "" when the program died of the question; it is started anew.
func (p *process) ask(line string) string {
	io.WriteString(p.in, line+"\n")
	answer, err := p.out.ReadString('\n')
	if err != nil {
		p.in.Close()
		p.cmd.Wait()
		p.begin()
		return ""
	}
	return strings.TrimSuffix(answer, "\n")
}

// logged is what the program has written to its standard error since it was last asked.
func (p *process) logged() string {
	text := p.look()
	for tries := 0; tries < 3 && !strings.Contains(text, "Handshake failed"); tries++ { // the log may lag behind
		time.Sleep(time.Millisecond)
		text += p.look()
	}
	return text
}

func (p *process) look() string {
	f := must(os.Open(p.log))
	defer f.Close()
	f.Seek(p.read, io.SeekStart)
	data := must(io.ReadAll(f))
	p.read += int64(len(data))
	return string(data)
}

type pair struct{ Crt, Key, CA string }

type reality struct {
	ok             bool
	client, server string // all that the end printed
}

type grpcEnds struct{ listener, dialer *process }

func (g grpcEnds) do(p *process, what string, files pair, port int, host string) (answer struct {
	OK    bool
	Port  int
	Error string
}) {
	question := map[string]any{"do": what, "crt": files.Crt, "key": files.Key, "ca": files.CA, "port": port, "host": host}
	text := p.ask(string(must(json.Marshal(question))))
	if text == "" {
		answer.Error = "the process died"
	} else if err := json.Unmarshal([]byte(text), &answer); err != nil {
		log.Fatalf("%q: %v", text, err)
	}
	return answer
}

func (g grpcEnds) shake(server, client pair, host string) reality {
	g.listener.look()
	g.dialer.look()
	l := g.do(g.listener, "listen", server, 0, "")
	if l.Port == 0 {
		return reality{server: l.Error + "\n" + g.listener.logged()}
	}
	d := g.do(g.dialer, "dial", client, l.Port, host)
	r := reality{d.OK, d.Error + "\n" + g.dialer.logged(), ""}
	g.do(g.listener, "close", pair{}, 0, "")
	r.server = g.listener.logged()
	return r
}

// Go's ends

// pdPool is etcd's: every block must be a certificate.
func pdPool(path string) (*x509.CertPool, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return pool, nil
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		pool.AddCert(c)
	}
}

const noCA = "failed to append ca certs"

func toolPool(path string) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	data, err := os.ReadFile(path)
	if err == nil && !pool.AppendCertsFromPEM(data) {
		err = errors.New(noCA)
	}
	return pool, err
}

func goEnd(files pair, pool func(string) (*x509.CertPool, error), host string) (*tls.Config, error) {
	chain, err := tls.LoadX509KeyPair(files.Crt, files.Key)
	if err != nil {
		return nil, err
	}
	cas, err := pool(files.CA)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates:         []tls.Certificate{chain},
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &chain, nil },
		RootCAs:              cas,
		ClientCAs:            cas,
		ClientAuth:           tls.RequireAndVerifyClientCert,
		ServerName:           host,
		NextProtos:           []string{"h2"},
	}, nil
}

// goDials: Go's client against a server of gRPC core.
func (g grpcEnds) goDials(server pair, dial *tls.Config, host string) reality {
	g.listener.look()
	l := g.do(g.listener, "listen", server, 0, "")
	if l.Port == 0 {
		return reality{server: l.Error + "\n" + g.listener.logged()}
	}
	defer func() { g.listener.look() }()
	r := reality{}
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", fmt.Sprint("127.0.0.1:", l.Port), dial)
	if err == nil {
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		_, err = conn.Read(make([]byte, 1))
		conn.Close()
	}
	if err != nil {
		time.Sleep(20 * time.Millisecond) // for the alert to arrive
	}
	g.do(g.listener, "close", pair{}, 0, "")
	if err != nil {
		r.client = err.Error()
	}
	r.ok = err == nil
	r.server = g.listener.logged()
	return r
}

// goListens: gRPC core's client against a server of Go.
func (g grpcEnds) goListens(listen *tls.Config, client pair, host string) reality {
	g.dialer.look()
	var said bytes.Buffer
	server := &http.Server{TLSConfig: listen, ErrorLog: log.New(&said, "", 0), Handler: http.NotFoundHandler()}
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	done := make(chan bool)
	go func() { server.ServeTLS(listener, "", ""); close(done) }()
	d := g.do(g.dialer, "dial", client, listener.Addr().(*net.TCPAddr).Port, host)
	time.Sleep(2 * time.Millisecond)
	server.Close()
	<-done
	return reality{d.OK, d.Error + "\n" + g.dialer.logged(), said.String()}
}

func fieldsOf(dir string, l layout, plan string) pair {
	p := func(name string) string { return filepath.Join(dir, l.name(name)) }
	return pair{p(plan + ".crt"), p(plan + ".key"), p("ca.crt")}
}

// ask: one handshake by a library, at a security level where it has such.
func ask(p *process, level int, now time.Time, host string, server, client pair) reality {
	line := strings.Join([]string{fmt.Sprint(level), fmt.Sprint(now.Unix()), host, server.Crt, server.Key, server.CA, client.Crt, client.Key,
		client.CA}, "\t")
	answer := p.ask(line)
	r := reality{ok: answer == "ok"}
	if parts := strings.SplitN(answer, "\t", 2); len(parts) == 2 {
		r.client, r.server = strings.TrimPrefix(parts[0], "client says: "), strings.TrimPrefix(parts[1], "server says: ")
	} else if !r.ok {
		r.client, r.server = answer, answer
	}
	return r
}
