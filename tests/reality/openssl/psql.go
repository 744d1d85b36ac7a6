package main

// psql, libpq's own client, against Go's crypto/tls behind the first bytes of PostgreSQL's protocol.

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"time"
)

const reached = "the server was reached"

// serve answers an SSLRequest, shakes hands, and refuses whoever gets that far with a text by which he is known.
func serve(conn net.Conn, listen *tls.Config) error {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.ReadFull(conn, make([]byte, 8)); err != nil {
		return nil // nothing but a look
	}
	conn.Write([]byte("S"))
	server := tls.Server(conn, listen)
	if err := server.Handshake(); err != nil {
		return err
	}
	head := make([]byte, 4)
	if _, err := io.ReadFull(server, head); err != nil {
		return err
	}
	io.ReadFull(server, make([]byte, binary.BigEndian.Uint32(head)-4))
	body := "SFATAL\x00VFATAL\x00C28000\x00M" + reached + "\x00\x00"
	message := append([]byte{'E'}, binary.BigEndian.AppendUint32(nil, uint32(len(body)+4))...)
	server.Write(append(message, body...))
	server.Close()
	return nil
}

func psqlDials(program, level string, listen *tls.Config, client pair, host string) reality {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	said := make(chan error, 1)
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			err = serve(conn, listen)
		}
		said <- err
	}()
	target := fmt.Sprintf("host='%s' hostaddr=127.0.0.1 port=%d user=x dbname=x gssencmode=disable sslmode=verify-full sslrootcert='%s' sslcert='%s' sslkey='%s'",
		host, listener.Addr().(*net.TCPAddr).Port, client.CA, client.Crt, client.Key)
	cmd := exec.Command(program, "-w", "-X", target)
	cmd.Env = append(os.Environ(), "OPENSSL_CONF="+level)
	out := must(cmd.StderrPipe())
	if err := cmd.Start(); err != nil {
		return refused(err)[0]
	}
	text := must(io.ReadAll(out))
	cmd.Wait()
	listener.Close()
	r := reality{ok: bytes.Contains(text, []byte(reached)), client: string(text)}
	if err := <-said; err != nil && !errors.Is(err, net.ErrClosed) {
		r.server = err.Error()
	}
	return r
}

func (r *run) psql(program, dir, profile, host string, l layout) []string {
	list, err := r.predict(profile, dir, host)
	if err != nil {
		return []string{err.Error()}
	}
	c := find(list, "client", "tikv")
	if c == nil {
		r.counts["not told"]++
		return nil
	}
	listen, err := goEnd(fieldsOf(dir, l, "node"), toolPool, host)
	if err != nil {
		return r.judge("libpq", *c, refused(err))
	}
	listen.NextProtos = nil
	return r.judge("libpq", *c, []reality{psqlDials(program, r.level, listen, fieldsOf(dir, l, "client.root"), host)})
}
