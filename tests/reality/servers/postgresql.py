"""PostgreSQL: a server on its $PGDATA, then psql with a ~/.postgresql, against the profile."""
import os
import shutil
import signal
import subprocess

import pki
from server import (FUTURE, HOST, PAST, SANS, Case, Process, authority, day, free_port, lay, leaf)

NAME = PROFILE = 'postgresql'
BIN = '/usr/lib/postgresql/15/bin'
FULL = ['--host', HOST, '--set', 'sslmode=verify-full']


def available():
    return None if os.access(BIN + '/postgres', os.X_OK) and shutil.which('psql') else 'no PostgreSQL 15 here (Debian: postgresql-15)'


def cases(user):
    ca, other = authority(), authority('O=Example, CN=Other CA')
    good = leaf('CN=localhost', ca, SANS, ('server',))
    middle = authority('O=Example, CN=Intermediate', issuer=ca, pathlen=0)
    below = leaf('CN=localhost', middle, SANS)
    alice = leaf('CN=alice', ca, (), ('client',))
    rsa = pki.Key('rsa2048')

    def server(cert=good, key=None, **more):
        files = {'server.crt': cert.pem, 'server.key': cert.key.pem if key is None else key, 'root.crt': ca.pem, **more}
        return {n: d for n, d in files.items() if d != b'-'}

    def start(name, files, sets=(), few=False, **more):
        return Case(name, files, [*FULL, *sets], few, roots=more.pop('roots', ca.pem), **more)

    yield start('good', server(), few=True)
    yield start('RSA key, PKCS#1', server(leaf('CN=localhost', ca, SANS, key=rsa), rsa.traditional()))
    yield start('key 0640 of the server', server(**{'server.key': (good.key.pem, 0o640)}), few=True)
    yield start('key 0700', server(**{'server.key': (good.key.pem, 0o700)}))
    yield start('key 0400', server(**{'server.key': (good.key.pem, 0o400)}))
    yield start('key 0604', server(**{'server.key': (good.key.pem, 0o604)}))
    if user.root:
        yield start('key of root, 0644', server(**{'server.key': (good.key.pem, 0o644)}), owned_by_root=['server.key'])
        yield start('key of root, 0600', server(), owned_by_root=['server.key'])
    yield start('no certificate', server(**{'server.crt': b'-'}))
    yield start('no key', server(**{'server.key': b'-'}))
    yield start('key is a directory', server(**{'server.key': None}))
    yield start('certificate is a directory', server(**{'server.crt': None}))
    yield start('certificate unreadable', server(**{'server.crt': (good.pem, 0)}))
    yield start('key unreadable', server(**{'server.key': (good.key.pem, 0)}))
    yield start('foreign key', server(key=alice.key.pem), few=True)
    yield start('key of another type', server(key=rsa.pem))
    yield start('encrypted key', server(key=good.key.encrypted()))
    yield start('key DER', server(key=good.key.der()))
    yield start('key is a certificate', server(key=good.pem))
    yield start('empty key', server(key=b''))
    yield start('empty certificate', server(**{'server.crt': b''}))
    yield start('garbage certificate', server(**{'server.crt': b'hello\n'}))
    yield start('DER certificate', server(**{'server.crt': good.der}))
    yield start('truncated certificate', server(**{'server.crt': pki.pem(good.der[:-9])}))
    yield start('damaged base64', server(**{'server.crt': good.pem.replace(b'MII', b'M!I', 1)}))
    yield start('certificate after its issuer', server(**{'server.crt': ca.pem + good.pem}))
    yield start('key in the certificate file too', server(**{'server.crt': good.key.pem + good.pem}))
    yield start('empty root.crt', server(**{'root.crt': b''}), ['--set', 'ssl-ca-file=root.crt'])
    yield start('garbage root.crt', server(**{'root.crt': b'hello\n'}), ['--set', 'ssl-ca-file=root.crt'])
    yield start('no root.crt though named', server(**{'root.crt': b'-'}), ['--set', 'ssl-ca-file=root.crt'])
    yield start('no root.crt', server(**{'root.crt': b'-'}))
    yield start('expired', server(leaf('CN=localhost', ca, SANS, start=PAST, end=day(-2))), few=True)
    yield start('not yet valid', server(leaf('CN=localhost', ca, SANS, start=day(2), end=FUTURE)))
    yield start('other name', server(leaf('CN=localhost', ca, ['DNS:db.example.com'])), few=True)
    yield start('name in the CN only', server(leaf('CN=localhost', ca)))
    yield start('address only', server(leaf('CN=other', ca, ['IP:127.0.0.1'])))
    yield start('wildcard', server(leaf('CN=other', ca, ['DNS:*.example.com'])))
    yield start('client certificate', server(leaf('CN=localhost', ca, SANS, ('client',))))
    yield start('chain', server(**{'server.crt': below.pem + middle.pem, 'server.key': below.key.pem}))
    yield start('Ed25519', server(leaf('CN=localhost', ca, SANS, key=pki.Key('ed25519'))))

    def client(name, files, sets=(), few=False, **more):
        base = {'postgresql.crt': alice.pem, 'postgresql.key': alice.key.pem, 'root.crt': ca.pem, **files}
        return Case('client, ' + name, {n: d for n, d in base.items() if d != b'-'}, [*FULL, '--set', 'clientcert=verify-full', '--set', 'user=alice', *sets], few,
                    server=server(), client=True, **more)

    yield client('good', {}, few=True)
    yield client('key 0640', {'postgresql.key': (alice.key.pem, 0o640)}, few=True)
    yield client('key 0700', {'postgresql.key': (alice.key.pem, 0o700)})
    yield client('no key', {'postgresql.key': b'-'}, few=True)
    # that the server wants one is a matter of the server's end, which lies elsewhere: only that nothing here is missed is compared
    yield client('no certificate', {'postgresql.crt': b'-', 'postgresql.key': b'-'}, few=True, skip='sql')
    yield client('key is a directory', {'postgresql.key': None})
    yield client('foreign key', {'postgresql.key': good.key.pem})
    yield client('key of another type', {'postgresql.key': rsa.pem})
    yield client('garbage certificate', {'postgresql.crt': b'hello\n'})
    yield client('empty root.crt', {'root.crt': b''})
    yield client('garbage root.crt', {'root.crt': b'hello\n'})
    yield client('no root.crt', {'root.crt': b'-'})
    yield client('encrypted key', {'postgresql.key': alice.key.encrypted()})
    yield client('key DER', {'postgresql.key': alice.key.der()})


