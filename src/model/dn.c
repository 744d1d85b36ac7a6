#include "model.h"

#include <string.h>

/*
 * A distinguished name as flags for names give it: the attributes of RFC 4514 section 3 with their short names, in the order in which the
 * certificate holds them (cockroachdb/cockroach pkg/security/distinguishedname keeps that order too); others are left out.
 */
static const struct {
	const char *oid, *name;
} attributes[] = {
    {"\x55\x04\x03", "CN"},
    {"\x55\x04\x07", "L"},
    {"\x55\x04\x08", "ST"},
    {"\x55\x04\x0a", "O"},
    {"\x55\x04\x0b", "OU"},
    {"\x55\x04\x06", "C"},
    {"\x55\x04\x09", "STREET"},
    {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", "DC"},
    {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", "UID"},
};

const char *
dn_text(struct arena *a, const struct name *name)
{
	struct buf out = {.arena = a};
	for (size_t i = 0; i < name->n; i++) {
		for (size_t k = 0; k < sizeof(attributes) / sizeof(attributes[0]); k++) {
			if (!slice_is(name->attributes[i].oid, attributes[k].oid))
				continue;
			buf_printf(&out, "%s%s=%s", out.n ? "," : "", attributes[k].name,
			    text_safe(a, name_value(a, &name->attributes[i]), TEXT_VALUE));
		}
	}
	return buf_text(&out);
}

/* Blanks after a comma mean nothing in RFC 4514. */
const char *
dn_normal(struct arena *a, const char *text)
{
	char *out = arena_strdup(a, text);
	size_t n = 0;
	for (size_t i = 0; text[i]; i++)
		if (text[i] != ' ' || (n && out[n - 1] != ','))
			out[n++] = text[i];
	out[n] = '\0';
	return out;
}
