#!/bin/sh
# run.sh CRTLINT [OPTIONS OF main.go]: builds the comparison with real OpenSSL and gRPC core and runs it.
set -eu
binary=$(realpath "$1")
shift
skip()
{
	echo "skipped: $1"
	exit 77
}
command -v go >/dev/null 2>&1 || skip 'no Go here (Debian: golang-go)'
python=
for candidate in /usr/bin/python3 python3; do
	"$candidate" -c 'import grpc' >/dev/null 2>&1 && python=$candidate && break
done
[ -n "$python" ] || skip 'no gRPC core here (Debian: python3-grpcio)'
scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch" && rm -rf "$scratch"' EXIT
here=$(cd "$(dirname "$0")" && pwd)
"${CC:-cc}" -o "$scratch/shake" "$here/shake.c" -lssl -lcrypto 2>"$scratch/errors" || skip 'shake.c does not build here (Debian: libssl-dev)'
"${CC:-cc}" -o "$scratch/shake_gnutls" "$here/shake_gnutls.c" -lgnutls 2>"$scratch/errors" || skip 'shake_gnutls.c does not build here (Debian: libgnutls28-dev)'
mkdir "$scratch/source"
# The certificates, the plan of a directory and most faults are those of the comparison with Go.
cp "$here"/../go/go.mod "$here"/../go/issue.go "$here"/../go/build.go "$here"/../go/faults.go "$here"/*.go "$scratch/source"
cd "$scratch/source"
GOCACHE=${GOCACHE:-$scratch/cache} GOPATH=$scratch/path GOFLAGS=-mod=mod GOTOOLCHAIN=local go build -o "$scratch/reality" .
"$scratch/reality" -bin "$binary" -python "$python" -peer "$here/peer.py" -openssl "$scratch/shake" -gnutls "$scratch/shake_gnutls" -profile "$here/plain.yaml" -psql-profile "$here/psql.yaml" "$@"
