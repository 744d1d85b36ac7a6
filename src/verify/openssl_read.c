#include "openssl.h"

#include "element.h"

/*
 * Where d2i_X509 is stricter than the reader of certificates, which follows Go: the order and number of what stands in tbsCertificate
 * (RFC 5280 4.1), and UTF-8 in names.
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
static bool
name_readable(struct slice raw)
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

/* What stands behind the public key: issuerUniqueID, subjectUniqueID, extensions, each once and in this order, whatever the version. */
static bool
tail(const struct cert *c, bool *extensions)
{
	struct slice tbs = c->tbs, rest;
	uint8_t tag, last = 0;

	*extensions = false;
	rest = element_next(&tbs, &tag);
	if (rest.n > 0 && rest.p[0] == 0xa0)
		element_next(&rest, &tag);
	for (int i = 0; i < 6; i++)
		element_next(&rest, &tag);
	while (rest.n > 0) {
		element_next(&rest, &tag);
		if ((tag != 0x81 && tag != 0x82 && tag != 0xa3) || (tag & 3) <= last)
			return false;
		last = tag & 3;
		*extensions = *extensions || tag == 0xa3;
	}
	return true;
}

bool
openssl_read_takes(const struct cert *c)
{
	bool extensions;

	return c->usable && tail(c, &extensions) && name_readable(c->issuer.raw) && name_readable(c->subject.raw);
}

bool
openssl_read_hidden(const struct cert *c)
{
	bool extensions;

	return c->usable && c->version < 3 && tail(c, &extensions) && extensions;
}
