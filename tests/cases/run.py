#!/usr/bin/env python3
"""run.py CRTLINT CASES_DIR: crtlint against recorded answers of real Go.

CASES_DIR holds cockroachdb.tar.gz, directories with one fault each, and go-VERSION.txt, what programs built with that Go said when
they loaded each directory and dialed the host in brackets. Our texts must contain the recorded ones, points in time apart. The records
end with the handshake: where both ends said ok, a refusal of ours at stage auth is no difference.

Keys in the archive have mode 0600 and whoever unpacks it owns them, so no setting about modes or users is needed.
"""
import os
import re
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402

VERSIONS = ['1.19', '1.20', '1.22', '1.25']
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')
AT_START = ('load node', 'load ca', 'keypair', 'ca pool')


def records(path):
    """[(directory, host, {what: text})]"""
    out = []
    with open(path, encoding='utf-8') as text:
        for line in text:
            head = re.match(r'## (\S+) \[(.*)\]$', line)
            said = re.match(r' +(load node|load ca|keypair|ca pool|n2n dialer|n2n accept|root client|root accept)\s+(.*)$', line)
            if head:
                out.append((head[1], head[2], {}))
            elif said:
                out[-1][2][said[1]] = said[2]
            elif line.strip() and not line.startswith('# '):
                sys.exit('%s: this line is not understood: %s' % (path, line.rstrip()))
    return out


def differences(said, directory):
    start = directory['start']
    early = [said[k] for k in AT_START if k in said]
    if early:
        if start['ok'] or early[0] not in TIME.sub('TIME', start['error'] or ''):
            yield 'start', early[0], 'ok' if start['ok'] else start['error']
        return
    if not start['ok']:
        yield 'start', 'ok', start['error']
    for kind, user, client, server in (('rpc', 'node', 'n2n dialer', 'n2n accept'), ('cli', 'root', 'root client', 'root accept')):
        if client not in said:
            continue
        found = [c for c in directory['connections'] if c['kind'] == kind and c['from'] == user]
        if len(found) != 1:
            yield kind, 'one connection', '%d connections' % len(found)
            continue
        ours = found[0]
        if said[client] == said[server] == 'ok' and ours['stage'] == 'auth':
            continue
        for end, key in ((client, 'client_error'), (server, 'server_error')):
            text = TIME.sub('TIME', ours[key] or 'ok')
            if text != said[end] and (said[end] == 'ok' or said[end] not in text):
                yield '%s (%s %s)' % (end, ours['id'], key), said[end], text
        if ours['ok'] != (said[client] == said[server] == 'ok'):
            yield ours['id'], said[client] + ' / ' + said[server], 'ok' if ours['ok'] else ours['error']


def main():
    if len(sys.argv) != 3:
        sys.exit('usage: run.py CRTLINT CASES_DIR')
    binary, cases = sys.argv[1:]
    archive = os.path.join(cases, 'cockroachdb.tar.gz')
    if not os.path.exists(archive):
        crtlint.skip('no recorded cases at %s' % cases)
    tally = crtlint.Tally()
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(archive) as tar:
            tar.extractall(scratch)
        for version in VERSIONS:
            for name, host, said in records(os.path.join(cases, 'go-%s.txt' % version)):
                what = 'go %s, %s [%s]' % (version, name, host)
                try:
                    _, report = crtlint.check(binary, '--profile', 'cockroachdb', '--at', crtlint.NOW, '--host', host,
                                              '--set', 'go-version=' + version, os.path.join(scratch, 'cases', name))
                except crtlint.Broken as trouble:
                    tally.check(False, what, trouble)
                    continue
                wrong = list(differences(said, report['directories'][0]))
                tally.check(not wrong, what, '\n'.join('%s\n  recorded %s\n  crtlint  %s' % w for w in wrong))
    tally.finish()


main()
