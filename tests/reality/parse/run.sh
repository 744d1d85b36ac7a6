#!/bin/sh
# run.sh PROGRAM.go ARGUMENT...: builds one of the comparisons with Go's own parsers and runs it.
set -eu
program=$1
shift
if ! command -v go >/dev/null 2>&1; then
	echo 'skipped: no Go here (Debian: golang-go)'
	exit 77
fi
case $(go version) in
*go1.19*) ;;
*)
	echo "skipped: the comparison is with Go 1.19, here is $(go version)"
	exit 77
	;;
esac
scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch" && rm -rf "$scratch"' EXIT
GO111MODULE=off GOCACHE=${GOCACHE:-$scratch/cache} GOPATH=$scratch/path GOTOOLCHAIN=local go build -o "$scratch/compare" "$program"
"$scratch/compare" "$@"
