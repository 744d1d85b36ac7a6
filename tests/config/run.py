#!/usr/bin/env python3
"""run.py CRTLINT: the configuration from the outside: where a file is found and when it is not trusted, what wins, suppressions over
several directories, mistakes, and that docs/config.schema.json agrees."""
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402
import fixture  # noqa: E402

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs')
STRANGER = 12345
HOSTS = 'hosts: [db1.example.com]\n'


class Place:
    """A scratch tree: project/sub/certs, with a good directory's files."""

    def __init__(self, binary, scratch, name):
        self.binary = binary
        self.root = os.path.join(scratch, name)
        copy = fixture.prepare('key-mode', os.path.join(scratch, name + '.copy'))
        os.makedirs(os.path.join(self.root, 'sub'))
        shutil.move(os.path.join(copy, 'certs'), os.path.join(self.root, 'sub', 'certs'))
        for where in ('', 'sub', 'sub/certs'):
            os.chmod(os.path.join(self.root, where), 0o755)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.root, name)
        with open(path, 'w', encoding='utf-8') as out:
            out.write(text)
        os.chmod(path, mode)
        return path

    def run(self, cwd, *args):
        """(exit status, JSON or None, standard error)"""
        status, out, err = crtlint.run(self.binary, 'check', '--at', crtlint.NOW, '--format', 'json', *args, cwd=os.path.join(self.root, cwd))
        return status, json.loads(out) if out else None, err

    def used(self, cwd, *args):
        _, report, err = self.run(cwd, *args)
        return (report['directories'][0]['config'] if report else None), err


def discovery(new, tally):
    p = new('discovery')
    tally.check(p.used('sub', 'certs') == (None, ''), 'nothing there, nothing said', p.used('sub', 'certs'))
    p.write('crtlint.yaml', HOSTS)
    tally.check(p.used('sub', 'certs')[0] == '../crtlint.yaml', 'found above', p.used('sub', 'certs'))
    tally.check(p.used('sub/certs', '.')[0] == '../../crtlint.yaml', 'found two above', p.used('sub/certs', '.'))
    p.write('sub/crtlint.yaml', HOSTS)
    tally.check(p.used('sub', 'certs')[0] == 'crtlint.yaml', 'the nearest one', p.used('sub', 'certs'))
    tally.check(p.used('sub', '--no-config', 'certs')[0] is None, '--no-config')
    other = p.write('other.yaml', 'hosts: [x]\n')
    tally.check(p.used('sub', '--config', '../other.yaml', 'certs')[0] == '../other.yaml', '--config')
    tally.check(p.used('sub', '--config', other, 'certs')[0] == other, '--config, absolute')
    for args, says in ((('--config', 'none.yaml'), 'none.yaml: error: cannot read this configuration'), (('--config', 'certs'), 'not a regular file'),
                       (('--config', '../other.yaml', '--no-config'), 'exclude each other')):
        status, _, err = p.run('sub', *args, 'certs')
        tally.check(status == 2 and says in err, ' '.join(args), (status, err))
    p = new('only-there')
    p.write('sub/certs/crtlint.yaml', HOSTS)
    tally.check(p.used('sub', 'certs') == (None, ''), 'the scanned directory is no place to look', p.used('sub', 'certs'))


