"""etcd: a member of its own cluster, then etcdctl, against the profile."""
import os
import re
import shutil
import signal
import subprocess
import time

import pki
from server import (FUTURE, HOST, PAST, SANS, Case, Process, authority, day, free_port, leaf)

NAME = PROFILE = 'etcd'


def available():
    return None if shutil.which('etcd') and shutil.which('etcdctl') else 'no etcd here (Debian: etcd-server, etcd-client)'


def go_release():
    said = subprocess.run(['etcd', '--version'], capture_output=True, text=True, check=True).stdout
    return re.search(r'Go Version: go([0-9.]+)', said).group(1)


def cases(user):
    ca, other = authority(), authority('O=Example, CN=Other CA')
    again = authority()
    good, mine = leaf('CN=server', ca, SANS), leaf('CN=client', ca, (), ('client',))
    middle = authority('O=Example, CN=Intermediate', issuer=ca, pathlen=0)
    below = leaf('CN=server', middle, SANS)
    sets = ['--host', HOST, '--set', 'go-version=' + go_release()]

    def case(name, server=good, few=False, more=(), **files):
        files = {n.replace('_', '.'): d for n, d in files.items()}
        base = {'server.crt': server.pem, 'server.key': server.key.pem, 'ca.crt': ca.pem, 'client.crt': mine.pem, 'client.key': mine.key.pem, **files}
        return Case(name, {n: d for n, d in base.items() if d != b'-'}, [*sets, *more], few)

    def peers(name, cert, *options, few=False):
        flags = [w for o in options for w in ('--set', o)]
        return case('peers, ' + name, few=few, more=flags, peer_crt=cert.pem, peer_key=cert.key.pem)

    named = leaf('CN=member', ca, [*SANS, 'DNS:etcd.example.com'])
    yield peers('good', named, few=True)
    yield peers('server usage only', leaf('CN=member', ca, SANS, ('server',)), few=True)
    yield peers('client usage only', leaf('CN=member', ca, SANS, ('client',)))
    yield peers('no usage', leaf('CN=member', ca, SANS, ()))
    yield peers('other name', leaf('CN=member', ca, ['DNS:etcd.example.com']), few=True)
    yield peers('expired', leaf('CN=member', ca, SANS, start=PAST, end=day(-2)))
    yield peers('another CA', leaf('CN=member', other, SANS))
    yield peers('allowed CN', named, 'peer-cert-allowed-cn=member')
    yield peers('another CN', named, 'peer-cert-allowed-cn=etcd', few=True)
    yield peers('allowed host name', named, 'peer-cert-allowed-hostname=etcd.example.com')
    yield peers('another host name', named, 'peer-cert-allowed-hostname=db.example.com')
    yield peers('only DNS names', leaf('CN=member', ca, ['DNS:localhost']))
    open_door = ['--set', 'client-cert-auth=false']
    yield case('good', few=True)
    yield case('good, with peers', peer_crt=good.pem, peer_key=good.key.pem)
    yield case('key 0644', server_key=(good.key.pem, 0o644))
    yield case('no key', server_key=b'-')
    yield case('no certificate', server_crt=b'-')
    yield case('foreign key', server_key=mine.key.pem, few=True)
    yield case('key unreadable', server_key=(good.key.pem, 0))
    yield case('certificate unreadable', server_crt=(good.pem, 0))
    yield case('key is a directory', server_key=None)
    yield case('encrypted key', server_key=good.key.encrypted())
    yield case('empty key', server_key=b'')
    yield case('empty certificate', server_crt=b'')
    yield case('garbage certificate', server_crt=b'hello\n')
    yield case('truncated certificate', server_crt=pki.pem(good.der[:-9]))
    yield case('no CA', ca_crt=b'-')
    yield case('empty CA', ca_crt=b'', few=True)
    yield case('key in the CA file', ca_crt=ca.pem + ca.key.pem)
    yield case('garbage CA', ca_crt=b'hello\n')
    yield case('CA unreadable', ca_crt=(ca.pem, 0))
    yield case('other CA', ca_crt=other.pem, few=True)
    yield case('CA made anew', ca_crt=again.pem)
    yield case('expired', leaf('CN=server', ca, SANS, start=PAST, end=day(-2)), few=True)
    yield case('not yet valid', leaf('CN=server', ca, SANS, start=day(2), end=FUTURE))
    yield case('other name', leaf('CN=server', ca, ['DNS:etcd.example.com']), few=True)
    yield case('CN only', leaf('CN=localhost', ca))
    yield case('server usage only', leaf('CN=server', ca, SANS, ('server',)), few=True)
    yield case('client usage only', leaf('CN=server', ca, SANS, ('client',)))
    yield case('no usage', leaf('CN=server', ca, SANS, ()))
    yield case('chain', below, server_crt=below.pem + middle.pem)
    yield case('intermediate missing', below)
    alien, old, server_only = leaf('CN=client', other, (), ('client',)), leaf('CN=client', ca, (), ('client',), start=PAST, end=day(-2)), leaf('CN=client', ca, (), ('server',))
    yield case('client of another CA', client_crt=alien.pem, client_key=alien.key.pem, few=True)
    yield case('client expired', client_crt=old.pem, client_key=old.key.pem)
    yield case('client with server usage', client_crt=server_only.pem, client_key=server_only.key.pem)
    yield case('client key of another', client_key=good.key.pem)
    yield case('no client certificate', client_crt=b'-', client_key=b'-')
    yield case('no client certificate, none asked', client_crt=b'-', client_key=b'-', more=open_door)
    yield case('nobody asked, no CA', leaf('CN=server', ca, SANS), client_crt=b'-', client_key=b'-', more=open_door, few=False)


