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

/* A value as RFC 4514 section 2.4 escapes it: a separator in a value is no separator. */
static void
add_value(struct buf *out, const char *value)
{
	size_t n = strlen(value);
	for (size_t i = 0; i < n; i++) {
		bool edge = (i == 0 && (value[i] == '#' || value[i] == ' ')) || (i + 1 == n && value[i] == ' ');
		buf_printf(out, "%s%c", edge || strchr(",+\"\\<>;", value[i]) ? "\\" : "", value[i]);
	}
}

const char *
dn_text(struct arena *a, const struct name *name)
{
	struct buf out = {.arena = a};
	for (size_t i = 0; i < name->n; i++) {
		const struct attribute *x = &name->attributes[i];
		for (size_t k = 0; k < sizeof(attributes) / sizeof(attributes[0]); k++) {
			if (!slice_is(x->oid, attributes[k].oid))
				continue;
			buf_printf(&out, "%s%s=", !out.n ? "" : x->same_set ? "+" : ",", attributes[k].name);
			add_value(&out, text_safe(a, name_value(a, x), TEXT_VALUE));
		}
	}
	return buf_text(&out);
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* One value of a configured name, up to its separator, its escapes undone; the text is moved on. */
static const char *
take_value(struct arena *a, const char **text)
{
	const char *p = *text + strspn(*text, " ");
	char *out = arena_strdup(a, p);
	size_t n = 0, kept = 0;
	for (; *p && !strchr(",+;", *p); p++) {
		bool escaped = p[0] == '\\' && p[1];
		if (escaped)
			p++;
		if (escaped && hex_digit(p[0]) >= 0 && hex_digit(p[1]) >= 0) {
			out[n++] = (char)(hex_digit(p[0]) << 4 | hex_digit(p[1]));
			p++;
		} else {
			out[n++] = *p;
		}
		if (escaped || *p != ' ')
			kept = n;
	}
	out[kept] = '\0';
	*text = p;
	return text_safe(a, slice_of(out), TEXT_VALUE);
}

/* Blanks beside separators, the case of a type and the kind of an escape mean nothing in RFC 4514. */
const char *
dn_normal(struct arena *a, const char *text)
{
	struct buf out = {.arena = a};
	while (*text) {
		text += strspn(text, " ");
		for (; *text && !strchr("=,+;", *text); text++)
			if (*text != ' ')
				buf_printf(&out, "%c", *text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
		if (*text == '=') {
			text++;
			buf_add(&out, "=");
			add_value(&out, take_value(a, &text));
		}
		if (*text)
			buf_add(&out, *text == '+' ? "+" : ",");
		text += *text != '\0';
	}
	return buf_text(&out);
}