def trust(new, tally):
    def row(what, cwd, path, taken, says=''):
        used, err = p.used(cwd, path)
        tally.check((used is not None) == taken and says in err and bool(err) != taken, what, (used, err))

    p = new('trust')
    p.write('sub/crtlint.yaml', HOSTS, 0o664)
    row('a group may write: elsewhere that is usual', 'sub', 'certs', True)
    p.write('sub/crtlint.yaml', HOSTS, 0o666)
    row('everybody may write', 'sub', 'certs', False, 'everybody can write it (mode 0666)')
    p.write('crtlint.yaml', HOSTS)
    used, err = p.used('sub', 'certs')
    tally.check(used == '../crtlint.yaml' and 'is not used' in err, 'the search goes on above', (used, err))
    os.unlink(os.path.join(p.root, 'crtlint.yaml'))
    os.unlink(os.path.join(p.root, 'sub/crtlint.yaml'))
    os.symlink(p.write('sub/real.yaml', HOSTS), os.path.join(p.root, 'sub/crtlint.yaml'))
    row('a link', 'sub', 'certs', False, 'symbolic link')
    os.unlink(os.path.join(p.root, 'sub/crtlint.yaml'))
    os.mkfifo(os.path.join(p.root, 'sub/crtlint.yaml'))
    row('a FIFO', 'sub', 'certs', False, 'not a regular file')
    os.unlink(os.path.join(p.root, 'sub/crtlint.yaml'))

    p.write('sub/certs/crtlint.yaml', HOSTS)
    row('the working directory, checked', 'sub/certs', '.', True)
    row('the same by another path', 'sub/certs', '../certs', True)
    os.symlink('certs', os.path.join(p.root, 'sub/link'))
    p.write('sub/certs/crtlint.yaml', HOSTS, 0o664)
    row('checked, a group may write the file', 'sub/certs', '.', False, 'others can write it (mode 0664)')
    row('checked through a link', 'sub/certs', '../link', False, 'others can write it')
    row('another one is checked', 'sub/certs', '..', True)
    p.write('sub/certs/crtlint.yaml', HOSTS)
    for mode in (0o775, 0o757):
        os.chmod(os.path.join(p.root, 'sub/certs'), mode)
        row('checked, others may write the directory %04o' % mode, 'sub/certs', '.', False, 'others can write that (mode %04o)' % mode)
    os.chmod(os.path.join(p.root, 'sub/certs'), 0o755)
    os.unlink(os.path.join(p.root, 'sub/certs/crtlint.yaml'))
    p.write('sub/crtlint.yaml', HOSTS)
    used, err = p.used('sub/certs', '.', '..')
    tally.check(used is None and 'in a directory that is checked' in err, 'checked, and not the working directory', (used, err))
    if os.geteuid() != 0:
        return
    os.chown(os.path.join(p.root, 'sub/crtlint.yaml'), STRANGER, STRANGER)
    row("a stranger's file", 'sub', 'certs', False, 'belongs to another user (uid %d)' % STRANGER)
    os.chown(os.path.join(p.root, 'sub'), STRANGER, STRANGER)
    row("a stranger's file in the stranger's working directory", 'sub', 'certs', True)
    row("a stranger's file above", 'sub/certs', '.', False, 'belongs to another user')
    p.write('sub/certs/crtlint.yaml', HOSTS)
    for name in ('sub/certs', 'sub/certs/crtlint.yaml'):
        os.chown(os.path.join(p.root, name), STRANGER, STRANGER)
    os.unlink(os.path.join(p.root, 'sub/crtlint.yaml'))
    row("checked, and all a stranger's", 'sub/certs', '.', False, 'another user owns them')


