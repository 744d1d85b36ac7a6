#!/bin/sh
# products.sh: no product's name in the C sources outside of comments; what a product does is said in rules/*.yaml.
set -eu
cd "$(dirname "$0")/../.."
find src include \( -name '*.c' -o -name '*.h' \) | sort | xargs awk '
FNR == 1 { comment = 0; quote = ""; files++ }
{
	code = ""
	for (i = 1; i <= length($0); i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (comment) {
			if (two == "*/") {
				comment = 0
				i++
			}
		} else if (quote != "") {
			code = code c
			if (c == "\\")
				code = code substr($0, ++i, 1)
			else if (c == quote)
				quote = ""
		} else if (two == "/*") {
			comment = 1
			i++
		} else if (two == "//")
			break
		else {
			if (c == "\"" || c == "\047")
				quote = c
			code = code c
		}
	}
	if (tolower(code) ~ /cockroach|crdb|tidb|tikv|ticdc|tiflash|tiproxy|tiup|pingcap|postgres|pgsql|mysql|mariadb|etcd|kafka|mongo|yugabyte|scylla|elastic|consul|nomad|kubeadm/) {
		print "FAILED " FILENAME ":" FNR ": " $0
		failed++
	}
}
END {
	printf "%d passed, %d failed\n", files - (failed > files ? files : failed), failed
	exit failed || !files
}'
