"""Runs crtlint for a test and counts: one line for each failure, `N passed, N failed` at the end."""
import json
import os
import subprocess
import sys

NOW = '2026-11-20T22:10:00Z'


def environment():
    env = {k: v for k, v in os.environ.items() if not k.startswith(('NO_COLOR', 'COLUMNS', 'CLICOLOR'))}
    env['LC_ALL'] = 'C.UTF-8'
    return env


def run(binary, *args, cwd=None, timeout=60):
    """(exit status, standard output, standard error), texts."""
    done = subprocess.run([os.path.abspath(binary), *args], capture_output=True, cwd=cwd, timeout=timeout, env=environment(),
                          stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout.decode('utf-8', 'backslashreplace'), done.stderr.decode('utf-8', 'backslashreplace')


class Broken(Exception):
    """crtlint did not answer with a report."""


def check(binary, *args, cwd=None):
    """(exit status, the report's JSON)."""
    status, out, err = run(binary, 'check', '--format', 'json', *args, cwd=cwd)
    try:
        return status, json.loads(out)
    except ValueError:
        raise Broken('exit status %d, no JSON; standard error: %s' % (status, err.strip()[:2000])) from None


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what, detail=''):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print('FAILED %s' % what + ('\n    ' + str(detail).replace('\n', '\n    ') if detail != '' else ''))
        return good

    def finish(self):
        print('%d passed, %d failed' % (self.passed, self.failed))
        sys.exit(1 if self.failed or not self.passed else 0)


def skip(reason):
    print('skipped: %s' % reason)
    sys.exit(77)


def brief(finding):
    return '%s %s %s' % (finding['severity'], finding['rule'], finding['file'] or '.')


def complaints(directory, levels=('error',)):
    """What went wrong in one directory of a report, for a failure's text."""
    lines = ['%s: %s' % (brief(f), f['message']) for f in directory['findings'] if f['severity'] in levels]
    if not directory['start']['ok']:
        lines.append('start: %s' % directory['start']['error'])
    lines += ['%s: %s' % (c['id'], c['error']) for c in directory['connections'] if not c['ok']]
    return '\n'.join(lines)
