#!/usr/bin/env python3
"""trace.py CRTLINT: over all fixtures, a trace of every connection changes nothing else in the report, and tells the error of each that fails."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402
import fixture  # noqa: E402

MOST = 200  # connections of one fixture


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: trace.py CRTLINT')
    binary, tally, steps = sys.argv[1], crtlint.Tally(), 0
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as scratch:
        for case in filter(fixture.alone, fixture.names()):
            copy = fixture.prepare(case, scratch)
            try:
                _, plain = crtlint.check(binary, *fixture.arguments(case), 'certs', cwd=copy)
                ids = [c['id'] for c in plain['directories'][0]['connections']][:MOST]
                wanted = [a for i in ids for a in ('--trace', i)]
                _, traced = crtlint.check(binary, *fixture.arguments(case), *wanted, 'certs', cwd=copy)
            except crtlint.Broken as trouble:
                tally.check(False, case, trouble)
                continue
            finally:
                fixture.remove(copy)
            for connection in traced['directories'][0]['connections'][:MOST]:
                trace = connection.pop('trace', [])
                steps += len(trace)
                what = '%s: trace of %s' % (case, connection['id'])
                tally.check(trace, what + ' is there')
                refused = [s['why'] for s in trace if s['verdict'] == 'refused']
                if connection['judged'] and not connection['ok']:
                    tally.check(connection['error'] in refused, what + ' tells the error', '%s\n%s' % (connection['error'], refused))
                deep = [s['depth'] for s in trace]
                tally.check(not deep or (deep[0] == 0 and all(b <= a + 1 for a, b in zip(deep, deep[1:]))), what + ' is a tree', deep)
            tally.check(traced == plain, case + ': the rest of the report is the same')
    print('%d steps' % steps)
    tally.finish()


main()
