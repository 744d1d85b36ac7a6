#!/usr/bin/env python3
"""run.py CRTLINT: every row of *.tsv through crtlint explain; then every error that a fixture's report predicts is known, and one of the
rules named is that of the finding behind it; with --in, that finding is named. Every text in the sources of the stacks, and every text of a profile,
is known too."""
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
sys.path.insert(0, os.path.join(HERE, '..', 'support'))
import crtlint  # noqa: E402
import fixture  # noqa: E402

ESCAPES = (('\\\\', '\0'), ('\\n', '\n'), ('\\t', '\t'), ('\\r', '\r'), ('\\e', '\x1b'), ('\0', '\\'))


def explain(binary, message, *args, cwd=None):
    """(exit status, side, rules in order, the whole output); the message goes in by standard input."""
    done = subprocess.run([os.path.abspath(binary), 'explain', *args, '-'], input=message.encode(), capture_output=True, cwd=cwd, timeout=60,
                          env=crtlint.environment(), check=False)
    out = done.stdout.decode('utf-8', 'backslashreplace')
    side, rules, part = 'unknown', [], None
    for line in out.split('\n'):
        if not line.startswith(' '):
            part = line
        elif part == 'said by' and side == 'unknown':
            side = line.strip().split(':')[0]
        elif part and part.startswith('rules that lead to it'):
            rules.append(line.split()[0])
    return done.returncode, side, rules, out + done.stderr.decode('utf-8', 'backslashreplace')


def rows(path):
    with open(path, encoding='utf-8') as text:
        for number, line in enumerate(text, 1):
            if not line.startswith('#') and line.strip():
                side, rules, message = line.rstrip('\n').split('\t')
                for escape, byte in ESCAPES:
                    message = message.replace(escape, byte)
                yield '%s:%d' % (os.path.basename(path), number), side, rules.split(), message


def table(binary, tally):
    counts = {}
    for path in sorted(glob.glob(os.path.join(HERE, '*.tsv'))):
        for where, side, wanted, message in rows(path):
            counts[os.path.basename(path)] = counts.get(os.path.basename(path), 0) + 1
            status, said, rules, out = explain(binary, message)
            good = status == (1 if side == 'unknown' else 0) and said == side and set(wanted) <= set(rules) and (rules[:1] == wanted[:1] or 'SSL connection error' in message)
            tally.check(good, where + ': ' + message, 'expected %s %s\nfound %d %s %s\n%s' % (side, wanted, status, said, rules, out))
    print(', '.join('%s %d' % item for item in sorted(counts.items())))


def predicted(directory):
    """(text, rules of the findings behind it) of everything that a report says a log will hold."""
    rule = {f['id']: f['rule'] for f in directory['findings']}
    for outcome in [directory['start'], directory['reload'], *directory['connections']]:
        behind = [rule[i] for i in outcome['findings']]
        for text in {outcome['error'], outcome.get('client_error'), outcome.get('server_error')} - {None}:
            yield text, behind


def fixtures(binary, tally):
    seen = set()
    with tempfile.TemporaryDirectory() as scratch:
        for case in fixture.names():
            copy = fixture.prepare(case, scratch)
            if not os.path.isdir(os.path.join(copy, 'certs')):
                fixture.remove(copy)
                continue # an archive: explain --in takes directories
            _, report = crtlint.check(binary, *fixture.arguments(case), *fixture.paths(case), cwd=copy)
            for text, behind in [p for d in report['directories'] for p in predicted(d)]:
                if not behind or (text, tuple(behind)) in seen:
                    continue
                seen.add((text, tuple(behind)))
                where = ('--in', 'certs', *fixture.arguments(case)) if fixture.alone(case) else ()
                status, _, rules, out = explain(binary, text, *where, cwd=copy)
                tally.check(status == 0 and (not where or any('[%s]' % r in out for r in behind)),
                            '%s: --in names what explains: %s' % (case, text), out)
                if 'remote error' not in text and text not in ('EOF', 'Socket closed'):
                    tally.check(set(rules) & set(behind), '%s: the rules of: %s' % (case, text), 'behind it %s\nnamed %s' % (behind, rules))
            fixture.remove(copy)


def stack_texts():
    """The texts of libraries in our sources: literals (adjacent ones are one) that begin as such texts do, and the tables of OpenSSL's."""
    for path in sorted(glob.glob(os.path.join(ROOT, 'src', 'verify', '*.c')) + glob.glob(os.path.join(ROOT, 'src', 'parse', '*.c'))):
        with open(path, encoding='utf-8') as source:
            text = source.read()
        for literal in re.findall(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', text):
            literal = ''.join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', literal)).replace('\\"', '"')
            if re.match(r'(x509|tls|crypto/rsa|asn1|remote error): .', literal):
                yield os.path.basename(path), literal
        if path.endswith('openssl_words.c'):
            for name in ('errors', 'heard'):
                rows = re.search(name + r'\[\] = \{\n(.*?)\n\};', text, re.DOTALL).group(1)
                for literal in re.findall(r'"([^"]*)"', rows):
                    if literal != 'ok':
                        yield 'openssl_words.c', literal


def profile_texts():
    for path in sorted(glob.glob(os.path.join(ROOT, 'rules', '*.yaml'))):
        with open(path, encoding='utf-8') as text:
            for says in re.findall(r"(?:says|tells): '((?:[^']|'')*)'", text.read()):
                yield os.path.basename(path), says.replace("''", "'")


# What stands where a literal has a %s that matters.
FORMS = (('tls: %s sent', 'tls: server sent'), ('failed to parse %s:', 'failed to parse client certificate:'),
         ('remote error: tls: %s', 'remote error: tls: bad certificate'))
# Never said to anybody: what a later step replaces, and an alert that no certificate causes.
SILENT = {'x509: unknown error', 'illegal parameter'}


def known(binary, tally):
    for where, text in sorted(set(stack_texts()) | set(profile_texts())):
        for form, word in FORMS:
            text = text.replace(form, word)
        filled = re.sub(r'%[0-9.*]*[a-z]+', 'q', text)
        filled = re.sub(r'<(<?[A-Za-z-]+>)', lambda m: m.group(1) if m.group(1).startswith('<') else 'q', filled)
        words = re.sub(r'%[0-9.*]*[a-z]+|<[A-Za-z-]+>|\.\.\.', '', text) # a text that is nearly all placeholder can be anybody's
        if len(re.sub('[^A-Za-z]', '', words)) > 8 and not any(silent in text for silent in SILENT):
            status, _, _, out = explain(binary, filled)
            tally.check(status == 0, '%s: known: %s' % (where, filled), out)


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: run.py CRTLINT')
    tally = crtlint.Tally()
    os.umask(0o022)
    table(sys.argv[1], tally)
    fixtures(sys.argv[1], tally)
    known(sys.argv[1], tally)
    tally.finish()


main()
