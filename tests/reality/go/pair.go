package main

// Pairs of directories with faults between them: each end of a connection comes from another directory, and what really happens is
// compared with `crtlint check --cluster`.

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"math/rand"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

type pairReport struct {
	Clusters []struct {
		Connections []connection
	}
}

// adopt: what the directory's own authority issued comes from another one; the directory still trusts what it trusted.
func (b *build) adopt(ca *cert) {
	for _, c := range []*cert{b.node, b.root, b.clientNode, b.mid} {
		if c == nil || c.issuer != b.ca {
			continue
		}
		c.issuer = ca
		for i := range c.ext {
			if c.ext[i].Id.Equal(oidAuthorityID) {
				c.ext[i] = extension(oidAuthorityID, false, sequence(tlv(2, 0, false, keyID(ca.key))))
			}
		}
	}
}

// trust: the given authorities stand in ca.crt in place of the directory's own; what else is there (an intermediate) stays.
func (b *build) trust(cas ...*cert) {
	all := append([]*cert(nil), cas...)
	for _, c := range b.files["ca.crt"] {
		if c != b.ca {
			all = append(all, c)
		}
	}
	b.files["ca.crt"] = all
}

func newPair(dice *rand.Rand, keys *keyring, now time.Time) (pair [2]*build, name string) {
	for i := range pair {
		b := newBuild(dice, keys, now)
		b.host = fmt.Sprintf("node%d.example.com", i+1)
		b.node.set(san(dns(b.host), dns("localhost"), ip("127.0.0.1")))
		// keys of its own: newBuild takes the first of each kind
		for _, c := range []*cert{b.ca, b.node, b.root, b.clientNode, b.mid, b.clientCA} {
			if c != nil {
				c.key = keys.take([]string{"p256", "p384", "ed25519"}[dice.Intn(3)], 10+20*i+dice.Intn(15))
				c.drop(oidSubjectID)
				c.drop(oidAuthorityID)
			}
		}
		pair[i] = b
	}
	a, b := pair[0], pair[1]
	old, young := a.ca, b.authority("Cockroach CA", nil, 1)
	young.key = keys.take("p256", 60+dice.Intn(10))
	switch dice.Intn(9) {
	case 0:
		name = "own authorities"
	case 1:
		name = "own authorities of two names"
		b.ca.subject = named("Other CA")
	case 2:
		name = "renewed authority"
		renewed := *old
		renewed.serial, renewed.to, renewed.der = b.authority("x", nil, 1).serial, now.AddDate(20, 0, 0), nil
		b.adopt(old)
		b.trust(&renewed)
	case 3:
		name = "expired twin"
		twin := *old
		twin.to, twin.der = now.Add(-time.Hour), nil
		b.adopt(old)
		b.trust(&twin)
	case 4, 5, 6:
		name = "rotation"
		for _, x := range pair {
			if dice.Intn(2) == 0 {
				x.adopt(young)
			} else {
				x.adopt(old)
			}
			switch dice.Intn(3) {
			case 0:
				x.trust(old)
			case 1:
				x.trust(old, young)
			case 2:
				x.trust(young)
			}
			name += fmt.Sprintf(" %d", len(x.files["ca.crt"]))
		}
	default:
		name = "one authority"
		b.adopt(old)
		b.trust(old)
	}
	switch dice.Intn(8) {
	case 0:
		name += " + hosts swapped"
		a.node.set(san(dns(b.host), dns("localhost")))
		b.node.set(san(dns(a.host), dns("localhost")))
	case 1:
		name += " + one for both"
		b.node.set(san(dns(a.host)))
	}
	return pair, name
}

// end is one directory as both a place that listens and one that dials.
type end struct {
	listen, dial, root *tls.Config
	says, rootSays     string
	noRoot             bool
}

func readEnd(path string) (e end) {
	d := readDirectory(path)
	e.listen, e.dial, e.says = d.server()
	e.root, e.rootSays = d.client("root")
	e.noRoot = d.files["client.root"] == nil
	return e
}

