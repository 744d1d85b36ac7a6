#include "crtlint/shape.h"

static const char *const words[] = {
    [SHAPE_BEGIN] = "-----BEGIN ",
    [SHAPE_END] = "-----END",
    [SHAPE_PRIVATE] = "PRIVATE KEY",
    [SHAPE_PROC_TYPE] = "Proc-Type",
    [SHAPE_ENCRYPTED] = "4,ENCRYPTED",
    [SHAPE_BOM] = "\xef\xbb\xbf",
    [SHAPE_LABELS] = "CERTIFICATE",
    "X509 CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "DSA PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "ANY PRIVATE KEY",
    "PUBLIC KEY",
    "RSA PUBLIC KEY",
    "CERTIFICATE REQUEST",
    "NEW CERTIFICATE REQUEST",
    "X509 CRL",
    "EC PARAMETERS",
    "DH PARAMETERS",
    "PKCS7",
    "CMS",
    [SHAPE_DEK_INFO] = "DEK-Info",
};

enum { N_WORDS = sizeof words / sizeof *words };

const char *const *
shape_words(size_t *n)
{
	*n = N_WORDS;
	return words;
}

struct cursor {
	struct slice shape, content;
	size_t at; /* in the shape */
	size_t taken; /* of the content */
	size_t room;
	uint8_t *out; /* NULL: only count */
	size_t n;
};

static bool
number(struct cursor *c, size_t *value)
{
	size_t start = c->at;

	*value = 0;
	for (; c->at < c->shape.n && c->shape.p[c->at] >= '0' && c->shape.p[c->at] <= '9'; c->at++) {
		*value = *value * 10 + (size_t)(c->shape.p[c->at] - '0');
		if (*value > c->room + c->content.n)
			return false;
	}
	return c->at > start;
}

static int
digit(const struct cursor *c, size_t at)
{
	uint8_t d = at < c->shape.n ? c->shape.p[at] : 0;

	return d >= '0' && d <= '9' ? d - '0' : d >= 'a' && d <= 'f' ? d - 'a' + 10 : -1;
}

static bool
put(struct cursor *c, const void *bytes, int fill, size_t n)
{
	if (n > c->room - c->n)
		return false;
	if (c->out && n > 0) {
		if (bytes)
			memcpy(c->out + c->n, bytes, n);
		else
			memset(c->out + c->n, fill, n);
	}
	c->n += n;
	return true;
}

static bool
take_content(struct cursor *c, bool copy)
{
	size_t n;

	if (!number(c, &n) || n > c->content.n - c->taken)
		return false;
	c->taken += n;
	return !copy || put(c, c->content.p + c->taken - n, 0, n);
}

static bool
take_fill(struct cursor *c)
{
	int high = digit(c, c->at), low = digit(c, c->at + 1);
	size_t n = 1;

	if (high < 0 || low < 0)
		return false;
	c->at += 2;
	if (c->at < c->shape.n && c->shape.p[c->at] == '*') {
		c->at++;
		if (!number(c, &n))
			return false;
	}
	return put(c, NULL, high << 4 | low, n);
}

static bool
take_word(struct cursor *c)
{
	size_t n;

	return number(c, &n) && n < N_WORDS && put(c, words[n], 0, strlen(words[n]));
}

static bool
run(struct cursor *c)
{
	c->at = c->taken = c->n = 0;
	while (c->at < c->shape.n) {
		uint8_t verb = c->shape.p[c->at];
		bool ok;
		if (verb == 'w' || verb == 's' || verb == 'k') {
			c->at++;
			ok = verb == 'w' ? take_word(c) : take_content(c, verb == 'k');
		} else {
			ok = take_fill(c);
		}
		if (!ok || (c->at < c->shape.n && c->shape.p[c->at++] != ' '))
			return false;
	}
	return c->taken == c->content.n;
}

bool
shape_expand(struct arena *arena, struct slice shape, struct slice content, size_t room, struct slice *out)
{
	struct cursor c = {.shape = shape, .content = content, .room = room};

	if (!run(&c))
		return false;
	c.out = arena_alloc(arena, c.n);
	run(&c);
	*out = (struct slice){c.out, c.n};
	return true;
}
