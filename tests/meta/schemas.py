#!/usr/bin/env python3
"""schemas.py CRTLINT [DIR]: the JSON of every fixture against docs/report.schema.json (needs python3-jsonschema), and its JUnit against
every *.xsd in DIR (needs xmllint)."""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import crtlint  # noqa: E402
import fixture  # noqa: E402

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs', 'report.schema.json')


def validator():
    try:
        import jsonschema
    except ImportError:
        return None
    if not os.path.exists(SCHEMA):
        return None
    with open(SCHEMA, encoding='utf-8') as text:
        schema = json.load(text)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit('usage: schemas.py CRTLINT [DIR]')
    binary, tally = sys.argv[1], crtlint.Tally()
    by_schema = validator()
    xsds = sorted(glob.glob(os.path.join(sys.argv[2], '*.xsd'))) if len(sys.argv) > 2 and shutil.which('xmllint') else []
    if not by_schema and not xsds:
        crtlint.skip('neither python3-jsonschema with docs/report.schema.json nor xmllint with schemas')
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as scratch:
        written = []
        for case in fixture.names():
            copy = fixture.prepare(case, scratch)
            junit = os.path.join(scratch, case + '.xml')
            try:
                _, report = crtlint.check(binary, *fixture.arguments(case), '--format', 'junit:' + junit, *fixture.paths(case), cwd=copy)
                written.append(junit)
                connections = report['directories'][0]['connections']
                if connections and fixture.alone(case): # once more, with what was tried for the last of them
                    _, report = crtlint.check(binary, *fixture.arguments(case), '--trace', connections[-1]['id'], 'certs', cwd=copy)
                if by_schema:
                    errors = ['%s: %s' % ('/'.join(map(str, e.absolute_path)), e.message[:300]) for e in by_schema.iter_errors(report)]
                    tally.check(not errors, case + ': JSON', '\n'.join(errors[:5]))
            except crtlint.Broken as trouble:
                tally.check(False, case, trouble)
            finally:
                fixture.remove(copy)
        for xsd in xsds:
            done = subprocess.run(['xmllint', '--noout', '--schema', xsd, *written], capture_output=True, check=False)
            says = done.stderr.decode(errors='replace')
            for path in written:
                tally.check(path + ' validates' in says, '%s: JUnit, %s' % (os.path.basename(path)[:-4], os.path.basename(xsd)),
                            '\n'.join([line for line in says.splitlines() if path in line][:5]))
    if not by_schema:
        print('the JSON was not validated: python3-jsonschema or docs/report.schema.json is missing')
    tally.finish()


main()
