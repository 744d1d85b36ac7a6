#!/usr/bin/env python3
"""archives.py CRTLINT: hostile and odd archives: a finding each, no crash, bounded time and memory; and archives as PATHs."""
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import archive  # noqa: E402
import crtlint  # noqa: E402
import fixture  # noqa: E402

ARGUMENTS = ('--at', crtlint.NOW, '--set', 'run-as=%d:%d' % (os.getuid(), os.getgid()), '--host', 'db1.example.com')
SECONDS, MIBS = 10, 400  # an ASan build needs more of both than the 2 s and 100 MiB of a plain one


def check(binary, *words, data=None, cwd=None):
    """(status, report or None, standard error, seconds, MiB)."""
    before = time.monotonic()
    with subprocess.Popen([os.path.abspath(binary), 'check', '--format', 'json', *ARGUMENTS, *words], cwd=cwd, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=crtlint.environment()) as p:
        out, err = p.communicate(data or b'', timeout=120)
    took = time.monotonic() - before
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    try:
        report = json.loads(out)
    except ValueError:
        report = None
    return p.returncode, report, err.decode('utf-8', 'backslashreplace'), took, memory


def rules(report):
    return {f['rule'] for d in report['directories'] for f in d['findings']}


def hostile(binary, good, tally, scratch):
    kinds = archive.kinds(good)
    bad = [name for name, (rule, _) in kinds.items() if rule]
    tally.check(len(bad) >= 60, 'kinds of hostile archives', len(bad))
    _, expected, _, _, _ = check(binary, good)
    for name, (rule, make) in kinds.items():
        data = make()
        path = os.path.join(scratch, 'a')
        with open(path, 'wb') as out:
            out.write(data)
        status, report, err, took, memory = check(binary, path)
        if not tally.check(report is not None and status in (0, 1), name + ': a report', (status, err)):
            continue
        found = {r for r in rules(report) if r.startswith('archive-')}
        if rule:
            tally.check(rule in found, '%s: %s' % (name, rule), sorted(found))
            level = {'archive-outside': 'warning', 'archive-duplicate': 'warning', 'archive-odd-entry': 'note'}.get(rule, 'error')
            tally.check(all(f['severity'] == level for d in report['directories'] for f in d['findings'] if f['rule'] == rule), name + ': severity')
        else:
            tally.check(not found, name + ': no complaint', sorted(found))
            directories = report['directories']
            tally.check(len(directories) == 1 and rules(report) == rules(expected) and status == 0, name + ': as the directory',
                        ([d['path'] for d in directories], sorted(rules(report)), status))
        tally.check(took < SECONDS, name + ': time', took)
        tally.check(memory < MIBS, name + ': memory', memory)
        again = check(binary, '-', data=data)
        tally.check(again[0] == status and again[1] and rules(again[1]) == rules(report), name + ': the same on standard input', again[:3])


