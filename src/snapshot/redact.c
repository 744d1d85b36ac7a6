/*
 * What is copied has to look like a certificate; nothing is left out for looking like a key. So a key under a wrong label, in a comment,
 * behind a certificate's end or in a format nobody knows is gone like any other text.
 */
#include "redact.h"

#include "crtlint/shape.h"
#include "crtlint/text.h"

enum { HEAD = 16, CERTIFICATE_LABELS = 3, ALL = -1 };

struct redaction {
	struct arena *arena;
	struct slice in;
	size_t at;
	unsigned line;
	const char *const *words;
	size_t n_words;
	struct public_keys keys;
	const char *facts[PUBLIC_DIALECTS];
	uint8_t *content;
	size_t n, capacity;
	struct buf shape;
	size_t copied; /* not yet written down: so many bytes of the content, or so many of one byte */
	int run;
	size_t run_length;
	struct slice label; /* of the last BEGIN */
	bool other; /* in the label of an END that does not go with it */
	bool whole; /* nothing but copies so far */
};

static void
flush(struct redaction *r)
{
	const char *blank = r->shape.n > 0 ? " " : "";

	if (r->copied > 0)
		buf_printf(&r->shape, "%sk%zu", blank, r->copied);
	else if (r->run_length == 1)
		buf_printf(&r->shape, "%s%02x", blank, (unsigned)r->run);
	else if (r->run_length > 1)
		buf_printf(&r->shape, "%s%02x*%zu", blank, (unsigned)r->run, r->run_length);
	r->copied = r->run_length = 0;
}

static void
put_word(struct redaction *r, char verb, size_t n)
{
	flush(r);
	buf_printf(&r->shape, "%s%c%zu", r->shape.n > 0 ? " " : "", verb, n);
	r->whole = false;
}

static void
put_byte(struct redaction *r, uint8_t byte)
{
	if (r->copied > 0 || (r->run_length > 0 && r->run != byte))
		flush(r);
	r->run = byte;
	r->run_length++;
	r->whole = false;
}

static void
add_content(struct redaction *r, struct slice s)
{
	if (s.n > r->capacity - r->n) {
		size_t capacity = 2 * (r->n + s.n);
		uint8_t *more = arena_alloc(r->arena, capacity);
		if (r->n > 0)
			memcpy(more, r->content, r->n);
		r->content = more;
		r->capacity = capacity;
	}
	if (s.n > 0)
		memcpy(r->content + r->n, s.p, s.n);
	r->n += s.n;
}

static void
copy(struct redaction *r, size_t from, size_t to)
{
	if (to == from)
		return;
	if (r->run_length > 0)
		flush(r);
	add_content(r, (struct slice){r->in.p + from, to - from});
	r->copied += to - from;
}

