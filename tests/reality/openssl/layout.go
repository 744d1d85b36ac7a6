package main

// Directories in the layouts of TiDB's documentation. A plan has the names of ../go/build.go (node, client.node, client.root); written, they
// are tikv, pd and client.

import (
	"crypto/x509/pkix"
	"math/rand"
	"strings"
	"time"
)

type layout struct {
	dialect  string
	ca       string
	crt, key string // after the component's name
	client   string // instead of crt for the client
	clientK  string
}

var layouts = []layout{
	{"self-signed-guide", "root.crt", ".crt", ".key", ".crt", ".key"},
	{"tls-between-components", "ca.pem", "-server.pem", "-server-key.pem", ".pem", "-key.pem"},
	{"tiup", "ca.crt", ".crt", ".pem", ".crt", ".pem"},
}

var components = map[string]string{"node": "tikv", "client.node": "pd", "client.root": "client"}

func (l layout) name(plan string) string {
	if plan == "ca.crt" {
		return l.ca
	}
	for from, to := range components {
		crt, key := l.crt, l.key
		if to == "client" {
			crt, key = l.client, l.clientK
		}
		switch plan {
		case from + ".crt":
			return to + crt
		case from + ".key":
			return to + key
		}
	}
	return plan
}

// rename gives the planned files their names of a layout.
func (b *build) rename(l layout) {
	bytes := map[string][]byte{}
	for name, data := range b.bytes {
		bytes[l.name(name)] = data
	}
	b.bytes = bytes
}

func newTidb(dice *rand.Rand, keys *keyring, now time.Time) *build {
	b := &build{dice: dice, keys: keys, taken: map[string]int{}, now: now, host: "node1.example.com", files: map[string][]*cert{},
		keyFiles: map[string]signer{}, bytes: map[string][]byte{}}
	b.ca = b.authority("TiDB CA", nil, 1)
	issuer, chain := b.ca, []*cert(nil)
	b.files["ca.crt"] = []*cert{b.ca}
	switch where := dice.Intn(20); {
	case where < 5: // an intermediate, sent along
		b.mid = b.authority("Issuing CA", b.ca, 0)
		issuer, chain = b.mid, []*cert{b.mid}
	case where < 7: // an intermediate, in the CA file
		b.mid = b.authority("Issuing CA", b.ca, 0)
		issuer = b.mid
		b.files["ca.crt"] = []*cert{b.ca, b.mid}
	}
	both := func() pkix.Extension { return extended(oidServer, oidClient) }
	b.node = b.leaf("tikv", issuer, both(), names())
	b.clientNode = b.leaf("pd", issuer, both(), names())
	b.root = b.leaf("client", issuer, extended(oidClient))
	for name, c := range map[string]*cert{"node.crt": b.node, "client.node.crt": b.clientNode, "client.root.crt": b.root} {
		b.files[name] = append([]*cert{c}, chain...)
	}
	return b
}

// Faults of ../go that are about CockroachDB's names, about the file system, or about a second that passes meanwhile.
var foreign = []string{"leaf-ends-now", "leaf-begins-now", "split-ca", "ca-client", "ui", "ca-ui", "client-node-broken", "tenant-", "foreign-names", "other-user", "key-mode-", "scope-",
	"node-is-directory", "key-is-directory", "link", "alice-", "root-is-", "uri-foreign"}

func tidbFaults() []fault {
	var all []fault
next:
	for _, f := range faults() {
		for _, prefix := range foreign {
			if strings.HasPrefix(f.name, prefix) {
				continue next
			}
		}
		all = append(all, f)
	}
	return append(all, opensslFaults()...)
}

func generate(seed int64, keys *keyring, now time.Time, only string) (*build, []string, layout) {
	dice := rand.New(rand.NewSource(seed))
	b := newTidb(dice, keys, now)
	all := tidbFaults()
	count := []int{0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2}[dice.Intn(16)]
	if only != "" && count == 0 {
		count = 1
	}
	var chosen []fault
	var names []string
	for tries := 0; len(chosen) < count && tries < 1000; tries++ {
		f := all[dice.Intn(len(all))]
		for only != "" && len(chosen) == 0 && f.name != only {
			f = all[dice.Intn(len(all))]
		}
		if f.before == nil || f.before(b) {
			chosen, names = append(chosen, f), append(names, f.name)
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
	l := layouts[dice.Intn(len(layouts))]
	b.rename(l)
	return b, names, l
}
