#include "key_read.h"

#include "asn1_key.h"
#include "crtlint/version.h"
#include "rsa_check.h"

enum { SEED = 32 }; /* bytes of an Ed25519 or X25519 private key */

/* A literal as a slice: OIDs of curves hold zero bytes. */
#define BYTES(literal)                                                                                                           \
	{                                                                                                                        \
		(const uint8_t *)(literal), sizeof(literal) - 1                                                                  \
	}

static const struct key_curve curves[] = {
    [CURVE_P224] = {BYTES("\x2b\x81\x04\x00\x21"),
        BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x16\xa2\xe0\xb8\xf0\x3e\x13\xdd\x29\x45\x5c\x5c"
              "\x2a\x3d"),
        224, 28},
    [CURVE_P256] = {BYTES("\x2a\x86\x48\xce\x3d\x03\x01\x07"),
        BYTES("\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2"
              "\xfc\x63\x25\x51"),
        256, 32},
    [CURVE_P384] = {BYTES("\x2b\x81\x04\x00\x22"),
        BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xc7\x63\x4d\x81"
              "\xf4\x37\x2d\xdf\x58\x1a\x0d\xb2\x48\xb0\xa7\x7a\xec\xec\x19\x6a\xcc\xc5\x29\x73"),
        384, 48},
    [CURVE_P521] = {BYTES("\x2b\x81\x04\x00\x23"),
        BYTES("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
              "\xff\xff\xff\xff\xff\xfa\x51\x86\x87\x83\xbf\x2f\x96\x6b\x7f\xcc\x01\x48\xf7\x09\xa5\xd0\x3b\xb5\xc9\xb8\x89\x9c"
              "\x47\xae\xbb\x6f\xb7\x1e\x91\x38\x64\x09"),
        521, 66},
};

static const struct {
	const char *oid;
	enum key_type type;
} foreign[] = {
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", KEY_RSA_PSS},
    {"\x2a\x86\x48\xce\x38\x04\x01", KEY_DSA},
    {"\x2b\x65\x71", KEY_ED448},
};

#define OID_X25519 "\x2b\x65\x6e"

const struct key_curve *
key_read_curve(enum curve curve)
{
	switch (curve) {
	case CURVE_P224:
	case CURVE_P256:
	case CURVE_P384:
	case CURVE_P521:
		return &curves[curve];
	case CURVE_NONE:
	case CURVE_OTHER:
		break;
	}
	return NULL;
}

static enum curve
curve_of(struct slice oid)
{
	for (enum curve c = CURVE_P224; c <= CURVE_P521; c++)
		if (slice_eq(oid, curves[c].oid))
			return c;
	return CURVE_OTHER;
}

static enum key_reading
refuse(struct key *k, enum key_flaw flaw)
{
	k->flaw = flaw;
	return KEY_READ_REFUSED;
}

static unsigned
bits_of(struct slice magnitude)
{
	unsigned bits = (unsigned)magnitude.n * 8;

	for (uint8_t top = magnitude.n ? magnitude.p[0] : 0x80; top < 0x80; top = (uint8_t)(top << 1 | 1))
		bits--;
	return bits;
}

/* The further primes of a key of more than two; their own exponents and coefficients are read and ignored. */
static bool
read_primes(struct arena *arena, struct slice set, struct rsa_numbers *n, struct slice p, struct slice q)
{
	struct asn1_key r = asn1_key_of(set);
	size_t capacity = 2;
	struct slice *primes = arena_array(arena, capacity, sizeof *primes);

	primes[0] = asn1_key_magnitude(p);
	primes[1] = asn1_key_magnitude(q);
	for (n->n_primes = 2; set.p && asn1_key_more(&r); n->n_primes++) {
		struct asn1_key inner = asn1_key_of(asn1_key_sequence(&r));
		struct slice prime = asn1_key_integer(&inner);
		asn1_key_integer(&inner);
		asn1_key_integer(&inner);
		if (r.failed || inner.failed || asn1_key_sign(prime) <= 0)
			return false;
		primes = arena_grow(arena, primes, n->n_primes, &capacity, sizeof *primes);
		primes[n->n_primes] = asn1_key_magnitude(prime);
	}
	n->primes = primes;
	return !r.failed;
}

