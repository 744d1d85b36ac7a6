#include "spki.h"

#include "der.h"
#include "point.h"

bool
spki_algorithm(struct reader *r, struct slice body, struct slice *oid, struct slice *parameters)
{
	uint8_t tag;
	*parameters = (struct slice){NULL, 0};
	if (!der_oid(r->arena, &body, r->go, oid)) {
		reader_fail(r, "x509: malformed OID");
		return false;
	}
	if (body.n > 0 && !der_any_element(&body, &tag, parameters))
		reader_fail(r, "x509: malformed parameters");
	return true;
}

static unsigned
spki_bits(struct slice magnitude)
{
	unsigned bits = (unsigned)(magnitude.n - 1) * 8;
	for (unsigned top = magnitude.p[0]; top > 0; top >>= 1)
		bits++;
	return bits;
}

static void
spki_rsa(struct reader *r, struct slice key, bool go_reads)
{
	struct spki *s = &r->cert->spki;
	struct slice body, modulus, exponent;
	int64_t e;
	if (!der_get(&key, DER_SEQUENCE, &body)) {
		if (go_reads)
			reader_fail(r, "x509: invalid RSA public key");
		return;
	}
	if (!der_integer(&body, DER_INTEGER, &modulus)) {
		if (go_reads)
			reader_fail(r, "x509: invalid RSA modulus");
		return;
	}
	if (der_positive(modulus)) {
		s->modulus = der_magnitude(modulus);
		s->bits = spki_bits(s->modulus);
	}
	if (!der_integer(&body, DER_INTEGER, &exponent)) {
		if (go_reads)
			reader_fail(r, "x509: invalid RSA public exponent");
		return;
	}
	if (der_positive(exponent))
		s->exponent = der_magnitude(exponent);
	if (!go_reads)
		return;
	if (!der_int64(exponent, &e))
		reader_fail(r, "x509: invalid RSA public exponent");
	else if (!der_positive(modulus))
		reader_fail(r, "x509: RSA modulus is not a positive number");
	else if (e <= 0)
		reader_fail(r, "x509: RSA public exponent is not a positive number");
}

/* Three of these OIDs hold a NUL, so their length is given. */
#define SPKI_OID(bytes)                                                                                                          \
	{                                                                                                                        \
		(const uint8_t *)(bytes), sizeof(bytes) - 1                                                                      \
	}

static const struct {
	struct slice oid;
	enum curve curve;
	unsigned bits;
	const char *name;
} spki_curves[] = {
    {SPKI_OID("\x2b\x81\x04\x00\x21"), CURVE_P224, 224, "P-224"},
    {SPKI_OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), CURVE_P256, 256, "P-256"},
    {SPKI_OID("\x2b\x81\x04\x00\x22"), CURVE_P384, 384, "P-384"},
    {SPKI_OID("\x2b\x81\x04\x00\x23"), CURVE_P521, 521, "P-521"},
};

static void
spki_ec(struct reader *r, struct slice parameters, struct slice key)
{
	struct spki *s = &r->cert->spki;
	struct slice oid;
	s->curve = CURVE_OTHER;
	if (!der_oid(r->arena, &parameters, r->go, &oid)) {
		reader_fail(r, "x509: invalid ECDSA parameters");
		return;
	}
	size_t i = 0, known = sizeof(spki_curves) / sizeof(*spki_curves);
	while (i < known && !slice_eq(oid, spki_curves[i].oid))
		i++;
	if (i == known) { /* OpenSSL knows more; how strong it takes them to be is told by the size of the point */
		if (key.n > 0)
			s->bits = (unsigned)(key.n - 1) * 8 / (key.p[0] == 2 || key.p[0] == 3 ? 1 : 2);
		reader_fail(r, "x509: unsupported elliptic curve");
		return;
	}
	s->curve = spki_curves[i].curve;
	s->bits = spki_curves[i].bits;
	if (key.n == 1 + 2 * point_bytes(s->curve) && key.p[0] == 4)
		s->point = key;
	if (!point_valid(s->curve, key))
		reader_fail(r, "x509: failed to unmarshal elliptic curve point");
}

