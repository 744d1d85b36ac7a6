#!/bin/sh
# sizes.sh: no source or header file above 400 lines; prints the median. Tables of test data (data_*.h) hold no code and do not count.
set -eu
cd "$(dirname "$0")/../.."
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find src include tests \( -name '*.c' -o -name '*.h' \) ! -name 'data_*.h' -exec wc -l {} + | awk '$2 != "total" {print $1, $2}' | sort -n >"$list"
awk '
	{ lines[NR] = $1 }
	$1 > 400 { print "FAILED " $2 ": " $1 " lines"; bad++ }
	END {
		printf "%d files, median %d lines, longest %d\n", NR, lines[int((NR + 1) / 2)], lines[NR]
		printf "%d passed, %d failed\n", NR - bad, bad
		exit bad || !NR
	}' "$list"
