#!/bin/sh
# headers.sh [CC]: each header of include/crtlint compiles alone, twice in one file, and without a warning.
set -u
cd "$(dirname "$0")/../.." || exit 1
cc=${1:-${CC:-cc}}
passed=0 failed=0
for header in include/crtlint/*.h; do
	name=crtlint/${header##*/}
	if printf '#include "%s"\n#include "%s"\n' "$name" "$name" |
		$cc -std=c11 -Iinclude -Irules -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c -; then
		passed=$((passed + 1))
	else
		echo "FAILED $header"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
