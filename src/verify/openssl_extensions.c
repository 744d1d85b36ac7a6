#include "openssl.h"

#include "element.h"

#define OID_AKI "\x55\x1d\x23"

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