def cut_everywhere(binary, good, tally):
    """Wherever an archive is cut off, that is said."""
    packed = archive.gz(archive.tar(archive.files(good)))
    for n in range(18, len(packed), max(1, len(packed) // 60)):
        status, report, err, _, _ = check(binary, '-', data=packed[:n])
        tally.check(status == 1 and report and 'archive-damaged' in rules(report), 'cut off at %d of %d' % (n, len(packed)), (status, err))


def usage(binary, good, tally, scratch):
    for data, words in ((b'', 'empty'), (b'hello\n', 'begins with "hello'), (b'\0' * 2000, 'no tar')):
        status, report, err, _, _ = check(binary, '-', data=data)
        tally.check(status == 2 and words in err, 'no archive: %r' % data[:8], (status, err))
    for path, words in (('/dev/zero', 'not a directory'), (os.path.join(scratch, 'none.tgz'), 'no such file')):
        status, _, err, _, _ = check(binary, path)
        tally.check(status == 2 and words in err, path, (status, err))


def trees(binary, good, tally, scratch):
    members = [m for node in ('n1', 'n2', 'deep/er/n3') for m in archive.files(good, node)] + [archive.member('empty', type=tarfile.DIRTYPE, mode=0o755)]
    data = archive.gz(archive.tar(members))
    _, report, _, _, _ = check(binary, '-', good, data=data)
    paths = [d['path'] for d in report['directories']]
    tally.check(paths == ['-:deep/er/n3', '-:n1', '-:n2', good], 'each directory that holds files is one of the report', paths)
    root = archive.tar([archive.member(i.name[6:], d, mode=i.mode) for i, d in archive.files(good) if i.name != 'certs'])
    _, report, _, _, _ = check(binary, '-', data=root)
    tally.check([d['path'] for d in report['directories']] == ['-:.'], 'files at the top', [d['path'] for d in report['directories']])


def owners(binary, good, tally, scratch):
    """Without run-as, whoever looks: the archive's owners decide."""
    members = list(archive.files(good))
    for info, _ in members:
        info.uid = info.gid = 4242 if info.name.endswith('.key') else 7
    data = archive.tar(members)
    done = subprocess.run([os.path.abspath(binary), 'check', '--format', 'json', '--at', crtlint.NOW, '-'], input=data, capture_output=True, check=False)
    directory = json.loads(done.stdout)['directories'][0]
    tally.check((directory['run_as']['uid'], directory['run_as']['gid'], directory['run_as']['from']) == (4242, 4242, 'guess'), 'run-as: the key\'s owner', directory['run_as'])
    tally.check(all('key' not in f['rule'] for f in directory['findings']), 'run-as: may read its key', [f['rule'] for f in directory['findings']])


def public_key(binary, good, tally, scratch):
    """A real node.key that is a public key fails, in a directory, in a plain archive and in a snapshot of it."""
    snapshot = subprocess.run([os.path.abspath(binary), 'snapshot', good, '-o', '-'], capture_output=True, check=True).stdout
    real = os.path.join(scratch, 'real')
    os.mkdir(real, 0o755)
    with tarfile.open(fileobj=io.BytesIO(snapshot)) as tar:
        for m in tar.getmembers():
            if m.isfile() and m.name != '.crtlint-snapshot':
                path = os.path.join(real, os.path.basename(m.name))
                with open(path, 'wb') as out:
                    out.write(tar.extractfile(m).read())
                os.chmod(path, m.mode)
    again = subprocess.run([os.path.abspath(binary), 'snapshot', real, '-o', '-'], capture_output=True, check=True).stdout
    unpacked = archive.tar(archive.files(real))
    for what, words, data in (('directory', [real], None), ('archive', ['-'], unpacked), ('snapshot', ['-'], again)):
        _, report, _, _, _ = check(binary, *words, data=data)
        tally.check('key-not-pem' in rules(report) and not report['directories'][0]['start']['ok'], 'a public key for a key, ' + what, sorted(rules(report)))
    status, report, err, _, _ = check(binary, '-', data=snapshot)
    tally.check(status == 0 and report['directories'][0]['start']['ok'], 'the snapshot of a good directory is good', (status, err))


def writing(binary, good, tally, scratch):
    def snapshot(*words):
        return crtlint.run(binary, 'snapshot', *words, cwd=scratch)
    path = os.path.join(scratch, 's.tgz')
    status, _, err = snapshot(good, '-o', 's.tgz')
    tally.check(status == 0 and os.stat(path).st_mode & 0o777 == 0o600, 'a snapshot file is its owner\'s alone', (status, err))
    first = open(path, 'rb').read()
    tally.check(first[:10] == b'\x1f\x8b\x08\x00\x00\x00\x00\x00' + first[8:10], 'gzip: no time, no name', first[:10])
    os.chmod(path, 0o644)
    status, _, err = snapshot(good, '-os.tgz')
    tally.check(status == 0 and open(path, 'rb').read() == first, 'written anew: the same bytes', (status, err))
    tally.check(not [n for n in os.listdir(scratch) if 'partial' in n], 'nothing partial is left', os.listdir(scratch))
    for words in ((good,), ('-o', 'x.tgz'), (good, '-o'), (good, '-o', 'x', '-o', 'y'), (good, '--nonsense', '-o', 'x'), (good, good, '-o', 'x.tgz'),
                  ('nowhere', '-o', 'x.tgz'), ('s.tgz', '-o', 'x.tgz')):
        status, _, err = snapshot(*words)
        tally.check(status == 2 and err and not os.path.exists(os.path.join(scratch, 'x.tgz')), 'wrong use: %s' % ' '.join(words), (status, err))
    status, _, err = snapshot(good, '-o', '/nowhere/s.tgz')
    tally.check(status == 3 and '/nowhere/s.tgz' in err, 'a file that cannot be made', (status, err))
    tally.check(snapshot('--help')[0] == 0 and 'usage' in snapshot('--help')[1], '--help')


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: archives.py CRTLINT')
    tally = crtlint.Tally()
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as scratch:
        good = os.path.join(fixture.prepare('good-plain', scratch), 'certs')
        hostile(sys.argv[1], good, tally, scratch)
        for test in (cut_everywhere,):
            test(sys.argv[1], good, tally)
        for test in (usage, trees, owners, public_key, writing):
            where = os.path.join(scratch, test.__name__)
            os.mkdir(where)
            test(sys.argv[1], good, tally, where)
    tally.finish()


main()
