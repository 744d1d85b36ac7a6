#!/usr/bin/env python3
"""connections_explained.py CRTLINT: over all fixtures, every failed start, reload and connection names a finding that says so too, and no
finding is an error without breaking something, those of rules excepted that always are errors."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402
import fixture  # noqa: E402

# Errors though they break nothing by themselves: a CA's private key that others can read.
EXPOSES_A_CA = {'key-exposed'}

# Its configuration makes a warning of what breaks something; the law is about what crtlint itself says.
LOWERS = {'config-severity'}


def wrong(directory, always):
    findings = {f['id']: f for f in directory['findings']}
    outcomes = {'start': directory['start'], 'reload': directory['reload'], **{c['id']: c for c in directory['connections']}}
    if len(outcomes) != len(directory['connections']) + 2:
        yield 'two connections have one id'
    for name, outcome in outcomes.items():
        named = outcome['findings']
        if not outcome['ok'] and not named:
            yield '%s fails with no finding behind it: %s' % (name, outcome['error'])
        if not outcome['ok'] and not outcome['error'] and directory['profile']['name']:
            yield '%s fails without a text' % name
        for number in named:
            if number not in findings:
                yield '%s names finding %s, which is not there' % (name, number)
            elif not outcome['ok'] and name not in findings[number]['breaks']:
                yield '%s names finding %d (%s), which does not break it' % (name, number, findings[number]['rule'])
    for number, finding in findings.items():
        what = 'finding %d (%s)' % (number, crtlint.brief(finding))
        for name in finding['breaks']:
            if name not in outcomes:
                yield '%s breaks %s, which is not there' % (what, name)
            elif number not in outcomes[name]['findings']:
                yield '%s breaks %s, which does not name it' % (what, name)
        if finding['breaks'] and finding['severity'] != 'error':
            yield '%s breaks something and is no error' % what
        if finding['severity'] == 'error' and not finding['breaks'] and finding['rule'] not in always | EXPOSES_A_CA:
            yield '%s is an error and breaks nothing' % what
        for other in finding['related']:
            if other not in findings:
                yield '%s is related to %s, which is not there' % (what, other)


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: connections_explained.py CRTLINT')
    binary, tally = sys.argv[1], crtlint.Tally()
    _, out, _ = crtlint.run(binary, 'rules')
    always = {row[0] for row in (line.split('\t') for line in out.splitlines()) if len(row) > 1 and row[1] == 'error'}
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as scratch:
        for case in fixture.names():
            copy = fixture.prepare(case, scratch)
            try:
                plain = ['--no-config'] if case in LOWERS else []
                _, report = crtlint.check(binary, *fixture.arguments(case), *plain, *fixture.paths(case), cwd=copy)
                found = [w for d in report['directories'] for w in wrong(d, always)]
                tally.check(not found, case, '\n'.join(found))
            except crtlint.Broken as trouble:
                tally.check(False, case, trouble)
            finally:
                fixture.remove(copy)
    tally.finish()


main()
