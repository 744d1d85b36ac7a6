#!/usr/bin/env python3
"""run.py CRTLINT: the command line: exit statuses, what is said of wrong use, report files, and that --help and the manual page agree."""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402
import fixture  # noqa: E402

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs', 'crtlint.1.scd')
AT = ('--at', crtlint.NOW)


def statuses(binary, tally, good, bad, scratch):
    def status(want, what, *args, says=None):
        code, out, err = crtlint.run(binary, *args, cwd=scratch)
        tally.check(code == want, what, 'exit status %d, expected %d; %s%s' % (code, want, out[-300:], err))
        if says:
            tally.check(says in err, what + ': says why', err)
        return out

    status(0, 'a good directory', 'check', *AT, '--host', 'db1.example.com', good)
    status(1, 'a bad directory', 'check', *AT, '--host', 'db9.example.com', bad)
    status(0, 'a bad directory, never failing', 'check', *AT, '--fail-on', 'never', '--host', 'db9.example.com', bad)
    status(2, 'no such path', 'check', 'nowhere', says='nowhere: no such file or directory')
    out = status(2, 'no such path, the other is still checked', 'check', *AT, 'nowhere', good)
    tally.check('start' in out, 'no such path, the other is still reported', out)
    status(2, 'wrong use wins over findings', 'check', *AT, '--host', 'db9.example.com', bad, 'nowhere')
    status(1, 'more users than are judged', 'check', '--only', 'name-*', 'crowd')
    status(1, 'an empty directory', 'check', 'empty')
    status(1, 'an empty directory, whatever is asked for', 'check', '--only', 'key-*', 'empty')
    status(1, 'a foreign directory', 'check', '/usr/include')
    status(2, 'a path that is a file', 'check', os.path.join(good, 'ca.crt'), says='not a directory')
    status(2, 'no path', 'check', says='no directory given')
    status(2, 'no command', says='usage')
    status(2, 'a directory for a command', good, says='did you mean: crtlint check')
    status(2, 'a slip in a command', 'chekc', 'x', says="did you mean 'check'")
    status(2, 'an unknown option', 'check', '--hots', 'x', good, says='did you mean --host')
    status(2, 'an option without its value', 'check', good, '--host', says='--host needs a value')
    status(2, 'an unknown variable', 'check', '--set', 'server-versoin=1', good, says="did you mean 'server-version'")
    status(2, 'a variable of another type', 'check', '--set', 'skip-key-permission-check=perhaps', good, says='expected true or false')
    status(2, 'an unknown component', 'check', '--profile', 'tidb', '--set', 'components=tivk', good, says="did you mean 'tikv'")
    status(2, 'a rule that is none', 'check', '--only', 'san-misssing', good, says="did you mean 'san-missing'")
    status(2, 'a glob for nothing', 'check', '--except', 'sann-*', good, says='no rule')
    status(2, 'a bad run-as', 'check', '--set', 'run-as=nobody', good, says='expected UID:GID')
    status(2, 'a bad time', 'check', '--at', 'tomorrow', good, says='expected a time')
    status(2, 'a host with its port', 'check', '--host', 'db1.example.com:26257', good, says='without the port')
    status(2, 'an address with its port', 'check', '--host', '[::1]:26257', good, says='without the port')
    status(2, "a peer's host with its port", 'check', '--host', 'node=db1.example.com:26257', good, says='without the port')
    status(2, 'a host without its peer', 'check', '--host', '=db1.example.com', good, says='or PEER=NAME')
    status(2, 'a peer without its host', 'check', '--host', 'node=', good, says='or PEER=NAME')
    status(2, 'a host of a peer that nobody dials', 'check', *AT, '--host', 'nod=db1.example.com', good,
           says="in profile cockroachdb nobody dials 'nod'; did you mean 'node'?")
    status(0, 'a host of a peer', 'check', *AT, '--host', 'node=db1.example.com', good)
    status(1, 'a foreign host of a peer', 'check', *AT, '--host', 'node=db9.example.com', good)
    status(2, 'no such topology', 'check', '--topology', 'none.yaml', good, says='none.yaml: error: cannot read this topology: No such file')
    status(2, 'a topology that is a directory', 'check', '--topology', 'empty', good, says='empty: error: cannot read this topology')
    with open(os.path.join(scratch, 'topology.yaml'), 'w', encoding='utf-8') as out:
        out.write('pd_servers:\n- {port: 1}\n- {host: [a]}\n- *x\n')
    status(2, 'a topology with a mistake', 'check', '--topology', 'topology.yaml', good, says='topology.yaml:4:3: error: no anchor &x stands before')
    with open(os.path.join(scratch, 'topology.yaml'), 'w', encoding='utf-8') as out:
        out.write('pd_servers:\n- {port: 1}\n- {host: [a]}\n')
    status(2, 'a topology with a mistake of another kind', 'check', '--profile', 'tidb', '--topology', 'topology.yaml', good,
           says="topology.yaml:3:10: error: 'host': expected a name or address")
    status(2, 'a topology of another system', 'check', '--topology', 'topology.yaml', good, says='profile cockroachdb does not know such files')
    status(0, 'an IPv6 address', 'check', *AT, '--profile', 'cockroachdb', '--fail-on', 'never', '--host', '::1', '--host', '[2001:db8::1]', good)
    status(2, 'a bad span', 'check', '--expires-within', 'soon', good, says='expected a span')
    status(2, 'an unknown format', 'check', '--format', 'jsn', good, says="did you mean 'json'")
    status(2, 'two reports on one output', 'check', '--format', 'json', '--format', 'text', good, says='only one report')
    status(2, 'an unknown profile', 'check', '--profile', 'cockroach', good, says='did you mean')
    status(2, 'a profile file that is not there', 'check', '--profile', './none.yaml', good, says='cannot read this profile')
    status(2, 'an unknown rule', 'explain', 'san-mising', says="did you mean 'san-missing'")
    status(1, 'a message that is not known', 'explain', 'hello', 'world')
    status(2, 'no message at all', 'explain', says='no message')
    status(2, 'a message twice', 'explain', '-', 'x509: trailing data', says='not both')
    status(2, 'a directory that is not there', 'explain', '--in', 'nowhere', 'tls: failed to parse private key', says='nowhere')
    status(2, 'an option of check that is wrong', 'explain', '--in', good, '--hots', 'x', 'tls: failed to parse private key', says='did you mean --host')
    status(1, 'a message that a good directory does not explain', 'explain', *AT, '--in', good, 'tls: failed to parse private key')
    out = status(0, 'an explained message', 'explain', *AT, '--host', 'db9.example.com', '--in', bad, 'remote', 'error:', 'tls:', 'bad', 'certificate')
    tally.check('(these words are predicted here)' in out and 'error[san-missing-host]' in out, 'it names the finding', out)
    out = status(0, 'a rule', 'explain', 'file-missing')
    tally.check('rename INSTEAD' in out and not re.search(r'[\[\]{}]', out), 'its placeholders are readable', out)
    status(1, 'a cluster of a good and an empty directory', 'check', *AT, '--cluster', good, 'empty')
    status(2, 'a cluster with a path that is not there', 'check', '--cluster', 'n1=nowhere@h', good, says='nowhere: no such file or directory')
    status(2, 'two members of one name', 'check', '--cluster', 'n=' + good, 'n=' + bad, says="two members are called 'n'")
    status(2, 'a member with an empty host', 'check', '--cluster', 'n=' + good + '@a,,b', says="'' is no host")
    status(2, 'a user in a cluster', 'check', '--cluster', '--user', 'x', good, says='--user')
    status(0, 'old files and new ones', 'check', *AT, '--previous', bad, good)
    status(2, 'old files of two directories', 'check', '--previous', good, good, bad, says='goes with one PATH')
    status(2, 'a cluster that is looked for', 'check', '--cluster', '-r', '.', says='not with -r')
    status(2, 'a trace in a cluster', 'check', '--cluster', '--trace', 'x', good, says='--trace: not with --cluster')
    status(2, 'explain between directories', 'explain', '--in', good, '--cluster', 'tls: failed to parse private key', says='explain looks into one directory')
    status(2, 'old files of nobody', 'check', '--cluster', '--previous', 'x=' + bad, 'n=' + good, says='expected NAME=DIR')
    for args in (('--help',), ('--version',), ('check', '--help'), ('rules',), ('rules', '--help'), ('explain', 'san-missing'),
                 ('explain', '--help'), ('profiles',), ('profiles', '--help'), ('profiles', '--show', 'tidb')):
        tally.check(status(0, ' '.join(args), *args).strip(), ' '.join(args) + ': prints something')


