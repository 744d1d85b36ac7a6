#!/usr/bin/env python3
"""Compares crtlint's verifier with recorded results of the x509-limbo corpus, and with the libraries that are here.

usage: limbo-check.py DRIVER REAL LIMBO.json.xz RESULTS.tsv.xz STACK:COLUMN:GO ...

DRIVER is the compiled limbo_driver.c, REAL the compiled limbo_real.c, or "-" where a library to build it with is missing. RESULTS holds one
column per library, SUCCESS, FAILURE or SKIPPED. Go's column must be ours on every case. Those of OpenSSL and GnuTLS were recorded by asking
otherwise than a TLS end asks (limbo_real.c says how), so there the same library, asked as a TLS end asks, must answer every case as we do;
and where the column differs from us, the library asked as for the recording must answer as recorded: then it is the question that differs.
Exit status 0: so it is; 77: the corpus is not there, nothing was checked.
"""
import calendar
import collections
import csv
import datetime
import ipaddress
import json
import lzma
import os
import subprocess
import sys

# The cases without a validation time were recorded at this moment.
WHEN = calendar.timegm((2026, 11, 20, 22, 0, 0))


def seconds(case):
    """Since 1970, with the part of a second that some cases have, as a text."""
    text = case["validation_time"]
    if not text:
        return str(WHEN)
    when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return "%d%s" % (calendar.timegm(when.utctimetuple()), ".%06d" % when.microsecond if when.microsecond else "")


def host(case):
    name = case["expected_peer_name"]
    if not name or not name["value"]:
        return "-"
    if name["kind"] == "IP":
        return "[%s]" % ipaddress.ip_address(name["value"])
    return name["value"]


def pem(texts):
    return "|".join(t.replace("\r", "").replace("\n", "|") for t in texts)


def question(case, stack, go, *more):
    usages = case["extended_key_usage"] or ["serverAuth"]
    return "\t".join([
        case["id"], *more, stack, go, seconds(case), "client" if usages == ["clientAuth"] else "server", host(case),
        pem(case["trusted_certs"]), pem(case["untrusted_intermediates"]), pem([case["peer_certificate"]])])


def real_question(case, stack, how):
    depth = "-" if case["max_chain_depth"] is None else str(case["max_chain_depth"])
    return question(case, stack, "0", how, depth, "yes" if case["extended_key_usage"] else "-", pem(case["crls"]) or "-")


def answers(program, questions):
    out = subprocess.run([program], input="\n".join(questions) + "\n", capture_output=True, text=True, check=False)
    if out.returncode or out.stderr:
        sys.exit("%s: status %d\n%s" % (program, out.returncode, out.stderr[:4000]))
    return {f[0]: (f[1], f[2]) for f in (line.split("\t", 2) for line in out.stdout.splitlines())}


def trailing(case):
    """What the recording for Go refuses before it asks Go."""
    return case["peer_certificate"].split("-----END CERTIFICATE-----", 1)[-1] not in ("", "\n")


def ask(real, stack, cases):
    """What the library itself says as a TLS end, where its security levels agree, and as it was asked for the recording."""
    if real == "-" or stack == "go":
        return {}, {}
    ends = [answers(real, [real_question(c, stack, how) for c in cases]) for how in ("handshake", "handshake-2")]
    end = {i: a if a[0] == ends[1][i][0] else ("UNJUDGED", a[1]) for i, a in ends[0].items()}
    return end, answers(real, [real_question(c, stack, "recorded") for c in cases])


def compare(driver, real, cases, recorded, stack, column, go):
    cases = [c for c in cases if recorded[c["id"]][column] != "SKIPPED"]
    ours = answers(driver, [question(c, stack, go) for c in cases])
    end, again = ask(real, stack, cases)
    tally = collections.Counter()
    for case in cases:
        name, verdict = case["id"], ours.get(case["id"], ("NONE", "no answer"))
        want = recorded[name][column]
        if stack == "go" and trailing(case):
            verdict = ("FAILURE", "")
        if name in end and verdict[0] != "UNJUDGED":
            same = end[name][0] == verdict[0] or (end[name][0] == "UNJUDGED" and verdict[0] == "FAILURE")
            tally["as the library here" if same else "not as the library here"] += 1
            if not same:
                print("%s: %s: the library %s, here %s" % (stack, name, end[name], verdict))
        if verdict[0] == "UNJUDGED":
            tally["not judged"] += 1
        elif verdict[0] == want:
            tally["agree"] += 1
        elif stack != "go" and (real == "-" or again[name][0] == want):
            tally["asked otherwise"] += 1
            print("%s: %s: recorded %s (%s), here %s" % (column, name, want, again.get(name, ("", "?"))[1].strip(), verdict))
        else:
            tally["disagree"] += 1
            print("%s: %s: recorded %s, here %s" % (column, name, want, verdict))
    print("%s: %d cases: %s" % (column, len(cases), ", ".join("%d %s" % (n, what) for what, n in tally.items())))
    return tally["disagree"] + tally["not as the library here"] == 0


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    driver, real, corpus, results = sys.argv[1:5]
    for path in (corpus, results):
        if not os.path.exists(path):
            print("%s is not there: nothing checked" % path)
            sys.exit(77)
    with lzma.open(corpus, "rt") as f:
        cases = json.load(f)["testcases"]
    with lzma.open(results, "rt") as f:
        recorded = {row["id"]: row for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}
    cases = [c for c in cases if c["id"] in recorded]
    good = [compare(driver, real, cases, recorded, *spec.split(":")) for spec in sys.argv[5:]]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
