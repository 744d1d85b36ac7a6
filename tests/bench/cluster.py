#!/usr/bin/env python3
"""cluster.py CRTLINT [NODES [CLIENTS [STALE]]]: time, memory and connections of a cluster check, of certificates made on the spot (200 nodes and
20 clients; STALE of the nodes have an old CA). Prints one line a run; the best of three counts."""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import pki  # noqa: E402


def put(folder, name, data):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), 'wb', opener=lambda p, f: os.open(p, f, 0o600)) as out:
        out.write(data)


def member(folder, trust, name, cert):
    put(folder, 'ca.crt', trust)
    put(folder, name + '.crt', cert.pem)
    put(folder, name + '.key', cert.key.pem)


def main():
    if len(sys.argv) < 2:
        sys.exit('usage: cluster.py CRTLINT [NODES [CLIENTS [STALE]]]')
    binary = os.path.abspath(sys.argv[1])
    nodes, clients, stale = (int(sys.argv[i]) if len(sys.argv) > i else n for i, n in ((2, 200), (3, 20), (4, 0)))
    with tempfile.TemporaryDirectory() as scratch:
        ca, old = pki.authority(), pki.authority(start='2025-01-01')
        words = []
        for i in range(nodes):
            host = 'n%d.example.com' % i
            member(os.path.join(scratch, 'n%d' % i), (old if i < stale else ca).pem, 'node',
                   pki.leaf('O=Cockroach, CN=node', ca, ['DNS:' + host, 'DNS:localhost', 'IP:127.0.0.1'], serial=1000 + i))
            words.append('n%d=n%d@%s' % (i, i, host))
        for i in range(clients):
            member(os.path.join(scratch, 'c%d' % i), ca.pem, 'client.root',
                   pki.leaf('O=Cockroach, CN=root', ca, (), ('client',), serial=9000 + i))
            words.append('c%d' % i)
        best = None
        for _ in range(3):
            out = os.path.join(scratch, 'report.json')
            start = time.monotonic()
            subprocess.run([binary, 'check', '--at', '2026-11-20T22:10:00Z', '--cluster', '--format', 'json:' + out, '--format', 'text', *words],
                           cwd=scratch, stdout=subprocess.DEVNULL, check=False)
            took = time.monotonic() - start
            best = took if best is None else min(best, took)
        with open(out, encoding='utf-8') as text:
            cluster = json.load(text)['clusters'][0]
        print('%d nodes, %d clients: %d connections, %d fail, %d findings; %.2f s, %d MiB at most; signatures: %d computed' % (
            nodes, clients, cluster['connections_judged'], cluster['connections_failed'], len(cluster['findings']), best,
            resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, cluster['signatures_computed']))


main()
