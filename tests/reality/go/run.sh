#!/bin/sh
# run.sh CRTLINT [OPTIONS OF main.go]: builds the comparison with real Go and runs it.
set -eu
binary=$(realpath "$1")
shift
if ! command -v go >/dev/null 2>&1; then
	echo 'skipped: no Go here (Debian: golang-go)'
	exit 77
fi
scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch" && rm -rf "$scratch"' EXIT
cd "$(dirname "$0")"
GOCACHE=${GOCACHE:-$scratch/cache} GOPATH=$scratch/path GOFLAGS=-mod=mod GOTOOLCHAIN=local go build -o "$scratch/reality" .
"$scratch/reality" -bin "$binary" "$@"
