/*
 * key_read: the three DER forms of a private key, with the acceptance of Go's crypto/x509.
 */
#ifndef CRTLINT_PARSE_KEY_READ_H
#define CRTLINT_PARSE_KEY_READ_H

#include "crtlint/key.h"

enum key_reading {
	KEY_READ_REFUSED, /* flaw says whether the kind or the contents are to blame; type and curve are set where known */
	KEY_READ_TAKEN,
	KEY_READ_UNKNOWN_TYPE, /* PKCS#8 of a kind that crypto/x509 takes and crypto/tls does not */
};

/* key_read(arena, der, go, key): PKCS#1, PKCS#8, SEC1 in this order: parsePrivateKey of crypto/tls. */
enum key_reading key_read(struct arena *, struct slice, unsigned, struct key *);

/* key_strict(der, key): a key that was taken is no more than its form. */
bool key_strict(struct slice, const struct key *);

/* key_read_encrypted(der): EncryptedPrivateKeyInfo (RFC 5958 section 3): SEQUENCE { SEQUENCE, OCTET STRING }. */
bool key_read_encrypted(struct slice);

/* What is known of the curves that Go takes. */
struct key_curve {
	struct slice oid; /* DER contents */
	struct slice order;
	unsigned bits;
	unsigned bytes; /* of the field and of the order */
};

/* key_read_curve(curve): NULL for CURVE_NONE and CURVE_OTHER. */
const struct key_curve *key_read_curve(enum curve);

#define OID_RSA     "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
#define OID_EC      "\x2a\x86\x48\xce\x3d\x02\x01"
#define OID_ED25519 "\x2b\x65\x70"

#endif
