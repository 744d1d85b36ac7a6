#!/bin/sh
# format.sh: clang-format (14, Debian 12's) leaves every .c file as it is. Headers keep their tables of comments and are not asked.
set -eu
cd "$(dirname "$0")/../.."
command -v clang-format >/dev/null 2>&1 || { echo 'skipped: no clang-format here'; exit 77; }
case $(clang-format --version) in
*version\ 14.*) ;;
*)
	echo "skipped: the format is that of version 14, here is $(clang-format --version)"
	exit 77
	;;
esac
passed=0 failed=0
for file in src/*/*.c tests/unit/*.c tests/fuzz/*.c; do
	if clang-format "$file" | cmp -s - "$file"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $file: run clang-format -i on it"
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
