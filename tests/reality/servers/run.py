#!/usr/bin/env python3
"""run.py CRTLINT SERVER [--all] [CASE...]: starts the real server on directories, good and faulty, lets a real client dial it, and
compares with what crtlint said: whether it starts, whether the client gets in, and that the real messages contain ours.

Without --all only a few of the cases. 77 where the server is not installed. Nothing listens but on loopback.
"""
import importlib
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import server  # noqa: E402
from server import crtlint  # noqa: E402


def main():
    binary, name, *rest = sys.argv[1:]
    whole = '--all' in rest
    wanted = [a for a in rest if a != '--all']
    module = importlib.import_module(name)
    reason = module.available()
    if reason:
        crtlint.skip(reason)
    user, tally = server.User(), crtlint.Tally()
    if user.root and not shutil.which('setpriv'):
        crtlint.skip('setpriv is needed to run servers as an ordinary user (Debian: util-linux)')
    scratch = server.scratch_for(user)
    count = 0
    try:
        real = module.Server(scratch, user)
        for case in module.cases(user):
            if wanted and case.name not in wanted or not wanted and not whole and not case.few:
                continue
            count += 1
            server.compare(binary, tally, module, real, case, os.path.join(scratch, 'case'), user)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print('%d directories' % count)
    tally.finish()


main()