/* A CRT value, which Go ignored up to 1.23. */
static bool
read_crt(struct slice integer, unsigned go, struct slice *magnitude)
{
	if (integer.p && go >= GO(24, 0) && asn1_key_sign(integer) <= 0)
		return false;
	if (integer.p)
		*magnitude = asn1_key_magnitude(integer);
	return true;
}

/* ParsePKCS1PrivateKey. */
static enum key_reading
read_pkcs1(struct arena *arena, struct slice der, unsigned go, struct key *k)
{
	struct slice inner, rest;

	if (!asn1_key_open(der, &inner, &rest) || rest.n > 0)
		return KEY_READ_REFUSED;
	struct asn1_key r = asn1_key_of(inner);
	struct rsa_numbers numbers = {0};
	int64_t version = asn1_key_int(&r);
	struct slice n = asn1_key_integer(&r);
	struct slice at = {r.in.p + r.at, r.in.n - r.at};
	numbers.e = asn1_key_int(&r);
	struct slice d = asn1_key_integer(&r), p = asn1_key_integer(&r), q = asn1_key_integer(&r);
	struct slice dp = asn1_key_optional_integer(&r), dq = asn1_key_optional_integer(&r), qinv = asn1_key_optional_integer(&r);
	struct slice others = asn1_key_optional_sequence(&r);

	if (r.failed)
		return KEY_READ_REFUSED;
	if (version > 1 || asn1_key_sign(n) <= 0 || asn1_key_sign(d) <= 0 || asn1_key_sign(p) <= 0 || asn1_key_sign(q) <= 0 ||
	    !read_crt(dp, go, &numbers.dp) || !read_crt(dq, go, &numbers.dq) || !read_crt(qinv, go, &numbers.qinv) ||
	    !read_primes(arena, others, &numbers, p, q))
		return KEY_READ_REFUSED;
	numbers.modulus = asn1_key_magnitude(n);
	numbers.d = asn1_key_magnitude(d);
	k->type = KEY_RSA;
	k->bits = bits_of(numbers.modulus);
	if (!rsa_check_go(arena, &numbers, go))
		return KEY_READ_REFUSED;
	r = asn1_key_of(at);
	k->modulus = numbers.modulus;
	k->exponent = asn1_key_magnitude(asn1_key_integer(&r));
	k->form = KEY_FORM_PKCS1;
	return KEY_READ_TAKEN;
}

/* d is below the order, leading zeros or not. */
static bool
below_order(struct slice d, struct slice order)
{
	while (d.n > 0 && d.p[0] == 0)
		d = (struct slice){d.p + 1, d.n - 1};
	if (d.n != order.n)
		return d.n < order.n;
	return memcmp(d.p, order.p, d.n) < 0;
}

/* parseECPrivateKey; outer is the curve that PKCS#8 names, p NULL: none. Go computes the public point itself and does not look at
 * the one that the key carries. */
static enum key_reading
read_sec1(struct slice outer, struct slice der, struct key *k)
{
	struct slice inner, rest;

	if (!asn1_key_open(der, &inner, &rest))
		return KEY_READ_REFUSED;
	struct asn1_key r = asn1_key_of(inner);
	int64_t version = asn1_key_int(&r);
	struct slice d = asn1_key_octets(&r), oid = asn1_key_explicit_oid(&r, 0), point = asn1_key_explicit_bits(&r, 1);

	if (r.failed || version != 1)
		return KEY_READ_REFUSED;
	k->type = KEY_EC;
	k->curve = curve_of(outer.p ? outer : oid);
	const struct key_curve *curve = key_read_curve(k->curve);
	if (!curve)
		return refuse(k, KEY_UNSUPPORTED);
	k->bits = curve->bits;
	if (!below_order(d, curve->order))
		return KEY_READ_REFUSED;
	k->scalar = d;
	if (point.n == 2 + 2 * (size_t)curve->bytes && point.p[0] == 0 && point.p[1] == 4)
		k->point = (struct slice){point.p + 1, point.n - 1};
	k->form = KEY_FORM_SEC1;
	return KEY_READ_TAKEN;
}