def precedence(new, tally):
    p = new('precedence')
    p.write('sub/crtlint.yaml', 'profile: cockroachdb\nhosts: [cfg.example.com]\nset: {cockroachdb: {server-version: 23.2}, tidb: {components: tikv}}\n'
            'directories:\n- {directory: certs, hosts: [node.example.com]}\n')

    def variables(*args):
        _, report, err = p.run('sub', *args, 'certs')
        d = report['directories'][0]
        return {v['name']: (v['value'], v['from']) for v in d['variables']}, d, err

    plain = variables('--no-config')[0]
    found, d, _ = variables()
    tally.check(plain['server-version'] == (None, 'default'), 'the default', plain)
    tally.check(found['server-version'] == ('23.2', 'config'), 'over the default', found)
    tally.check(found['hosts'] == ('cfg.example.com,node.example.com', 'config'), 'hosts, those of the directory too', found)
    tally.check(d['profile'] == {**d['profile'], 'name': 'cockroachdb', 'chosen_because': 'named by crtlint.yaml'}, 'the profile', d['profile'])
    found = variables('--set', 'server-version=22.1', '--host', 'db1.example.com')[0]
    tally.check(found['server-version'] == ('22.1', 'option') and found['hosts'] == ('db1.example.com', 'option'), 'an option wins', found)
    d = variables('--profile', 'tidb')[1]
    tally.check(d['profile']['name'] == 'tidb' and d['profile']['chosen_because'] == 'named by --profile', '--profile wins', d['profile'])
    p.write('sub/crtlint.yaml', 'profile: ./mine.yaml\nset: {mine: {v: w}}\n')
    p.write('sub/mine.yaml', "profile: mine\ntitle: t\nsource: s\nvariables: [{name: v, type: text, help: 'h'}]\nfiles: [{file: ca.crt}]\n"
            'peers: [{peer: a}]\nconnections: [{kind: k, from: a, to: a}]\n')
    _, report, err = p.run('sub/certs', '--config', '../crtlint.yaml', '.')
    tally.check(report and report['directories'][0]['profile']['name'] == 'mine', "a profile's file, from the configuration's directory", err)


def suppressions(new, tally):
    def row(rules, until='2027-01-31', directory=''):
        return "- {rule: key-mode, file: %s, reason: 'because', until: %s%s}\n" % (rules, until, directory)

    p = new('suppressions')
    shutil.copytree(os.path.join(p.root, 'sub/certs'), os.path.join(p.root, 'sub/two'))
    host = ('--host', 'db1.example.com')

    def judged(text, *args):
        p.write('sub/crtlint.yaml', 'suppressions:\n' + text)
        status, report, err = p.run('sub', *host, *args)
        findings = [[(f['rule'], f['suppressed']) for f in d['findings'] if f['rule'] in ('key-mode',) or f['rule'].startswith('config')]
                    for d in report['directories']]
        return status, findings, report['summary'], err

    because = {'reason': 'because', 'until': '2027-01-31'}
    status, found, summary, err = judged(row('node.key'), 'certs')
    tally.check((status, found) == (0, [[('key-mode', because)]]), 'suppressed', (status, found, err))
    tally.check(summary['suppressed'] == 1 and summary['errors'] == 0 and summary['failed'] > 0, 'counted apart, what fails still fails', summary)
    status, found, summary, _ = judged(row('node.key'), 'certs', '--fail-on', 'warning')
    tally.check(status == 0 and summary['warnings'] == 0, 'not for --fail-on either', (status, summary))
    status, found, _, _ = judged(row('node.key', '2026-11-20T22:10:01Z'), 'certs')
    tally.check(status == 0, 'until the last second', found)
    status, found, _, _ = judged(row('node.key', '2026-11-20T22:10:00Z'), 'certs')
    tally.check((status, found) == (1, [[('key-mode', None), ('config-suppression-lapsed', None)]]) or
                (status, sorted(found[0])) == (1, sorted([('key-mode', None), ('config-suppression-lapsed', None)], key=str)), 'lapsed', found)
    status, found, _, _ = judged(row('node.key'), 'certs', '--except', 'key-*')
    tally.check(found == [[]], 'used, though its rule is left out', found)
    status, found, _, _ = judged(row('ca.key'), 'certs', 'two')
    tally.check([len(f) for f in found] == [1, 2] and found[1][0][0] == 'config-suppression-unused', 'unused, said once, at the end', found)
    status, found, _, _ = judged(row('node.key', directory=', directory: certs'), 'certs', 'two')
    tally.check(status == 1 and [f[0] for f in found[0] + found[1]] == ['key-mode', 'key-mode'], 'used in the first, not unused in the second', found)
    status, found, _, _ = judged(row('node.key', directory=', directory: three'), 'certs', 'two')
    tally.check(status == 1 and [len(f) for f in found] == [1, 1], 'meant for another directory: neither used nor unused', found)
    status, found, _, _ = judged(row('ca.key'), 'two', 'certs', 'nowhere')
    tally.check([len(f) for f in found] == [1, 1], 'a directory was not looked at: nothing is called unused', found)


