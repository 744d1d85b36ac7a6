/* TOML 1.0 (toml.io/en/v1.0.0), as far as needed to find texts and lists of texts, and to be sure that none was overlooked. */
#include "crtlint/toml.h"

#include <string.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

enum { DEPTH = 16 /* of arrays and inline tables */ };

struct reader {
	struct arena *arena;
	struct errors *errors;
	struct toml *out;
	const uint8_t *p, *end, *line_start;
	unsigned line;
	const char *table; /* its name with a dot behind, "" at the top; NULL: of an array of tables, whose keys are not wanted */
	bool bad;
	bool shown; /* the last text is what it says: a character that cannot be shown is in no value that is wanted */
	uint8_t scratch[LIMIT_TEXT + 8];
};

static struct loc
here(const struct reader *r)
{
	return (struct loc){r->line, (unsigned)(r->p - r->line_start) + 1};
}

static bool
refuse(struct reader *r, const char *why)
{
	if (!r->bad)
		error_add(r->errors, r->out->path, here(r), "%s", why);
	r->bad = true;
	return false;
}

static bool
at(const struct reader *r, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(r->end - r->p) >= n && memcmp(r->p, word, n) == 0;
}

static void
step(struct reader *r)
{
	if (*r->p++ == '\n') {
		r->line++;
		r->line_start = r->p;
	}
}

static void
blanks(struct reader *r)
{
	while (at(r, " ") || at(r, "\t"))
		r->p++;
}

static void
comment(struct reader *r)
{
	blanks(r);
	while (at(r, "#") && r->p < r->end)
		while (r->p < r->end && *r->p != '\n')
			r->p++;
}

/* Blanks, comments and line ends. */
static void
space(struct reader *r)
{
	for (comment(r); at(r, "\n") || at(r, "\r\n"); comment(r)) {
		r->p += *r->p == '\r';
		step(r);
	}
}

static bool
end_of_line(struct reader *r)
{
	comment(r);
	return r->p == r->end || at(r, "\n") || at(r, "\r\n") ||
	       refuse(r, "something stands behind the value; one key stands on a line");
}

static int
hex(const struct reader *r, unsigned digits, uint32_t *out)
{
	*out = 0;
	if ((size_t)(r->end - r->p) < digits)
		return -1;
	for (unsigned i = 0; i < digits; i++) {
		uint8_t c = r->p[i], l = c | 0x20;
		unsigned v = c >= '0' && c <= '9' ? c - (unsigned)'0' : l >= 'a' && l <= 'f' ? l - (unsigned)'a' + 10 : 16;
		if (v == 16)
			return -1;
		*out = *out << 4 | v;
	}
	return 0;
}

static size_t
utf8(uint32_t c, uint8_t *out)
{
	static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

	for (size_t i = n; i > 0; i--, c >>= 6)
		out[i] = (uint8_t)(0x80 | (c & 0x3f));
	out[0] = (uint8_t)(lead[n] | c);
	return n + 1;
}

