#include "openssl.h"

#include "element.h"

/*
 * What d2i_X509 minds (x_x509.c, tasn_dec.c). The reader of certificates follows Go, which is stricter in some things and, where it goes
 * on behind an error, tells nothing of the rest.
 */

static bool
utf8(struct slice s)
{
	for (size_t i = 0; i < s.n;) {
		uint8_t c = s.p[i++];
		unsigned more = c < 0x80                ? 0
		                : c >= 0xf0 && c < 0xf8 ? 3
		                : c >= 0xe0 && c < 0xf0 ? 2
		                : c >= 0xc0 && c < 0xe0 ? 1
		                                        : 9;
		uint32_t value = more == 3 ? c & 7u : more == 2 ? c & 15u : more == 1 ? c & 31u : c;
		static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};

		if (more == 9 || s.n - i < more)
			return false;
		for (unsigned k = 0; k < more; k++, i++) {
			if ((s.p[i] & 0xc0) != 0x80)
				return false;
			value = value << 6 | (s.p[i] & 0x3fu);
		}
		if (value < least[more] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
			return false;
	}
	return true;
}

/* BMPString and UniversalString, which become UTF-8. */
static bool
wide(struct slice s, size_t unit)
{
	for (size_t i = 0; i + unit <= s.n; i += unit) {
		uint32_t value = 0;

		for (size_t k = 0; k < unit; k++)
			value = value << 8 | s.p[i + k];
		if (value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
			return false;
	}
	return s.n % unit == 0;
}

/*
 * Which types a value may have (B_ASN1_PRINTABLE, with the types that have no bit of their own, tasn_dec.c), and that its characters are
 * whole: names are put in canonical form when they are read (x509_name_canon).
 */
static bool
value_readable(uint8_t tag, struct slice value)
{
	static const uint8_t tags[] = {
	    0x03, 0x07, 0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x12, 0x13, 0x14, 0x16, 0x1c, 0x1d, 0x1e, 0x30};

	if (!memchr(tags, tag, sizeof(tags)) || (tag == 0x0c && !utf8(value)))
		return false;
	if (tag == 0x03)
		return value.n > 0 && value.p[0] <= 7;
	return tag == 0x1e ? wide(value, 2) : tag != 0x1c || wide(value, 4);
}

/* By its bytes: of a name that Go refuses, its reader leaves the rest. */
bool
openssl_read_name(struct slice raw)
{
	uint8_t tag;
	struct slice sets = element_next(&raw, &tag);

	if (tag != 0x30)
		return false;
	while (sets.n > 0) {
		struct slice set = element_next(&sets, &tag);
		if ((tag | 0x20) != 0x31) /* that a set is constructed is not asked */
			return false;
		while (set.n > 0) {
			uint8_t outer, object, type;
			struct slice pair = element_next(&set, &outer), oid = element_next(&pair, &object);
			struct slice value = element_next(&pair, &type);
			if (outer != 0x30 || object != 0x06 || !openssl_object_valid(oid) || pair.n > 0 ||
			    !value_readable(type, value))
				return false;
		}
	}
	return true;
}

enum { BOOLEAN = 0x01, INTEGER = 0x02, BITS = 0x03, OCTETS = 0x04, EMPTY = 0x05, OBJECT = 0x06, SEQUENCE = 0x30, SET = 0x31 };

/* The next element has this tag; its contents. */
static bool
take(struct slice *rest, uint8_t tag, struct slice *contents)
{
	uint8_t found;

	*contents = element_next(rest, &found);
	return found == tag;
}

bool
openssl_read_integer(struct slice v)
{
	if (v.n < 2)
		return v.n == 1;
	return !(v.p[0] == 0 && v.p[1] < 0x80) && !(v.p[0] == 0xff && v.p[1] >= 0x80);
}

static bool
bits_readable(struct slice v)
{
	return v.n > 0 && v.p[0] <= 7;
}

/* What may stand for ASN1_ANY: its contents are read by its type (asn1_ex_c2i). */
static bool
any_readable(uint8_t tag, struct slice v)
{
	switch (tag) {
	case BOOLEAN:
		return v.n == 1;
	case INTEGER:
	case 0x0a:
		return openssl_read_integer(v);
	case BITS:
		return bits_readable(v);
	case EMPTY:
		return v.n == 0;
	case OBJECT:
		return openssl_object_valid(v);
	case 0x1c:
		return v.n % 4 == 0;
	case 0x1e:
		return v.n % 2 == 0;
	default:
		break;
	}
	if ((tag & 0x1f) == 0x1f)
		return false; /* a tag of several bytes, which nobody has seen */
	/* A SEQUENCE and a SET have pieces, other types of their class have none: of strings in pieces nothing is known. */
	if (tag == SEQUENCE || tag == SET)
		return true;
	return tag >= 0x40 || (tag > 0 && tag < 0x20 && tag != (SEQUENCE & 0x1f) && tag != (SET & 0x1f));
}

static bool
algorithm(struct slice *rest)
{
	struct slice body, oid, v;
	uint8_t tag;

	if (!take(rest, SEQUENCE, &body) || !take(&body, OBJECT, &oid) || !openssl_object_valid(oid))
		return false;
	if (body.n == 0)
		return true;
	v = element_next(&body, &tag);
	return any_readable(tag, v) && body.n == 0;
}

static bool
bits(struct slice *rest)
{
	struct slice v;

	return take(rest, BITS, &v) && bits_readable(v);
}

static bool
public_key(struct slice *rest)
{
	struct slice body;

	return take(rest, SEQUENCE, &body) && algorithm(&body) && bits(&body) && body.n == 0;
}

static bool
extension(struct slice *rest)
{
	struct slice body, v;

	if (!take(rest, SEQUENCE, &body) || !take(&body, OBJECT, &v) || !openssl_object_valid(v))
		return false;
	if (body.n > 0 && body.p[0] == BOOLEAN && (!take(&body, BOOLEAN, &v) || v.n != 1))
		return false;
	return take(&body, OCTETS, &v) && body.n == 0;
}

/* issuerUniqueID, subjectUniqueID, extensions: each once and in this order, whatever the version. */
static bool
tail(struct slice rest, bool *extensions)
{
	struct slice v, list;

	for (uint8_t tag = 0x81; tag <= 0x82; tag++)
		if (rest.n > 0 && rest.p[0] == tag && (!take(&rest, tag, &v) || !bits_readable(v)))
			return false;
	*extensions = rest.n > 0;
	if (rest.n == 0)
		return true;
	if (!take(&rest, 0xa3, &v) || rest.n > 0 || !take(&v, SEQUENCE, &list) || v.n > 0)
		return false;
	while (list.n > 0)
		if (!extension(&list))
			return false;
	return true;
}

/* The reader has found the names; of the dates it is asked only that they are times: openssl_dates() reads them. */
static bool
readable(const struct cert *c, bool *extensions)
{
	struct slice rest = c->raw, body, tbs, v;

	if (!(c->usable || c->undated) || !take(&rest, SEQUENCE, &body) || !take(&body, SEQUENCE, &tbs) || !algorithm(&body) ||
	    !bits(&body) || body.n > 0)
		return false;
	if (tbs.n > 0 && tbs.p[0] == 0xa0 &&
	    !(take(&tbs, 0xa0, &rest) && take(&rest, INTEGER, &v) && openssl_read_integer(v) && rest.n == 0))
		return false;
	if (!take(&tbs, INTEGER, &v) || !openssl_read_integer(v) || !algorithm(&tbs) || !take(&tbs, SEQUENCE, &v) ||
	    !take(&tbs, SEQUENCE, &v))
		return false;
	for (int i = 0; i < 2; i++) {
		uint8_t tag;
		element_next(&v, &tag);
		if (tag != 0x17 && tag != 0x18)
			return false;
	}
	return v.n == 0 && openssl_read_name(c->issuer.raw) && openssl_read_name(c->subject.raw) && take(&tbs, SEQUENCE, &v) &&
	       public_key(&tbs) && tail(tbs, extensions);
}

bool
openssl_read_agrees(const struct cert *c)
{
	struct slice rest = c->raw, body, tbs, inside, outside;
	uint8_t tag;

	if (!take(&rest, SEQUENCE, &body) || !take(&body, SEQUENCE, &tbs) || !take(&body, SEQUENCE, &outside))
		return false;
	if (tbs.n > 0 && tbs.p[0] == 0xa0)
		element_next(&tbs, &tag);
	return take(&tbs, INTEGER, &rest) && take(&tbs, SEQUENCE, &inside) && slice_eq(inside, outside);
}

bool
openssl_read_takes(const struct cert *c)
{
	bool extensions;

	return readable(c, &extensions);
}

bool
openssl_read_hidden(const struct cert *c)
{
	bool extensions;

	return c->version < 3 && readable(c, &extensions) && extensions;
}
