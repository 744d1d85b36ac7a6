#!/usr/bin/env python3
"""Compares crtlint's Go stack with Go itself on NIST's Public Key Interoperability Test Suite.

usage: pkits-check.py DRIVER DIRECTORY

DRIVER is the compiled limbo_driver.c, DIRECTORY holds vectors.json and certs. What decides is Go, not the suite: Go knows no
revocation and, up to 1.24, no policies. Exit status 77: no corpus or no Go, nothing was checked.
"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile

WHEN = 1767225600  # 2026-01-01, within the suite's dates


def der(directory, name):
    with open(os.path.join(directory, "certs", name), "rb") as f:
        return f.read()


def pem(ders):
    blocks = []
    for d in ders:
        text = base64.b64encode(d).decode()
        lines = [text[i:i + 64] for i in range(0, len(text), 64)]
        blocks.append("|".join(["-----BEGIN CERTIFICATE-----"] + lines + ["-----END CERTIFICATE-----", ""]))
    return "".join(blocks)


def answers(command, questions, env=None):
    out = subprocess.run(command, input="\n".join(questions) + "\n", capture_output=True, text=True, check=True, env=env).stdout
    return [line.split("\t") for line in out.splitlines()]


def release(go):
    version = re.search(r"go1\.(\d+)(?:\.(\d+))?", subprocess.run([go, "version"], capture_output=True, text=True, check=True).stdout)
    return int(version.group(1)) * 100 + int(version.group(2) or 0)


def main():
    driver, directory = os.path.abspath(sys.argv[1]), sys.argv[2]
    if not os.path.exists(os.path.join(directory, "vectors.json")):
        print("skipped: the suite is not here")
        return 77
    try:
        version = release("go")
    except (OSError, subprocess.CalledProcessError):
        print("skipped: no Go here (Debian: golang-go)")
        return 77
    with open(os.path.join(directory, "vectors.json")) as f:
        vectors = json.load(f)
    ours, theirs = [], []
    for number, v in enumerate(vectors):
        root, *intermediates, leaf = (der(directory, name) for name in v["CertPath"])
        intermediates.reverse()
        ours.append("\t".join([str(number), "go", str(version), str(WHEN), "server", "-", pem([root]), pem(intermediates), pem([leaf])]))
        encode = [base64.b64encode(d).decode() for d in [leaf, *intermediates, root]]
        theirs.append("\t".join([str(number), str(WHEN), encode[0], "/", *encode[1:-1], "/", encode[-1]]))
    with tempfile.TemporaryDirectory() as scratch:
        env = dict(os.environ, GOFLAGS="-mod=mod", GOTOOLCHAIN="local", GO111MODULE="off")
        env.setdefault("GOCACHE", os.path.join(scratch, "cache"))
        program = os.path.join(scratch, "pkits")
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pkits.go")
        subprocess.run(["go", "build", "-o", program, source], check=True, env=env)
        real = answers([program], theirs)
    said = answers([driver], ours)
    if not len(real) == len(said) == len(vectors):
        print("FAILED: %d questions, %d answers of Go, %d of crtlint" % (len(vectors), len(real), len(said)))
        return 1
    failed = as_the_suite = 0
    for v, go, we in zip(vectors, real, said):
        text = re.sub(r"^tls: failed to verify certificate: ", "", we[2].split(" | ")[0])
        as_the_suite += (go[1] == "") == v["ShouldValidate"]
        if (we[1] == "SUCCESS") != (go[1] == "") or (go[1] and text != go[1]):
            failed += 1
            print("FAILED %s\n    Go       %s\n    crtlint  %s %s" % (v["Name"], go[1] or "accepts", we[1], text))
    print("Go decides as the suite wants in %d of %d" % (as_the_suite, len(vectors)))
    print("%d passed, %d failed" % (len(vectors) - failed, failed))
    return 1 if failed else 0


sys.exit(main())
