"""What the comparisons with real servers share: directories as an ordinary user has them, processes, ports, and the comparison itself.

A server's module has NAME, available(), cases(user) and Server(scratch, user); a case is a Case.
"""
import datetime
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'support'))
import crtlint  # noqa: E402
import pki  # noqa: E402

HOST = 'localhost'
REASON = 'certificate verify failed: '
SANS = ['DNS:localhost', 'IP:127.0.0.1']


def day(offset):
    return (datetime.datetime.utcnow() + datetime.timedelta(days=offset)).strftime('%Y-%m-%d')


PAST, NOW, FUTURE = day(-400), day(-30), day(3000)


def authority(subject='O=Example, CN=Example CA', **more):
    more.setdefault('start', PAST)
    more.setdefault('end', FUTURE)
    return pki.authority(subject, **more)


def leaf(subject, issuer, sans=(), purposes=('server', 'client'), **more):
    more.setdefault('start', NOW)
    more.setdefault('end', day(1000))
    return pki.leaf(subject, issuer, sans, purposes, **more)


class User:
    """Who runs the servers: ourselves, or nobody where we are root, whom they refuse."""

    def __init__(self):
        self.root = os.getuid() == 0
        self.uid = 65534 if self.root else os.getuid()
        self.gid = 65534 if self.root else os.getgid()

    def command(self, *words):
        if not self.root:
            return list(words)
        return ['setpriv', '--reuid', str(self.uid), '--regid', str(self.gid), '--clear-groups', *words]

    def own(self, path):
        if self.root:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


class Case:
    """files: name to (bytes, mode) or bytes; owner: names that stay root's. sets: further arguments of crtlint. client: what the
    client is given, see the server's module. None in `reach` or `start`: not compared, and why is said in the case."""

    def __init__(self, name, files, sets=(), few=False, **more):
        self.name, self.files, self.sets, self.few, self.more = name, files, list(sets), few, more


def lay(folder, case, user):
    """The case's files in a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder, 0o700)
    for name, data in case.files.items():
        path = os.path.join(folder, name)
        mode = 0o600 if name.endswith('.key') or '-key.' in name else 0o644
        if isinstance(data, tuple):
            data, mode = data
        if data is None:
            os.mkdir(path, 0o755)
        else:
            with open(path, 'wb') as out:
                out.write(data)
            os.chmod(path, mode)
        if name not in case.more.get('owned_by_root', ()):
            user.own(path)
    user.own(folder)


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Process:
    """A server whose output goes to a file; stopped with it."""

    def __init__(self, words, log, env=None):
        self.log = log
        with open(log, 'wb') as out:
            self.process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=env,
                                            start_new_session=True)

    def text(self):
        with open(self.log, encoding='utf-8', errors='replace') as text:
            return text.read()

    def wait(self, ready, seconds=30):
        """True once the log has `ready`, False when the server has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if re.search(ready, self.text()):
                return True
            if self.process.poll() is not None:
                return bool(re.search(ready, self.text()))
            time.sleep(0.02)
        raise RuntimeError('neither ready nor ended:\n' + self.text()[-2000:])

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(15)


def contains(real, ours):
    """Whether the real text has ours, but for blanks, a log's own quoting, and the seconds between the two."""
    def plain(text):
        return re.sub('current time [0-9TZ:-]+', 'current time NOW', ' '.join(text.replace('\\"', '"').split()))
    return plain(ours) in plain(real)


def compare(binary, tally, module, server, case, folder, user):
    lay(folder, case, user)
    where = '%s: %s' % (module.NAME, case.name)
    sets = ['--profile', module.PROFILE, '--set', 'run-as=%d:%d' % (user.uid, user.gid), *case.sets]
    _, report = crtlint.check(binary, *sets, folder)
    directory = report['directories'][0]
    started, log = server.start(folder, case)
    try:
        ours = directory['start']
        said = ours['error'] if not ours['ok'] else None
        if not tally.check(started == ours['ok'], where + ': start', 'really %s, predicted %s\n%s\n%s' % (
                'starts' if started else 'refuses', 'ok' if ours['ok'] else said, log[-1500:], crtlint.complaints(directory))):
            return
        if not started:
            tally.check(contains(log, said), where + ': words of the start', 'predicted %s\n%s' % (said, log[-1500:]))
            return
        if case.more.get('log'):
            tally.check(contains(log, case.more['log']), where + ': log', log[-1500:])
        for kind, call in server.clients(folder, case):
            mine = [c for c in directory['connections'] if c['kind'] == kind and not (case.more.get('skip') or '') == kind]
            if not mine:
                continue
            accepted, heard = call()
            heard += '\n' + server.text()
            good = all(c['ok'] for c in mine)
            words = [c['error'] for c in mine if not c['ok']]
            if not tally.check(accepted == good, '%s: %s' % (where, kind), 'really %s, predicted %s\n%s\n%s' % (
                    'accepted' if accepted else 'refused', 'ok' if good else words, heard, crtlint.complaints(directory))):
                continue
            if not accepted:
                words += [c[end] for c in mine for end in ('client_error', 'server_error') if not c['ok'] and c.get(end)]
                # around OpenSSL's reason each program puts words of its own
                words += [w[len(REASON):] for w in words if w.startswith(REASON)] + list(case.more.get('said') or ())
                tally.check(any(contains(heard, w) for w in words), '%s: words of %s' % (where, kind),
                            'predicted %s\n%s' % (words, heard))
    finally:
        server.stop()


def scratch_for(user):
    scratch = tempfile.mkdtemp(prefix='servers-')
    os.chmod(scratch, 0o755)
    user.own(scratch)
    return scratch