class Server:
    def __init__(self, scratch, user):
        self.user, self.data, self.scratch = user, os.path.join(scratch, 'pgdata'), scratch
        subprocess.run(user.command(BIN + '/initdb', '-D', self.data, '-A', 'trust', '-U', 'postgres', '-N', '--locale=C'), check=True,
                       stdout=subprocess.DEVNULL, cwd=scratch)
        self.configure('hostssl all all 127.0.0.1/32 trust\n')
        process = self.launch(['-c', 'ssl=off'])
        process.wait('ready to accept')
        subprocess.run(['psql', '-h', scratch, '-p', str(self.port), '-U', 'postgres', '-qc', 'create role alice login'], check=True)
        process.stop(signal.SIGINT)

    def configure(self, hba):
        with open(os.path.join(self.data, 'pg_hba.conf'), 'w', encoding='ascii') as out:
            out.write('local all all trust\n' + hba)

    def launch(self, options):
        self.port = free_port()
        self.process = Process(self.user.command(BIN + '/postgres', '-D', self.data, '-p', str(self.port), '-c', 'fsync=off', '-k', self.scratch,
                               '-c', 'listen_addresses=127.0.0.1', '-c', 'shared_buffers=1MB', '-c', 'autovacuum=off', *options),
                               os.path.join(self.scratch, 'log'))
        return self.process

    def start(self, folder, case):
        """The certificates lie in a folder of their own; their bare names are what the server prints."""
        for name in ('server.crt', 'server.key', 'root.crt'):
            path = os.path.join(self.data, name)
            if os.path.isdir(path):
                shutil.rmtree(path)
            elif os.path.exists(path):
                os.unlink(path)
        source = folder
        if case.more.get('client'):
            source = folder + '.server'
            lay(source, Case('', case.more['server']), self.user)
        for name in os.listdir(source):
            path = os.path.join(self.data, name)
            if os.path.isdir(os.path.join(source, name)):
                os.mkdir(path)
                self.user.own(path)
                continue
            os.link(os.path.join(source, name), path)
        options = ['-c', 'ssl=on']
        if 'root.crt' in os.listdir(source) or 'ssl-ca-file=root.crt' in case.sets:
            options += ['-c', 'ssl_ca_file=root.crt']
        self.configure('hostssl all all 127.0.0.1/32 ' + ('cert\n' if case.more.get('client') else 'trust\n'))
        started = self.launch(options).wait('ready to accept')
        return started, self.process.text()

    def clients(self, folder, case):
        def call():
            files = {'sslrootcert': 'root.crt', 'sslcert': 'postgresql.crt', 'sslkey': 'postgresql.key'}
            home = folder
            if not case.more.get('client'):
                home = folder + '.client'
                lay(home, Case('', {'root.crt': case.more['roots']}), self.user)
            words = 'host=%s hostaddr=127.0.0.1 port=%d user=%s dbname=postgres sslmode=verify-full connect_timeout=10' % (
                HOST, self.port, 'alice' if case.more.get('client') else 'postgres')
            words += ''.join(" %s='%s'" % (k, os.path.join(home, v)) for k, v in files.items())
            done = subprocess.run(self.user.command('psql', '-XAtc', 'select 1', words), capture_output=True, text=True, check=False, timeout=30,
                                  stdin=subprocess.DEVNULL, start_new_session=True, env={**os.environ, 'HOME': home, 'LC_ALL': 'C'})
            return done.returncode == 0, done.stderr
        yield 'sql', call

    def text(self):
        return self.process.text()

    def stop(self):
        self.process.stop(signal.SIGINT)