class Server:
    def __init__(self, scratch, user):
        self.user, self.scratch = user, scratch

    def start(self, folder, case):
        data = os.path.join(self.scratch, 'data')
        shutil.rmtree(data, ignore_errors=True)
        self.port, peer = free_port(), free_port()
        asked = 'client-cert-auth=false' not in case.sets

        def at(name):
            return os.path.join(folder, name)
        self.flags = ['--' + s for s in case.sets if s.startswith('peer-cert-')]
        with_peers = os.path.exists(at('peer.crt'))
        scheme = 'https' if with_peers else 'http'
        words = ['etcd', '--data-dir', data, '--name', 'one', '--listen-client-urls', 'https://127.0.0.1:%d' % self.port,
                 '--advertise-client-urls', 'https://%s:%d' % (HOST, self.port), '--listen-peer-urls', '%s://127.0.0.1:%d' % (scheme, peer),
                 '--initial-advertise-peer-urls', '%s://localhost:%d' % (scheme, peer),
                 '--initial-cluster', 'one=%s://localhost:%d' % (scheme, peer),
                 '--heartbeat-interval', '20', '--election-timeout', '200', '--cert-file', at('server.crt'), '--key-file', at('server.key'),
                 '--logger', 'capnslog']
        if asked:
            words += ['--trusted-ca-file', at('ca.crt'), '--client-cert-auth']
        if with_peers:
            words += self.peer_words(folder)
        self.peer = peer
        self.process = Process(self.user.command(*words), os.path.join(self.scratch, 'log'))
        started = self.process.wait(r'serving (insecure )?client requests on')
        return started, self.process.text()

    def peer_words(self, folder):
        def at(name):
            return os.path.join(folder, name)
        return ['--peer-cert-file', at('peer.crt'), '--peer-key-file', at('peer.key'), '--peer-trusted-ca-file', at('ca.crt'),
                '--peer-client-cert-auth', *self.flags]

    def dialed_by_a_peer(self, folder):
        """Another member dials the peers' port. They are of different clusters: who hears that has passed TLS."""
        data, port = os.path.join(self.scratch, 'data-two'), free_port()
        shutil.rmtree(data, ignore_errors=True)
        before = len(self.process.text())
        two = Process(self.user.command(
            'etcd', '--data-dir', data, '--name', 'two', '--listen-client-urls', 'http://127.0.0.1:%d' % free_port(),
            '--advertise-client-urls', 'http://localhost:2379', '--listen-peer-urls', 'https://127.0.0.1:%d' % port,
            '--initial-advertise-peer-urls', 'https://%s:%d' % (HOST, port),
            '--initial-cluster', 'one=https://%s:%d,two=https://%s:%d' % (HOST, self.peer, HOST, port),
            '--heartbeat-interval', '20', '--election-timeout', '200', '--logger', 'capnslog', *self.peer_words(folder)), os.path.join(self.scratch, 'log-two'))
        try:
            end, heard = time.monotonic() + 20, ''
            while time.monotonic() < end:
                heard = self.process.text()[before:] + two.text()
                if 'cluster ID mismatch' in heard:
                    return True, heard
                # the gateway's own connection may be refused, too: it names no server
                if re.search('rejected connection from .*ServerName "%s"' % HOST, heard) or two.process.poll() is not None:
                    return False, heard
                time.sleep(0.05)
            raise RuntimeError('the peer neither got in nor was refused:\n' + heard[-2000:])
        finally:
            two.stop(signal.SIGKILL)

    def clients(self, folder, case):
        def client():
            words = ['etcdctl', '--endpoints', 'https://%s:%d' % (HOST, self.port), '--command-timeout', '2s', '--dial-timeout', '2s', '--cacert',
                     os.path.join(folder, 'ca.crt')]
            if 'client.crt' in case.files:
                words += ['--cert', os.path.join(folder, 'client.crt'), '--key', os.path.join(folder, 'client.key')]
            done = subprocess.run(self.user.command(*words, 'get', 'x'), capture_output=True, text=True, check=False, timeout=30,
                                  env={**os.environ, 'ETCDCTL_API': '3'})
            return done.returncode == 0, done.stdout + done.stderr

        def gateway():
            end = time.monotonic() + 0.5
            while time.monotonic() < end and 'rejected connection' not in self.process.text():
                time.sleep(0.05)
            return 'rejected connection' not in self.process.text(), ''
        yield 'gateway', gateway
        if os.path.exists(os.path.join(folder, 'peer.crt')):
            yield 'peer', lambda: self.dialed_by_a_peer(folder)
        yield 'client', client

    def text(self):
        return self.process.text()

    def stop(self):
        self.process.stop(signal.SIGKILL)
