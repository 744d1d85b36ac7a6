// reality: generates directories in TiDB's layouts with faults, shakes hands on them by gRPC core, Go's crypto/tls and OpenSSL itself, and
// compares what really happened with what crtlint said would happen.
package main

import (
	"bytes"
	"crypto/elliptic"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strings"
	"time"
)

type connection struct {
	ID, From, To string
	OK, Judged   bool
	Stage        string
	Client       string `json:"client_error"`
	Server       string `json:"server_error"`
	Unchecked    []string
}

type report struct {
	Directories []struct{ Connections []connection }
}

type run struct {
	binary, level string
	now           time.Time
	grpc          []grpcEnds          // at security level 1 and 2
	local         map[string]*process // libraries whose ends are one process: openssl, gnutls
	counts        map[string]int
	texts         bool
}

func (r *run) predict(profile, dir, host string) ([]connection, error) {
	args := []string{"check", "--format", "json", "--profile", profile, "--at", r.now.Format(time.RFC3339), "--host", host}
	if !strings.HasSuffix(profile, "plain.yaml") && !strings.HasSuffix(profile, "gnutls.yaml") {
		args = append(args, "--set", "go-version="+strings.TrimPrefix(runtime.Version(), "go"))
	}
	cmd := exec.Command(r.binary, append(args, dir)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	ran := cmd.Run()
	var got report
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || len(got.Directories) != 1 {
		return nil, fmt.Errorf("no report: %v, %v; standard error: %s", ran, err, errs.String())
	}
	return got.Directories[0].Connections, nil
}

func open(c connection) bool {
	return !c.Judged || (c.OK && len(c.Unchecked) > 0)
}

// unstable texts depend on what else a process has done: how an RSA signature fails to unpad, how a
// certificate behind the leaf fails to parse, whether the sender minds its own chain's strength, and at which look a CA in the store was first
// found invalid. What a tool without a CA says is its own.
func unstable(text string) bool {
	return text == noCA || strings.Contains(text, "the process died") || strings.Contains(text, ":rsa routines:") || strings.Contains(text, "::ca key too small") ||
		strings.Contains(text, "::ca md too weak") || libpqLibrary.MatchString(text) || strings.Contains(text, "elliptic curve routines::bad signature") || strings.Contains(text, "error:068000") || strings.Contains(text, "X509 V3 routines::invalid certificate")
}

// libpqLibrary: psql prints the oldest error of OpenSSL's queue too.
var libpqLibrary = regexp.MustCompile(`SSL error: ([a-bd-rt-z]|sequence|EVP)`)

var clock = regexp.MustCompile(`current time [^ ]+ `)

// contains: but for the second in which it was said, for how a NUL is shown, and for whether an alert or the end of the connection came first.
func contains(real, said string) bool {
	real = strings.ReplaceAll(clock.ReplaceAllString(real, ""), "\x00", `\u0000`)
	real = strings.ReplaceAll(real, "Connection reset by peer", "Endpoint read failed")
	return strings.Contains(real, clock.ReplaceAllString(said, ""))
}

// mutated: a fault that changes single bytes; what exactly a reader says of them is not compared. Nor is what
// comes before a constraint that crtlint does not judge.
func mutated(names []string) bool {
	for _, name := range names {
		if strings.HasPrefix(name, "der-") || strings.HasPrefix(name, "pem-mutated") || strings.HasPrefix(name, "key-") || strings.HasPrefix(name, "constraint-directory") {
			return true
		}
	}
	return false
}

// judge compares one connection with what happened at the levels.
func (r *run) judge(stack string, c connection, real []reality) (wrong []string) {
	r.counts[stack]++
	show := func(what string) {
		text := fmt.Sprintf("%s %s: %s\n      crtlint ok %v %s, client %q, server %q", stack, c.ID, what, c.OK, c.Stage, c.Client, c.Server)
		for i, x := range real {
			text += fmt.Sprintf("\n      level %d ok %v, client %q, server %q", i+1, x.ok, x.client, x.server)
		}
		wrong = append(wrong, text)
	}
	for _, x := range real {
		if x.ok != c.OK {
			if open(c) {
				r.counts[stack+" unjudged"]++
				return nil
			}
			show("outcome")
			return wrong
		}
	}
	if open(c) {
		r.counts[stack+" unjudged though sure"]++
		return nil
	}
	if c.OK {
		r.counts[stack+" ok"]++
		return nil
	}
	if c.Stage != "handshake" || !r.texts || len(c.Unchecked) > 0 {
		return nil
	}
	r.counts[stack+" texts"]++
	for _, x := range real[:1] { // at level 2 the level may come first
		if unstable(x.client) || unstable(x.server) {
			continue
		}
		if strings.Contains(x.server, "the process died") || strings.Contains(x.client, "the process died") { // gRPC core's own assertion: no text
			continue
		}
		if stack == "gnutls" { // verified after the handshake: what the other end notices is the program's
			if !contains(x.client, c.Client) && !contains(x.server, c.Server) && !strings.Contains(x.server, "No certificate was found.") {
				show("text")
				return wrong
			}
			continue
		}
		if !contains(x.client, c.Client) {
			show("client's text")
			return wrong
		}
		if strings.Contains(c.Client, "does not match host name") || strings.Contains(c.Client, "embedded null") { // libpq compares it while the server verifies
			continue
		}
		if !contains(x.server, c.Server) && c.Server != "Socket closed" {
			show("server's text")
			return wrong
		}
	}
	return nil
}

// levelFile is a configuration of OpenSSL that sets the security level of whoever does not.
func levelFile(scratch string, level int) string {
	path := filepath.Join(scratch, fmt.Sprint("level", level, ".cnf"))
	text := fmt.Sprintf("openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\nCipherString = DEFAULT@SECLEVEL=%d\n", level)
	if err := os.WriteFile(path, []byte(text), 0600); err != nil {
		log.Fatal(err)
	}
	return path
}

func find(list []connection, from, to string) *connection {
	for i := range list {
		if list[i].From == from && list[i].To == to {
			return &list[i]
		}
	}
	return nil
}

// refused stands for an end that does not get as far as a connection.
func refused(err error) []reality { return []reality{{client: err.Error(), server: err.Error()}} }

func (r *run) tidb(dir, host string, l layout) (wrong []string) {
	list, err := r.predict("tidb", dir, host)
	if err != nil {
		return []string{err.Error()}
	}
	tikv, pd, client := fieldsOf(dir, l, "node"), fieldsOf(dir, l, "client.node"), fieldsOf(dir, l, "client.root")
	pdEnd, pdErr := goEnd(pd, pdPool, host)
	clientEnd, clientErr := goEnd(client, toolPool, host)
	each := func(from, to string, shake func(grpcEnds) reality) {
		c := find(list, from, to)
		if c == nil {
			r.counts["not told"]++
			return
		}
		stack := "grpc"
		if from != "tikv" {
			stack = "go to grpc"
		} else if to != "tikv" {
			stack = "grpc to go"
		}
		var real []reality
		for _, g := range r.grpc {
			real = append(real, shake(g))
		}
		wrong = append(wrong, r.judge(stack, *c, real)...)
	}
	dials := func(end *tls.Config, err error) func(grpcEnds) reality {
		return func(g grpcEnds) reality {
			if err != nil {
				return refused(err)[0]
			}
			return g.goDials(tikv, end, host)
		}
	}
	each("tikv", "tikv", func(g grpcEnds) reality { return g.shake(tikv, tikv, host) })
	each("pd", "tikv", dials(pdEnd, pdErr))
	each("client", "tikv", dials(clientEnd, clientErr))
	each("tikv", "pd", func(g grpcEnds) reality {
		if pdErr != nil {
			return refused(pdErr)[0]
		}
		return g.goListens(pdEnd, tikv, host)
	})
	return wrong
}

func (r *run) library(stack, dir, profile, host string, l layout) (wrong []string) {
	list, err := r.predict(profile, dir, host)
	if err != nil {
		return []string{err.Error()}
	}
	plans := map[string]string{"tikv": "node", "pd": "client.node", "client": "client.root"}
	for _, edge := range [][2]string{{"tikv", "tikv"}, {"client", "tikv"}, {"tikv", "pd"}} {
		c := find(list, edge[0], edge[1])
		if c == nil {
			r.counts["not told"]++
			continue
		}
		var real []reality
		for level := 1; level <= 2; level++ {
			real = append(real, ask(r.local[stack], level, r.now, host, fieldsOf(dir, l, plans[edge[1]]), fieldsOf(dir, l, plans[edge[0]])))
		}
		wrong = append(wrong, r.judge(stack, *c, real)...)
	}
	return wrong
}

func main() {
	log.SetFlags(0)
	os.Exit(work())
}

func work() int {
	seed := flag.Int64("seed", 1, "the first seed; directory i is made from seed + i")
	n := flag.Int("n", 150, "how many directories")
	binary := flag.String("bin", "", "the crtlint program")
	peer := flag.String("peer", "", "the gRPC end, peer.py")
	python := flag.String("python", "", "the Python that has grpc")
	plain := flag.String("openssl", "", "the OpenSSL ends, built from shake.c")
	gnutls := flag.String("gnutls", "", "the GnuTLS ends, built from shake_gnutls.c")
	psqlProfile := flag.String("psql-profile", "", "the profile of psql and a Go server")
	profile := flag.String("profile", "", "the profile of plain OpenSSL; that of GnuTLS is made from it")
	keep := flag.String("keep", "", "a directory in which the generated ones stay")
	only := flag.String("fault", "", "only directories in which this fault is the first")
	which := flag.String("ends", "grpc,openssl,gnutls,psql", "which ends to run")
	texts := flag.Bool("texts", true, "compare texts too")
	list := flag.Bool("list", false, "list the faults")
	flag.Parse()
	if *list {
		for _, f := range tidbFaults() {
			fmt.Println(f.name)
		}
		return 0
	}
	scratch := must(os.MkdirTemp("", "reality"))
	defer os.RemoveAll(scratch)
	root := *keep
	if root == "" {
		root = scratch
	}
	// A handshake of gRPC's takes place now; a minute is left for the run of one directory.
	r := &run{binary: *binary, local: map[string]*process{}, counts: map[string]int{}, texts: *texts}
	if strings.Contains(*which, "grpc") {
		for level := 1; level <= 2; level++ {
			env := []string{"GRPC_VERBOSITY=ERROR", "OPENSSL_CONF=" + levelFile(scratch, level)}
			end := func(name string) *process {
				return start(filepath.Join(scratch, fmt.Sprint(name, level, ".log")), env, *python, *peer)
			}
			r.grpc = append(r.grpc, grpcEnds{end("listener"), end("dialer")})
		}
	}
	profiles := map[string]string{"openssl": *profile, "gnutls": filepath.Join(scratch, "gnutls.yaml")}
	text := bytes.ReplaceAll(must(os.ReadFile(*profile)), []byte("stack: openssl"), []byte("stack: gnutls"))
	if err := os.WriteFile(profiles["gnutls"], text, 0600); err != nil {
		log.Fatal(err)
	}
	for stack, program := range map[string]string{"openssl": *plain, "gnutls": *gnutls} {
		if strings.Contains(*which, stack) && program != "" {
			r.local[stack] = start(filepath.Join(scratch, stack+".log"), nil, program)
		}
	}
	psql, err := exec.LookPath("psql")
	if err != nil || !strings.Contains(*which, "psql") {
		psql = ""
	}
	r.level = levelFile(scratch, 1)
	keys := &keyring{curve: map[elliptic.Curve][]signer{}, rsa: map[int][]signer{}}
	passed, failed := 0, 0
	for i := int64(0); i < int64(*n); i++ {
		r.now = time.Now().Truncate(time.Second).UTC()
		b, names, l := generate(*seed+i, keys, r.now, *only)
		path := filepath.Join(root, fmt.Sprint(*seed+i))
		b.write(path)
		r.texts = *texts && !mutated(names)
		var wrong []string
		if r.grpc != nil {
			wrong = append(wrong, r.tidb(path, b.host, l)...)
		}
		if len(r.local) > 0 || psql != "" {
			b.bytes = reverse(b.bytes, l)
			b.rename(layouts[0])
			guide := filepath.Join(root, fmt.Sprint(*seed+i, "-plain"))
			b.write(guide)
			for _, stack := range []string{"openssl", "gnutls"} {
				if r.local[stack] != nil {
					wrong = append(wrong, r.library(stack, guide, profiles[stack], b.host, layouts[0])...)
				}
			}
			if psql != "" {
				wrong = append(wrong, r.psql(psql, guide, *psqlProfile, b.host, layouts[0])...)
			}
			if *keep == "" {
				os.RemoveAll(guide)
			}
		}
		if len(wrong) == 0 {
			passed++
		} else {
			failed++
			fmt.Printf("FAILED seed %d, %s, host %s: %s\n    %s\n", *seed+i, l.dialect, b.host, strings.Join(names, " + "),
				strings.Join(wrong, "\n    "))
		}
		if *keep == "" {
			os.RemoveAll(path)
		}
	}
	var kinds []string
	for k, count := range r.counts {
		kinds = append(kinds, fmt.Sprintf("%s %d", k, count))
	}
	sort.Strings(kinds)
	fmt.Printf("connections: %s\n", strings.Join(kinds, ", "))
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		return 1
	}
	return 0
}

// reverse gives the files their planned names again.
func reverse(files map[string][]byte, l layout) map[string][]byte {
	planned := map[string][]byte{}
	for _, plan := range []string{"ca.crt", "node.crt", "node.key", "client.node.crt", "client.node.key", "client.root.crt", "client.root.key"} {
		if data, is := files[l.name(plan)]; is {
			planned[plan] = data
		}
	}
	return planned
}
