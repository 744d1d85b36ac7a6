"""Fixtures: tests/fixtures/CASE/, copied to a scratch directory before crtlint sees them.

    certs/              the directory to check; absent: an empty one is made
    args                one argument of `crtlint check` a line; {uid} and {gid} are those of who runs the test
    setup               what git cannot hold, done on the copy (below); paths are relative to CASE
    paths               the PATHs, where it is not `certs`: members of a cluster
    expected.findings   sorted lines: severity, rule, file ("." is the directory itself)
    expected.verdicts   how the start, the reload and each connection end: ok, or the stage that fails
    expected.status     the exit status, where it is not simply 1 with errors and 0 without
    expected.txt, expected.json, expected.xml   whole reports, for a few

On the copy, directories get mode 0755, files 0644, private keys 0600. Setup knows chmod MODE PATH, ln -s TARGET PATH, fifo PATH,
mkdir PATH, rm PATH, touch PATH, mv FROM TO, cp FROM TO, truncate PATH SIZE; \\xNN in a word is that byte.
archive KIND PATH makes a directory an archive of that kind of archive.py.
"""
import codecs
import os
import shlex
import shutil

import archive
import crtlint

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'fixtures')


def names():
    return sorted(e.name for e in os.scandir(ROOT) if e.is_dir() and os.path.exists(os.path.join(ROOT, e.name, 'args')))


def lines(case, name):
    path = os.path.join(ROOT, case, name)
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as text:
        return [line for line in text.read().split('\n') if line]


def is_key(path):
    if path.endswith('.key'):
        return True
    if not path.endswith('.pem'):
        return False
    with open(path, 'rb') as data:
        return b'PRIVATE KEY-----' in data.read()


def prepare(case, scratch):
    """The copy's path; crtlint runs there with `certs` as its PATH."""
    copy = os.path.join(scratch, case)
    shutil.copytree(os.path.join(ROOT, case), copy, symlinks=True)
    os.makedirs(os.path.join(copy, 'certs'), exist_ok=True)
    for where, _, files in os.walk(copy):
        os.chmod(where, 0o755)
        for name in files:
            path = os.path.join(where, name)
            os.chmod(path, 0o600 if is_key(path) else 0o644)
    for line in lines(case, 'setup'):
        if not line.startswith('#'):
            arrange(copy, shlex.split(line))
    return copy


def arrange(copy, words):
    raw = [codecs.escape_decode(w.encode())[0] for w in words]
    at = [os.path.join(os.fsencode(copy), r) for r in raw]
    verb = words[0]
    if verb == 'chmod':
        os.chmod(at[2], int(words[1], 8))
    elif verb == 'ln' and words[1] == '-s':
        os.symlink(raw[2], at[3])
    elif verb == 'fifo':
        os.mkfifo(at[1])
    elif verb == 'mkdir':
        os.mkdir(at[1], 0o755)
    elif verb == 'rm':
        os.unlink(at[1])
    elif verb == 'touch':
        with open(at[1], 'xb'):
            pass
        os.chmod(at[1], 0o644)
    elif verb == 'mv':
        os.rename(at[1], at[2])
    elif verb == 'cp':
        shutil.copy(at[1], at[2])
    elif verb == 'archive':
        data = archive.kinds(os.fsdecode(at[2]))[words[1]][1]()
        shutil.rmtree(at[2])
        with open(at[2], 'wb') as out:
            out.write(data)
    elif verb == 'truncate':
        with open(at[1], 'ab') as out:
            out.truncate(int(words[2]))
        os.chmod(at[1], 0o644)
    else:
        raise ValueError('setup: unknown line: %s' % ' '.join(words))


def arguments(case):
    args = [a.replace('{uid}', str(os.getuid())).replace('{gid}', str(os.getgid())) for a in lines(case, 'args')]
    return args if '--at' in args else ['--at', crtlint.NOW, *args]


def paths(case):
    return lines(case, 'paths') or ['certs']


def alone(case):
    """One directory, and nothing beside it."""
    return not {'--cluster', '--previous'} & set(arguments(case))


def remove(copy):
    for where, directories, _ in os.walk(copy):
        for name in directories:
            path = os.path.join(where, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    shutil.rmtree(copy)


def between(cluster):
    """The findings of a cluster: severity, rule, file and members; then how its connections end, where one fails."""
    found = sorted('%s %s %s (%s)' % (f['severity'], f['rule'], f['file'] or '.', ', '.join(f['members'])) for f in cluster['findings'])
    rules = {f['id']: f['rule'] for f in cluster['findings']}
    ends = ['%s %s %s' % (c['id'], c['stage'] or 'ok', ' '.join(rules[i] for i in c['findings'])) for c in cluster['connections']]
    return found, ['%s: %d of %d connections fail' % (cluster['name'], cluster['connections_failed'], cluster['connections_judged']), *ends]


def findings(directory):
    return sorted(crtlint.brief(f) for f in directory['findings'])
