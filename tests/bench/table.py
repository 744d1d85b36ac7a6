"""table.py TIMES ONE N FEW: ratios out of what hyperfine wrote; the fastest of the runs of each, as noise only adds (CPU: the mean)."""
import json
import sys


def main():
    n, few = int(sys.argv[3]), int(sys.argv[4])
    results = {}
    for name in sys.argv[1:3]:
        with open(name, encoding='utf-8') as f:
            results.update({r['command']: r for r in json.load(f)['results']})

    def cpu(name):
        return results[name]['user'] + results[name]['system']

    print('| %d directories | RSA-2048 | P-256 |\n|---|---|---|' % n)
    rows = [('crtlint / bare GnuTLS loop, CPU', lambda k: '%.2f' % (cpu(k + ' crtlint') / cpu(k + ' bare'))),
            ('shell and openssl / crtlint, CPU', lambda k: '%.0f' % (cpu(k + ' shell') / few / (cpu(k + ' crtlint') / n))),
            ('shell and openssl / crtlint on two processors, time', lambda k: '%.0f' % (
                results[k + ' shell']['min'] / few / (results[k + ' two']['min'] / n))),
            ('crtlint with -j 1 / with -j 2, time', lambda k: '%.2f' % (results[k + ' crtlint']['min'] / results[k + ' two']['min']))]
    for title, cell in rows:
        print('| %s | %s | %s |' % (title, cell('rsa'), cell('p256')))
    empty, one = results['one empty']['min'], results['one crtlint']['min']
    print('\nOne directory, page cache warm, process start to exit: %.1f ms, %.1f ms above an empty program with the same libraries.' %
          (one * 1000, (one - empty) * 1000))


main()
