#!/usr/bin/env python3
"""count.py (testlog.json | NAME:PASSED:FAILED)...: one line for all, `N passed, N failed`, counting what each test counted itself."""
import json
import os
import re
import sys

OURS = re.compile(r'^(?:.*: )?(\d+) passed, (\d+) failed', re.MULTILINE)
LIBCHECK = re.compile(r'^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)', re.MULTILINE)


def counted(text, good):
    """(passed, failed) of one program: its own last count where it has one."""
    passed = failed = 0
    ours, check = OURS.findall(text), LIBCHECK.findall(text)
    if ours:
        passed, failed = map(int, ours[-1])
    elif check:
        for checks, failures, errors in check:
            passed += int(checks) - int(failures) - int(errors)
            failed += int(failures) + int(errors)
    elif good:
        passed = 1
    if not good and not failed:
        failed = 1
    return passed, failed


def main():
    passed = failed = 0
    for word in sys.argv[1:]:
        if not word.endswith('.json'):
            name, good, bad = word.rsplit(':', 2)
            passed, failed = passed + int(good), failed + int(bad)
            continue
        if not os.path.exists(word):
            print('FAILED %s: no test was run' % word)
            failed += 1
            continue
        with open(word, encoding='utf-8', errors='replace') as log:
            for line in log:
                test = json.loads(line)
                if test['result'] == 'SKIP':
                    reason = (test.get('stdout') or '').strip().splitlines()
                    print('SKIPPED %s: %s' % (test['name'], reason[-1] if reason else ''))
                    continue
                good = test['result'] in ('OK', 'EXPECTEDFAIL')
                if not good:
                    print('FAILED %s (%s)' % (test['name'], test['result']))
                more = counted(test.get('stdout') or '', good)
                passed, failed = passed + more[0], failed + more[1]
    print('%d passed, %d failed' % (passed, failed))
    sys.exit(1 if failed or not passed else 0)


main()
