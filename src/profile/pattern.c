#include "crtlint/profile.h"

#include "words.h"

enum {
	TOKENS = 16, /* pieces of a pattern; the binder lets none through that has more */
	NAME = 512, /* longer names fit no pattern that captures: a file system's limit is 255 */
};

static bool
name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

bool
template_next(const char **text, struct token *t)
{
	const char *s = *text, *end = s;

	if (!*s)
		return false;
	if (s[0] == '<') {
		for (end = s + 1; name_byte(*end); end++)
			;
		if (*end == '>' && end > s + 1) {
			*t = (struct token){true, {(const uint8_t *)s + 1, (size_t)(end - s - 1)}};
			*text = end + 1;
			return true;
		}
		*t = (struct token){false, {(const uint8_t *)s, 1}};
		*text = s + (s[1] == '<' ? 2 : 1);
		return true;
	}
	while (*end && *end != '<')
		end++;
	*t = (struct token){false, {(const uint8_t *)s, (size_t)(end - s)}};
	*text = end;
	return true;
}

static bool
all(struct slice v, bool (*fits)(uint8_t))
{
	for (size_t i = 0; i < v.n; i++)
		if (!fits(v.p[i]))
			return false;
	return true;
}

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
no_dot(uint8_t c)
{
	return c != '.';
}

static bool
host_byte(uint8_t c)
{
	return name_byte((char)c) || c == '.' || c == ':' || c == '_' || c == '[' || c == ']';
}

/* A number is what Go's ParseUint takes with 64 bits. */
static bool
number(struct slice v)
{
	uint64_t n = 0;

	for (size_t i = 0; i < v.n; i++) {
		uint64_t d = (uint64_t)(v.p[i] - '0');
		if (!digit(v.p[i]) || n > (UINT64_MAX - d) / 10)
			return false;
		n = n * 10 + d;
	}
	return true;
}

/* Whether folding would leave the name alone. Beyond ASCII the capitals of Latin-1, Greek and Cyrillic are known; all are two bytes
 * in UTF-8. */
static bool
lower_case(struct slice v)
{
	for (size_t i = 0; i < v.n; i++) {
		uint8_t c = v.p[i], d = i + 1 < v.n ? v.p[i + 1] : 0;
		if (c >= 'A' && c <= 'Z')
			return false;
		if (c == 0xc3 && d >= 0x80 && d <= 0x9e && d != 0x97) /* U+00C0 to U+00DE but for the multiplication sign */
			return false;
		if (c == 0xce && d >= 0x91 && d <= 0xa9 && d != 0xa2) /* U+0391 to U+03A9 but for U+03A2, which is none */
			return false;
		if (c == 0xd0 && d >= 0x80 && d <= 0xaf) /* U+0400 to U+042F */
			return false;
	}
	return true;
}

static bool
listed(const struct words *w, struct slice v)
{
	for (size_t i = 0; i < w->n; i++)
		if (slice_is(v, w->list[i]))
			return true;
	return false;
}

static bool
capture_fits(const struct profile *p, struct slice name, struct slice value, bool slash)
{
	const struct capture *c = NULL;

	if (!slash && memchr(value.p, '/', value.n))
		return false;
	for (size_t i = 0; i < p->n_captures && !c; i++)
		if (slice_is(name, p->captures[i].name))
			c = &p->captures[i];
	if (!c)
		return true;
	switch (c->type) {
	case CAPTURE_ANY:
		return true;
	case CAPTURE_NUMBER:
		return number(value);
	case CAPTURE_LOWER_CASE:
		return lower_case(value);
	case CAPTURE_NO_DOT:
		return all(value, no_dot);
	case CAPTURE_HOST:
		return all(value, host_byte);
	case CAPTURE_ENUM:
		return listed(&c->values, value);
	}
	return false;
}

static const char *
capture_name(const struct profile *p, struct slice name)
{
	for (size_t i = 0; i < p->capture_names.n; i++)
		if (slice_is(name, p->capture_names.list[i]))
			return p->capture_names.list[i];
	return "";
}

static bool
starts_with(struct slice s, struct slice with)
{
	return s.n >= with.n && slice_eq((struct slice){s.p, with.n}, with);
}

static struct slice
drop(struct slice s, size_t n)
{
	return (struct slice){s.n > n ? s.p + n : s.p, s.n - n};
}

struct matcher {
	const struct profile *profile;
	struct binds *binds;
	bool uri; /* the capture at the end takes the rest, slashes included */
};

/* Recurses once for each token; the binder allows three captures, so that the work is bounded by the square of a short name. */
static bool
match(const struct matcher *m, const struct token *t, size_t n, struct slice name)
{
	struct binds *binds = m->binds;

	if (n == 0)
		return name.n == 0;
	if (!t->is_name)
		return starts_with(name, t->text) && match(m, t + 1, n - 1, drop(name, t->text.n));
	if (binds->n == COUNT(binds->list))
		return false;
	/* The last capture ends where the last literal begins. */
	bool last = n == 1 || (n == 2 && !t[1].is_name);
	size_t tail = n == 2 && last ? t[1].text.n : 0, from = 1;
	struct bind *b = &binds->list[binds->n++];

	if (last)
		from = name.n > tail ? name.n - tail : SIZE_MAX;
	for (size_t i = from; i <= name.n; i++) {
		*b = (struct bind){capture_name(m->profile, t->text), {name.p, i}};
		if (capture_fits(m->profile, t->text, b->value, m->uri && n == 1) && match(m, t + 1, n - 1, drop(name, i)))
			return true;
		if (last)
			break;
	}
	binds->n--;
	return false;
}

bool
pattern_may_match(const char *pattern, struct slice name)
{
	size_t head = 0;

	/* Names are tried on hundreds of patterns for each directory; most differ within the first bytes. */
	for (; pattern[head] && pattern[head] != '<'; head++)
		if (head == name.n || (uint8_t)pattern[head] != name.p[head])
			return false;
	if (!pattern[head])
		return head == name.n;

	/* Here stands a "<", so that the way back ends. */
	const char *last = pattern + head + strlen(pattern + head) - 1;
	for (size_t n = name.n; *last != '>' && *last != '<'; last--, n--)
		if (n == head || (uint8_t)*last != name.p[n - 1])
			return false;
	return true;
}

bool
pattern_match(const struct profile *p, const char *pattern, struct slice name, struct binds *binds)
{
	binds->n = 0;
	if (!pattern_may_match(pattern, name))
		return false;
	if (!strchr(pattern, '<'))
		return true;

	struct matcher m = {p, binds, strstr(pattern, "://") != NULL};
	struct token tokens[TOKENS];
	size_t n = 0;
	bool captures = false;

	for (; n < TOKENS && template_next(&pattern, &tokens[n]); n++)
		captures = captures || tokens[n].is_name;
	if (*pattern || (captures && name.n > NAME))
		return false;
	return match(&m, tokens, n, name);
}
