#!/usr/bin/env python3
"""run.py CRTLINT: profiles as files. A system that crtlint does not know is added by one, without C; a file with eight mistakes gives
eight located messages in one run; the schema for editors knows the same keys and words as the binder, and takes every profile.
"""
import json
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
sys.path.insert(0, os.path.join(HERE, '..', 'support'))
import crtlint  # noqa: E402
import pki  # noqa: E402


def text(*path):
    with open(os.path.join(*path), encoding='utf-8') as data:
        return data.read()


def lay(folder, name, files):
    path = os.path.join(folder, name)
    os.mkdir(path)
    for file, data in files.items():
        with open(os.path.join(path, file), 'wb') as out:
            out.write(data)
        os.chmod(os.path.join(path, file), 0o600)
    return path


def added(binary, tally, scratch):
    profile, stack = os.path.join(scratch, 'scylladb.yaml'), 'gnutls'
    for stack in ('gnutls', 'openssl'):  # a build may be without the first
        with open(profile, 'w', encoding='utf-8') as out:
            out.write(text(HERE, 'scylladb.yaml').replace('stack: gnutls', 'stack: ' + stack))
        if crtlint.run(binary, 'profiles', '--check', profile)[0] == 0:
            break
    ca = pki.authority('CN=Example CA')
    good, client = (pki.leaf('CN=node', ca, ['DNS:n1'], p, end='2031-01-01') for p in (('server', 'client'), ('client',)))

    def judge(name, cert, key=None, host='n1'):
        path = lay(scratch, name, {'ca.crt': ca.pem, 'scylla.crt': cert.pem, 'scylla.key': (key or cert.key).pem})
        _, report = crtlint.check(binary, '--profile', profile, '--at', crtlint.NOW, '--host', host, path)
        return report['directories'][0]
    one = judge('good', good)
    tally.check(one['start']['ok'] and [c['ok'] for c in one['connections']] == [True], 'a good directory', crtlint.complaints(one))
    one = judge('name', good, host='elsewhere.example.com')
    tally.check([c['ok'] for c in one['connections']] == [True], 'names are not compared', crtlint.complaints(one))
    one = judge('key', good, pki.Key())
    tally.check(not one['start']['ok'] and any(f['rule'] == 'key-mismatch' for f in one['findings']), 'a key of another', one['start'])
    one = judge('usage', client)
    tally.check([c['ok'] for c in one['connections']] == [stack == 'gnutls'], 'usages under ' + stack, crtlint.complaints(one))


# Names of files (empty, or a certificate where it says cert), and which profile is taken; also: the others that fit as well.
CERT = ('authority.pem', 'web.crt')
DETECTED = [
    ('ca.crt node.crt node.key', 'cockroachdb', None),
    ('ca.crt client.root.crt client.root.key', 'cockroachdb', None),
    ('ca.crt tidb.crt tidb.key pd.crt', 'tidb', None),
    ('root.crt tikv.crt tikv.key', 'tidb', None),
    ('ca.pem tikv-server.pem pd-server.pem client.pem', 'tidb', None),
    ('ca.crt pd.crt pd.pem tikv.crt tikv.pem', 'tidb', None),
    ('server.crt server.key root.crt PG_VERSION', 'postgresql', None),
    ('server.crt server.key', 'etcd', 'postgresql'),
    ('postgresql.crt postgresql.key root.crt', 'postgresql', None),
    ('server.crt server.key ca.crt peer.crt peer.key', 'etcd', None),
    ('ca.pem server-cert.pem server-key.pem', 'mariadb', 'mysql'),
    ('ca.pem server-cert.pem server-key.pem private_key.pem public_key.pem', 'mysql', None),
    ('ca.crt apiserver.crt apiserver-kubelet-client.crt front-proxy-ca.crt', 'kubeadm', None),
    ('ca.crt tls.crt tls.key', 'kubernetes-secret', None),
    ('ca.crt node.10.0.0.1.crt node.10.0.0.1.key', 'yugabytedb', None),
    ('ca.crt', 'cockroachdb', 'etcd, kubeadm, kubernetes-secret, tidb, yugabytedb'),
    ('authority.pem', 'generic', None),
    ('web.crt readme.txt', 'generic', None),
    ('readme.txt empty.pem', None, None),
    ('', None, None),
]


def detection(binary, tally, scratch):
    ca = pki.authority('CN=Example CA')
    for i, (names, profile, also) in enumerate(DETECTED):
        path = lay(scratch, 'detect%d' % i, {n: ca.pem if n in CERT else b'' for n in names.split()})
        status, report = crtlint.check(binary, '--at', crtlint.NOW, path)
        one = report['directories'][0]['profile']
        found = (one.get('name'), one.get('also_fits')) if one else (None, None)
        tally.check(found == (profile, also), 'detection of %s' % names, found)
        if profile is None:
            tally.check(status == 1, 'a directory without certificates is a finding: %s' % names, status)


def mistakes(binary, tally):
    status, _, err = crtlint.run(binary, 'profiles', '--check', os.path.join(HERE, 'mistakes.yaml'))
    found = re.findall(r'mistakes\.yaml:(\d+):\d+: error: ', err)
    tally.check(status == 2 and found == ['5', '6', '8', '9', '10', '11', '13', '13'], 'eight mistakes', '%d %s\n%s' % (status, found, err))
    tally.check(err.count('did you mean') >= 5, 'suggestions', err)


def schema(tally):
    known = json.loads(text(ROOT, 'docs', 'profile.schema.json'))
    code = text(ROOT, 'src', 'profile', 'sections.c')
    fields = set(re.findall(r'^\s*\{"([A-Za-z-]+)", (?:value|read)_', code, re.M))
    keys = set(known['properties'])
    for shape in known['$defs'].values():
        keys |= set(shape.get('properties', ()))
    tally.check(fields == keys, 'the schema has the binder\'s keys', sorted(fields ^ keys))
    words = set(re.findall(r'\{"([^"]+)", CHECK_', text(ROOT, 'src', 'profile', 'words.c')))
    tally.check(words == set(known['$defs']['step']['properties']['must']['enum']), 'the schema has the binder\'s checks')
    try:
        import jsonschema
        import yaml
    except ImportError:
        return
    for name in sorted(os.listdir(os.path.join(ROOT, 'rules'))):
        if not name.endswith('.yaml'):
            continue
        errors = [e.message[:200] for e in jsonschema.Draft202012Validator(known).iter_errors(
            yaml.load(text(ROOT, 'rules', name), Loader=yaml.BaseLoader))]
        tally.check(not errors, 'the schema takes ' + name, '\n'.join(errors))


def main():
    tally = crtlint.Tally()
    with tempfile.TemporaryDirectory() as scratch:
        added(sys.argv[1], tally, scratch)
        detection(sys.argv[1], tally, scratch)
    mistakes(sys.argv[1], tally)
    schema(tally)
    tally.finish()


main()