def many(new, tally):
    """Side by side: what a configuration says of a run as a whole is the same whatever -j says."""
    p = new('many')
    names = ['d%02d' % i for i in range(24)]
    for name in names:
        shutil.copytree(os.path.join(p.root, 'sub/certs'), os.path.join(p.root, 'sub', name))
    p.write('names', '\n'.join('sub/' + n for n in names) + '\n')
    p.write('crtlint.yaml', 'suppressions:\n'
            "- {rule: key-mode, file: node.key, reason: r, until: 2027-01-31, directory: 'sub/d2?'}\n"
            '- {rule: key-mode, file: other.key, reason: r, until: 2027-01-31}\n')
    given = ['sub/' + n for n in names]
    _, alone, _ = p.run('.', '-j', '1', *given)
    for jobs in ('2', '7', '64'):
        _, report, err = p.run('.', '-j', jobs, *given)
        tally.check(report == alone, 'the same report with -j ' + jobs, err)
    unused = [sum(f['rule'] == 'config-suppression-unused' for f in d['findings']) for d in alone['directories']]
    tally.check(unused == [0] * 23 + [1] and alone['summary']['suppressed'] == 4, 'unused, said once, in the last', (unused, alone['summary']))
    for what in (['--from-file', 'names'], ['-r', 'sub']):
        tally.check(p.used('.', *what) == (None, ''), 'none is looked for with ' + what[0], p.used('.', *what))
        _, report, err = p.run('.', '--config', 'crtlint.yaml', *what)
        found = [d['config'] for d in report['directories']]
        tally.check(set(found) == {'crtlint.yaml'} and report['summary']['suppressed'] == 4, 'taken when it is named, with ' + what[0], (found, err))


def cluster(new, tally):
    """Members out of one archive, their hosts and a suppression from the configuration."""
    p = new('cluster')
    copy = fixture.prepare('cluster-rotation-broken', os.path.join(p.root, 'copy'))
    paths = fixture.paths('cluster-rotation-broken')
    plain = p.run(os.path.relpath(copy, p.root), '--no-config', '--cluster', *paths)[1]['clusters'][0]
    names = sorted(m['name'] for m in plain['members'])
    crtlint.run(p.binary, 'snapshot', *names, '-o', 'all.tgz', cwd=copy)
    p.write(os.path.join(os.path.relpath(copy, p.root), 'crtlint.yaml'), 'directories:\n' + ''.join(
        "- {directory: 'all.tgz/%s', hosts: [%s]}\n" % (m['name'], ', '.join(m['hosts'])) for m in plain['members'] if m['hosts']) +
        "suppressions:\n- {rule: cluster-rotation-half, file: ca.crt, reason: 'under way', until: 2027-01-31}\n")
    status, report, err = p.run(os.path.relpath(copy, p.root), '--cluster', 'all.tgz')
    found = report['clusters'][0] if report else {}
    tally.check(found and sorted(m['name'] for m in found['members']) == names, 'the members of an archive', (status, err))
    ends = [sorted((c['id'], c['ok'], c['stage']) for c in r['connections']) for r in (plain, found)]
    tally.check(ends[0] == ends[1], 'their connections, at the hosts of the configuration', ends)
    half = [f['suppressed'] for f in found['findings'] if f['rule'] == 'cluster-rotation-half']
    tally.check(half == [{'reason': 'under way', 'until': '2027-01-31'}], 'what lies between members is answered for, too', half)


