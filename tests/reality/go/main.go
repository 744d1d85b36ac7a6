// reality: generates certificate directories with faults, loads each as CockroachDB does, shakes hands by crypto/tls, and compares what
// really happened with what crtlint said would happen.
package main

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"time"
)

type connection struct {
	Kind, From, ID string
	OK             bool
	Findings       []int
	Stage          string
	Error          string
	Client         string `json:"client_error"`
	Server         string `json:"server_error"`
}

type report struct {
	Directories []struct {
		Start struct {
			OK       bool
			Error    string
			Findings []int
		}
		Connections []connection
		Findings    []struct {
			Rule, Severity string
			Breaks         []string
		}
	}
}

// agrees: a text that ends in "..." is known only so far.
func agrees(real, said string) bool {
	real = visible(real)
	if strings.HasSuffix(real, "...") {
		return strings.Contains(said, strings.TrimSuffix(real, "..."))
	}
	return strings.Contains(said, real)
}

// visible: a report shows the control characters of somebody else's text, and never sends them to a terminal.
func visible(s string) string {
	var out strings.Builder
	for _, r := range s {
		if r < 0x20 || r == 0x7f {
			fmt.Fprintf(&out, "\\u%04x", r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// explained: whatever fails has its cause among the findings, and no error breaks nothing.
func explained(r report) (wrong []string) {
	d := r.Directories[0]
	if !d.Start.OK && len(d.Start.Findings) == 0 {
		wrong = append(wrong, "start fails with no finding behind it")
	}
	for _, c := range d.Connections {
		if !c.OK && len(c.Findings) == 0 {
			wrong = append(wrong, c.ID+" fails with no finding behind it")
		}
	}
	for _, f := range d.Findings {
		if f.Severity == "error" && len(f.Breaks) == 0 {
			wrong = append(wrong, f.Rule+" is an error that breaks nothing")
		}
	}
	return wrong
}

type want struct {
	kind, from string
	real       outcome
}

func compare(v verdict, r report) (wrong []string) {
	wrong = explained(r)
	note := func(what, real, said string) {
		wrong = append(wrong, fmt.Sprintf("%s\n      real    %s\n      crtlint %s", what, real, said))
	}
	d := r.Directories[0]
	if d.Start.OK != (v.start == "") || !agrees(v.start, d.Start.Error) {
		note("start", v.start, d.Start.Error)
	}
	wants := []want{{"rpc", "node", v.rpc}, {"cli", "root", v.cli}}
	if v.sql != nil {
		wants = append(wants, want{"sql", "root", *v.sql})
	}
	for _, want := range wants {
		var found []connection
		for _, c := range d.Connections {
			if c.Kind == want.kind && c.From == want.from {
				found = append(found, c)
			}
		}
		if len(found) == 0 && want.from == "root" && v.noRoot {
			continue // without a certificate for root there need be no such connection
		}
		if len(found) != 1 {
			note(want.kind, "one connection", fmt.Sprint(len(found), " connections"))
			continue
		}
		c, real := found[0], want.real
		if c.OK != real.ok || c.Stage != real.stage {
			note(c.ID, fmt.Sprintf("ok %v, stage %q: %s", real.ok, real.stage, real.says), fmt.Sprintf("ok %v, stage %q: %s", c.OK, c.Stage, c.Error))
			continue
		}
		if !agrees(real.says, c.Error) {
			note(c.ID+" error", real.says, c.Error)
		}
		if real.stage == "handshake" && visible(real.client) != c.Client {
			note(c.ID+" client_error", real.client, c.Client)
		}
		if real.stage == "handshake" && visible(real.server) != c.Server {
			note(c.ID+" server_error", real.server, c.Server)
		}
	}
	return wrong
}

func ask(binary, path, host string, now time.Time) (r report, err error) {
	cmd := exec.Command(binary, "check", "--format", "json", "--profile", "cockroachdb", "--at", now.Format(time.RFC3339), "--host", host,
		"--set", "go-version="+strings.TrimPrefix(runtime.Version(), "go"), path)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	ran := cmd.Run()
	if err = json.Unmarshal(out.Bytes(), &r); err != nil || len(r.Directories) != 1 {
		return r, fmt.Errorf("no report: %v, %v; standard error: %s", ran, err, errs.String())
	}
	return r, nil
}

func generate(seed int64, keys *keyring, now time.Time, only string) (*build, []string) {
	dice := rand.New(rand.NewSource(seed))
	b := newBuild(dice, keys, now)
	all := faults()
	count := 1
	switch n := dice.Intn(20); {
	case n == 0:
		count = 0
	case n > 13:
		count = 2
	}
	var chosen []fault
	var names []string
	for len(chosen) < count {
		f := all[dice.Intn(len(all))]
		if only != "" && len(chosen) == 0 {
			for f.name != only {
				f = all[dice.Intn(len(all))]
			}
		}
		if f.before == nil || f.before(b) {
			chosen, names = append(chosen, f), append(names, f.name)
		} else if only != "" {
			return nil, nil
		}
	}
	b.compose()
	for i, f := range chosen {
		if f.after == nil {
			continue
		}
		func() { // a second fault may find nothing left to spoil
			defer func() {
				if recover() != nil {
					names[i] += " (found nothing to spoil)"
				}
			}()
			f.after(b)
		}()
	}
	return b, names
}

func main() {
	log.SetFlags(0)
	os.Exit(run())
}

func run() int {
	seed := flag.Int64("seed", 1, "the first seed; directory i is made from seed + i")
	n := flag.Int("n", 500, "how many directories")
	binary := flag.String("bin", "", "the crtlint program")
	keep := flag.String("keep", "", "a directory in which the generated ones stay")
	only := flag.String("fault", "", "only directories in which this fault is the first")
	pairs := flag.Bool("pairs", false, "pairs of directories, and the connections between them")
	list := flag.Bool("list", false, "list the faults")
	at := flag.String("at", "2026-11-20T22:10:00Z", "the time of all handshakes")
	flag.Parse()
	if *list {
		for _, f := range faults() {
			fmt.Println(f.name)
		}
		return 0
	}
	if *binary == "" {
		log.Fatal("usage: reality -bin CRTLINT [-seed S] [-n N] [-keep DIR] [-fault NAME]")
	}
	known := *only == ""
	for _, f := range faults() {
		known = known || f.name == *only
	}
	if !known {
		log.Fatalf("no such fault: %s", *only)
	}
	now := must(time.Parse(time.RFC3339, *at))
	root := *keep
	if root == "" {
		root = must(os.MkdirTemp("", "reality"))
		defer os.RemoveAll(root)
	}
	keys := &keyring{curve: map[elliptic.Curve][]crypto.Signer{}, rsa: map[int][]crypto.Signer{}}
	passed, failed := 0, 0
	outcomes := map[string]int{}
	for i := int64(0); i < int64(*n); i++ {
		if *pairs {
			pair, name := generatePair(*seed+i, keys, now)
			paths := [2]string{filepath.Join(root, fmt.Sprint(*seed+i, "a")), filepath.Join(root, fmt.Sprint(*seed+i, "b"))}
			pair[0].write(paths[0])
			pair[1].write(paths[1])
			if wrong := checkPair(*binary, pair, paths, now, outcomes); len(wrong) > 0 {
				failed++
				fmt.Printf("FAILED seed %d: %s\n    %s\n", *seed+i, name, strings.Join(wrong, "\n    "))
			} else {
				passed++
			}
			if *keep == "" {
				os.RemoveAll(paths[0])
				os.RemoveAll(paths[1])
			}
			continue
		}
		b, names := generate(*seed+i, keys, now, *only)
		if b == nil {
			continue
		}
		path := filepath.Join(root, fmt.Sprint(*seed+i))
		b.write(path)
		v := judge(path, b.host, now)
		outcomes[kind(v)]++
		r, err := ask(*binary, path, b.host, now)
		var wrong []string
		if err != nil {
			wrong = []string{err.Error()}
		} else {
			wrong = compare(v, r)
		}
		if len(wrong) == 0 {
			passed++
		} else {
			failed++
			fmt.Printf("FAILED seed %d, host %s: %s\n    %s\n", *seed+i, b.host, strings.Join(names, " + "), strings.Join(wrong, "\n    "))
		}
		if *keep == "" {
			os.RemoveAll(path)
		}
	}
	var kinds []string
	for k, count := range outcomes {
		kinds = append(kinds, fmt.Sprintf("%s %d", k, count))
	}
	sort.Strings(kinds)
	fmt.Printf("really: %s\n", strings.Join(kinds, ", "))
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		return 1
	}
	return 0
}

// kind says in one word how a directory ended, for the count at the end.
func kind(v verdict) string {
	switch {
	case v.start != "":
		return "start refused"
	case v.rpc.stage != "":
		return "rpc " + v.rpc.stage
	case v.cli.stage != "":
		return "cli " + v.cli.stage
	}
	return "all works"
}
