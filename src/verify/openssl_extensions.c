#include "openssl.h"

#include "element.h"

#define OID_AKI "\x55\x1d\x23"

/* The tags of GeneralName (RFC 5280 4.2.1.6) */
static bool
general_name(uint8_t tag)
{
	static const uint8_t tags[] = {0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88};

	return memchr(tags, tag, sizeof(tags)) != NULL;
}

static bool
names_valid(struct slice value)
{
	uint8_t tag;
	struct slice rest = element_next(&value, &tag);

	if (tag != 0x30 || value.n > 0)
		return false;
	while (rest.n > 0) {
		element_next(&rest, &tag);
		if (!general_name(tag))
			return false;
	}
	return true;
}

bool
openssl_extensions_valid(const struct cert *c)
{
	/* Those that are decoded by kind must not stand there twice. */
	static const char *const once[] = {
	    "\x55\x1d\x0f", OID_SAN, "\x55\x1d\x13", "\x55\x1d\x25", "\x55\x1d\x0e", OID_AKI, "\x55\x1d\x1e", "\x55\x1d\x1f"};
	const struct extension *san = element_extension(c, OID_SAN);

	for (size_t i = 0; i < sizeof(once) / sizeof(*once); i++) {
		size_t n = 0;

		for (size_t j = 0; j < c->n_extensions; j++)
			n += slice_is(c->extensions[j].oid, once[i]);
		if (n > 1)
			return false;
	}
	return !san || names_valid(san->value);
}

/* The first directoryName among the names of the issuer's issuer. */
static struct slice
directory_name(struct slice names)
{
	while (names.n > 0) {
		uint8_t tag;
		struct slice contents = element_next(&names, &tag);

		if (tag == 0xa4)
			return contents;
	}
	return (struct slice){NULL, 0};
}

bool
openssl_extensions_akid(const struct cert *c, const struct cert *issuer)
{
	const struct extension *e = element_extension(c, OID_AKI);
	struct slice rest;
	uint8_t tag;

	if (c->aki.n && issuer->ski.n && !slice_eq(c->aki, issuer->ski))
		return false;
	if (!e)
		return true;
	rest = e->value;
	for (rest = element_next(&rest, &tag); rest.n > 0;) {
		struct slice contents = element_next(&rest, &tag);

		if (tag == 0x82 && !slice_eq(contents, issuer->serial))
			return false;
		if (tag == 0xa1) {
			contents = directory_name(contents);
			if (contents.n && !slice_eq(contents, issuer->issuer.raw))
				return false;
		}
	}
	return true;
}
