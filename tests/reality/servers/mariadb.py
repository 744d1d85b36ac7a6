"""MariaDB: the server without grant tables, then the mariadb client, against the profile."""
import os
import shutil
import signal
import subprocess

import pki
from server import FUTURE, HOST, PAST, SANS, Case, Process, authority, day, free_port, leaf

NAME = PROFILE = 'mariadb'
SERVER = '/usr/sbin/mariadbd'


def available():
    here = os.access(SERVER, os.X_OK) and shutil.which('mariadb')
    return None if here else 'no MariaDB here (Debian: mariadb-server-core, mariadb-client-core)'


def cases(user):
    ca, other, again = authority(), authority('O=Example, CN=Other CA'), authority()
    good, mine = leaf('CN=server', ca, SANS), leaf('CN=client', ca, (), ('client',))
    middle = authority('O=Example, CN=Intermediate', issuer=ca, pathlen=0)
    below = leaf('CN=server', middle, SANS)
    rsa = pki.Key('rsa2048')

    def case(name, server=good, few=False, more=(), skip=None, said=None, **files):
        names = {'cert': 'server-cert.pem', 'key': 'server-key.pem', 'ca': 'ca.pem', 'mine': 'client-cert.pem', 'mykey': 'client-key.pem'}
        base = {'cert': server.pem, 'key': server.key.pem, 'ca': ca.pem, 'mine': mine.pem, 'mykey': mine.key.pem, **files}
        return Case(name, {names[n]: d for n, d in base.items() if d != b'-'}, ['--host', HOST, *more], few, skip=skip, said=said)

    yield case('good', few=True)
    yield case('key 0644', key=(good.key.pem, 0o644))
    yield case('no CA', ca=b'-', skip='sql')  # the system's store decides
    yield case('no client certificate', mine=b'-', mykey=b'-')
    yield case('combined file', cert=good.pem + good.key.pem, key=b'-', more=['--set', 'ssl-key=server-cert.pem'])
    yield case('foreign key', key=mine.key.pem, few=True)
    yield case('key of another type', key=rsa.pem)
    yield case('no key', key=b'-', few=True)
    yield case('no certificate', cert=b'-')
    yield case('key unreadable', key=(good.key.pem, 0))
    yield case('key is a directory', key=None)
    yield case('certificate unreadable', cert=(good.pem, 0))
    yield case('empty certificate', cert=b'')
    yield case('garbage certificate', cert=b'hello\n')
    yield case('truncated certificate', cert=pki.pem(good.der[:-9]))
    yield case('empty key', key=b'')
    yield case('empty CA', ca=b'', few=True)
    yield case('garbage CA', ca=b'hello\n')
    yield case('CA unreadable', ca=(ca.pem, 0))
    yield case('expired', leaf('CN=server', ca, SANS, start=PAST, end=day(-2)), few=True)
    yield case('not yet valid', leaf('CN=server', ca, SANS, start=day(2), end=FUTURE))
    mismatch = ['Validation of SSL server certificate failed']  # the client's own words
    yield case('other name', leaf('CN=server', ca, ['DNS:db.example.com']), few=True, said=mismatch)
    yield case('name in the CN only', leaf('CN=localhost', ca))
    yield case('name in the CN, another in the SAN', leaf('CN=localhost', ca, ['DNS:db.example.com']), said=mismatch)
    yield case('address only', leaf('CN=server', ca, ['IP:127.0.0.1']), said=mismatch)
    yield case('other name, not verified', leaf('CN=server', ca, ['DNS:db.example.com']), more=['--set', 'verify-server-cert=false'])
    yield case('client usage only', leaf('CN=server', ca, SANS, ('client',)))
    yield case('other CA', ca=other.pem)
    yield case('CA made anew', ca=again.pem)
    yield case('chain', below, cert=below.pem + middle.pem)
    yield case('intermediate missing', below)
    yield case('subject of the CA', leaf('O=Example, CN=Example CA', ca, SANS))
    alien = leaf('CN=client', other, (), ('client',))
    old = leaf('CN=client', ca, (), ('client',), start=PAST, end=day(-2))
    wrong = leaf('CN=client', ca, (), ('server',))
    # by TLS 1.3 the client is done when the server refuses: it hears the alert, or only the end
    gone = ['Lost connection to server', 'TLS/SSL error: tlsv1 alert unknown ca', 'TLS/SSL error: sslv3 alert certificate expired',
            'TLS/SSL error: sslv3 alert unsupported certificate']
    yield case('client of another CA', mine=alien.pem, mykey=alien.key.pem, said=gone)
    yield case('client expired', mine=old.pem, mykey=old.key.pem, said=gone)
    yield case('client with server usage', mine=wrong.pem, mykey=wrong.key.pem, said=gone)
    yield case('client key of another', mykey=good.key.pem, few=True)
    yield case('client key missing', mykey=b'-')


class Server:
    def __init__(self, scratch, user):
        self.user, self.scratch = user, scratch

    def start(self, folder, case):
        data = os.path.join(self.scratch, 'data')
        shutil.rmtree(data, ignore_errors=True)
        os.mkdir(data)
        self.user.own(data)
        self.port = free_port()
        key = 'server-cert.pem' if 'ssl-key=server-cert.pem' in case.sets else 'server-key.pem'
        words = [SERVER, '--no-defaults', '--datadir=' + data, '--socket=' + os.path.join(data, 's'), '--port=%d' % self.port,
                 '--bind-address=127.0.0.1', '--skip-grant-tables', '--skip-innodb', '--default-storage-engine=Aria', '--lc-messages-dir=/usr/share/mysql',
                 '--ssl-cert=' + os.path.join(folder, 'server-cert.pem'), '--ssl-key=' + os.path.join(folder, key)]
        if 'ca.pem' in case.files:
            words.append('--ssl-ca=' + os.path.join(folder, 'ca.pem'))
        self.process = Process(self.user.command(*words), os.path.join(self.scratch, 'log'))
        started = self.process.wait('ready for connections')
        return started, self.process.text()

    def clients(self, folder, case):
        def call():
            words = ['mariadb', '--no-defaults', '--protocol=tcp', '-h', HOST, '-P', str(self.port), '--ssl']
            if 'verify-server-cert=false' not in case.sets:
                words.append('--ssl-verify-server-cert')
            for option, name in (('ca', 'ca.pem'), ('cert', 'client-cert.pem'), ('key', 'client-key.pem')):
                if name in case.files or option == 'key' and 'client-cert.pem' in case.files:
                    words.append('--ssl-%s=%s' % (option, os.path.join(folder, name)))
            done = subprocess.run(self.user.command(*words, '-e', 'select 1'), capture_output=True, text=True, check=False, timeout=30)
            return done.returncode == 0, done.stdout + done.stderr
        yield 'sql', call

    def text(self):
        return self.process.text()

    def stop(self):
        self.process.stop(signal.SIGKILL)
