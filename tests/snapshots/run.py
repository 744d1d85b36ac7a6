#!/usr/bin/env python3
"""run.py CRTLINT [CASE...]: a snapshot of each fixture says what the directory says, is the same twice, and holds no private number."""
import base64
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402
import fixture  # noqa: E402

NAME = 'the-directory'  # no other text of a report holds these words


def element(der):
    """(tag, contents, what follows) of the first element."""
    length, at = der[1], 2
    if length & 0x80:
        at += length & 0x7f
        length = int.from_bytes(der[2:at], 'big')
    if at + length > len(der) or len(der) < 2:
        raise ValueError
    return der[0], der[at:at + length], der[at + length:]


def sequence(der):
    tag, rest, _ = element(der)
    if tag != 0x30:
        raise ValueError
    out = []
    while rest:
        tag, body, rest = element(rest)
        out.append((tag, body))
    return out


def numbers(der):
    """What nobody else may have of a private key: PKCS#1, SEC1 or PKCS#8."""
    inside = sequence(der)
    if len(inside) >= 9 and inside[0][0] == inside[1][0] == 0x02:  # all but the version, the modulus and the public exponent
        return [body.lstrip(b'\0') for _, body in inside[3:9]]
    if inside[1][0] == 0x04:
        return [inside[1][1].lstrip(b'\0')]
    try:
        return numbers(inside[2][1])
    except (ValueError, IndexError):
        return [inside[2][1][2:]]  # a seed in its OCTET STRING


def decode(digits):
    digits = digits[:-1] if len(digits) % 4 == 1 else digits
    return base64.b64decode(digits + b'=' * (-len(digits) % 4))