static void
spki_ed25519(struct reader *r, struct slice parameters, struct slice key)
{
	struct spki *s = &r->cert->spki;
	s->bits = 256;
	if (key.n == 32)
		s->point = key;
	if (parameters.n > 0)
		reader_fail(r, "x509: Ed25519 key encoded with illegal parameters");
	else if (key.n != 32)
		reader_fail(r, "x509: wrong Ed25519 public key size");
}

static void
spki_dsa(struct reader *r, struct slice parameters, struct slice key)
{
	struct slice y, body, number[3];
	if (!der_integer(&key, DER_INTEGER, &y)) {
		reader_fail(r, "x509: invalid DSA public key");
		return;
	}
	if (!der_get(&parameters, DER_SEQUENCE, &body) || !der_integer(&body, DER_INTEGER, &number[0]) ||
	    !der_integer(&body, DER_INTEGER, &number[1]) || !der_integer(&body, DER_INTEGER, &number[2])) {
		reader_fail(r, "x509: invalid DSA parameters");
		return;
	}
	if (!der_positive(y) || !der_positive(number[0]) || !der_positive(number[1]) || !der_positive(number[2]))
		reader_fail(r, "x509: zero or negative DSA parameter");
	else
		r->cert->spki.bits = spki_bits(der_magnitude(number[0]));
}

static enum key_type
spki_type(struct slice oid)
{
	static const struct {
		const char *oid;
		enum key_type type;
	} types[] = {
	    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", KEY_RSA},
	    {"\x2a\x86\x48\xce\x3d\x02\x01", KEY_EC},
	    {"\x2b\x65\x70", KEY_ED25519},
	    {"\x2b\x65\x71", KEY_ED448},
	    {"\x2a\x86\x48\xce\x38\x04\x01", KEY_DSA},
	    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", KEY_RSA_PSS},
	};
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (slice_is(oid, types[i].oid))
			return types[i].type;
	return KEY_UNKNOWN;
}

void
spki_read(struct reader *r, struct slice element)
{
	struct spki *s = &r->cert->spki;
	struct slice body, algorithm, oid, parameters, bits;
	unsigned unused;
	s->raw = element;
	if (!der_get(&element, DER_SEQUENCE, &body)) {
		reader_fail(r, "x509: malformed spki");
		return;
	}
	if (!der_get(&body, DER_SEQUENCE, &algorithm)) {
		reader_fail(r, "x509: malformed public key algorithm identifier");
		return;
	}
	if (!spki_algorithm(r, algorithm, &oid, &parameters))
		return;
	s->type = spki_type(oid);
	if (!der_bits(&body, &bits, &unused)) {
		reader_fail(r, "x509: malformed subjectPublicKey");
		return;
	}
	struct slice key = der_right_align(r->arena, bits, unused);
	switch (s->type) {
	case KEY_RSA:
		if (parameters.n != 2 || memcmp(parameters.p, "\x05\x00", 2) != 0)
			reader_fail(r, "x509: RSA key missing NULL parameters");
		spki_rsa(r, key, true);
		break;
	case KEY_RSA_PSS:
		spki_rsa(r, key, false);
		break;
	case KEY_EC:
		spki_ec(r, parameters, key);
		break;
	case KEY_ED25519:
		spki_ed25519(r, parameters, key);
		break;
	case KEY_ED448:
		s->bits = 456;
		break;
	case KEY_DSA:
		spki_dsa(r, parameters, key);
		break;
	case KEY_UNKNOWN:
		break;
	}
}

const char *
spki_text(struct arena *arena, const struct spki *s)
{
	switch (s->type) {
	case KEY_RSA:
		return arena_printf(arena, "RSA %u", s->bits);
	case KEY_RSA_PSS:
		return arena_printf(arena, "RSA-PSS %u", s->bits);
	case KEY_EC:
		for (size_t i = 0; i < sizeof(spki_curves) / sizeof(*spki_curves); i++)
			if (spki_curves[i].curve == s->curve)
				return arena_printf(arena, "ECDSA %s", spki_curves[i].name);
		return "ECDSA on another curve";
	case KEY_ED25519:
		return "Ed25519";
	case KEY_ED448:
		return "Ed448";
	case KEY_DSA:
		return arena_printf(arena, "DSA %u", s->bits);
	case KEY_UNKNOWN:
		break;
	}
	return "unknown key type";
}
