#!/usr/bin/env python3
"""fleet.py CRTLINT: many directories in one run: what -r finds, lists, order and sameness whatever -j says, memory, the progress line."""
import json
import os
import pty
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402
import fixture  # noqa: E402

AT = ('--at', crtlint.NOW)
CASES = ['good-plain', 'good-tidb-tiup', 'key-mismatch', 'validity-expired', 'good-split-ca', 'chain-other-key']


class Fleet:
    def __init__(self, binary, scratch):
        self.binary, self.scratch = os.path.abspath(binary), scratch

    def run(self, *args, data=b''):
        done = subprocess.run([self.binary, 'check', *AT, *args], input=data, capture_output=True, cwd=self.scratch, timeout=120,
                              env=crtlint.environment(), check=False)
        return done.returncode, done.stdout, done.stderr.decode('utf-8', 'backslashreplace')

    def paths(self, *args, data=b''):
        """(exit status, paths of the report in order, standard error)."""
        status, out, err = self.run('--format', 'json', *args, data=data)
        return status, [d['path'] for d in json.loads(out)['directories']] if out else None, err

    def plant(self, *where, case='good-plain'):
        for place in where:
            path = os.path.join(self.scratch, place)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            copy = fixture.prepare(case, tempfile.mkdtemp(dir=self.scratch, prefix='.'))
            os.rename(os.path.join(copy, 'certs'), path)


def walks(fleet, tally):
    def finds(want, what, *args, status=0, says=''):
        code, paths, err = fleet.paths(*args)
        tally.check(paths == want and code == status and says in err, what, (code, paths, err))

    fleet.plant('tree/b', 'tree/a', 'tree/a/deeper/certs', 'tree/B', 'tree/a-b', 'tree/.hidden', 'tree/old/certs', 'tree/..2026_01_31')
    os.makedirs(os.path.join(fleet.scratch, 'tree', 'nothing', 'here'))
    with open(os.path.join(fleet.scratch, 'tree', 'nothing', 'notes.txt'), 'w', encoding='ascii') as out:
        out.write('no certificates\n')
    all_of = ['tree/.hidden', 'tree/B', 'tree/a', 'tree/a/deeper/certs', 'tree/a-b', 'tree/b', 'tree/old/certs']
    finds(all_of, 'every directory below a root, sorted, outer before inner', '-r', 'tree')
    finds(all_of, 'a slash at the end of a root', '-r', 'tree/')
    finds(['tree/a', 'tree/a/deeper/certs', 'tree/b'], 'several roots, in the order given, each its own', '-r', 'tree/a', 'tree/b')
    finds([p for p in all_of if p.count('/') == 1], 'one level deep', '-r', '--max-depth', '1', 'tree')
    finds(['tree/b'], 'the root alone', '-r', '--max-depth=0', 'tree/b')
    finds([], 'the root alone holds none', '-r', '--max-depth', '0', 'tree/old', status=2, says='no certificate directory')
    finds([p for p in all_of if not p.startswith('tree/a')], 'a name excluded, with all below it', '-r', '--exclude', 'a*', 'tree')
    finds([p for p in all_of if 'deeper' not in p], 'a path excluded', '-r', '--exclude', 'a/deeper', 'tree')
    finds([p for p in all_of if 'deeper' not in p], 'a path excluded, from the root on', '-r', '--exclude', '/a/deeper', 'tree')
    finds(all_of, 'a star does not cross a slash', '-r', '--exclude', '*/certs/', 'tree')
    finds(['tree/b'], 'several excluded', '-r', '--exclude', 'old', '--exclude', '.*', '--exclude', '[aB]*', 'tree')
    finds([], 'only foreign names', '-r', 'tree/nothing', status=2, says='no certificate directory was found')
    finds([], 'a profile that none fits', '-r', '--profile', 'tidb', 'tree/nothing', status=2, says='no certificate directory was found')
    finds([], 'a root that is not there', '-r', 'nowhere', status=2, says='nowhere: no such file or directory')
    finds(['tree/b'], 'one root is not there, the other is still walked', '-r', 'nowhere', 'tree/b', status=2)
    finds([], 'a root that is a file', '-r', 'tree/b/ca.crt', status=2, says='not a directory')
    finds([], 'a view of the kernel', '-r', '/proc', status=2, says='no certificate directory')

    os.symlink('..', os.path.join(fleet.scratch, 'tree', 'old', 'up'))
    os.symlink('.', os.path.join(fleet.scratch, 'tree', 'same'))
    os.symlink('b', os.path.join(fleet.scratch, 'tree', 'also-b'))
    os.symlink('loop', os.path.join(fleet.scratch, 'tree', 'loop'))
    finds(all_of, 'links are not entered, loops do no harm', '-r', 'tree')
    finds(['tree/also-b'], 'a root may be a link', '-r', 'tree/also-b')

    deep = os.path.join(fleet.scratch, 'deep', *['d'] * 70)
    os.makedirs(deep)
    fleet.plant('deep/' + 'd/' * 63 + 'certs')
    code, paths, err = fleet.paths('-r', 'deep')
    tally.check(code == 2 and len(paths) == 1 and 'too deep' in err, 'a tree deeper than the limit: told, the rest checked', (code, paths, err))
    if os.geteuid():
        os.chmod(os.path.join(fleet.scratch, 'tree', 'old'), 0)
        code, paths, err = fleet.paths('-r', 'tree')
        tally.check(code == 2 and len(paths) == len(all_of) - 1 and 'tree/old: Permission denied' in err, 'a directory that may not be entered',
                    (code, paths, err))
        os.chmod(os.path.join(fleet.scratch, 'tree', 'old'), 0o755)


