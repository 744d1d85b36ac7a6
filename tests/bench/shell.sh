#!/bin/sh
# shell.sh: the job by hand, for each directory named on standard input: does each leaf's signature lead to the CA, and does each key
# belong to its certificate? Prints how many directories are sound.
sound=0 all=0
while read -r dir; do
	all=$((all + 1)) good=1
	for crt in "$dir"/node.crt "$dir"/client.*.crt; do
		openssl verify -CAfile "$dir/ca.crt" "$crt" >/dev/null 2>&1 || good=0
		[ "$(openssl x509 -in "$crt" -noout -pubkey)" = "$(openssl pkey -in "${crt%.crt}.key" -pubout 2>/dev/null)" ] || good=0
	done
	sound=$((sound + good))
done
echo "$sound of $all"
[ "$sound" -eq "$all" ]
