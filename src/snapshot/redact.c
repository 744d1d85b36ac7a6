/*
 * What is copied has to look like a certificate; nothing is left out for looking like a key. So a key under a wrong label, in a comment,
 * behind a certificate's end or in a format nobody knows is gone like any other text.
 */
#include "redact.h"

#include "certificate.h"
#include "crtlint/shape.h"
#include "crtlint/text.h"
#include "labels.h"

enum { CERTIFICATE_LABELS = 3, ALL = -1 };

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
	struct labels *labels;
	bool in_label; /* behind BEGIN or END */
	const uint8_t *kept; /* certificate_map() */
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
	r->in_label = r->in_label && c != '\n';
	put_byte(r, r->in_label ? labels_step(r->labels, c, false) : labels_blank(c));
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
	uint8_t head[CERTIFICATE_HEAD];
	size_t n = 0;
	unsigned bits = 0, value = 0;

	for (size_t next; from < to && n < CERTIFICATE_HEAD; from = next) {
		next = line_end(r, from, to);
		if (!is_body(r, from, next))
			continue;
		for (size_t i = from; i < next && n < CERTIFICATE_HEAD; i++) {
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

static void
use_word(struct redaction *r, size_t word)
{
	put_word(r, 'w', word);
	for (size_t end = r->at + strlen(r->words[word]); r->at < end; r->at++)
		if (r->in_label)
			labels_step(r->labels, r->in.p[r->at], true);
}

static bool
take_word(struct redaction *r)
{
	size_t label = 0;

	for (size_t i = 0; i < r->n_words; i = i + 1 == SHAPE_LABELS ? SHAPE_DEK_INFO : i + 1) {
		if (!stands(r, r->at, r->words[i]))
			continue;
		use_word(r, i);
		if (i == SHAPE_END && stands(r, r->at, " ")) {
			put_byte(r, ' ');
			r->at++;
		}
		if (i == SHAPE_BEGIN || i == SHAPE_END) {
			labels_start(r->labels);
			r->in_label = true;
			label = label_at(r, r->at, ALL);
		}
		if (label > 0)
			use_word(r, label);
		return true;
	}
	return false;
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
	copy(r, r->at, body);
	r->at = body;
	for (size_t from = body, next; from < end; from = next) {
		next = line_end(r, from, end);
		bool good = is_body(r, from, next);
		while (r->at < next) {
			bool is_digit = is_base64(r->in.p[r->at]), rest = good && is_digit && digits == 0;
			if ((good && !rest) || r->kept[r->at])
				copy(r, r->at, r->at + 1);
			else if (rest || !take_word(r))
				blank_out(r, r->in.p[r->at]);
			else
				continue;
			digits -= good && is_digit && digits > 0;
			r->line += r->in.p[r->at++] == '\n';
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

/* The first bytes by which a file is known to be no PEM: a UTF-16 mark, or the header of DER that spans the file. */
static size_t
foreign_head(const struct redaction *r)
{
	struct slice in = r->in;

	if (stands(r, 0, "\xff\xfe") || stands(r, 0, "\xfe\xff"))
		return 2;
	for (enum pem_dialect d = PEM_GO; in.n > 0 && in.p[0] == 0x30 && d <= PEM_OPENSSL; d++)
		if (pem_scan(r->arena, in, d).flaw == PEM_IS_DER)
			return 2 + (in.p[1] & 0x80 ? in.p[1] & 0x7fU : 0);
	return 0;
}

/* Nothing in it begins a block: what it is matters, not what stands in it. */
static void
take_foreign(struct redaction *r, enum pem_flaw flaw)
{
	uint8_t fill = flaw == PEM_EMPTY ? ' ' : flaw == PEM_IS_DER ? 0 : '!';

	if (flaw == PEM_UTF16 && r->at == 0 && r->in.n >= 2) {
		put_byte(r, 0xff);
		put_byte(r, 0xfe);
		r->at = 2;
	}
	for (; r->at < r->in.n; r->at++)
		put_byte(r, fill);
}

struct redacted
redact(struct arena *arena, struct slice in, struct proofs *proofs)
{
	struct redaction r = {.arena = arena, .in = in, .line = 1, .shape = {.arena = arena}, .whole = true};
	struct buf facts = {.arena = arena};

	r.words = shape_words(&r.n_words);
	for (size_t head = foreign_head(&r); r.at < head; r.at++)
		put_byte(&r, in.p[r.at]);
	if (in.n > 0 && !memmem(in.p, in.n, r.words[SHAPE_BEGIN], strlen(r.words[SHAPE_BEGIN]))) {
		take_foreign(&r, pem_scan(arena, in, PEM_GO).flaw);
	} else {
		r.keys = public_find(arena, in, proofs);
		r.kept = certificate_map(arena, in);
		r.labels = labels_new(arena, r.words + SHAPE_LABELS, r.n_words - SHAPE_LABELS);
		while (r.at < in.n) {
			bool begin = stands(&r, r.at, r.words[SHAPE_BEGIN]);
			if (begin && take_certificate(&r))
				continue;
			if (r.kept[r.at]) {
				copy(&r, r.at, r.at + 1);
				r.at++;
				continue;
			}
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
