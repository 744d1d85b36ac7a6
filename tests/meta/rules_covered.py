#!/usr/bin/env python3
"""rules_covered.py CRTLINT: every rule has a fixture in which it fires and one in which it is silent, and no fixture names an unknown rule."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402
import fixture  # noqa: E402

ELSEWHERE = {
    'file-changed': 'needs a writer that races with the reader; tests/unit has it',
}


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: rules_covered.py CRTLINT')
    tally = crtlint.Tally()
    status, out, err = crtlint.run(sys.argv[1], 'rules')
    rows = [line.split('\t') for line in out.splitlines()]
    rules = [row[0] for row in rows]
    tally.check(status == 0 and rules, 'crtlint rules: exit status', '%d, %s' % (status, err))
    tally.check(all(len(row) >= 3 for row in rows), 'crtlint rules: id, level and title, separated by tabs', [row for row in rows if len(row) < 3][:3])
    tally.check(len(set(rules)) == len(rules), 'crtlint rules: each id once')
    cases = fixture.names()
    fired = {}
    for case in cases:
        for line in fixture.lines(case, 'expected.findings'):
            fired.setdefault(line.split(' ')[1], set()).add(case)
    for rule in rules:
        if rule not in ELSEWHERE:
            tally.check(fired.get(rule), rule + ': fires in no fixture')
        tally.check(len(fired.get(rule, ())) < len(cases), rule + ': silent in no fixture')
    for rule in sorted(set(fired) - set(rules)):
        tally.check(False, rule + ': expected by a fixture, but no such rule', sorted(fired[rule]))
    for rule in sorted(set(ELSEWHERE) & set(fired)):
        tally.check(False, rule + ': has a fixture now, take it off the list of exceptions')
    tally.finish()


main()