def pins(new, tally):
    p = new('pins')
    d = p.run('sub', 'certs')[1]['directories'][0]
    by_file = {f['name']: f for f in d['files']}
    pin = by_file['node.key']['key']['spki_sha256']
    other = by_file['ca.crt']['certificates'][0]['spki_sha256']
    tally.check(pin == by_file['node.crt']['certificates'][0]['spki_sha256'] and pin != other, 'the pins are what JSON shows', (pin, other))
    for value, wanted in ((pin, 0), (other, 1)):
        p.write('sub/crtlint.yaml', "hosts: db1.example.com\nsuppressions:\n- {rule: key-mode, file: 'node.*', reason: r, until: 2027-01-31, spki: %s}\n" % value)
        tally.check(p.run('sub', 'certs')[0] == wanted, 'pinned to %s' % value, p.run('sub', 'certs')[2])


def severities(new, tally):
    p = new('severities')

    def levels(text):
        p.write('sub/crtlint.yaml', 'hosts: db1.example.com\nseverity: {key-mode: %s, dir-unjudged: %s}\n' % text)
        status, report, err = p.run('sub', 'certs')
        return (status, *(next((f['severity'] for f in report['directories'][0]['findings'] if f['rule'] == rule), err)
                          for rule in ('key-mode', 'dir-unjudged')))

    for text, wanted in ((('note', 'error'), (1, 'error', 'error')), (('off', 'off'), (1, 'error', '')),
                         (('{when-breaking: note}', 'warning'), (0, 'note', 'warning')), (('{when-breaking: off}', 'note'), (0, '', 'note'))):
        tally.check(levels(text) == wanted, 'severity %s, %s' % text, levels(text))


def toml(new, tally):
    p = new('toml')
    copy = fixture.prepare('subject-cn-not-allowed', os.path.join(p.root, 'copy'))
    shutil.move(os.path.join(copy, 'certs'), os.path.join(p.root, 'sub/t'))

    def answer(*args):
        status, report, err = p.run('sub', '--host', 'db1.example.com', *args, 't')
        told = [(v['value'], v['from']) for d in report['directories'] for v in d['variables'] if v['name'] == 'cluster-verify-cn']
        return status, told[0] if told else None, err

    p.write('sub/tidb.toml', 'path = "x:2379"\n[log]\nlevel = "info"\n[security]\ncluster-verify-cn = [\n  "tidb", "pd",\n  "tikv", # and\n  "tiflash"]\n')
    tally.check(answer('--toml', 'tidb.toml')[:2] == (1, ('tidb,pd,tikv,tiflash', 'config')), '--toml', answer('--toml', 'tidb.toml'))
    tally.check(answer()[:2] == (0, (None, 'default')), 'without it', answer())
    found = answer('--toml', 'tidb.toml', '--set', 'cluster-verify-cn=tidb,pd,tikv,tiflash,client')
    tally.check(found[1] == ('tidb,pd,tikv,tiflash,client', 'option'), 'an option wins over --toml', found)
    p.write('sub/crtlint.yaml', 'set: {tidb: {cluster-verify-cn: [x]}}\n')
    tally.check(answer()[1] == ('x', 'config') and answer('--toml', 'tidb.toml')[1][0] == 'tidb,pd,tikv,tiflash', '--toml wins over the configuration', answer())
    p.write('sub/tidb.toml', '[security]\ncluster-verify-cn = 1\n')
    for args, says in ((('tidb.toml',), 'tidb.toml:2:21: error: '), (('none.toml',), 'none.toml: error: cannot read'), (('crtlint.yaml',), 'crtlint.yaml:1:4: error: '),
                       (('../../toml/sub/other.toml',), 'it knows tidb.toml')):
        p.write('sub/other.toml', '')
        status, _, err = answer('--toml', *args)
        tally.check(status == 2 and says in err, '--toml %s' % args, (status, err))


