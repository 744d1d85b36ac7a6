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

/* Names are put in canonical form when they are read (x509_name_canon); that needs their characters. */
static bool
name_readable(const struct name *n)
{
	for (size_t i = 0; i < n->n; i++) {
		const struct attribute *a = &n->attributes[i];

		if (a->tag == 0x0c && !utf8(a->value))
			return false;
		if ((a->tag == 0x1e && a->value.n % 2) || (a->tag == 0x1c && a->value.n % 4))
			return false;
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

	return c->usable && tail(c, &extensions) && name_readable(&c->issuer) && name_readable(&c->subject);
}

bool
openssl_read_hidden(const struct cert *c)
{
	bool extensions;

	return c->usable && c->version < 3 && tail(c, &extensions) && extensions;
}
