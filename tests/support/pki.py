"""Certificates for tests, with every byte under control: a small DER writer of our own, the openssl program for keys and signatures.

Nothing here judges anything. Odd certificates (a negative serial, a critical extension nobody knows) are as easy as good ones,
which no command line offers, and dates are exact.
"""
import base64
import datetime
import hashlib
import ipaddress
import os
import subprocess
import tempfile

CURVES = {'p224': 'secp224r1', 'p256': 'P-256', 'p384': 'P-384', 'p521': 'P-521', 'secp256k1': 'secp256k1'}


def openssl(*args, data=None):
    done = subprocess.run(['openssl', *args], input=data, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError('openssl %s: %s' % (' '.join(args), done.stderr.decode(errors='replace')))
    return done.stdout


# DER

def tlv(tag, *parts):
    body = b''.join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(body).to_bytes(size, 'big') + body


def seq(*parts):
    return tlv(0x30, *parts)


def integer(n):
    return tlv(2, n.to_bytes((n + (n < 0)).bit_length() // 8 + 1, 'big', signed=True))


def oid(dotted):
    arcs = [int(a) for a in dotted.split('.')]
    out = b''
    for arc in [arcs[0] * 40 + arcs[1], *arcs[2:]]:
        piece = bytes([arc & 0x7f])
        while arc > 0x7f:
            arc >>= 7
            piece = bytes([arc & 0x7f | 0x80]) + piece
        out += piece
    return tlv(6, out)


def bits(body, unused=0):
    return tlv(3, bytes([unused]), body)


def octets(body):
    return tlv(4, body)


def moment(text):
    when = datetime.datetime.strptime(text, '%Y-%m-%d' if len(text) == 10 else '%Y-%m-%dT%H:%M:%SZ')
    if 1950 <= when.year < 2050:
        return tlv(0x17, when.strftime('%y%m%d%H%M%SZ').encode())
    return tlv(0x18, when.strftime('%Y%m%d%H%M%SZ').encode())


# Names: "O=Cockroach, CN=node"; a value may be given as (tag, bytes) in a list of pairs instead.

ATTRIBUTES = {'C': '2.5.4.6', 'ST': '2.5.4.8', 'L': '2.5.4.7', 'O': '2.5.4.10', 'OU': '2.5.4.11', 'CN': '2.5.4.3'}


def name(text):
    pairs = text if isinstance(text, list) else [tuple(p.strip().split('=', 1)) for p in text.split(',') if p.strip()]
    rdns = b''
    for kind, value in pairs:
        if isinstance(value, str):
            value = (0x13 if kind == 'C' else 0x0c, value.encode())
        rdns += tlv(0x31, seq(oid(ATTRIBUTES[kind]), tlv(*value)))
    return seq(rdns)


# Extensions

def extension(dotted, body, critical=False):
    return seq(oid(dotted), tlv(1, b'\xff') if critical else b'', octets(body))


def basic(ca, pathlen=None, critical=True):
    return extension('2.5.29.19', seq(tlv(1, b'\xff') if ca else b'', integer(pathlen) if pathlen is not None else b''), critical)


KEY_USAGES = ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign']


def usage(*names, critical=True):
    value = 0
    for one in names:
        value |= 0x80 >> KEY_USAGES.index(one)
    return extension('2.5.29.15', bits(bytes([value]), (value & -value).bit_length() - 1), critical)


EXTENDED = {'server': '1.3.6.1.5.5.7.3.1', 'client': '1.3.6.1.5.5.7.3.2', 'code': '1.3.6.1.5.5.7.3.3', 'any': '2.5.29.37.0'}


def extended(*names, critical=False):
    return extension('2.5.29.37', seq(*[oid(EXTENDED[n]) for n in names]), critical)


def san(*values, critical=False):
    """'DNS:x', 'IP:1.2.3.4', 'URI:x', 'MAIL:x', or raw DER bytes."""
    out = b''
    for value in values:
        if isinstance(value, bytes):
            out += value
            continue
        kind, text = value.split(':', 1)
        if kind == 'IP':
            out += tlv(0x87, ipaddress.ip_address(text).packed)
        else:
            out += tlv({'MAIL': 0x81, 'DNS': 0x82, 'URI': 0x86}[kind], text.encode())
    return extension('2.5.29.17', seq(out), critical)


def constraints(permitted=(), excluded=(), critical=True):
    def trees(values):
        out = b''
        for value in values:
            kind, text = value.split(':', 1)
            if kind == 'IP':
                net = ipaddress.ip_network(text)
                out += seq(tlv(0x87, net.network_address.packed + net.netmask.packed))
            else:
                out += seq(tlv(0x82, text.encode()))
        return out
    body = (tlv(0xa0, trees(permitted)) if permitted else b'') + (tlv(0xa1, trees(excluded)) if excluded else b'')
    return extension('2.5.29.30', seq(body), critical)


def key_id(key):
    return hashlib.sha1(key.spki).digest()


def subject_id(key, critical=False):
    return extension('2.5.29.14', octets(key_id(key)), critical)


def authority_id(key_or_bytes, critical=False):
    body = key_or_bytes if isinstance(key_or_bytes, bytes) else key_id(key_or_bytes)
    return extension('2.5.29.35', seq(tlv(0x80, body)), critical)


def ocsp(url):
    return extension('1.3.6.1.5.5.7.1.1', seq(seq(oid('1.3.6.1.5.5.7.48.1'), tlv(0x86, url.encode()))))


# Keys

class Key:
    def __init__(self, kind='p256'):
        self.kind = kind
        if kind.startswith('rsa'):
            self.pem = openssl('genpkey', '-quiet', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:' + kind[3:])
        elif kind in CURVES:
            self.pem = openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:' + CURVES[kind],
                               '-pkeyopt', 'ec_param_enc:named_curve')
        else:
            self.pem = openssl('genpkey', '-algorithm', kind)
        self.spki = openssl('pkey', '-pubout', '-outform', 'DER', data=self.pem)

    def signature_algorithm(self, digest='sha256'):
        if self.kind == 'ed25519':
            return seq(oid('1.3.101.112'))
        if self.kind.startswith('rsa'):
            last = {'md5': 4, 'sha1': 5, 'sha256': 11, 'sha384': 12, 'sha512': 13, 'sha224': 14}[digest]
            return seq(oid('1.2.840.113549.1.1.%d' % last), tlv(5))
        if digest == 'sha1':
            return seq(oid('1.2.840.10045.4.1'))
        return seq(oid('1.2.840.10045.4.3.%d' % {'sha224': 1, 'sha256': 2, 'sha384': 3, 'sha512': 4}[digest]))

    def sign(self, data, digest='sha256'):
        with tempfile.TemporaryDirectory() as scratch:
            key, text = os.path.join(scratch, 'k'), os.path.join(scratch, 't')
            with open(key, 'wb') as out:
                out.write(self.pem)
            if self.kind != 'ed25519':
                return openssl('dgst', '-' + digest, '-sign', key, data=data)
            with open(text, 'wb') as out:
                out.write(data)
            return openssl('pkeyutl', '-sign', '-rawin', '-inkey', key, '-in', text)

    def traditional(self):
        """PKCS#1 or SEC1; PKCS#8 where there is no older form."""
        return self.pem if self.kind.startswith('ed') else openssl('pkey', '-traditional', data=self.pem)

    def encrypted(self, passphrase='secret'):
        return openssl('pkcs8', '-topk8', '-passout', 'pass:' + passphrase, data=self.pem)

    def legacy(self):
        """Encrypted as RFC 1421 has it."""
        return openssl('pkey', '-traditional', '-aes128', '-passout', 'pass:secret', data=self.pem)

    def der(self):
        return openssl('pkey', '-outform', 'DER', data=self.pem)


def pem(der, label='CERTIFICATE', headers=''):
    text = base64.b64encode(der).decode()
    lines = '\n'.join(text[i:i + 64] for i in range(0, len(text), 64))
    return ('-----BEGIN %s-----\n%s%s\n-----END %s-----\n' % (label, headers + '\n' if headers else '', lines, label)).encode()


class Cert:
    def __init__(self, der, subject, key):
        self.der, self.subject, self.key = der, subject, key

    @property
    def pem(self):
        return pem(self.der)


_serial = int.from_bytes(os.urandom(6), 'big') << 16


def issue(subject, key, issuer=None, extensions=(), start='2026-01-01', end='2036-01-01', serial=None, version=3,
          digest='sha256', signer=None, issuer_name=None, spki=None, tail=b''):
    """A certificate. issuer: a Cert, None for self-signed; signer: another key than the issuer's; tail: junk at the end of the
    tbsCertificate."""
    global _serial
    if serial is None:
        _serial += 1
        serial = _serial
    subject_der = subject if isinstance(subject, bytes) else name(subject)
    parent = issuer_name if issuer_name is not None else issuer.subject if issuer else subject_der
    signer = signer or (issuer.key if issuer else key)
    algorithm = signer.signature_algorithm(digest)
    tbs = seq(tlv(0xa0, integer(version - 1)) if version > 1 else b'', integer(serial), algorithm, parent,
              seq(moment(start), moment(end)), subject_der, spki or key.spki,
              tlv(0xa3, seq(*extensions)) if extensions else b'', tail)
    return Cert(seq(tbs, algorithm, bits(signer.sign(tbs, digest))), subject_der, key)


def authority(subject='O=Cockroach, CN=Cockroach CA', key=None, issuer=None, pathlen=1, **more):
    """A CA as `cockroach cert create-ca` makes it."""
    key = key or Key()
    extensions = more.pop('extensions', None)
    if extensions is None:
        extensions = [basic(True, pathlen), usage('digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyCertSign'), subject_id(key)]
    return issue(subject, key, issuer, extensions, **more)


def leaf(subject, issuer, sans=(), purposes=('server', 'client'), key=None, more_extensions=(), **more):
    """A leaf as `cockroach cert create-node` and create-client make it."""
    key = key or Key()
    extensions = [usage('digitalSignature', 'keyEncipherment')]
    if purposes:
        extensions.append(extended(*purposes))
    if sans:
        extensions.append(san(*sans))
    if issuer:
        extensions.append(authority_id(issuer.key))
    return issue(subject, key, issuer, extensions + list(more_extensions), **more)
