#!/usr/bin/env python3
"""run.py CRTLINT: the certificate recipes of three documentation pages, carried out with the openssl program, then checked.

The recipes are told here as data, commands and configuration files with the pages' own placeholders in them; TABLE says what stands
for each. Pages: CockroachDB "Create Security Certificates" (OpenSSL commands) and "... using a Custom CA", TiDB "Generate
Self-signed Certificates".
"""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402

HOST, DOMAIN, ADDRESS = 'node1.example.com', 'db.example.com', '10.20.30.41'

# The pages leave these shell variables unset, or use two names for one directory; the first line that fits wins.
TABLE = [
    ('${OSCERTS}/ca.key', 'safe/ca.key'),  # the page makes it under ${my-safe-directory}
    ('${CCERTS}/ca.key', 'safe/ca.key'),
    ('${my-safe-directory}', 'safe'),
    ('${OSCERTS}', 'certs'),
    ('${certs}', 'certs'),
    ('<node-hostname>', HOST),
    ('<node-domain>', DOMAIN),
    ('<IP Address>', ADDRESS),
]

CA_CONF = '''
[ ca ]
default_ca = CA_default
[ CA_default ]
default_days = 3660
database = index.txt
serial = serial.txt
default_md = sha256
copy_extensions = copy
[ req ]
prompt=no
distinguished_name = distinguished_name
x509_extensions = extensions
[ distinguished_name ]
organizationName = Cockroach
commonName = Cockroach CA
[ extensions ]
keyUsage = critical,digitalSignature,nonRepudiation,keyEncipherment,keyCertSign
basicConstraints = critical,CA:true,pathlen:1
[ signing_policy ]
organizationName = supplied
commonName = supplied
[ signing_node_req ]
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth,clientAuth
[ signing_client_req ]
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = clientAuth
[ signing_ui_req ]
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
'''

NODE_CONF = '''
[ req ]
prompt=no
distinguished_name = distinguished_name
req_extensions = extensions
[ distinguished_name ]
organizationName = Cockroach
commonName = <CN>
[ extensions ]
subjectAltName = DNS:<node-hostname>,DNS:<node-domain>,IP:<IP Address>
'''

CLIENT_CONF = '''
[ req ]
prompt=no
distinguished_name = distinguished_name
[ distinguished_name ]
organizationName = Cockroach
commonName = <CN>
'''

MAKE_CA = [
    'openssl genrsa -out ${my-safe-directory}/ca.key 2048',
    'chmod 400 ${my-safe-directory}/ca.key',
    'openssl req -new -x509 -config ca.conf -key ${CCERTS}/ca.key -out ${OSCERTS}/ca.crt -days 3660 -batch',
]

MAKE_LEAF = [  # NAME.crt, by the section SECTION of ca.conf
    'openssl genrsa -out ${certs}/NAME.key 2048',
    'chmod 400 ${certs}/NAME.key',
    'openssl req -new -config leaf.conf -key ${certs}/NAME.key -out ${certs}/NAME.csr -batch',
    'openssl ca -config ca.conf -keyfile ${OSCERTS}/ca.key -cert ${OSCERTS}/ca.crt -policy signing_policy -extensions SECTION '
    '-out ${OSCERTS}/NAME.crt -outdir ${OSCERTS}/ -in ${OSCERTS}/NAME.csr -days 1830 -batch',
]


def filled(text):
    for placeholder, value in TABLE:
        text = text.replace(placeholder, value)
    return text


class Room:
    """One directory in which a page's commands run."""

    def __init__(self, root, name):
        self.root = os.path.join(root, name)
        for sub in ('certs', 'safe'):
            os.makedirs(os.path.join(self.root, sub))

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='ascii') as out:
            out.write(filled(text))

    def run(self, command, answers=None):
        words = [filled(w) for w in command.split()]
        done = subprocess.run(words, cwd=self.root, capture_output=True, check=False, input=answers,
                              **({} if answers else {'stdin': subprocess.DEVNULL}))
        if done.returncode:
            sys.exit('FAILED %s: %s' % (' '.join(words), done.stderr.decode(errors='replace')))

    # CockroachDB's page

    def fresh_index(self):
        self.write('index.txt', '')
        self.write('serial.txt', '01\n' if not os.path.exists(self.path('serial.txt')) else open(self.path('serial.txt')).read())

    def authority(self, common_name='Cockroach CA'):
        self.write('ca.conf', CA_CONF.replace('Cockroach CA', common_name))
        for command in MAKE_CA:
            self.run(command)
        self.fresh_index()

    def leaf(self, name, common_name, section, hosts=False):
        self.fresh_index()  # a second certificate with CN=node is refused otherwise: subjects are unique in an index
        self.write('leaf.conf', (NODE_CONF if hosts else CLIENT_CONF).replace('<CN>', common_name))
        for command in MAKE_LEAF:
            self.run(command.replace('NAME', name).replace('SECTION', section))

    def cockroach(self, node_name):
        self.authority()
        self.leaf('node', node_name, 'signing_node_req', hosts=True)
        self.clients()
        return self

    def clients(self):
        for user in ('root', 'maxroach'):
            self.leaf('client.' + user, user, 'signing_client_req')

    def take(self, other, source, target=None):
        shutil.copy2(other.path('certs', source), self.path('certs', target or source))