def lists(fleet, tally):
    fleet.plant('one', 'two', 'with blank', 'new\nline')

    def gives(want, what, *args, data=b'', status=0, says=''):
        code, paths, err = fleet.paths(*args, data=data)
        tally.check(paths == want and code == status and says in err, what, (code, paths, err))

    gives(['two', 'one'], 'a list on standard input', '--from-file', '-', data=b'two\none\n')
    gives(['two', 'with blank'], 'empty lines, blanks in names, no newline at the end', '--from-file', '-', data=b'two\n\nwith blank')
    gives(['one', 'new\\u000aline'], 'a list with NULs', '-0', '--from-file=-', data=b'one\0new\nline\0')
    gives(['one', 'two'], 'NULs, the last missing', '--null', '--from-file=-', data=b'one\0two')
    with open(os.path.join(fleet.scratch, 'list'), 'wb') as out:
        out.write(b'two\nwith blank\n')
    gives(['one', 'two', 'with blank'], 'a path, then a list in a file', '--from-file', 'list', 'one')
    gives(['tree/a', 'tree/a/deeper/certs', 'tree/b'], 'roots from a list', '-r', '--from-file', '-', data=b'tree/a\ntree/b\n')
    gives(['one'], 'a name that is not there', '--from-file', '-', data=b'one\nnone\n', status=2, says='none: no such file or directory')
    gives(['one'], 'a name too long', '--from-file', '-', data=b'x' * 5000 + b'\none\n', status=2, says='too long')
    gives(['one'], 'a NUL in a line', '--from-file', '-', data=b'a\0b\none\n', status=2, says='-0 reads')
    gives([], 'an empty list', '--from-file', '-', status=2, says='names no directory')
    gives([], 'a list that is not there', '--from-file', 'nolist', status=2, says='nolist: ')
    gives(None, 'standard input twice', '--from-file', '-', '-', status=2)
    gives(None, 'standard input for two lists', '--from-file', '-', '--from-file', '-', status=2, says='read once')
    gives(None, '-0 without a list', '-0', 'one', status=2, says='-0')
    gives(None, '--exclude without -r', '--exclude', 'x', 'one', status=2, says='go with -r')
    gives(None, 'a depth that is no number', '-r', '--max-depth', 'x', 'one', status=2, says='expected a number')
    gives(None, 'no job at all', '-j', '0', 'one', status=2, says='expected a number')
    gives(None, '-j without its value', 'one', '-j', status=2, says='-j needs a value')


def sameness(fleet, tally):
    names = []
    for i in range(60):
        names.append('many/%03d' % (i * 7 % 60))
        fleet.plant(names[-1], case=CASES[i % len(CASES)])
    given = [*names[:20], 'many/absent', *names[20:], names[3]]
    for form in ('text', 'json', 'junit'):
        alone = fleet.run('--format', form, '-j1', *given)
        for jobs in ('2', '8'):
            tally.check(fleet.run('--format', form, '-j', jobs, *given) == alone, '%s: -j %s writes what -j 1 writes' % (form, jobs))
        tally.check(alone[0] == 2 and 'many/absent' in alone[2], form + ': the path that is absent is told', alone[2])
    walked = fleet.run('--format', 'json', '-r', '-j', '8', 'many')
    tally.check(walked == fleet.run('--format', 'json', '-j', '1', *sorted(names)), 'a walk writes what the sorted list writes')
    tally.check(walked[0] == 1, 'findings of any directory count', walked[0])
    report = json.loads(walked[1])
    single = json.loads(fleet.run('--format', 'json', names[2])[1])['directories'][0]
    tally.check(single in report['directories'], 'a directory of many is reported as one alone')
    sums = {k: sum(f['severity'] == k[:-1] for d in report['directories'] for f in d['findings']) for k in ('errors', 'warnings', 'notes')}
    tally.check(all(report['summary'][k] == n for k, n in sums.items()) and report['summary']['directories'] == 60, 'the summary counts all',
                (report['summary'], sums))
    code, out, err = fleet.run('-j', '2', '--set', 'no-such=1', *names)
    tally.check(code == 2 and err.count('no-such') == 1, 'a wrong setting is told once', err)
    code, out, err = fleet.run('-vv', *names[:1])
    computed = [w for w in err.split() if w.isdigit()]
    tally.check(computed == ['3', '1'], 'five connections, three certificates: three signatures are computed', err)


