/*
 * Which of the texts stand in a pasted one.
 */
#include "crtlint/message.h"

#include <string.h>

#include "crtlint/text.h"

#include "message_table.h"

enum {
	WEAK = 12, /* a text of fewer literal bytes counts only where it stands alone, or begins inside another */
	VALUES_MAX = 8,
};

struct line {
	const char *p; /* with a blank behind it, so that a text that was cut off there still ends in one */
	size_t n;
	size_t number;
};

struct found {
	struct arena *arena;
	struct match *list;
	size_t n, capacity;
};

static bool
lies(const struct line *line, const struct row *row, struct match *m, struct slice *values)
{
	size_t at = 0, open = 0;
	bool started = false;
	const char *name = NULL;

	for (size_t i = 0; i < row->n; i++) {
		const struct piece *piece = &row->pieces[i];
		const char *p;
		size_t length;

		if (piece->name) {
			name = piece->name;
			open = at;
			if (strcmp(name, "error") == 0 || (row->message->wraps && strcmp(name, "...") == 0))
				m->inner = at;
			continue;
		}
		length = strlen(piece->literal);
		p = memmem(line->p + at, line->n - at, piece->literal, length);
		if (!p)
			return false;
		if (name && m->n_values < VALUES_MAX) {
			m->values[m->n_values].name = name;
			values[m->n_values++] = (struct slice){(const uint8_t *)line->p + open, (size_t)(p - line->p) - open};
		}
		name = NULL;
		if (!started)
			m->from = (size_t)(p - line->p);
		started = true;
		at = (size_t)(p - line->p) + length;
		m->to = at;
	}
	if (name && m->n_values < VALUES_MAX) {
		m->values[m->n_values].name = name;
		values[m->n_values++] = (struct slice){(const uint8_t *)line->p + at, line->n - at};
	}
	return started;
}

static struct slice
trimmed(struct slice s)
{
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '.' || s.p[s.n - 1] == ']'))
		s.n--;
	return s;
}

static void
look(struct found *found, const struct line *line, const struct row *row)
{
	struct message_value values[VALUES_MAX];
	struct slice raw[VALUES_MAX];
	struct match m = {.message = row->message, .values = values, .line = line->number, .weight = row->weight};

	if (!row->weight || !lies(line, row, &m, raw))
		return;
	m.values = arena_array(found->arena, m.n_values, sizeof(*m.values));
	for (size_t i = 0, n = m.n_values; i < n; i++) {
		if (i == 0)
			m.n_values = 0;
		if (strcmp(values[i].name, "...") && strcmp(values[i].name, "error"))
			m.values[m.n_values++] = (struct message_value){
			    values[i].name, text_safe(found->arena, trimmed(raw[i]), TEXT_VALUE)};
	}
	found->list = arena_grow(found->arena, found->list, found->n, &found->capacity, sizeof(*found->list));
	found->list[found->n++] = m;
}

static size_t
literal_end(const struct match *m)
{
	return m->message->wraps && m->inner > m->from ? m->inner : m->to;
}

static bool
overlap(const struct match *a, const struct match *b)
{
	return a->line == b->line && a->from < literal_end(b) && b->from < literal_end(a);
}

/* A short text counts alone on its line, or right where another one says that a text begins. */
static bool
stands(const struct found *all, const struct match *m, const struct line *lines)
{
	if (m->weight >= WEAK)
		return true;
	if (m->from == 0 && m->to + 1 >= lines[m->line].n)
		return true;
	for (size_t i = 0; i < all->n; i++)
		if (all->list[i].message->wraps && all->list[i].line == m->line && all->list[i].inner == m->from)
			return true;
	return false;
}

/* Whether a match is part of what another one says better. */
static bool
covered(const struct found *all, const struct match *m)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct match *o = &all->list[i];
		bool earlier = o < m; /* the table comes first, and says more than a profile's row */

		if (o == m || !overlap(o, m))
			continue;
		if (m->message->wraps != o->message->wraps) {
			if (o->message->wraps && m->to < literal_end(o))
				return true; /* its words go on: "(possibly because of ..." */
			continue;
		}
		if (o->weight > m->weight || (o->weight == m->weight && earlier))
			return true;
	}
	return false;
}

static bool
before(const struct match *a, const struct match *b)
{
	if (a->message->wraps != b->message->wraps)
		return b->message->wraps;
	if (a->message->wraps)
		return a->line != b->line ? a->line < b->line : a->from < b->from;
	return a->weight > b->weight;
}

static struct matches
sift(struct arena *arena, const struct found *all, const struct line *lines)
{
	struct matches out = {.list = arena_array(arena, all->n, sizeof(*out.list))};

	for (size_t i = 0; i < all->n; i++) {
		size_t at = out.n;
		bool same = false;

		if (!stands(all, &all->list[i], lines) || covered(all, &all->list[i]))
			continue;
		for (size_t k = 0; k < out.n; k++) /* of several lines that say the same, one */
			same = same || out.list[k].message == all->list[i].message;
		if (same)
			continue;
		for (; at > 0 && before(&all->list[i], &out.list[at - 1]); at--)
			out.list[at] = out.list[at - 1];
		out.list[at] = all->list[i];
		out.n++;
	}
	while (out.wrappers < out.n && !out.list[out.wrappers].message->wraps)
		out.wrappers++;
	return out;
}

enum { LINES_MAX = 200 /* of a pasted text; the rest is one line more */ };

static struct matches
match_lines(struct arena *arena, const struct messages *m, const char *text, char separator)
{
	struct found all = {.arena = arena};
	struct line *lines = arena_array(arena, LINES_MAX + 1, sizeof(*lines));
	size_t n = 0;

	while (*text && n <= LINES_MAX) {
		const char *end = n < LINES_MAX ? strchr(text, separator) : NULL;
		size_t length = end ? (size_t)(end - text) : strlen(text);

		lines[n] = (struct line){.p = arena_printf(arena, "%.*s ", (int)length, text), .n = length + 1, .number = n};
		text += length + (end ? 1 : 0);
		n++;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m->n; k++)
			look(&all, &lines[i], &m->rows[k]);
	return sift(arena, &all, lines);
}

/* A terminal or a mail may have broken a line, between words or within one: joined again, it may say more. */
struct matches
messages_match(struct arena *arena, const struct messages *m, struct slice text)
{
	const char *plain = message_plain(arena, text);
	struct matches best = match_lines(arena, m, plain, '\n');

	for (int glue = 0; glue < 2 && best.wrappers == 0 && strchr(plain, '\n'); glue++) {
		char *joined = arena_strdup(arena, plain), *out = joined;
		struct matches other;

		for (const char *p = plain; *p; p++)
			if (*p != '\n')
				*out++ = *p;
			else if (glue == 0)
				*out++ = ' ';
		*out = '\0';
		other = match_lines(arena, m, joined, '\n');
		if (other.wrappers || (!best.n && other.n))
			best = other;
	}
	return best;
}

enum message_side
matches_side(const struct matches *found)
{
	enum message_side side = found->n ? found->list[0].message->side : MESSAGE_NOBODY;

	if (side != MESSAGE_VERIFIER && side != MESSAGE_REFUSED)
		return side;
	for (size_t i = found->n; i-- > found->wrappers;) { /* the innermost first */
		enum message_side around = found->list[i].message->side;

		if (found->list[i].line == found->list[0].line && (around == MESSAGE_DIALER || around == MESSAGE_LISTENER))
			return around;
	}
	return side;
}