def unwritable(binary, tally, good):
    command = [os.path.abspath(binary), 'check', *AT, good]
    if os.path.exists('/dev/full'):
        with open('/dev/full', 'wb') as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
        tally.check(done.returncode == 3 and b'could not be written' in done.stderr, 'a full disk', (done.returncode, done.stderr))
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    tally.check(done.returncode == 3 and b'could not be written' in done.stderr, 'a closed pipe', (done.returncode, done.stderr))
    code, _, err = crtlint.run(binary, 'check', '--format', 'json:/nowhere/report.json', good)
    tally.check(code == 3 and '/nowhere/report.json' in err, 'a report file that cannot be made', (code, err))


def report_files(binary, tally, good, scratch):
    code, out, err = crtlint.run(binary, 'check', *AT, '--format', 'json:r.json', '--format', 'junit:r.xml', '--format', 'text', good, good, cwd=scratch)
    tally.check(code == 0 and 'start' in out, 'three reports in one run', (code, err))
    with open(os.path.join(scratch, 'r.json'), encoding='utf-8') as f:
        report = json.load(f)
    tally.check(report['summary']['directories'] == 2 and len(report['directories']) == 2, 'both directories are in the JSON', report['summary'])
    tally.check(os.path.getsize(os.path.join(scratch, 'r.xml')) > 0, 'the JUnit file is there')
    tally.check(not [n for n in os.listdir(scratch) if 'partial' in n], 'no partial file is left', os.listdir(scratch))
    tally.check(report['at'] == crtlint.NOW, 'the time is told', report['at'])
    first = crtlint.run(binary, 'check', *AT, '--format', 'json', good)[1]
    tally.check(first == crtlint.run(binary, 'check', *AT, '--format', 'json', good)[1], 'two runs give the same bytes')


