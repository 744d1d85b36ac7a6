/*
 * cert: one X.509 certificate (RFC 5280) as plain data.
 *
 * The reader follows Go's crypto/x509 (parser.go): same acceptance, same order, same words. A certificate that Go
 * refuses is still read as far as its structure goes, and go_error says what Go says: OpenSSL peers take some.
 * Slices point into the DER given; nothing is copied. GnuTLS is used for one question only, whether an EC point
 * lies on its curve.
 */
#ifndef CRTLINT_CERT_H
#define CRTLINT_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

enum key_type { KEY_UNKNOWN, KEY_RSA, KEY_EC, KEY_ED25519, KEY_ED448, KEY_DSA, KEY_RSA_PSS };
enum curve { CURVE_NONE, CURVE_P224, CURVE_P256, CURVE_P384, CURVE_P521, CURVE_OTHER };

/* A public key (RFC 5280 4.1.2.7, RFC 3279, RFC 5480, RFC 8410). */
struct spki {
	struct slice raw;      /* the whole SubjectPublicKeyInfo */
	enum key_type type;
	enum curve curve;      /* of KEY_EC */
	unsigned bits;         /* RSA: of the modulus; EC: of the field; 256 and 456 for Ed25519 and Ed448; 0: unknown */
	struct slice modulus;  /* RSA: magnitude, big-endian, no leading zero */
	struct slice exponent; /* RSA: the same */
	struct slice point;    /* EC: uncompressed X9.62 point; Ed25519: 32 bytes */
};

/* How a certificate was signed (RFC 5280 4.1.1.2), as Go's SignatureAlgorithm tells them apart. */
enum sig_algorithm {
	SIG_UNKNOWN, SIG_MD2_RSA, SIG_MD5_RSA, SIG_SHA1_RSA, SIG_SHA224_RSA, SIG_SHA256_RSA, SIG_SHA384_RSA, SIG_SHA512_RSA,
	SIG_PSS_SHA256, SIG_PSS_SHA384, SIG_PSS_SHA512, SIG_DSA_SHA1, SIG_DSA_SHA256,
	SIG_ECDSA_SHA1, SIG_ECDSA_SHA224, SIG_ECDSA_SHA256, SIG_ECDSA_SHA384, SIG_ECDSA_SHA512, SIG_ED25519, SIG_ED448,
	SIG_PSS_OTHER, /* RSASSA-PSS with parameters that Go does not know */
};

enum san_kind { SAN_MAIL, SAN_DNS, SAN_URI, SAN_IP, SAN_OTHER };

struct san {
	enum san_kind kind;
	struct slice value; /* IP: 4 or 16 bytes (any length when go_error says so); SAN_OTHER: the element's contents */
};

struct attribute { /* of a distinguished name, in file order */
	struct slice oid;   /* DER contents of the OBJECT IDENTIFIER */
	uint8_t tag;        /* ASN.1 tag of the value */
	struct slice value; /* its contents, raw */
	bool same_set;      /* belongs to the same RDN as the attribute before it */
	bool raw_t61;       /* a T61String that this Go release takes byte by byte; Go 1.25 reads it as Latin-1 */
};

struct name {
	struct slice raw; /* the whole Name element */
	struct attribute *attributes;
	size_t n;
};

enum constraint_kind { CONSTRAINT_DNS, CONSTRAINT_IP, CONSTRAINT_MAIL, CONSTRAINT_URI };

struct constraint {
	enum constraint_kind kind;
	bool excluded;
	struct slice value; /* IP: address then mask, 8 or 32 bytes */
};

struct extension {
	struct slice oid; /* DER contents */
	bool critical;
	struct slice value; /* contents of the OCTET STRING */
};

/* Bits of the keyUsage extension (RFC 5280 4.2.1.3). */
enum { KU_DIGITAL_SIGNATURE = 1, KU_CONTENT_COMMITMENT = 2, KU_KEY_ENCIPHERMENT = 4, KU_DATA_ENCIPHERMENT = 8, KU_KEY_AGREEMENT = 16,
	KU_CERT_SIGN = 32, KU_CRL_SIGN = 64, KU_ENCIPHER_ONLY = 128, KU_DECIPHER_ONLY = 256 };

