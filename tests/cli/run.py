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
    status(1, 'an empty directory', 'check', 'empty')
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
    status(2, 'a bad run-as', 'check', '--set', 'run-as=nobody', good, says='expected UID:GID')
    status(2, 'a bad time', 'check', '--at', 'tomorrow', good, says='expected a time')
    status(2, 'a bad span', 'check', '--expires-within', 'soon', good, says='expected a span')
    status(2, 'an unknown format', 'check', '--format', 'jsn', good, says="did you mean 'json'")
    status(2, 'two reports on one output', 'check', '--format', 'json', '--format', 'text', good, says='only one report')
    status(2, 'an unknown profile', 'check', '--profile', 'cockroach', good, says='did you mean')
    status(2, 'a profile file that is not there', 'check', '--profile', './none.yaml', good, says='cannot read this profile')
    status(2, 'an unknown rule', 'explain', 'san-mising', says="did you mean 'san-missing'")
    status(1, 'a cluster of a good and an empty directory', 'check', *AT, '--cluster', good, 'empty')
    status(2, 'a cluster with a path that is not there', 'check', '--cluster', 'n1=nowhere@h', good, says='nowhere: no such file or directory')
    status(2, 'two members of one name', 'check', '--cluster', 'n=' + good, 'n=' + bad, says="two members are called 'n'")
    status(2, 'a member with an empty host', 'check', '--cluster', 'n=' + good + '@a,,b', says="'' is no host")
    status(2, 'a user in a cluster', 'check', '--cluster', '--user', 'x', good, says='--user')
    status(0, 'old files and new ones', 'check', *AT, '--previous', bad, good)
    status(2, 'old files of two directories', 'check', '--previous', good, good, bad, says='goes with one PATH')
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
        statuses(sys.argv[1], tally, good, bad, scratch)
        unwritable(sys.argv[1], tally, good)
        report_files(sys.argv[1], tally, good, scratch)
    page_agrees(sys.argv[1], tally)
    tally.finish()


main()
