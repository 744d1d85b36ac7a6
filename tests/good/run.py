#!/usr/bin/env python3
"""run.py CRTLINT [N [SEED]]: N sound certificate directories of every layout and key kind; crtlint must find neither error nor warning."""
import os
import random
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402
import pki  # noqa: E402

KINDS = ['rsa2048', 'rsa4096', 'p256', 'p384', 'ed25519']
MOST = {'rsa2048': 12, 'rsa4096': 5}
LAYOUTS = ['plain', 'split node', 'split CA', 'UI of the own CA', 'UI of a public CA', 'intermediate in the chain', 'intermediate in ca.crt',
           'rotating bundle']
HOSTS = ['db1.example.com', '10.20.30.41', 'localhost', '127.0.0.1']
SANS = ['DNS:localhost', 'DNS:db1.example.com', 'DNS:*.db.example.com', 'IP:127.0.0.1', 'IP:10.20.30.41', 'IP:::1']
USERS = ['root', 'maxroach', 'app.reader', '_backup', 'user-7']


class Keys:
    """RSA keys are slow to make: a few serve for all directories, but never twice in one."""

    def __init__(self):
        self.pools = {kind: [] for kind in KINDS}
        self.used = {}

    def new_directory(self):
        self.used = dict.fromkeys(KINDS, 0)

    def take(self, kind):
        at = self.used[kind]
        if at >= MOST.get(kind, 12):
            return self.take('p256' if kind != 'p256' else 'ed25519')
        self.used[kind] += 1
        while len(self.pools[kind]) <= at:
            self.pools[kind].append(pki.Key(kind))
        return self.pools[kind][at]


class Directory:
    def __init__(self, path):
        self.path = path
        os.makedirs(path, 0o700)

    def write(self, name, data, mode=0o644):
        path = os.path.join(self.path, name)
        with open(path, 'wb') as out:
            out.write(data)
        os.chmod(path, mode)

    def pair(self, cert, crt, key, chain=b'', traditional=False):
        self.write(crt, cert.pem + chain)
        self.write(key, cert.key.traditional() if traditional else cert.key.pem, 0o600)


def cockroachdb(path, layout, kind, keys, dice):
    out = Directory(path)
    old_end, end = '2031-01-01', '2036-01-01'

    def key():
        return keys.take(kind if dice.random() < 0.7 else dice.choice(['p256', 'rsa2048', 'ed25519']))

    def leaf(subject, issuer, sans=(), purposes=('server', 'client')):
        made = pki.leaf(subject, issuer, sans, purposes if dice.random() < 0.9 else (), key=key(),
                        start='2026-0%d-01' % dice.randint(1, 9), end='%d-01-01' % dice.randint(2029, 2033))
        return made

    ca = pki.authority(key=keys.take(kind), end=end)
    anchors, chain, client_chain = ca.pem, b'', b''
    node_ca = client_ca = ca
    if layout.startswith('intermediate'):
        node_ca = client_ca = pki.authority('O=Cockroach, CN=Issuing CA %d' % dice.randint(1, 9), key=key(), issuer=ca, pathlen=0, end='2035-01-01')
        if layout.endswith('chain'):
            chain = client_chain = node_ca.pem + (ca.pem if dice.random() < 0.2 else b'')
        else:
            anchors = node_ca.pem + ca.pem if dice.random() < 0.5 else ca.pem + node_ca.pem
    if layout == 'rotating bundle':
        old = pki.authority(key=key(), start='2021-01-01' if dice.random() < 0.5 else '2026-01-01', end=old_end)
        anchors = ca.pem + old.pem if dice.random() < 0.5 else old.pem + ca.pem
    if layout == 'split CA':
        client_ca = pki.authority('O=Cockroach, CN=Client CA' if dice.random() < 0.5 else 'O=Cockroach, CN=Cockroach CA', key=key(), end=end)
        out.write('ca-client.crt', client_ca.pem)
    out.write('ca.crt', anchors)

    split = layout.startswith('split')
    node = leaf('O=Example, CN=db1.example.com' if split else 'O=Cockroach, CN=node', node_ca, SANS, ('server',) if split else ('server', 'client'))
    out.pair(node, 'node.crt', 'node.key', chain, dice.random() < 0.3)
    if split:
        out.pair(leaf('O=Cockroach, CN=node', client_ca, (), ('client',)), 'client.node.crt', 'client.node.key', client_chain)
    for user in ['root'] + dice.sample(USERS[1:], dice.randint(0, 3)):
        out.pair(leaf('O=Cockroach, CN=' + user, client_ca, (), ('client',)), 'client.%s.crt' % user, 'client.%s.key' % user, client_chain,
                 dice.random() < 0.3)
    if layout == 'UI of the own CA':
        out.pair(leaf('O=Cockroach, CN=db1.example.com', ca, SANS, ('server',)), 'ui.crt', 'ui.key')
    if layout == 'UI of a public CA':
        public = pki.authority('O=Example Trust, CN=Example Root R1', key=key(), end=end)
        out.write('ca-ui.crt', public.pem)
        out.pair(leaf('CN=db1.example.com', public, SANS, ('server',)), 'ui.crt', 'ui.key')