def placed(new, tally):
    """Files that lie elsewhere, seen from the configuration, whatever the working directory."""
    p = new('placed')
    copy = fixture.prepare('files-placed', os.path.join(p.root, 'copy'))
    for cwd, args in (('copy/files-placed', ('--config', 'crtlint.yaml', 'certs')), ('.', ('--config', 'copy/files-placed/crtlint.yaml', 'copy/files-placed/certs')),
                      ('copy/files-placed/certs', ('.',)), ('sub', ('--config', os.path.join(copy, 'crtlint.yaml'), '../copy/files-placed/certs'))):
        status, report, err = p.run(cwd, '--host', 'db1.example.com', *args)
        names = [f['name'] for f in report['directories'][0]['files'] if '/' in f['name']] if report else []
        tally.check(status == 0 and len(names) == 8 and all(os.path.exists(os.path.join(p.root, cwd, n)) for n in names), 'from %s' % cwd, (status, names, err))
    status, report, err = p.run('copy/files-placed', '--no-config', 'certs')
    tally.check(report and len(report['directories'][0]['files']) == 3, 'without the configuration', err)
    with tarfile.open(os.path.join(p.root, 'sub/a.tgz'), 'w:gz') as out:
        out.add(os.path.join(copy, 'certs'), 'certs')
    status, report, err = p.run('copy/files-placed', '../../sub/a.tgz')
    one = report['directories'][0] if report else {'connections': [], 'unjudged': []}
    tally.check(status == 0 and len(one['connections']) == 12 and sum('the archive does not hold it' in u for u in one['unjudged']) >= 5, 'beside an archive', (one['unjudged'], err))


def archives(new, tally):
    p = new('archives')
    with tarfile.open(os.path.join(p.root, 'sub/a.tgz'), 'w:gz') as out:
        for name in ('one', 'two'):
            out.add(os.path.join(p.root, 'sub/certs'), 'x/' + name)

    def judged(directory, *paths):
        p.write('sub/crtlint.yaml', 'profile: cockroachdb\ndirectories: [{directory: %s, hosts: [h]}]\nsuppressions:\n'
                '- {rule: key-mode, file: ca.key, reason: r, until: 2027-01-31}\n' % directory)
        _, report, err = p.run('sub', *paths)
        return [(any(v['name'] == 'hosts' and v['value'] == 'h' for v in d['variables']),
                 sum(f['rule'] == 'config-suppression-unused' for f in d['findings'])) for d in report['directories']], err

    for directory, hosts in (('two', (0, 1)), ('a.tgz/x/one', (1, 0)), ('a.tgz/x/*', (1, 1)), ('a.tgz', (0, 0))):
        found = judged(directory, 'a.tgz')
        tally.check(found == ([(bool(hosts[0]), 0), (bool(hosts[1]), 1)], ''), 'in an archive: %s' % directory, found)
    found = judged('two', 'a.tgz', 'certs')
    tally.check([n for _, n in found[0]] == [0, 0, 1], 'unused, said once, after the archive', found)


