#!/bin/sh
# Validates the JSON report against its schema and the JUnit report against JUnit schemas.
# usage: report_schema.sh CRTLINT DIR JSON-SCHEMA [JUNIT-SCHEMA]...
# Exit status: 0 all that could be checked is valid, 1 something is not, 77 nothing could be checked.
set -u

if [ $# -lt 3 ]; then
	echo "usage: $0 CRTLINT DIR JSON-SCHEMA [JUNIT-SCHEMA]..." >&2
	exit 2
fi
crtlint=$1 dir=$2 json_schema=$3
shift 3
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
checked=0 failed=0

# Findings are no failure here, only crtlint's own are.
"$crtlint" check --host db1.example.com --at 2026-11-20T22:30:00Z --format "json:$out/report.json" \
	--format "junit:$out/report.xml" "$dir"
status=$?
if [ "$status" -gt 1 ]; then
	echo "crtlint check $dir: exit status $status" >&2
	exit 1
fi

if ! python3 -c 'import jsonschema' 2>/dev/null; then
	echo "skipped: python3 has no jsonschema"
else
	checked=1
	python3 - "$out/report.json" "$json_schema" <<'PYTHON' || failed=1
import json, sys
import jsonschema

with open(sys.argv[1], encoding="utf-8") as f:
    report = json.load(f)
with open(sys.argv[2], encoding="utf-8") as f:
    schema = json.load(f)
checker = jsonschema.validators.validator_for(schema)
checker.check_schema(schema)
errors = list(checker(schema).iter_errors(report))
for e in errors[:20]:
    print("/".join(map(str, e.absolute_path)) + ": " + e.message)
sys.exit(1 if errors else 0)
PYTHON
fi

if ! command -v xmllint >/dev/null 2>&1; then
	echo "skipped: xmllint is not installed"
else
	checked=1
	xmllint --noout "$out/report.xml" || failed=1
	for schema in "$@"; do
		if [ ! -r "$schema" ]; then
			echo "skipped: $schema is not there"
			continue
		fi
		xmllint --noout --schema "$schema" "$out/report.xml" || failed=1
	done
fi

[ "$failed" -eq 0 ] || exit 1
[ "$checked" -eq 1 ] || exit 77
