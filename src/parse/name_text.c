#include "name.h"

#include "crtlint/limits.h"
#include "crtlint/text.h"

/* RFC 4514 2.3, and what people know beside it. */
static const struct {
	const char *oid, *name;
} name_types[] = {
    {OID_CN, "CN"},
    {"\x55\x04\x04", "SN"},
    {"\x55\x04\x05", "serialNumber"},
    {"\x55\x04\x06", "C"},
    {"\x55\x04\x07", "L"},
    {"\x55\x04\x08", "ST"},
    {"\x55\x04\x09", "street"},
    {OID_O, "O"},
    {OID_OU, "OU"},
    {"\x55\x04\x0c", "title"},
    {"\x55\x04\x11", "postalCode"},
    {"\x55\x04\x2a", "GN"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", "emailAddress"},
    {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", "UID"},
    {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", "DC"},
};

static const char *
name_type(struct arena *arena, struct slice oid)
{
	for (size_t i = 0; i < sizeof(name_types) / sizeof(*name_types); i++)
		if (slice_is(oid, name_types[i].oid))
			return name_types[i].name;
	return oid_text(arena, oid);
}

/* RFC 4514 2.4: what would be read as syntax gets a backslash. */
static struct slice
name_escape(struct arena *arena, struct slice value)
{
	uint8_t *out = arena_array(arena, value.n + 1, 2);
	size_t n = 0;
	for (size_t i = 0; i < value.n; i++) {
		uint8_t c = value.p[i];
		bool edge = (c == ' ' && (i == 0 || i == value.n - 1)) || (c == '#' && i == 0);
		if (edge || (c != '\0' && strchr(",+\"\\<>;=", c)))
			out[n++] = '\\';
		out[n++] = c;
	}
	return (struct slice){out, n};
}

const char *
name_text(struct arena *arena, const struct name *name)
{
	struct buf text = {.arena = arena};
	for (size_t i = 0; i < name->n; i++) {
		const struct attribute *a = &name->attributes[i];
		if (i > 0)
			buf_add(&text, a->same_set ? "+" : ", ");
		if (text.n > LIMIT_TEXT) {
			buf_add(&text, "...");
			break;
		}
		buf_add(&text, name_type(arena, a->oid));
		buf_add(&text, "=");
		buf_bytes(&text, name_escape(arena, name_value(arena, a)));
	}
	return buf_text(&text);
}