/* Ed25519 and X25519 alike (RFC 8410): no parameters, the key an OCTET STRING of 32 bytes inside the other. */
static bool
read_seed(struct slice parameters, struct slice der, struct slice *seed)
{
	struct asn1_key r = asn1_key_of(der);

	*seed = asn1_key_octets(&r);
	return parameters.n == 0 && !r.failed && seed->n == SEED;
}

static enum key_reading
read_foreign(struct slice oid, struct key *k)
{
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (slice_is(oid, foreign[i].oid))
			k->type = foreign[i].type;
	return refuse(k, KEY_UNSUPPORTED);
}

/* ParsePKCS8PrivateKey. */
static enum key_reading
read_pkcs8(struct arena *arena, struct slice der, unsigned go, struct key *k)
{
	struct slice inner, rest, seed;

	if (!asn1_key_open(der, &inner, &rest))
		return KEY_READ_REFUSED;
	struct asn1_key r = asn1_key_of(inner);
	asn1_key_int(&r);
	struct asn1_key algorithm = asn1_key_of(asn1_key_sequence(&r));
	struct slice oid = asn1_key_oid(&algorithm), parameters = asn1_key_any(&algorithm), private = asn1_key_octets(&r);
	enum key_reading reading = KEY_READ_REFUSED;

	if (r.failed || algorithm.failed)
		return KEY_READ_REFUSED;
	if (slice_is(oid, OID_RSA)) {
		k->type = KEY_RSA;
		reading = read_pkcs1(arena, private, go, k);
	} else if (slice_is(oid, OID_EC)) {
		struct asn1_key named = asn1_key_of(parameters);
		struct slice curve = asn1_key_oid(&named);
		k->type = KEY_EC;
		reading = read_sec1(curve, private, k);
	} else if (slice_is(oid, OID_ED25519)) {
		k->type = KEY_ED25519;
		k->bits = 256;
		if (read_seed(parameters, private, &seed)) {
			k->scalar = seed;
			reading = KEY_READ_TAKEN;
		}
	} else if (slice_is(oid, OID_X25519) && go >= GO(20, 0) && read_seed(parameters, private, &seed)) {
		refuse(k, KEY_UNSUPPORTED);
		return KEY_READ_UNKNOWN_TYPE;
	} else {
		return read_foreign(oid, k);
	}
	if (reading == KEY_READ_TAKEN)
		k->form = KEY_FORM_PKCS8;
	return reading;
}

enum key_reading
key_read(struct arena *arena, struct slice der, unsigned go, struct key *k)
{
	const struct slice none = {0};
	enum key_reading reading;

	k->flaw = KEY_DAMAGED;
	reading = read_pkcs1(arena, der, go, k);
	if (reading == KEY_READ_REFUSED)
		reading = read_pkcs8(arena, der, go, k);
	if (reading == KEY_READ_REFUSED)
		reading = read_sec1(none, der, k);
	if (reading == KEY_READ_TAKEN) {
		k->flaw = KEY_SOUND;
		k->lax = !key_strict(der, k);
	}
	return reading;
}

bool
key_read_encrypted(struct slice der)
{
	struct slice inner, rest;

	if (!asn1_key_open(der, &inner, &rest))
		return false;
	struct asn1_key r = asn1_key_of(inner);
	asn1_key_sequence(&r);
	asn1_key_octets(&r);
	return !r.failed;
}
