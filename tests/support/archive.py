"""Archives that are wrong in one way each, made from a good directory. kinds(): by name, the rule that must fire
(None: none) and a function that makes it."""
import gzip
import io
import os
import struct
import tarfile
import zlib

MIB = 1 << 20


def member(name, data=b'', **fields):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    info.mode = 0o600 if name.endswith('.key') else 0o644
    info.mtime = 1700000000
    info.uid, info.gid = os.getuid(), os.getgid()
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


def files(directory, prefix='certs'):
    """The members of a directory, itself first."""
    yield member(prefix, type=tarfile.DIRTYPE, mode=0o755)
    for name in sorted(os.listdir(directory)):
        with open(os.path.join(directory, name), 'rb') as f:
            yield member(prefix + '/' + name, f.read())


def tar(members, form=tarfile.GNU_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=form) as t:
        for info, data in members:
            t.addfile(info, io.BytesIO(data) if info.size else None)
    return out.getvalue()


def gz(data, level=6):
    return gzip.compress(data, level, mtime=0)


def raw(name, size=0, kind=b'0', mode=b'0000644', size_field=None, link=b'', magic=b'ustar\x0000', checksum=None):
    """A header by hand; size_field as it stands there."""
    h = bytearray(512)
    h[0:len(name)] = name
    h[100:107] = mode
    h[108:115] = h[116:123] = b'0000000'
    field = size_field if size_field is not None else b'%011o' % size
    h[124:124 + len(field)] = field
    h[136:147] = b'00000000000'
    h[156:157] = kind
    h[157:157 + len(link)] = link
    h[257:265] = magic
    h[148:156] = b' ' * 8
    h[148:156] = b'%06o\0 ' % (checksum if checksum is not None else sum(h))
    return bytes(h)


def padded(data):
    return data + b'\0' * (-len(data) % 512)


END = b'\0' * 1024


def pax(records, then):
    body = b''
    for key, value in records:
        rest = len(key) + len(value) + 3
        n = rest + 1
        while len(b'%d' % n) + rest != n:
            n += 1
        body += b'%d %s=%s\n' % (n, key, value)
    return raw(b'pax', len(body), b'x') + padded(body) + then


def sparse(real, stored, declared):
    """An old GNU sparse header: one piece of `stored` bytes, `real` in all, `declared` in the size field."""
    h = bytearray(raw(b'certs/ca.crt', kind=b'S', size_field=b'%011o' % declared, magic=b'ustar  \0'))
    h[386:398] = b'%011o\0' % 0
    h[398:410] = b'%011o\0' % stored
    h[483:495] = b'\x80' + struct.pack('>Q', real).rjust(11, b'\0') if real > 8 ** 11 else b'%011o\0' % real
    h[148:156] = b' ' * 8
    h[148:156] = b'%06o\0 ' % sum(h)
    return bytes(h) + padded(b'\0' * declared)