struct cert {
	const char *go_error;     /* what Go says when it refuses this certificate ("x509: ..."), safe text; NULL: it takes it */
	bool usable;              /* the structure could be read at all: the fields below up to `extensions` mean something */
	bool undated;             /* not usable, but only because a date of its validity cannot be read */
	struct slice raw;         /* the whole certificate, header included */
	struct slice sent;        /* and what stands behind it in its block: Go sends that along if it is not the leaf's */
	struct slice tbs;         /* tbsCertificate, header included: what is signed */
	int version;              /* 1, 2 or 3 */
	struct slice serial;      /* contents of the INTEGER, two's complement */
	struct slice sig_oid;     /* DER contents of the outer algorithm's OID */
	enum sig_algorithm sig;
	struct slice signature;   /* bytes of the BIT STRING, right-aligned as Go does when unused bits are present */
	struct name issuer, subject;
	int64_t not_before, not_after; /* seconds since 1970 */
	struct slice validity;    /* contents: two times as they stand */
	struct spki spki;

	struct extension *extensions; /* in file order */
	size_t n_extensions;
	bool unhandled_critical;  /* Go's UnhandledCriticalExtensions is not empty */
	struct slice unhandled_oid; /* the first of them */

	bool has_basic_constraints, is_ca; /* BasicConstraintsValid, IsCA */
	int max_path_len;         /* -1: none (Go's MaxPathLen with MaxPathLenZero folded in) */
	bool has_key_usage;
	unsigned key_usage;       /* KU_ bits */
	bool has_san;             /* a subjectAltName extension is there */
	struct san *sans;
	size_t n_sans;
	struct slice *eku;        /* DER contents of each OID; n_eku 0: no extension */
	size_t n_eku;
	struct slice ski, aki;    /* n 0: absent */
	bool has_constraints;     /* Go's hasNameConstraints: the extension is there */
	struct constraint *constraints;
	size_t n_constraints;
	struct slice *ocsp;       /* OCSP URLs of authorityInfoAccess */
	size_t n_ocsp;
	bool has_policies;        /* certificatePolicies is there */
	struct slice *policies;   /* DER contents of each OID */
	size_t n_policies;
};

/* cert_parse(arena, der, go): read one certificate as the Go release would (version.h). Never NULL. The DER must outlive it. */
struct cert *cert_parse(struct arena *, struct slice, unsigned);

/* Object identifiers by their DER contents, as string literals of bytes for slice_is(): the ones more than one room needs. */
#define OID_CN "\x55\x04\x03"
#define OID_O "\x55\x04\x0a"
#define OID_OU "\x55\x04\x0b"
#define OID_SAN "\x55\x1d\x11"
#define OID_EKU_SERVER "\x2b\x06\x01\x05\x05\x07\x03\x01"
#define OID_EKU_CLIENT "\x2b\x06\x01\x05\x05\x07\x03\x02"

/* cert_cn(cert): the subject's common name as Go's Subject.CommonName has it: the last one, decoded; raw bytes of UTF-8 in the
 * arena. n 0: none. name_cn(): the same of any name. */
struct slice name_cn(struct arena *, const struct name *);
struct slice cert_cn(struct arena *, const struct cert *);

/* name_value(arena, attribute): its value as UTF-8 bytes whatever its string type (BMPString, T61String as Latin-1
 * unless raw_t61). */
struct slice name_value(struct arena *, const struct attribute *);

/* name_text(arena, name): the name for people, in file order (not RFC 4514 reversed): "O=Cockroach, CN=node",
 * several attributes of one RDN joined by "+"; special characters escaped with a backslash. Safe text; "" for an empty name. */
const char *name_text(struct arena *, const struct name *);

/* oid_text(arena, contents): dotted decimal. */
const char *oid_text(struct arena *, struct slice);

/* cert_has_eku(cert, oid): the list holds it. */
bool cert_has_eku(const struct cert *, const char *);

/* cert_self_issued(cert): issuer and subject are the same bytes. */
static inline bool
cert_self_issued(const struct cert *c)
{
	return slice_eq(c->issuer.raw, c->subject.raw);
}

/* spki_text(arena, spki): "RSA 2048", "ECDSA P-256", "Ed25519". */
const char *spki_text(struct arena *, const struct spki *);

/* ip_text(arena, bytes): 4 or 16 bytes as Go's net.IP prints them (a mapped address as IPv4); other lengths as "?" and hex. */
const char *ip_text(struct arena *, struct slice);

/* ip_parse(string, out[16]): Go's net.ParseIP, zone refused; the length 4 or 16 (4 also for mapped addresses), 0: not an address. */
size_t ip_parse(const char *, uint8_t *);

#endif
