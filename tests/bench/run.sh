#!/bin/bash
# run.sh BUILD [N]: what crtlint's whole check costs beside the least that others do for N (1,000) good directories of a CA, a node and two
# clients with keys, each with a CA of its own. One run of hyperfine, ratios of CPU time; nothing here is a test that passes or fails.
# Needs hyperfine, openssl, python3 and room for 28 N small files in TMPDIR.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:?usage: run.sh BUILD [N]}" && pwd)
n=${2:-1000}
few=$((n < 20 ? n : 20)) # of the shell script, which takes a tenth of a second for each
bench=$build/tests/bench
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

for kind in rsa p256; do
	"$bench/make" "$kind" "$n" "$kind"
	find "$kind" -mindepth 1 -maxdepth 1 | sort >"$kind.list"
	head -n "$few" "$kind.list" >"$kind.few"
	"$build/crtlint" check -r -vv --format json:"$kind.json" --format text:/dev/null "$kind" 2>"$kind.count"
done
one=$(head -n 1 rsa.list)
commands=()
for kind in rsa p256; do
	commands+=(-n "$kind bare" "$bench/bare <$kind.list" -n "$kind crtlint" "$build/crtlint check -j1 -r --format json $kind"
		-n "$kind two" "$build/crtlint check -j2 -r --format json $kind" -n "$kind shell" "sh $here/shell.sh <$kind.few")
done
hyperfine --style none --warmup 1 --runs "${RUNS:-10}" --export-json times.json "${commands[@]}" >/dev/null
# Without a shell, as that takes longer than what is measured.
hyperfine -N --style none --warmup 20 --runs 200 --export-json one.json -n "one empty" "$bench/empty" \
	-n "one crtlint" "$build/crtlint check --format json $one" >/dev/null
python3 "$here/table.py" times.json one.json "$n" "$few"
cat rsa.count p256.count