def traces(binary, tally, good, scratch):
    """What was tried: for a connection that works, for one that is refused, for an id that is not there."""
    name = 'rpc:node>node@db1.example.com'
    _, report = crtlint.check(binary, *AT, '--host', 'db1.example.com', '--trace', name, good)
    connections = {c['id']: c for c in report['directories'][0]['connections']}
    tally.check([i for i, c in connections.items() if 'trace' in c] == [name], 'only the connection that is named has a trace')
    steps = connections[name]['trace']
    told = '\n'.join('%s|%s|%s|%s' % (s['what'], s['verdict'], s['file'], s['why']) for s in steps)
    tally.check('candidate from the pool|None|ca.crt|tried first: the key identifiers are equal' in told, 'a trace tells the candidate', told)
    tally.check('a chain is found|taken' in told and 'admitted|taken' in told, 'a trace ends well', told)
    tally.check('"node", "root"' in told, 'a trace tells the names that are wanted', told)

    cases = {'chain-other-key': (name, 'x signature, by its key: x509: ECDSA verification failure', 'tried last: the key identifiers differ'),
             'chain-key-id-tidb': ('mtls:tikv>tikv@db1.example.com', 'key identifier: the authority key identifier is not the candidate\'s'),
             'trust-certificate-withheld': ('cli:root>node@db1.example.com', 'x the client withholds its certificate', ': not announced'),
             'chain-unknown-authority': (name, 'passes over, from the pool,', 'its subject is not the issuer\'s name'),
             'usage-server': (name, 'x usages, in every certificate of the chain'),
             'validity-expired': (name, 'x dates,'),
             'subject-principal': (name, 'x the listener\'s log: rpc error')}
    for case, (connection, *wanted) in cases.items():
        copy = fixture.prepare(case, os.path.join(scratch, 'traces'))
        code, out, err = crtlint.run(binary, 'check', *AT, *fixture.arguments(case), '--trace', connection, 'certs', cwd=copy)
        for text in wanted:
            tally.check(text in out, 'trace of %s: %s' % (case, text), out[out.find('\ntrace '):] + err)
        fixture.remove(copy)

    code, out, err = crtlint.run(binary, 'check', *AT, '--host', 'db1.example.com', '--trace', 'rpc:nod>node@db1.example.com', good)
    tally.check(code == 2 and "no such connection" in err and err.splitlines()[1].strip() == name, 'an unknown id names the nearest', (code, err))


