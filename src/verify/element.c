#include "element.h"

struct slice
element_next(struct slice *rest, uint8_t *tag)
{
	size_t bytes = 0, length = rest->n >= 2 ? rest->p[1] : SIZE_MAX;
	struct slice contents = {NULL, 0};

	if (length != SIZE_MAX && length & 0x80) {
		bytes = length & 0x7f;
		length = bytes > 0 && bytes <= 3 && bytes + 2 <= rest->n ? 0 : SIZE_MAX;
		for (size_t i = 0; i < bytes && length != SIZE_MAX; i++)
			length = length << 8 | rest->p[2 + i];
	}
	if (length == SIZE_MAX || length > rest->n - 2 - bytes) {
		*rest = contents;
		*tag = 0;
		return contents;
	}
	*tag = rest->p[0];
	contents = (struct slice){rest->p + 2 + bytes, length};
	*rest = (struct slice){contents.p + length, rest->n - 2 - bytes - length};
	return contents;
}

const struct extension *
element_extension(const struct cert *c, const char *oid)
{
	for (size_t i = 0; i < c->n_extensions; i++)
		if (slice_is(c->extensions[i].oid, oid))
			return &c->extensions[i];
	return NULL;
}