def archives(fleet, tally):
    with tarfile.open(os.path.join(fleet.scratch, 'some.tgz'), 'w:gz') as out:
        for name in sorted(os.listdir(os.path.join(fleet.scratch, 'many')))[:9]:
            out.add(os.path.join(fleet.scratch, 'many', name), name)
    given = ['many/003', 'some.tgz', 'many/003/ca.crt', 'many/004', 'some.tgz']
    for form in ('text', 'json', 'junit'):
        alone = fleet.run('--format', form, '--trace', 'absent', '-j1', *given)
        tally.check(fleet.run('--format', form, '--trace', 'absent', '-j8', *given) == alone, form + ': archives among directories, whatever -j says')
        tally.check(alone[0] == 2 and 'many/003/ca.crt: not a directory, and no tar' in alone[2], form + ': what is no archive is told', alone[2])
        if form == 'junit':
            ids = re.findall(rb'package="crtlint" id="([0-9]+)"', alone[1])
            tally.check(ids == [b'%d' % i for i in range(20)], 'suites are numbered through archives', ids)
    code, paths, err = fleet.paths('--from-file', '-', data=b'some.tgz\nmany/004\n')
    tally.check(paths == ['some.tgz:%03d' % i for i in range(9)] + ['many/004'], 'an archive in a list', (code, paths, err))
    code, paths, err = fleet.paths('--from-file', '-', data=b'-\n')
    tally.check(code == 2 and './-: no such file' in err, 'a dash in a list is a name', (code, paths, err))


def peak(binary, path, scratch):
    """Resident memory at its most, kB, of one run."""
    pid = os.fork()
    if pid == 0:
        os.chdir(scratch)
        null = os.open('/dev/null', os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        # AddressSanitizer would keep what was freed for a while
        environment = {**os.environ, 'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=0:thread_local_quarantine_size_kb=0'}
        os.execve(binary, [binary, 'check', *AT, '--format', 'json', '-j', '2', '-r', path], environment)
    _, status, usage = os.wait4(pid, 0)
    return usage.ru_maxrss if os.waitstatus_to_exitcode(status) == 0 else None


def memory(fleet, tally):
    fleet.plant('seed')
    for count in (200, 2000):
        for i in range(count):
            shutil.copytree(os.path.join(fleet.scratch, 'seed'), os.path.join(fleet.scratch, 'fleet%d' % count, '%05d' % i), copy_function=os.link)
    small, large = (peak(fleet.binary, 'fleet%d' % n, fleet.scratch) for n in (200, 2000))
    tally.check(small and large and large <= 1.2 * small, 'memory at 2,000 directories is at most 1.2 times that at 200', (small, large))


def progress(fleet, tally):
    def told(*args, terminal_out=False):
        main, other = pty.openpty()
        child = subprocess.Popen([fleet.binary, 'check', *AT, *args], cwd=fleet.scratch, stdin=subprocess.DEVNULL, stderr=other,
                                 stdout=other if terminal_out else subprocess.DEVNULL, env=crtlint.environment())
        os.close(other)
        text = b''
        while True:
            try:
                more = os.read(main, 65536)
            except OSError:
                break
            if not more:
                break
            text += more
        os.close(main)
        child.wait()
        return text

    roots = ['fleet2000'] * 3
    text = told('-r', '-j1', *roots)
    tally.check(b' directories, ' in text and b'/s, ' in text and b' s left' in text, 'a progress line on a terminal', text[:300])
    tally.check(text.endswith(b'\r\x1b[K'), 'it is wiped at the end', text[-80:])
    tally.check(b'/s, ' not in told('-r', '-q', *roots), 'none with -q')
    tally.check(b'/s, ' not in told('-r', '-q', '--format', 'json', 'many', terminal_out=True), 'none where the report goes to the terminal')
    _, _, err = fleet.run('-r', 'many')
    tally.check(err == '', 'none where standard error is no terminal', err)


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: fleet.py CRTLINT')
    tally = crtlint.Tally()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as scratch:
        fleet = Fleet(sys.argv[1], scratch)
        walks(fleet, tally)
        lists(fleet, tally)
        sameness(fleet, tally)
        archives(fleet, tally)
        memory(fleet, tally)
        try:
            for fd in pty.openpty():
                os.close(fd)
        except OSError as trouble:
            print('skipped: the progress line, as there is no terminal to be had here (%s)' % trouble)
        else:
            progress(fleet, tally)
    tally.finish()


main()