/* Behind the backslash; appends what it stands for. */
static bool
escape(struct reader *r, uint8_t *to, size_t *n, bool lines)
{
	static const char from[] = "btnfr\"\\", is[] = "\b\t\n\f\r\"\\";
	const char *plain = r->p < r->end && *r->p ? strchr(from, *r->p) : NULL;
	uint32_t c;

	if (plain) {
		to[(*n)++] = (uint8_t)is[plain - from];
		r->p++;
		return true;
	}
	if (at(r, "u") || at(r, "U")) {
		unsigned digits = *r->p++ == 'u' ? 4 : 8;
		if (hex(r, digits, &c) < 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			return refuse(r, "this is no character");
		r->p += digits;
		*n += utf8(c, to + *n);
		return true;
	}
	if (lines) { /* a backslash at the end of a line takes the line end and the blanks with it */
		blanks(r);
		if (at(r, "\n") || at(r, "\r\n")) {
			while (r->p < r->end && strchr(" \t\r\n", *r->p) && *r->p)
				step(r);
			return true;
		}
	}
	return refuse(r, "unknown escape in a text");
}

/* Any of the four kinds; NULL: refused. */
static const char *
text(struct reader *r, bool may_have_lines)
{
	uint8_t quote = *r->p;
	const char *three = quote == '"' ? "\"\"\"" : "'''";
	bool lines = may_have_lines && at(r, three);
	uint8_t *raw = r->scratch;
	size_t n = 0;

	r->p += lines ? 3 : 1;
	if (lines && (at(r, "\n") || at(r, "\r\n"))) {
		r->p += *r->p == '\r';
		step(r);
	}
	for (;;) {
		if (r->p == r->end || (!lines && *r->p == '\n'))
			return refuse(r, "this text is not ended"), NULL;
		if (n >= LIMIT_TEXT)
			return refuse(r, "this text is too long"), NULL;
		if (lines ? at(r, three) : *r->p == quote)
			break;
		if (*r->p == '\\' && quote == '"') {
			r->p++;
			if (!escape(r, raw, &n, lines))
				return NULL;
			continue;
		}
		raw[n++] = *r->p;
		step(r);
	}
	r->p += lines ? 3 : 1;
	for (int i = 0; lines && i < 2 && r->p < r->end && *r->p == quote;
	     i++) /* up to two quotes may stand before the last three */
		raw[n++] = *r->p++;
	struct slice bytes = {raw, n};
	const char *safe = text_safe(r->arena, bytes, TEXT_VALUE);
	r->shown = slice_is(bytes, safe);
	return safe;
}

static bool
is_bare(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* A dotted key; a part that holds a dot itself is none that is wanted, and is kept apart by its quotes. */
static bool
key(struct reader *r, struct buf *out)
{
	for (;;) {
		blanks(r);
		const uint8_t *from = r->p;
		if (at(r, "\"") || at(r, "'")) {
			const char *part = text(r, false);
			if (!part)
				return false;
			buf_printf(out, strchr(part, '.') || !*part ? "\"%s\"" : "%s", part);
		} else {
			while (r->p < r->end && is_bare(*r->p))
				r->p++;
			if (r->p == from)
				return refuse(r, "a key was expected here");
			buf_printf(out, "%.*s", (int)(r->p - from < LIMIT_TEXT ? r->p - from : LIMIT_TEXT), (const char *)from);
		}
		blanks(r);
		if (!at(r, "."))
			return true;
		r->p++;
		buf_add(out, ".");
	}
}

/* A number, a truth or a date: bytes that none of them holds are a mistake. */
static bool
scalar(struct reader *r)
{
	const uint8_t *from = r->p;

	while (r->p < r->end && (is_bare(*r->p) || strchr("+.:", *r->p)) && *r->p)
		r->p++;
	if (r->p == from)
		return refuse(r, "a value was expected here; a text is quoted");
	if (r->p - from == 10 && from[4] == '-' && at(r, " ") && r->end - r->p > 3 &&
	    r->p[3] == ':') /* a date, a blank, a time */
		for (r->p++; r->p < r->end && (is_bare(*r->p) || strchr("+.:", *r->p)) && *r->p;)
			r->p++;
	return true;
}

/* Brackets and all that is in them; the texts directly in an array are kept. */
static bool
brackets(struct reader *r, struct toml_value *v)
{
	uint8_t open[DEPTH];
	size_t depth = 0;
	bool others = false;

	do {
		space(r);
		if (r->p == r->end)
			return refuse(r, "a bracket is not closed");
		uint8_t c = *r->p;
		if (c == '[' || c == '{') {
			others = others || depth > 0;
			if (depth == DEPTH)
				return refuse(r, "is nested too deeply");
			open[depth++] = c == '[' ? ']' : '}';
			r->p++;
		} else if (c == ']' || c == '}') {
			if (open[depth - 1] != c)
				return refuse(r, "this bracket closes none that is open");
			depth--;
			r->p++;
		} else if (c == '"' || c == '\'') {
			const char *word = text(r, true);
			if (!word)
				return false;
			others = others || !r->shown;
			if (depth == 1) {
				if ((v->words.n & (v->words.n - 1)) == 0) {
					const char **more = arena_array(r->arena, v->words.n ? v->words.n * 2 : 1, sizeof *more);
					if (v->words.n)
						memcpy(more, v->words.list, v->words.n * sizeof *more);
					v->words.list = more;
				}
				v->words.list[v->words.n++] = word;
			}
		} else if (c == ',' || (c == '=' && open[depth - 1] == '}'))
			r->p++;
		else if (!scalar(r))
			return false;
		else
			others = true;
	} while (depth > 0);
	if (v->kind == TOML_LIST && others)
		v->kind = TOML_OTHER;
	return true;
}

static bool
value(struct reader *r, struct toml_value *v)
{
	v->loc = here(r);
	v->kind = TOML_OTHER;
	if (r->p == r->end)
		return refuse(r, "a value is missing");
	if (*r->p == '"' || *r->p == '\'') {
		const char **one = arena_array(r->arena, 1, sizeof *one);
		v->kind = TOML_TEXT;
		v->words = (struct words){one, 1};
		one[0] = text(r, true);
		if (!r->shown)
			v->kind = TOML_OTHER;
		return one[0] != NULL;
	}
	if (*r->p == '[' || *r->p == '{') {
		v->kind = *r->p == '[' ? TOML_LIST : TOML_INLINE_TABLE;
		return brackets(r, v);
	}
	return scalar(r);
}

static bool
pair(struct reader *r)
{
	struct buf name = {.arena = r->arena};
	struct toml_value v = {.loc = {0, 0}};

	buf_add(&name, r->table ? r->table : "");
	if (!key(r, &name))
		return false;
	if (!at(r, "="))
		return refuse(r, "'=' was expected here");
	r->p++;
	blanks(r);
	if (!value(r, &v) || !end_of_line(r))
		return false;
	v.key = buf_text(&name);
	if (!r->table)
		return true;
	r->out->list = arena_grow(r->arena, r->out->list, r->out->n, &r->out->capacity, sizeof v);
	r->out->list[r->out->n++] = v;
	return true;
}

static bool
header(struct reader *r)
{
	struct buf name = {.arena = r->arena};
	bool many = at(r, "[[");

	r->p += many ? 2 : 1;
	if (!key(r, &name))
		return false;
	if (!at(r, many ? "]]" : "]"))
		return refuse(r, "the table's name is not ended by ]");
	r->p += many ? 2 : 1;
	buf_add(&name, ".");
	r->table = many ? NULL : buf_text(&name);
	return end_of_line(r);
}

struct toml *
toml_read(struct arena *a, const char *path, struct slice bytes, struct errors *errors)
{
	struct toml *out = arena_alloc(a, sizeof *out);
	struct reader r = {
	    .arena = a, .errors = errors, .out = out, .p = bytes.p, .end = bytes.p + bytes.n, .line_start = bytes.p, .line = 1};

	out->path = path;
	r.table = "";
	if (bytes.n > LIMIT_PROFILE) {
		error_add(errors, path, (struct loc){0, 0}, "is larger than %d bytes, the most that is read", LIMIT_PROFILE);
		return NULL;
	}
	for (space(&r); !r.bad && r.p < r.end; space(&r))
		if (!(at(&r, "[") ? header(&r) : pair(&r)))
			break;
	return r.bad ? NULL : out;
}
