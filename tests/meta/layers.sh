#!/bin/sh
# layers.sh [ARCHIVE-OF-THE-CHECKS]: the sources include what docs/layers.md allows, and the checks ask nothing of the system.
set -eu
archive=${1:+$(realpath "$1")}
cd "$(dirname "$0")/../.."

find src include \( -name '*.c' -o -name '*.h' \) | sort | xargs grep -nH '^[[:space:]]*#[[:space:]]*include' | awk -v law=docs/layers.md '
function allow(room, kind, cell,    n, words, i, name, only) {
	gsub(/BASE/, base, cell)
	n = split(cell, words, " ")
	for (i = 1; i <= n; i++) {
		name = words[i]
		only = ""
		if (match(name, /\(.*\)$/)) {
			only = substr(name, RSTART + 1, RLENGTH - 2)
			name = substr(name, 1, RSTART - 1)
		}
		allowed[room, kind, name] = only == "" ? "*" : allowed[room, kind, name] "," only ","
	}
}
function may(room, kind, name, file,    who) {
	who = allowed[room, kind, name]
	return who == "*" || index(who, "," file ",") > 0
}
function exists(path,    line, there) {
	there = (getline line < path) >= 0
	close(path)
	return there
}
function fail(why) {
	print "FAILED " $1 ":" $2 ": " why
	failed++
}
BEGIN {
	FS = "|"
	base = "arena slice text error version when limits"
	while ((getline < law) > 0)
		if ($0 ~ /^\| [a-z]+ \|/ && NF == 6) {
			gsub(/ /, "", $2)
			if ($2 == "room")
				continue
			rooms[$2] = 1
			count++
			allow($2, "header", $3)
			allow($2, "library", $4)
			allow($2, "system", $5)
		}
	if (count < 8) {
		print "FAILED " law ": the table was not found"
		failed++
	}
	allow("include", "header", base)
	n = split("assert ctype errno fnmatch inttypes limits stdalign stdarg stdbool stddef stdint stdio stdlib stdnoreturn string strings wchar", c, " ")
	for (i = 1; i <= n; i++)
		free[c[i] ".h"] = 1
	FS = ":"
}
{
	parts = split($1, path, "/")
	file = path[parts]
	room = path[1] == "include" ? "include" : path[2]
	if (!match($0, /[<"][^>"]*[>"]/)) {
		fail("not understood")
		next
	}
	kind = substr($0, RSTART, 1)
	name = substr($0, RSTART + 1, RLENGTH - 2)
	total++
	if (room == "include") {
		self = file
		sub(/\.h$/, "", self)
		if (name ~ /^crtlint\//) {
			sub(/^crtlint\//, "", name)
			sub(/\.h$/, "", name)
			edge[self] = edge[self] " " name
			if (index(" " base " ", " " self " ") && !may("include", "header", name, file))
				fail("a base header includes " name ".h")
		} else if (kind == "<" && !(name in free))
			fail("an interface includes <" name ">")
	} else if (!(room in rooms))
		fail("docs/layers.md does not know the room " room)
	else if (name ~ /^crtlint\//) {
		sub(/^crtlint\//, "", name)
		sub(/\.h$/, "", name)
		if (!may(room, "header", "all", file) && !may(room, "header", name, file))
			fail(room " must not include crtlint/" name ".h")
	} else if (name ~ /^(gnutls\/|nettle\/|gmp\.h|yaml\.h|jansson\.h|archive\.h|archive_entry\.h|zlib\.h)/) {
		sub(/[\/.].*/, "", name)
		if (!may(room, "library", name, file))
			fail(room "/" file " must not know " name)
	} else if (kind == "<") {
		if (!(name in free) && !may(room, "system", name, file))
			fail(room "/" file " must not include <" name ">")
	} else if (name == "messages.def") {
		if (room != "rule")
			fail("messages.def is included here")
	} else if (name == "rules.def") {
		if (room != "rule" && room != "checks")
			fail("rules.def is included here")
	} else if (name ~ /^\.\.\/[a-z]+\/[a-z]+\.h$/) {
		if (!exists("src/" room "/" name) || !may(room, "header", substr(name, 4), file))
			fail(room " must not include " name)
	} else if (name ~ /\// || !exists("src/" room "/" name))
		fail("\"" name "\" is not of this room")
}
function leads(from, to, depth,    n, next_, i) { # some way of includes leads from one header to the other
	if (depth > 30)
		return 0
	n = split(edge[from], next_, " ")
	for (i = 1; i <= n; i++)
		if (next_[i] == to || leads(next_[i], to, depth + 1))
			return 1
	return 0
}
END {
	for (h in edge)
		if (leads(h, h, 0)) {
			print "FAILED include/crtlint/" h ".h leads back to itself"
			failed++
		}
	printf "includes: %d passed, %d failed\n", total - failed, failed
	exit failed || !total
}' && includes=0 || includes=1

symbols=0
if [ -n "$archive" ]; then
	# What a check could use to reach files, the clock, the environment, the terminal, other processes, or memory of its own.
	asked=$(nm -u "$archive" | awk '{print $NF}' | sed 's/^__\(.*\)_chk$/\1/; s/@.*//' | sort -u |
		grep -xE 'f?open(64|at|at64|dir)?|fdopen|freopen|creat|p?read(v|dir|link|64)?|f?write|f?stat(at|64|x)?|lstat|access|getline|fgets|fread|fscanf|scanf|getdents(64)?|time|clock|clock_gettime|gettimeofday|localtime(_r)?|(secure_)?getenv|[vd]?printf|v?fprintf|puts|putchar|fputs|fputc|perror|malloc|calloc|realloc|reallocarray|free|strn?dup|v?asprintf|get(e?[ug]id|pid|cwd)|system|popen|fork|exec[lv].*|socket|connect|exit|_exit|abort|gnutls_.*|yaml_.*|json_.*' || true)
	if [ -n "$asked" ]; then
		echo "FAILED the checks ask for: $asked"
		symbols=1
	fi
fi
[ "$includes" -eq 0 ] && [ "$symbols" -eq 0 ]