def bomb(size):
    """gzip of that many zeros, made without holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    out = [packer.compress(raw(b'certs/ca.crt', size))]
    block = b'\0' * MIB
    for _ in range(size // MIB):
        out.append(packer.compress(block))
    return b''.join(out) + packer.flush()


def snapshot(text, *more):
    return tar([member('.crtlint-snapshot', text), *more])


def changed(data, at, byte):
    out = bytearray(data)
    out[at] = byte
    return bytes(out)


def kinds(directory):
    good = list(files(directory))
    plain, packed = tar(good), gz(tar(good))
    ca = next(data for info, data in good if info.name.endswith('/ca.crt'))
    unended = padded(plain.rstrip(b'\0'))
    other = member('certs/ca.crt', b'other\n')

    def link(name, to, kind=tarfile.SYMTYPE):
        return member(name, type=kind, linkname=to)

    listed = b'crtlint-snapshot 1\ndir certs\nfile ca.crt\n'
    return {
        # cut off or changed
        'cut-gzip': ('archive-damaged', lambda: packed[:len(packed) // 2]),
        'cut-gzip-header': ('archive-damaged', lambda: packed[:5]),
        'cut-gzip-trailer': ('archive-damaged', lambda: packed[:-4]),
        'cut-tar-in-file': ('archive-damaged', lambda: plain[:512 * 3 + 100]),
        'cut-tar-at-entry': ('archive-damaged', lambda: plain[:512 * 3]),
        'cut-tar-in-header': ('archive-damaged', lambda: plain[:512 * 3 + 512 + 200]),
        'no-end': ('archive-damaged', lambda: unended),
        'gzip-checksum': ('archive-damaged', lambda: changed(packed, -8, packed[-8] ^ 1)),
        'gzip-length': ('archive-damaged', lambda: changed(packed, -1, packed[-1] ^ 1)),
        'gzip-data': ('archive-damaged', lambda: packed[:40] + bytes(b ^ 0x55 for b in packed[40:80]) + packed[80:]),
        'gzip-method': ('archive-damaged', lambda: changed(packed, 2, 7)),
        'gzip-reserved-flags': ('archive-damaged', lambda: changed(packed, 3, 0xe0)),
        'gzip-only': ('archive-damaged', lambda: gz(b'')),
        'gzip-of-text': ('archive-damaged', lambda: gz(b'no tar at all\n' * 100)),
        'gzip-in-gzip': ('archive-damaged', lambda: gz(packed)),
        'gzip-garbage-behind': ('archive-damaged', lambda: packed + b'garbage'),
        'gzip-second-member-broken': ('archive-damaged', lambda: packed + packed[:9]),
        'gzip-of-cpio': ('archive-damaged', lambda: gz(b'070701' + b'0' * 104 + b'TRAILER!!!\0' * 60)),
        'gzip-of-zip': ('archive-damaged', lambda: gz(b'PK\x03\x04' + b'\0' * 1000)),
        'tar-checksum': ('archive-damaged', lambda: unended + raw(b'certs/x', checksum=1) + END),
        'tar-first-checksum': ('archive-damaged', lambda: raw(b'certs/ca.crt', len(ca), checksum=5) + padded(ca) + END),
        'tar-size-not-octal': ('archive-damaged', lambda: raw(b'certs/ca.crt', size_field=b'99999999999') + padded(ca) + END),
        'tar-size-negative': ('archive-damaged', lambda: raw(b'certs/ca.crt', size_field=b'\xff' * 12) + padded(ca) + END),
        'tar-size-huge': ('archive-damaged', lambda: raw(b'certs/ca.crt', size_field=b'77777777777') + padded(ca) + END),
        'tar-size-base256': ('archive-damaged', lambda: raw(b'certs/ca.crt', size_field=b'\x80' + b'\0' * 3 + b'\x7f' * 8) + padded(ca) + END),
        'pax-broken': ('archive-damaged', lambda: raw(b'p', 20, b'x') + padded(b'99999 path=certs/x\n!') + raw(b'certs/a', 0) + END),
        'pax-no-newline': ('archive-damaged', lambda: raw(b'p', 12, b'x') + padded(b'12 path=abcd') + raw(b'certs/a', 0) + raw(b'x', checksum=1) + END),
        'pax-size-lie': ('archive-damaged', lambda: pax([(b'size', b'99999999')], raw(b'certs/ca.crt', len(ca)) + padded(ca) + END)),
        'pax-alone': ('archive-damaged', lambda: gz(pax([(b'path', b'certs/ca.crt')], b''))),
        # too much
        'bomb': ('archive-limit', lambda: bomb(1024 * MIB)),
        'bomb-of-members': ('archive-limit', lambda: gz(raw(b'certs/a', 100 * MIB)) + b''.join(gz(b'\0' * MIB, 9) for _ in range(80))),
        'large-file': ('archive-limit', lambda: gz(tar(good + [member('certs/large', b'\0' * (MIB + 1))]))),
        'many-entries': ('archive-limit', lambda: gz(tar([member('certs/%d' % i) for i in range(10050)]))),
        'deep': ('archive-limit', lambda: gz(tar(good + [member('certs/' + 'd/' * 100 + 'x')]))),
        'many-directories': ('archive-limit', lambda: gz(tar([member('%d/' % i + 'd/' * 20 + 'x') for i in range(2000)]))),
        'long-name': ('archive-limit', lambda: gz(tar(good + [member('certs/' + 'n' * 5000)]))),
        'long-link': ('archive-limit', lambda: gz(tar(good + [link('certs/l', 'n' * 5000)]))),
        'pax-header-huge': ('archive-damaged', lambda: gz(pax([(b'comment', b'c' * (2 * MIB))], raw(b'certs/ca.crt', len(ca)) + padded(ca) + END))),
        # out of it
        'up': ('archive-outside', lambda: tar(good + [member('../x')])),
        'up-inside': ('archive-outside', lambda: tar(good + [member('certs/../../x')])),
        'absolute': ('archive-outside', lambda: tar(good + [member('/etc/passwd', b'x')])),
        'absolute-pax': ('archive-outside', lambda: unended + pax([(b'path', b'/etc/shadow')], raw(b'certs/x') + END)),
        # twice
        'twice': ('archive-duplicate', lambda: tar(good + [other])),
        'twice-dotted': ('archive-duplicate', lambda: tar(good + [member('./certs//ca.crt', b'other\n')])),
        'file-and-directory': ('archive-duplicate', lambda: tar(good + [member('certs/ca.crt/x')])),
        'link-and-directory': ('archive-duplicate', lambda: tar(good + [link('certs/d', '/etc'), member('certs/d/passwd', b'x')])),
        # no plain files
        'device': ('archive-odd-entry', lambda: tar(good + [member('certs/sda', type=tarfile.BLKTYPE, devmajor=8)])),
        'character-device': ('archive-odd-entry', lambda: tar(good + [member('certs/null', type=tarfile.CHRTYPE, devmajor=1, devminor=3)])),
        'fifo': ('archive-odd-entry', lambda: tar(good + [member('certs/pipe', type=tarfile.FIFOTYPE)])),
        'sparse': ('archive-odd-entry', lambda: sparse(1 << 40, 512, 512) + END),
        'sparse-lie': ('archive-odd-entry', lambda: sparse(1024, 512, 512) + END),
        'link-out': ('archive-odd-entry', lambda: tar(good + [link('certs/out', '/etc/passwd')])),
        'link-up': ('archive-odd-entry', lambda: tar(good + [link('certs/out', '../../../../etc/passwd')])),
        'hard-link-out': ('archive-odd-entry', lambda: tar(good + [link('certs/out', '/etc/passwd', tarfile.LNKTYPE)])),
        'hard-link-to-nothing': ('archive-odd-entry', lambda: tar(good + [link('certs/out', 'certs/none', tarfile.LNKTYPE)])),
        'hard-link-loop': ('archive-odd-entry', lambda: tar(good + [link('certs/a', 'certs/b', tarfile.LNKTYPE), link('certs/b', 'certs/a', tarfile.LNKTYPE)])),
        # lies about a snapshot
        'list-of-nothing': ('archive-damaged', lambda: snapshot(b'', *good)),
        'list-of-another-version': ('archive-damaged', lambda: snapshot(b'crtlint-snapshot 999\n', *good)),
        'list-without-its-file': ('archive-damaged', lambda: snapshot(listed)),
        'list-names-outside': ('archive-damaged', lambda: snapshot(b'crtlint-snapshot 1\ndir certs\nfile ../x\n', *good)),
        'list-shape-too-long': ('archive-damaged', lambda: snapshot(listed + b'shape k99999\n', *good)),
        'list-shape-bomb': ('archive-damaged', lambda: snapshot(listed + b'shape k%d 41*99999999999999999999\n' % len(ca), *good)),
        'list-shape-short': ('archive-damaged', lambda: snapshot(listed + b'shape k1\n', *good)),
        'list-shape-word': ('archive-damaged', lambda: snapshot(listed + b'shape w99 k%d\n' % len(ca), *good)),
        'list-shape-sum': ('archive-damaged', lambda: snapshot(b'crtlint-snapshot 1\ndir d\n' + b''.join(b'file %d\nshape %s\n' % (i, b'41*1048576 ' * 63 + b'41') for i in range(3)),
                                                       *[member('d/%d' % i) for i in range(3)])),
        'list-huge': ('archive-limit', lambda: gz(snapshot(b'crtlint-snapshot 1\n' + b'x\n' * (5 * MIB), *good))),
        'list-escape': ('archive-damaged', lambda: snapshot(b'crtlint-snapshot 1\ndir certs\nfile ca%\n', *good)),
        'list-nul': ('archive-damaged', lambda: snapshot(b'crtlint-snapshot 1\ndir certs\nfile ca%00crt\n', *good)),
        'list-key-before-file': ('archive-damaged', lambda: snapshot(b'crtlint-snapshot 1\nkey 1 0 pkcs8 rsa - 2048 plain sound - none 0\n', *good)),
        # harmless, though odd
        'two-members': (None, lambda: gz(plain[:1024]) + gz(plain[1024:])),
        'zeros-behind': (None, lambda: packed + b'\0' * 5000),
        'pax': (None, lambda: gz(tar(good, tarfile.PAX_FORMAT))),
        'ustar': (None, lambda: tar(good, tarfile.USTAR_FORMAT)),
        'dotted': (None, lambda: tar([member('./', type=tarfile.DIRTYPE, mode=0o755)] + [(member('./' + i.name, d, mode=i.mode, type=i.type)) for i, d in good])),
        'no-directories': (None, lambda: tar(good[1:])),
        'hard-link': (None, lambda: tar(good + [link('certs/again.txt', 'certs/ca.crt', tarfile.LNKTYPE)])),
        'link-inside': (None, lambda: tar(good[:1] + [(m if m[0].name != 'certs/ca.crt' else link('certs/ca.crt', 'real-ca')) for m in good[1:]]
                                  + [member('certs/real-ca', ca)])),
        'link-by-parent': (None, lambda: tar(good[:1] + [(m if m[0].name != 'certs/ca.crt' else link('certs/ca.crt', '../certs/real-ca')) for m in good[1:]]
                                     + [member('certs/real-ca', ca)])),
        'kubernetes': (None, lambda: tar([good[0]] + [link(i.name, '..data/' + i.name[6:]) for i, _ in good[1:]]
                                 + [link('certs/..data', '..2026_01'), member('certs/..2026_01', type=tarfile.DIRTYPE, mode=0o755)]
                                 + [member('certs/..2026_01/' + i.name[6:], d, mode=i.mode) for i, d in good[1:]])),
        'list-unknown-line': (None, lambda: snapshot(b'crtlint-snapshot 1\ndir certs\nnews 1\nfile ca.crt news=1\n', *good)),
    }