# TiDB's page

COMPONENTS = {'tikv': ['172.16.10.14', '172.16.10.15', '172.16.10.16'], 'tidb': ['172.16.10.11'],
              'pd': ['172.16.10.11', '172.16.10.12', '172.16.10.13'], 'tiflash': ['172.16.10.17']}


def openssl_cnf():
    where = subprocess.run(['openssl', 'version', '-d'], capture_output=True, check=True).stdout.decode().split('"')[1]
    path = os.path.join(where, 'openssl.cnf')
    if not os.path.exists(path):
        crtlint.skip('%s, which the page copies, is not here' % path)
    with open(path, encoding='utf-8') as text:
        return text.read()


def edited(template, addresses):
    """What step 3 asks for: the request takes [v3_req], which names the addresses."""
    out = []
    for line in template.splitlines():
        out.append(line)
        if line.replace(' ', '') == '[req]':
            out.append('req_extensions = v3_req')
        if line.replace(' ', '') == '[v3_req]':
            out.append('subjectAltName = @alt_names')
    out.append('[ alt_names ]')
    out += ['IP.%d = %s' % (i + 1, a) for i, a in enumerate(['127.0.0.1', *addresses])]
    return '\n'.join(out) + '\n'


def answers(common_name):
    """Country, state, locality, organization, unit, common name, mail, challenge, company: all at their default but the name."""
    return ('\n' * 5 + common_name + '\n' * 5).encode()


def tidb(root, name, named):
    room = Room(root, name)
    template = openssl_cnf()
    room.run('openssl genrsa -out certs/root.key 4096')
    room.run('openssl req -new -x509 -days 1000 -key certs/root.key -out certs/root.crt', answers('Example Root' if named else ''))
    sign = 'openssl x509 -req -days 365 -CA certs/root.crt -CAkey certs/root.key -CAcreateserial '
    for component, addresses in COMPONENTS.items():
        room.run('openssl genrsa -out certs/%s.key 2048' % component)
        room.write('openssl.cnf', edited(template, addresses))
        room.run('openssl req -new -key certs/%s.key -out certs/%s.csr -config openssl.cnf' % (component, component),
                 answers(component if named else ''))
        room.run(sign + '-in certs/%s.csr -out certs/%s.crt -extensions v3_req -extfile openssl.cnf' % (component, component))
    room.run('openssl genrsa -out certs/client.key 2048')
    room.run('openssl req -new -key certs/client.key -out certs/client.csr', answers('client' if named else ''))
    room.run(sign + '-in certs/client.csr -out certs/client.crt')
    return room


class Judge:
    def __init__(self, binary):
        self.binary, self.tally = binary, crtlint.Tally()

    def look(self, room, what, *args):
        try:
            status, report = crtlint.check(self.binary, *args, 'certs', cwd=room.root)
        except crtlint.Broken as trouble:
            self.tally.check(False, what, trouble)
            return None, None
        return status, report['directories'][0]

    def no_errors(self, room, what, *args):
        status, directory = self.look(room, what, *args)
        if directory is None:
            return
        worse = [f for f in directory['findings'] if f['severity'] == 'error']
        refused = [c['id'] for c in directory['connections'] if not c['ok']]
        self.tally.check(status == 0 and not worse and not refused and directory['start']['ok'] and directory['connections'],
                         what + ': 0 errors', 'exit status %d\n%s' % (status, crtlint.complaints(directory)))

    def kinds(self, room, what, expected, *args):
        """The connections that there must be at least, by their beginning."""
        _, directory = self.look(room, what, *args)
        if directory is None:
            return
        ids = [c['id'] for c in directory['connections']]
        missing = [e for e in expected if not any(i == e or i.startswith(e + '@') for i in ids)]
        self.tally.check(not missing, what + ': connections', 'missing: %s\nthere are: %s' % (missing, ids))


HOSTS = ['--host', HOST, '--host', ADDRESS]