def explained_by_file(binary, tally, scratch):
    """Two keys have one fault; the message names one of them, in another directory."""
    certs = os.path.join(fixture.prepare('good-plain', os.path.join(scratch, 'modes')), 'certs')
    for name in ('node.key', 'client.root.key'):
        os.chmod(os.path.join(certs, name), 0o666)
    for name in ('node.key', 'client.root.key'):
        code, out, err = crtlint.run(binary, 'explain', *AT, '--in', certs, 'key file /elsewhere/%s has permissions -rw-rw-rw-, exceeds -rwx------' % name)
        found = [line.split(']')[1].split(':')[0].strip() for line in out.splitlines() if '[key-mode]' in line]
        tally.check(code == 0 and [os.path.basename(f) for f in found] == [name], 'explain --in prefers the file that is named: ' + name, out + err)


def page_agrees(binary, tally):
    _, out, _ = crtlint.run(binary, 'check', '--help')
    offered = set(re.findall(r'--([a-z][a-z-]+)', '\n'.join(re.findall(r'^  .{34}', out, re.MULTILINE))))
    with open(PAGE, encoding='utf-8') as f:
        page = f.read()
    section = page[page.index('# OPTIONS'):page.index('# VARIABLES')]
    described = set(re.findall(r'^.*\*--([a-z-]+)\*', section, re.MULTILINE)) | set(re.findall(r'\*--([a-z-]+)\*', section))
    described -= {'show', 'check', 'version'}
    tally.check(offered and offered == described, '--help and crtlint(1) name the same options', sorted(offered ^ described))


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: run.py CRTLINT')
    tally = crtlint.Tally()
    with tempfile.TemporaryDirectory() as scratch:
        good = os.path.join(fixture.prepare('good-plain', os.path.join(scratch, 'good')), 'certs')
        bad = os.path.join(fixture.prepare('good-plain', os.path.join(scratch, 'bad')), 'certs')
        os.mkdir(os.path.join(scratch, 'empty'))
        os.mkdir(os.path.join(scratch, 'crowd'))
        for i in range(1001):
            with open(os.path.join(scratch, 'crowd', 'client.u%d.crt' % i), 'wb'):
                pass
        statuses(sys.argv[1], tally, good, bad, scratch)
        unwritable(sys.argv[1], tally, good)
        report_files(sys.argv[1], tally, good, scratch)
        traces(sys.argv[1], tally, good, scratch)
        explained_by_file(sys.argv[1], tally, scratch)
    page_agrees(sys.argv[1], tally)
    tally.finish()


main()