def secrets(data):
    """Those of all keys in a file; of one that cannot be read, a piece out of its middle."""
    found = set()
    for body in re.findall(rb'-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)-----END', data.replace(b'\0', b''), re.S):
        text = re.sub(rb'[^A-Za-z0-9+/]', b'', b''.join(line for line in re.split(rb'[\r\n]+', body) if b':' not in line))
        der = decode(text)
        try:
            found |= set(numbers(der))
        except (ValueError, IndexError):
            found.add(der[len(der) // 2:][:32])
    return {s for s in found if len(s) >= 16}


def everywhere(archive):
    """The archive unpacked, and each PEM body in it decoded."""
    plain = gzip.decompress(archive)
    yield plain
    for body in re.findall(rb'-----BEGIN [^-\n]*-----([A-Za-z0-9+/=\s]*)-----END', plain):
        text = re.sub(rb'\s', b'', body)
        yield decode(text.rstrip(b'='))


def plain(report):
    """What must be equal: all but where it lies and as whom it was judged."""
    directory = report['directories'][0]
    directory = json.loads(json.dumps(directory).replace(json.dumps(directory['path'])[1:-1], 'PATH'))
    for name in ('path', 'run_as'):
        del directory[name]
    directory['variables'] = [v for v in directory['variables'] if v['name'] != 'run-as']
    return directory


def brief(report):
    directory = report['directories'][0]
    return [[o['ok'] for o in (directory['start'], directory['reload'], *directory['connections'])], fixture.findings(directory)]


def difference(a, b, at=''):
    if type(a) is not type(b):
        return ['%s: %r, snapshot %r' % (at, a, b)]
    if isinstance(a, dict):
        return [x for k in sorted(set(a) | set(b)) for x in difference(a.get(k), b.get(k), at + '.' + k)]
    if isinstance(a, list) and len(a) == len(b):
        return [x for i, (c, d) in enumerate(zip(a, b)) for x in difference(c, d, '%s[%d]' % (at, i))]
    return [] if a == b else ['%s: %r, snapshot %r' % (at, a, b)]


def snapshot(binary, copy, path=NAME):
    done = subprocess.run([os.path.abspath(binary), 'snapshot', path, '-o', '-'], cwd=copy, capture_output=True, stdin=subprocess.DEVNULL,
                          env=crtlint.environment(), timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.decode('utf-8', 'backslashreplace')


def judge(binary, case, copy, tally, what=''):
    arguments = fixture.arguments(case)
    case = what + case
    os.symlink('certs', os.path.join(copy, NAME))
    status, archive, err = snapshot(binary, copy)
    if not tally.check(status == 0 and archive, case + ': snapshot', (status, err)):
        return
    tally.check(snapshot(binary, copy)[1] == archive, case + ': two snapshots are the same')
    # as the directory's owner, so that who looks makes no difference
    if not any(a.startswith('run-as=') for a in arguments):
        arguments += ['--set', 'run-as=%d:%d' % (os.getuid(), os.getgid())]
    first, report = crtlint.check(binary, *arguments, NAME, cwd=copy)
    with open(os.path.join(copy, 's.tgz'), 'wb') as out:
        out.write(archive)
    second, other = crtlint.check(binary, *arguments, 's.tgz', cwd=copy)
    lines = difference(plain(report), plain(other))
    if what.startswith('a wrong label'):  # the certificate that is none is refused in other words
        lines = difference(brief(report), brief(other))
    tally.check(not lines and first == second, case + ': the snapshot says what the directory says', '%d %d\n%s' % (first, second, '\n'.join(lines[:12])))
    tally.check(report['summary'] == other['summary'], case + ': summary')

    seen = b'\0'.join(everywhere(archive)) + archive
    hidden = set()
    for where, _, files in os.walk(os.path.join(copy, 'certs')):
        for name in files:
            path = os.path.join(where, name)
            if os.path.isfile(path) and os.access(path, os.R_OK):
                with open(path, 'rb') as data:
                    hidden |= secrets(data.read())
    for secret in hidden:
        forms = [secret, secret[::-1], secret.hex().encode(), base64.b64encode(secret)[:-4]]
        tally.check(not any(f in seen for f in forms), case + ': no private number', secret.hex())
    tally.check(b'PRIVATE KEY' not in seen, case + ': no private key block')

    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        there = {m.name: m for m in tar.getmembers()}
        for name in os.listdir(os.fsencode(os.path.join(copy, 'certs'))) if os.access(os.path.join(copy, 'certs'), os.R_OK | os.X_OK) else ():
            path = os.path.join(os.fsencode(copy), b'certs', name)
            member = there.get(NAME + '/' + os.fsdecode(name))
            if tally.check(member is not None, '%s: %r is in the archive' % (case, name), sorted(there)) and os.path.isfile(path) and not os.path.islink(path):
                st = os.stat(path)
                tally.check((member.mode, member.uid, member.gid, int(member.mtime)) == (st.st_mode & 0o7777, st.st_uid, st.st_gid, int(st.st_mtime)),
                            '%s: %r keeps mode, owner and time' % (case, name), member.get_info())
    return hidden


def between(binary, case, copy, tally):
    """Members of a cluster, and what is in use beside what is to be: of snapshots the same is said as of directories."""
    def packed(word):
        name, equals, rest = word.rpartition('=')
        path, at, hosts = rest.partition('@')
        status, archive, err = snapshot(binary, copy, path)
        tally.check(status == 0 and archive, '%s: snapshot of %s' % (case, path), (status, err))
        with open(os.path.join(copy, path + '.tgz'), 'wb') as out:
            out.write(archive)
        return name + equals + path + '.tgz' + at + hosts

    def said(arguments, paths):
        status, report = crtlint.check(binary, *arguments, *paths, cwd=copy)
        return status, [fixture.findings(d) for d in report['directories']], [fixture.between(c) for c in report['clusters']], report['summary']

    arguments, paths = fixture.arguments(case), fixture.paths(case)
    of_archives = [packed(a) if i and arguments[i - 1] == '--previous' else a for i, a in enumerate(arguments)]
    first, second = said(arguments, paths), said(of_archives, [packed(p) for p in paths])
    tally.check(first == second, case + ': of snapshots the same is said', '%s\n%s' % (first, second))


def openssl(*words, where):
    subprocess.run(['openssl', *words], cwd=where, check=True, capture_output=True)


def odd_keys(where):
    """Key files whose public half has to be found, and files in which keys lie about, in a copy of a good directory."""
    certs = os.path.join(where, 'certs')

    def put(name, data):
        with open(os.path.join(certs, name), 'wb') as out:
            out.write(data)
        os.chmod(os.path.join(certs, name), 0o600)

    with open(os.path.join(certs, 'node.key'), 'rb') as data:
        key = data.read()
    with open(os.path.join(certs, 'node.crt'), 'rb') as data:
        certificate = data.read()
    der = base64.b64decode(b''.join(key.split(b'\n')[1:-2]))
    openssl('ec', '-in', 'node.key', '-no_public', '-out', 'bare.key', where=certs)
    openssl('ec', '-in', 'client.root.key', '-no_public', '-out', 'client.root.bare', where=certs)
    openssl('pkcs12', '-export', '-in', 'node.crt', '-inkey', 'node.key', '-out', 'node.p12', '-passout', 'pass:', where=certs)
    openssl('req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/O=Cockroach/CN=root', '-keyout', 'ed.key', '-out', 'ed.crt', where=certs)
    openssl('pkey', '-in', 'node.key', '-text', '-out', 'node.text', where=certs)
    put('node.key~', key)
    put('node.pk8', der)
    put('both.crt', certificate + key)
    put('bom.key', b'\xef\xbb\xbf' + key)
    put('utf16.key', key.decode().encode('utf-16'))
    put('cr.key', key.replace(b'\n', b'\r'))
    put('indented.key', key.replace(b'\n', b'\n  '))
    put('wrong-label', key.replace(b'PRIVATE KEY', b'CERTIFICATE'))
    put('seed.bin', numbers(der)[0])
    inside = certificate.split(b'\n')
    whole = base64.b64decode(b''.join(inside[1:-2])) + der
    put('behind.crt', b'-----BEGIN CERTIFICATE-----\n' + base64.encodebytes(whole) + b'-----END CERTIFICATE-----\n')
    put('comment.crt', b'the key: ' + numbers(der)[0].hex().encode() + b'\n' + certificate + b'and ' + base64.b64encode(numbers(der)[0]) + b'\n')
    put('label.key', key.replace(b'PRIVATE KEY', numbers(der)[0].hex().encode() + b' PRIVATE KEY'))
    return [('as it is', {}), ('node.key without its public part', {'node.key': 'bare.key'}), ('the same, of another certificate', {'node.key': 'client.root.bare'}),
            ('Ed25519', {'client.root.key': 'ed.key', 'client.root.crt': 'ed.crt'}), ('Ed25519 of no certificate', {'node.key': 'ed.key', 'ed.crt': 'ca.crt'}),
            ('DER', {'node.key': 'node.pk8'}), ('BOM', {'node.key': 'bom.key'}), ('UTF-16', {'node.key': 'utf16.key'}), ('CR', {'node.key': 'cr.key'}),
            ('indented', {'node.key': 'indented.key'}), ('key in a certificate', {'node.crt': 'both.crt'}), ('a wrong label', {'client.root.crt': 'wrong-label'}),
            ('data behind the certificate', {'node.crt': 'behind.crt'}), ('comments', {'node.crt': 'comment.crt'}), ('PKCS#12', {'node.key': 'node.p12'}),
            ('text', {'node.key': 'node.text'})]


def odd(binary, tally, scratch):
    if not shutil.which('openssl'):
        return
    first = fixture.prepare('good-plain', scratch)
    for what, changes in odd_keys(first):
        with tempfile.TemporaryDirectory(dir=scratch) as where:
            copy = os.path.join(where, 'good-plain')
            shutil.copytree(first, copy, symlinks=True)
            with open(os.path.join(copy, 'certs', 'seed.bin'), 'rb') as data:
                secret = data.read()
            os.unlink(os.path.join(copy, 'certs', 'wrong-label'))
            for name, source in changes.items():
                shutil.copy(os.path.join(first, 'certs', source), os.path.join(copy, 'certs', name))
            judge(binary, 'good-plain', copy, tally, what + ': ')
            seen = b'\0'.join(everywhere(snapshot(binary, copy)[1]))
            for form in (secret, secret[::-1], secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret)[:-4]):
                tally.check(form not in seen, what + ': no private number in any file', form)
    fixture.remove(first)


def main():
    if len(sys.argv) < 2:
        sys.exit('usage: run.py CRTLINT [CASE...]')
    tally = crtlint.Tally()
    os.umask(0o022)
    hidden = 0
    with tempfile.TemporaryDirectory() as scratch:
        for case in sys.argv[2:] or fixture.names():
            copy = fixture.prepare(case, scratch)
            try:
                if not fixture.alone(case):
                    between(sys.argv[1], case, copy, tally)
                    continue
                if not os.path.isdir(os.path.join(copy, 'certs')):
                    continue  # an archive: there is no directory to compare with
                if case.startswith('files-placed'):
                    continue  # files outside of the directory are not in its snapshot, and nothing is claimed of them
                hidden += len(judge(sys.argv[1], case, copy, tally) or ())
            finally:
                fixture.remove(copy)
        if not sys.argv[2:]:
            odd(sys.argv[1], tally, scratch)
    if not sys.argv[2:]:
        tally.check(hidden > 300, 'private numbers were looked for', hidden)
    tally.finish()


main()