def cockroachdb_pages(root, judge):
    check = judge.tally.check

    # the page as it stands: the common name is the host
    room = Room(root, 'as-it-stands').cockroach('<node-hostname>')
    for version, says in (('2.1', 'expected "CN=node"'), ('19.2', 'expected "CN=node"'), ('20.1', 'expected "node"'), ('24.1', 'expected "node"')):
        what = 'CN=host, server %s' % version
        status, directory = judge.look(room, what, '--set', 'server-version=' + version, *HOSTS)
        if directory:
            start = directory['start']
            check(not start['ok'] and says in (start['error'] or '') and status == 1, what + ': refused at start',
                  'exit status %d, start %s' % (status, start))
    for version in ('24.2', None):
        what = 'CN=host, server %s' % (version or 'newest')
        status, directory = judge.look(room, what, *(['--set', 'server-version=' + version] if version else []), *HOSTS)
        if directory:
            check(directory['start']['ok'] and status == 1, what + ': starts', 'exit status %d, start %s' % (status, directory['start']))
            rpc = [c for c in directory['connections'] if c['kind'] == 'rpc']
            check(len(rpc) == 2 and all(not c['ok'] and c['stage'] == 'auth' and 'need root or node client cert' in (c['error'] or '')
                                        for c in rpc), what + ': every node to node RPC fails', rpc)
            others = [c for c in directory['connections'] if c['kind'] != 'rpc' and not c['ok']]
            check(not others, what + ': all else works', others)

    # the same with CN=node
    room = Room(root, 'plain').cockroach('node')
    for version in ('2.1', '19.2', '20.1', '22.1', '24.1', '24.2', None):
        judge.no_errors(room, 'CN=node, server %s' % (version or 'newest'),
                        *(['--set', 'server-version=' + version] if version else []), *HOSTS)
    judge.kinds(room, 'CN=node', ['rpc:node>node', 'cli:root>node', 'sql:root>node', 'sql:maxroach>node'], *HOSTS)

    # the custom CA page
    plain = Room(root, 'custom-plain').cockroach('node')
    judge.no_errors(plain, 'custom CA, plain', *HOSTS)

    public = Room(root, 'public')
    public.authority('Example Public CA')
    public.leaf('ui', HOST, 'signing_ui_req', hosts=True)
    ui = Room(root, 'custom-ui').cockroach('node')
    for name in ('ui.crt', 'ui.key'):
        ui.take(public, name)
    judge.no_errors(ui, 'custom CA, UI certificate of a public CA', *HOSTS)
    ui.take(public, 'ca.crt', 'ca-ui.crt')
    judge.no_errors(ui, 'custom CA, UI certificate and its CA', *HOSTS)
    judge.kinds(ui, 'custom CA, UI', ['console:browser>ui', 'rpc:node>node'], *HOSTS)

    split = Room(root, 'custom-split-node')
    split.authority('Example Organizational CA')
    split.leaf('node', HOST, 'signing_ui_req', hosts=True)
    split.leaf('client.node', 'node', 'signing_client_req')
    split.clients()
    for version in ('2.1', '24.1', None):
        judge.no_errors(split, 'custom CA, split node, server %s' % (version or 'newest'),
                        *(['--set', 'server-version=' + version] if version else []), *HOSTS)

    clients = Room(root, 'clients-ca')
    clients.authority('Example Client CA')
    clients.leaf('client.node', 'node', 'signing_client_req')
    clients.clients()
    split = Room(root, 'custom-split-ca')
    split.authority('Example Node CA')
    split.leaf('node', HOST, 'signing_ui_req', hosts=True)
    split.take(clients, 'ca.crt', 'ca-client.crt')
    for name in ('client.node', 'client.root', 'client.maxroach'):
        split.take(clients, name + '.crt')
        split.take(clients, name + '.key')
    for version in ('2.1', '24.1', None):
        judge.no_errors(split, 'custom CA, split CA, server %s' % (version or 'newest'),
                        *(['--set', 'server-version=' + version] if version else []), *HOSTS)


def tidb_page(root, judge):
    host = ['--host', '127.0.0.1']
    parts = [*COMPONENTS, 'client']
    room = tidb(root, 'tidb-named', True)
    judge.no_errors(room, 'TiDB, distinct names', *host)
    judge.kinds(room, 'TiDB, distinct names', ['mtls:%s>%s' % (a, b) for a in parts for b in COMPONENTS], *host)

    room = tidb(root, 'tidb-default', False)
    what = 'TiDB, every prompt at its default'
    status, directory = judge.look(room, what, *host)
    if directory:
        refused = {(c['from'], c['to']) for c in directory['connections'] if not c['ok']}
        judge.tally.check(refused == {('client', 'tikv'), ('client', 'tiflash')} and status == 1,
                          what + ': only client to tikv and client to tiflash are refused', crtlint.complaints(directory))


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: run.py CRTLINT')
    if not shutil.which('openssl'):
        crtlint.skip('no openssl program here')
    judge = Judge(sys.argv[1])
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as root:
        cockroachdb_pages(root, judge)
        tidb_page(root, judge)
    judge.tally.finish()


main()