static bool
is_base64(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One byte by its class, as far as readers of PEM tell classes apart. */
static void
blank_out(struct redaction *r, uint8_t c)
{
	if (c == '\n')
		r->other = false;
	if (r->other && !is_blank(c) && c != '-')
		put_byte(r, 'B');
	else if (is_base64(c))
		put_byte(r, 'A');
	else if (is_blank(c) || c == 0 || c == '-' || c == '=' || c == ':')
		put_byte(r, c);
	else
		put_byte(r, c >= 0x80 ? 0x80 : c < ' ' ? 0x01 : '!');
}

static bool
stands(const struct redaction *r, size_t at, const char *text)
{
	size_t n = strlen(text);

	return at <= r->in.n && n <= r->in.n - at && memcmp(r->in.p + at, text, n) == 0;
}

/* The label at that place, dashes behind it, among the first n of the known; ALL of them; 0: none of those. */
static size_t
label_at(const struct redaction *r, size_t at, int n)
{
	size_t end = n == ALL ? r->n_words : SHAPE_LABELS + (size_t)n;

	for (size_t i = SHAPE_LABELS; i < end; i++)
		if (stands(r, at, r->words[i]) && stands(r, at + strlen(r->words[i]), "-----"))
			return i;
	return 0;
}

/* How many of the base64 digits belong to the first element, if these are the first bytes of a certificate: SEQUENCE { SEQUENCE { version
 * or serial. Keys in their three forms, encrypted ones and PKCS#12 all go on otherwise. 0: it is none. */
static size_t
certificate_digits(const uint8_t *head, size_t n)
{
	size_t at = 0, length[2];

	for (int i = 0; i < 2; i++) {
		if (n - at < 2 || head[at] != 0x30)
			return 0;
		unsigned bytes = head[at + 1] & 0x80 ? head[at + 1] & 0x7f : 0;
		length[i] = bytes ? 0 : head[at + 1];
		if ((head[at + 1] & 0x80 && bytes == 0) || bytes > 3 || n - at < 2 + bytes)
			return 0;
		for (unsigned k = 0; k < bytes; k++)
			length[i] = length[i] << 8 | head[at + 2 + k];
		at += 2 + bytes;
		if (i == 0)
			length[0] += at;
	}
	return at < n && (head[at] == 0xa0 || head[at] == 0x02) ? (length[0] * 8 + 5) / 6 : 0;
}

static unsigned
digit(uint8_t c)
{
	return c >= 'a' ? c - 'a' + 26U : c >= 'A' ? c - 'A' + 0U : c >= '0' ? c - '0' + 52U : c == '+' ? 62 : 63;
}

/* Whether a line holds base64 alone. */
static bool
is_body(const struct redaction *r, size_t from, size_t to)
{
	for (; from < to; from++)
		if (!is_base64(r->in.p[from]) && !is_blank(r->in.p[from]) && r->in.p[from] != '=')
			return false;
	return true;
}

static size_t
line_end(const struct redaction *r, size_t from, size_t to)
{
	const uint8_t *newline = to > from ? memchr(r->in.p + from, '\n', to - from) : NULL;

	return newline ? (size_t)(newline - r->in.p) + 1 : to;
}

/* The digits of the body that may be copied; 0: it is no certificate. */
static size_t
judge_body(const struct redaction *r, size_t from, size_t to)
{
	uint8_t head[HEAD];
	size_t n = 0;
	unsigned bits = 0, value = 0;

	for (size_t next; from < to && n < HEAD; from = next) {
		next = line_end(r, from, to);
		if (!is_body(r, from, next))
			continue;
		for (size_t i = from; i < next && n < HEAD; i++) {
			if (!is_base64(r->in.p[i]))
				continue;
			value = value << 6 | digit(r->in.p[i]);
			bits += 6;
			if (bits >= 8) {
				bits -= 8;
				head[n++] = (uint8_t)(value >> bits);
			}
		}
	}
	return certificate_digits(head, n);
}

/* A certificate at r->at; false: there is none. Headers in it, and what follows the certificate inside it, are blanked out. */
static bool
take_certificate(struct redaction *r)
{
	size_t label = label_at(r, r->at + strlen(r->words[SHAPE_BEGIN]), CERTIFICATE_LABELS), end, digits;

	if (label == 0)
		return false;
	size_t body = r->at + strlen(r->words[SHAPE_BEGIN]) + strlen(r->words[label]) + 5;
	const uint8_t *dashes = memmem(r->in.p + body, r->in.n - body, "-----", 5);
	end = dashes ? (size_t)(dashes - r->in.p) : r->in.n;
	if ((digits = judge_body(r, body, end)) == 0)
		return false;
	r->label = slice_of(r->words[label]);
	copy(r, r->at, body);
	for (size_t from = body, next; from < end; from = next) {
		next = line_end(r, from, end);
		bool good = is_body(r, from, next);
		for (size_t i = from; i < next; i++) {
			bool is_digit = is_base64(r->in.p[i]);
			if (good && (!is_digit || digits > 0))
				copy(r, i, i + 1);
			else
				blank_out(r, r->in.p[i]);
			digits -= good && is_digit && digits > 0;
		}
	}
	/* what ends it, if that is an END of its own: some readers go on to the next one over what others stumble at */
	size_t after = end;
	if (stands(r, end, "-----END ") && label_at(r, end + 9, CERTIFICATE_LABELS) == label) {
		after = end + 9 + strlen(r->words[label]) + 5;
		if (stands(r, after, "\r\n"))
			after += 2;
		else if (stands(r, after, "\n"))
			after++;
		copy(r, end, after);
	}
	for (; r->at < after; r->at++)
		r->line += r->in.p[r->at] == '\n';
	return true;
}

static void
put_key(struct redaction *r)
{
	for (size_t i = 0; i < r->keys.n; i++) {
		const struct public_key *key = &r->keys.list[i];
		if (key->block->line != r->line || r->facts[i])
			continue;
		if (key->spki.n > 0) {
			struct slice pem = public_pem(r->arena, key->spki);
			r->facts[i] = public_facts(r->arena, key, (long)r->n);
			flush(r);
			add_content(r, pem);
			put_word(r, 's', pem.n);
		} else {
			r->facts[i] = public_facts(r->arena, key, KEY_NO_PUBLIC);
		}
	}
}

/* Unknown labels all become alike, so that one which did not go with its BEGIN has to become another. */
static void
compare_labels(struct redaction *r, bool begin)
{
	size_t n = line_end(r, r->at, r->in.n) - r->at;
	const uint8_t *dashes = memmem(r->in.p + r->at, n, "-----", 5);
	struct slice label = {r->in.p + r->at, dashes ? (size_t)(dashes - r->in.p) - r->at : n};

	r->other = !begin && !slice_eq(label, r->label);
	if (begin)
		r->label = label;
}

static bool
take_word(struct redaction *r)
{
	size_t label = 0;

	for (size_t i = 0; i < r->n_words; i = i + 1 == SHAPE_LABELS ? SHAPE_DEK_INFO : i + 1) {
		if (!stands(r, r->at, r->words[i]))
			continue;
		put_word(r, 'w', i);
		r->at += strlen(r->words[i]);
		if (i == SHAPE_END && stands(r, r->at, " ")) {
			put_byte(r, ' ');
			r->at++;
		}
		if (i == SHAPE_BEGIN || i == SHAPE_END) {
			compare_labels(r, i == SHAPE_BEGIN);
			label = label_at(r, r->at, ALL);
		}
		if (label > 0) {
			put_word(r, 'w', label);
			r->at += strlen(r->words[label]);
		}
		return true;
	}
	return false;
}

/* Nothing in it begins a block: what it is matters, not what stands in it. */
static void
take_foreign(struct redaction *r, enum pem_flaw flaw)
{
	size_t at = 0;
	uint8_t fill = '!';

	if (flaw == PEM_EMPTY) {
		fill = ' ';
	} else if (flaw == PEM_UTF16) {
		put_byte(r, 0xff);
		put_byte(r, 0xfe);
		at = 2;
	} else if (flaw == PEM_IS_DER) {
		size_t head = 2 + (r->in.p[1] & 0x80 ? r->in.p[1] & 0x7fU : 0);
		for (fill = 0; at < head; at++)
			put_byte(r, r->in.p[at]);
	}
	for (; at < r->in.n; at++)
		put_byte(r, fill);
}

struct redacted
redact(struct arena *arena, struct slice in, struct proofs *proofs)
{
	struct redaction r = {.arena = arena, .in = in, .line = 1, .shape = {.arena = arena}, .whole = true};
	struct buf facts = {.arena = arena};

	r.words = shape_words(&r.n_words);
	if (in.n > 0 && !memmem(in.p, in.n, r.words[SHAPE_BEGIN], strlen(r.words[SHAPE_BEGIN]))) {
		take_foreign(&r, pem_scan(arena, in, PEM_GO).flaw);
	} else {
		r.keys = public_find(arena, in, proofs);
		while (r.at < in.n) {
			bool begin = stands(&r, r.at, r.words[SHAPE_BEGIN]);
			if (begin && take_certificate(&r))
				continue;
			if (begin)
				put_key(&r);
			if (take_word(&r))
				continue;
			r.line += in.p[r.at] == '\n';
			blank_out(&r, in.p[r.at++]);
		}
	}
	flush(&r);
	for (size_t i = 0; i < r.keys.n; i++)
		buf_add(&facts, r.facts[i] ? r.facts[i] : "");
	return (struct redacted){{r.content, r.n}, r.whole ? NULL : buf_text(&r.shape), buf_text(&facts)};
}
