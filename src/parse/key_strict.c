/*
 * Whether a key that Go takes is no more than its form: RFC 8017 A.1.2, RFC 5915 3, RFC 5208 5. Go passes over what stands behind the
 * fields that it wants, whatever that is.
 */
#include "der.h"
#include "key_read.h"

enum { NOTHING = 0x05 }; /* NULL */

static bool
skip(struct slice *rest, uint8_t tag)
{
	struct slice v;

	return tag == DER_INTEGER ? der_integer(rest, tag, &v) : der_get(rest, tag, &v);
}

static bool
is_pkcs1(struct slice der)
{
	struct slice body, primes, prime, version;

	if (!der_get(&der, DER_SEQUENCE, &body) || !der_integer(&body, DER_INTEGER, &version) || version.n != 1)
		return false;
	for (int i = 0; i < 8; i++)
		if (!skip(&body, DER_INTEGER))
			return false;
	if (body.n == 0)
		return version.p[0] != 1;
	if (!der_get(&body, DER_SEQUENCE, &primes) || body.n > 0)
		return false;
	while (primes.n > 0)
		if (!der_get(&primes, DER_SEQUENCE, &prime) || !skip(&prime, DER_INTEGER) || !skip(&prime, DER_INTEGER) ||
		    !skip(&prime, DER_INTEGER) || prime.n > 0)
			return false;
	return true;
}

/* SEC 1 2.3.3: compressed, uncompressed or both, of this curve. Whether it lies there is not asked. */
static bool
is_point(struct slice bits, const struct key_curve *curve)
{
	if (!curve || bits.n < 2 || bits.p[0] > 7 || bits.p[bits.n - 1] & ((1U << bits.p[0]) - 1))
		return false;
	/* "both": the y is there, and what its last bit is */
	if ((bits.p[1] == 6 || bits.p[1] == 7) && (bits.p[bits.n - 1] & 1) != (bits.p[1] & 1))
		return false;
	bool whole = bits.p[1] == 4 || bits.p[1] == 6 || bits.p[1] == 7;
	return (whole || bits.p[1] == 2 || bits.p[1] == 3) && bits.n == 2 + (whole ? 2U : 1U) * curve->bytes;
}

static bool
is_sec1(struct slice der, bool named, const struct key_curve *curve)
{
	struct slice body, parameters, point, bits;
	bool has_parameters, has_point;

	if (!der_get(&der, DER_SEQUENCE, &body) || !skip(&body, DER_INTEGER) || !skip(&body, DER_OCTETS) ||
	    !der_optional(&body, DER_CONTEXT_CONSTRUCTED | 0, &parameters, &has_parameters) ||
	    !der_optional(&body, DER_CONTEXT_CONSTRUCTED | 1, &point, &has_point) || body.n > 0)
		return false;
	if (has_parameters ? !skip(&parameters, DER_OID) || parameters.n > 0 : !named)
		return false;
	return !has_point || (der_get(&point, DER_BITS, &bits) && point.n == 0 && is_point(bits, curve));
}

/* SET OF SEQUENCE { OBJECT IDENTIFIER, SET } */
static bool
are_attributes(struct slice list)
{
	struct slice attribute;

	while (list.n > 0)
		if (!der_get(&list, DER_SEQUENCE, &attribute) || !skip(&attribute, DER_OID) || !skip(&attribute, DER_SET) ||
		    attribute.n > 0)
			return false;
	return true;
}

/* RSA has NULL there, and nobody looks at it but for whether it can be read. */
static bool
may_be_empty(uint8_t tag, struct slice v)
{
	static const uint8_t need[] = {DER_BOOLEAN, DER_INTEGER, DER_BITS, DER_OID, 0x0a, DER_SEQUENCE & 0x1f, DER_SET & 0x1f};

	if (tag == NOTHING || memchr(need, tag, sizeof need))
		return tag == NOTHING && v.n == 0;
	return tag < 0x20 || tag >= 0x40 || tag == DER_SEQUENCE || tag == DER_SET;
}

static bool
is_pkcs8(struct slice der, const struct key *k)
{
	struct slice body, algorithm, parameters = {0}, private, attributes;
	uint8_t tag;

	if (!der_get(&der, DER_SEQUENCE, &body) || !skip(&body, DER_INTEGER) || !der_get(&body, DER_SEQUENCE, &algorithm) ||
	    !der_get(&body, DER_OCTETS, &private) || !skip(&algorithm, DER_OID))
		return false;
	if (algorithm.n > 0 && (!der_any(&algorithm, &tag, &parameters) || algorithm.n > 0))
		return false;
	if (k->type == KEY_RSA && parameters.p && !may_be_empty(tag, parameters))
		return false;
	if (body.n > 0 &&
	    (!der_get(&body, DER_CONTEXT_CONSTRUCTED | 0, &attributes) || body.n > 0 || !are_attributes(attributes)))
		return false;
	return k->type == KEY_RSA ? is_pkcs1(private) : k->type != KEY_EC || is_sec1(private, true, key_read_curve(k->curve));
}

bool
key_strict(struct slice der, const struct key *k)
{
	switch (k->form) {
	case KEY_FORM_PKCS1:
		return is_pkcs1(der);
	case KEY_FORM_PKCS8:
		return is_pkcs8(der, k);
	case KEY_FORM_SEC1:
		return is_sec1(der, false, key_read_curve(k->curve));
	case KEY_FORM_NONE:
		break;
	}
	return false;
}