func meet(dial *tls.Config, says string, to end, host string, now time.Time) outcome {
	if says != "" {
		return outcome{stage: "config", says: says}
	}
	if to.says != "" {
		return outcome{stage: "config", says: to.says}
	}
	o, peer := shake(to.listen, dial, host, now)
	if o.ok {
		if text := admitted(peer); text != "" {
			return outcome{stage: "auth", says: text}
		}
	}
	return o
}

func comparePair(real outcome, either string, found *connection) string {
	if found == nil {
		return "no such connection"
	}
	c := *found
	says := func() string {
		return fmt.Sprintf("real ok %v, stage %q: %s\n      crtlint ok %v, stage %q: %s", real.ok, real.stage, real.says, c.OK, c.Stage, c.Error)
	}
	if c.OK != real.ok || c.Stage != real.stage {
		return says()
	}
	if !agrees(real.says, c.Error) && (either == "" || !agrees(either, c.Error)) {
		return says()
	}
	if real.stage == "handshake" && (real.client != c.Client || real.server != c.Server) {
		return fmt.Sprintf("real client %q, server %q\n      crtlint client %q, server %q", real.client, real.server, c.Client, c.Server)
	}
	return ""
}

func askPair(binary string, paths, hosts [2]string, now time.Time) (map[string]*connection, error) {
	cmd := exec.Command(binary, "check", "--format", "json", "--verbose", "--profile", "cockroachdb", "--at", now.Format(time.RFC3339),
		"--set", "go-version="+strings.TrimPrefix(runtime.Version(), "go"), "--cluster", "a="+paths[0]+"@"+hosts[0], "b="+paths[1]+"@"+hosts[1])
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	ran := cmd.Run()
	var r pairReport
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || len(r.Clusters) != 1 {
		return nil, fmt.Errorf("no report: %v, %v; standard error: %s", ran, err, errs.String())
	}
	all := map[string]*connection{}
	for i := range r.Clusters[0].Connections {
		c := &r.Clusters[0].Connections[i]
		all[c.ID] = c
		if !c.OK && len(c.Findings) != 1 {
			return nil, fmt.Errorf("%s fails with %d findings", c.ID, len(c.Findings))
		}
	}
	return all, nil
}

// generatePair: the plan, then at most one of the usual faults in either directory.
func generatePair(seed int64, keys *keyring, now time.Time) ([2]*build, string) {
	dice := rand.New(rand.NewSource(seed))
	pair, name := newPair(dice, keys, now)
	all := faults()
	var after func(*build) bool
	var victim *build
	for dice.Intn(3) == 0 && victim == nil {
		f := all[dice.Intn(len(all))]
		b := pair[dice.Intn(2)]
		if f.before == nil || f.before(b) {
			victim, after = b, f.after
			name += " + " + f.name
		}
	}
	for _, b := range pair {
		b.compose()
	}
	if victim != nil && after != nil {
		func() { // it may find nothing to spoil
			defer func() { _ = recover() }()
			after(victim)
		}()
	}
	return pair, name
}

func checkPair(binary string, pair [2]*build, paths [2]string, now time.Time, count map[string]int) (wrong []string) {
	hosts := [2]string{pair[0].host, pair[1].host}
	found, err := askPair(binary, paths, hosts, now)
	if err != nil {
		return []string{err.Error()}
	}
	names, ends := [2]string{"a", "b"}, [2]end{readEnd(paths[0]), readEnd(paths[1])}
	for i, from := range ends {
		k := 1 - i
		both := ""
		if from.says != "" {
			both = ends[k].says // who is blamed where neither starts is a matter of taste
		}
		id := fmt.Sprintf("rpc:%s/node>%s/node@%s", names[i], names[k], hosts[k])
		real := meet(from.dial, from.says, ends[k], hosts[k], now)
		count["rpc "+real.stage]++
		if text := comparePair(real, both, found[id]); text != "" {
			wrong = append(wrong, id+"\n      "+text)
		}
		id = fmt.Sprintf("cli:%s/root>%s/node@%s", names[i], names[k], hosts[k])
		real = meet(from.root, from.rootSays, ends[k], hosts[k], now)
		if found[id] == nil && from.noRoot {
			continue
		}
		count["cli "+real.stage]++
		if text := comparePair(real, "", found[id]); text != "" {
			wrong = append(wrong, id+"\n      "+text)
		}
	}
	return wrong
}
