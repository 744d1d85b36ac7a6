#!/usr/bin/env python3
"""Compares crtlint's verifier with recorded results of the x509-limbo corpus.

usage: limbo-check.py DRIVER LIMBO.json.xz RESULTS.tsv.xz [STACK:COLUMN:GO[:SHARE] ...]

DRIVER is the compiled limbo_driver.c. RESULTS holds one column per library, SUCCESS, FAILURE or SKIPPED. The default is
go:go-1.19:1908. Exit status 0: all agree but the known ones, or at least SHARE percent; 77: the corpus is not there, nothing was checked.
"""
import calendar
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

# Cases known to be answered otherwise, with the reason.
KNOWN = {
    "rfc5280::validity::notafter-fractional": "asks for a fraction of a second",
    "webpki::forbidden-dsa-leaf": "recorded without the handshake, which refuses a DSA key after the chain is found good",
}


def seconds(case):
    text = case["validation_time"]
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()) if text else WHEN


def host(case):
    name = case["expected_peer_name"]
    if not name or not name["value"]:
        return "-"
    if name["kind"] == "IP":
        return "[%s]" % ipaddress.ip_address(name["value"])
    return name["value"]


def pem(texts):
    return "|".join(t.replace("\r", "").replace("\n", "|") for t in texts)


def question(case, stack, go):
    usages = case["extended_key_usage"] or ["serverAuth"]
    return "\t".join([
        case["id"], stack, go, str(seconds(case)), "client" if usages == ["clientAuth"] else "server", host(case),
        pem(case["trusted_certs"]), pem(case["untrusted_intermediates"]), pem([case["peer_certificate"]])])


def trailing(case):
    return case["peer_certificate"].split("-----END CERTIFICATE-----", 1)[-1] not in ("", "\n")


def compare(driver, cases, recorded, stack, column, go, share=100):
    asked = {c["id"]: c for c in cases if recorded[c["id"]][column] != "SKIPPED"}
    out = subprocess.run([driver], input="\n".join(question(c, stack, go) for c in asked.values()) + "\n",
                         capture_output=True, text=True, check=False)
    if out.returncode or out.stderr:
        sys.exit("%s: status %d\n%s" % (driver, out.returncode, out.stderr[:4000]))
    answers = {f[0]: f for f in (line.split("\t", 2) for line in out.stdout.splitlines())}
    agree = unjudged = known = 0
    for name, case in asked.items():
        verdict, error = answers[name][1:] if name in answers else ("NONE", "no answer")
        if stack == "go" and trailing(case):
            verdict = "FAILURE"
        if verdict == "UNJUDGED":
            unjudged += 1
        elif verdict == recorded[name][column]:
            agree += 1
        elif name in KNOWN:
            known += 1
        else:
            print("%s: %s: recorded %s, here %s (%s)" % (column, name, recorded[name][column], verdict, error))
    judged = len(asked) - unjudged
    print("%s: %d of %d agree, %d known to differ, %d not judged" % (column, agree, judged, known, unjudged))
    return agree + known >= judged * float(share) / 100


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    driver, corpus, results = sys.argv[1:4]
    for path in (corpus, results):
        if not os.path.exists(path):
            print("%s is not there: nothing checked" % path)
            sys.exit(77)
    with lzma.open(corpus, "rt") as f:
        cases = json.load(f)["testcases"]
    with lzma.open(results, "rt") as f:
        recorded = {row["id"]: row for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}
    cases = [c for c in cases if c["id"] in recorded]
    good = [compare(driver, cases, recorded, *spec.split(":")) for spec in sys.argv[4:] or ["go:go-1.19:1908"]]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