TIDB = {  # dialect: (CA file, certificate, key)
    'guide': ('root.crt', '%s.crt', '%s.key'),
    'tls between components': ('ca.pem', '%s-server.pem', '%s-server-key.pem'),
    'tiup': ('ca.crt', '%s.crt', '%s.pem'),
}


def tidb(path, dialect, kind, keys, dice):
    out = Directory(path)
    anchor, crt, key = TIDB[dialect]
    ca = pki.authority('O=PingCAP, OU=TiUP' if dialect == 'tiup' else 'O=Example, CN=TiDB CA', key=keys.take(kind))
    out.write(anchor, ca.pem)
    for part in ['pd', 'tikv', 'tidb', 'tiflash'] + (['cdc'] if dice.random() < 0.5 else []):
        made = pki.leaf('O=PingCAP, OU=TiUP+%s, CN=%s' % (part, part), ca, SANS, key=keys.take(kind), end='2034-01-01')
        out.pair(made, crt % part, key % part, traditional=dialect == 'tiup' and kind.startswith('rsa'))
    client = pki.leaf('O=PingCAP, CN=client', ca, (), ('client',), key=keys.take(kind), end='2034-01-01')
    out.pair(client, *(('client.pem', 'client-key.pem') if dialect.startswith('tls') else (crt % 'client', key % 'client')))


def main():
    if not 2 <= len(sys.argv) <= 4:
        sys.exit('usage: run.py CRTLINT [N [SEED]]')
    if not shutil.which('openssl'):
        crtlint.skip('no openssl program here')
    binary = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    dice = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    tally, keys = crtlint.Tally(), Keys()
    keep = os.environ.get('CRTLINT_KEEP')
    with tempfile.TemporaryDirectory() as scratch:
        for i in range(count):
            keys.new_directory()
            path = os.path.join(keep or scratch, '%03d' % i)
            kind = KINDS[i // 2 % len(KINDS)]
            if i % 20 == 19:
                profile, layout = 'tidb', list(TIDB)[i // 20 % len(TIDB)]
                if kind == 'ed25519':
                    kind = 'p256'
                tidb(path, layout, kind, keys, dice)
            else:
                profile, layout = 'cockroachdb', LAYOUTS[i % len(LAYOUTS)]
                cockroachdb(path, layout, kind, keys, dice)
            what = '%s, %s, %s' % (profile, layout, kind)
            try:
                status, report = crtlint.check(binary, '--at', crtlint.NOW, *[a for h in HOSTS for a in ('--host', h)], path)
            except crtlint.Broken as trouble:
                tally.check(False, '%03d %s' % (i, what), trouble)
                continue
            one = report['directories'][0]
            worse = [f for f in one['findings'] if f['severity'] != 'note']
            good = status == 0 and not worse and one['start']['ok'] and one['connections'] and all(c['ok'] for c in one['connections'])
            tally.check(good and one['profile']['name'] == profile, '%03d %s' % (i, what),
                        'exit status %d, profile %s\n%s' % (status, one['profile']['name'], crtlint.complaints(one, ('error', 'warning'))))
    tally.finish()


main()