def mistakes(new, tally):
    p = new('mistakes')
    p.write('sub/crtlint.yaml', 'set: {tidb: {components: [tikv, tivk]}}\n')
    status, _, err = p.run('sub', 'certs')
    tally.check(status == 2 and 'crtlint.yaml:1:' in err and "there is no 'tivk' in profile tidb; did you mean 'tikv'?" in err, 'an unknown component', err)
    p.write('sub/crtlint.yaml', 'hosts: {pd: [a, b c], tikw: [x], tidb: []}\ndirectories:\n- {directory: certs, hosts: [x, ndoe=z]}\n')
    status, _, err = p.run('sub', 'certs')
    for line in ("1:17: error: 'b c' is no name", "1:23: error: in the profiles that are known nobody dials 'tikw'; did you mean 'tikv'?",
                 '1:40: error: this is an empty list', "3:33: error: in the profiles that are known nobody dials 'ndoe'; did you mean 'node'?"):
        tally.check(status == 2 and 'crtlint.yaml:' + line in err, 'hosts of peers: ' + line, err)
    p.write('sub/crtlint.yaml', 'profile: cockroachdb\nhosts: {tikv: [x]}\n')
    status, _, err = p.run('sub', 'certs')
    tally.check(status == 2 and "2:9: error: in profile cockroachdb nobody dials 'tikv'" in err, "another system's peer", err)
    p.write('sub/crtlint.yaml', 'hosts: {tikv: [x.example.com]}\n')
    status, report, err = p.run('sub', 'certs')
    told = [v['value'] for v in report['directories'][0]['variables'] if v['name'] == 'hosts'] if report else err
    tally.check(told == [None], "another system's peer, where none is named", told)
    p.write('sub/crtlint.yaml', 'profile: tidb\nfiles: {pq: {ca: x}, tikw: {cret: x, cert: ""}, pd: x, tidb: {key: [a]}}\n')
    status, _, err = p.run('sub', 'certs')
    for line in ("2:9: error: in profile tidb there is no 'pq'", "2:22: error: in profile tidb there is no 'tikw'; did you mean 'tikv'?",
                 "2:29: error: unknown key 'cret' in a component's files; did you mean 'cert'?", "2:44: error: 'cert' is the path of a file",
                 "2:53: error: a component's files is written as keys and values", '2:68: error: '):
        tally.check(status == 2 and 'crtlint.yaml:' + line in err, 'placed files: ' + line, err)
    p.write('sub/crtlint.yaml', 'profil: x\nhosts: [a b]\nsuppressions:\n- {rule: key-mod}\n')
    status, report, err = p.run('sub', 'certs', '--hots')
    tally.check(status == 2 and report is None, 'exit status', (status, err))
    for line in ('crtlint.yaml:1:1: error: ', 'crtlint.yaml:2:9: error: ', 'crtlint.yaml:4:10: error: ', "did you mean 'key-mode'?", 'unknown option --hots'):
        tally.check(line in err, 'one run says all: ' + line, err)


def schema(tally):
    try:
        import jsonschema
        import yaml
    except ImportError:
        return
    with open(os.path.join(DOCS, 'config.schema.json'), encoding='utf-8') as text:
        rules = json.load(text)
    kind = jsonschema.validators.validator_for(rules)
    kind.check_schema(rules)
    with open(os.path.join(DOCS, 'crtlint.yaml.5.scd'), encoding='utf-8') as text:
        example = re.search(r'^```\n(.*?)^```', text.read(), re.MULTILINE | re.DOTALL).group(1)

    class Loader(yaml.SafeLoader):
        """As the schema of YAML 1.2: dates are texts."""
    Loader.yaml_implicit_resolvers = {k: [r for r in v if 'timestamp' not in r[0]] for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    cases = [('the example', example)] + [(c, '\n'.join(fixture.lines(c, 'crtlint.yaml'))) for c in fixture.names() if fixture.lines(c, 'crtlint.yaml')]
    for name, text in cases:
        found = [e.message for e in kind(rules).iter_errors(yaml.load(text, Loader))]
        tally.check(not found, 'config.schema.json takes ' + name, found)
    tally.check(list(kind(rules).iter_errors({'profil': 'x'})), 'config.schema.json refuses an unknown key')


def example(new, tally):
    p = new('example')
    with open(os.path.join(DOCS, 'crtlint.yaml.5.scd'), encoding='utf-8') as text:
        p.write('sub/crtlint.yaml', re.search(r'^```\n(.*?)^```', text.read(), re.MULTILINE | re.DOTALL).group(1))
    used, err = p.used('sub', 'certs')
    tally.check(used and not err, "the manual page's example is taken", err)


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: run.py CRTLINT')
    tally = crtlint.Tally()
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as scratch:
        def new(name):
            return Place(sys.argv[1], scratch, name)
        for part in (discovery, trust, precedence, suppressions, many, cluster, pins, severities, toml, placed, archives, mistakes, example):
            part(new, tally)
    schema(tally)
    tally.finish()


main()
