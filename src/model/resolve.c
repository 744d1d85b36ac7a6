/*
 * What a word in a cell stands for: a file by its row's pattern, a role, or a name that a row's pattern covers (profile-language,
 * section 1, rules 3 and 7). To exist is not to be sound: a broken file never falls back.
 */
#include "model.h"

#include <string.h>

bool
file_exists(const struct scope *s, const struct file *f)
{
	switch (s->find) {
	case FIND_LISTED:
		return f->entry->type != ENTRY_DIRECTORY || f->entry->link != LINK_NONE;
	case FIND_NAMED:
		return true;
	case FIND_STAT:
		return f->entry->type != ENTRY_NOTHING;
	}
	return true;
}

void
found_none(struct found *f)
{
	f->n = 0;
	f->none = f->system = f->elsewhere = f->anything = f->every = false;
	f->row = NULL;
	f->expected = NULL;
}

static void
found_add(struct found *out, const struct file *f)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->files[i] == f)
			return;
	if (out->n < RESOLVE_MAX)
		out->files[out->n++] = f;
}

static void
note_row(struct found *out, const struct file_row *row, const char *expected)
{
	if (!out->row) {
		out->row = row;
		out->expected = expected;
	}
}

static bool
in_dialect(const struct scope *s, const struct file_row *row)
{
	return !row->dialect || (s->m->facts->dialect && strcmp(row->dialect, s->m->facts->dialect) == 0);
}

static const char *
raw_name(struct arena *a, const struct file_row *row, size_t pattern, const struct binds *binds)
{
	const char *p = row->patterns.list[pattern];
	struct buf out = {.arena = a};
	struct token token;
	while (template_next(&p, &token)) {
		struct slice text = token.text;
		size_t i = 0;
		while (token.is_name && i < binds->n && !slice_is(token.text, binds->list[i].name))
			i++;
		if (token.is_name && i == binds->n)
			return NULL;
		if (token.is_name)
			text = binds->list[i].value;
		buf_add(&out, arena_strndup(a, (const char *)text.p, text.n));
	}
	return buf_text(&out);
}

/* The file that a name from a text stands for: in texts a strange byte is written out, so its file is found by its own text. */
static const struct file *
file_shown(const struct facts *f, const char *name)
{
	if (!strchr(name, '\\'))
		return facts_file(f, name);
	for (size_t i = 0; i < f->n_files; i++)
		if (strcmp(f->files[i].name, name) == 0)
			return &f->files[i];
	return NULL;
}

/* The row is there for who asks. *varies: on a condition, so that somebody else may hear otherwise. Asked of rows that fit alone. */
static bool
row_open(const struct scope *s, const struct file_row *row, bool *varies)
{
	*varies = *varies || row->gate.n_when;
	return gate_open(s, &row->gate);
}

/* A definite name: the file itself when it is there, and the row that covers the name. */
static bool
resolve_name(const struct scope *s, const char *name, struct found *out, bool *varies)
{
	struct slice raw = slice_of(name);
	const struct profile *p = s->m->profile;
	bool known = false;
	const struct file *f = file_shown(s->m->facts, name);
	for (size_t i = 0; i < p->n_files && !known; i++) {
		const struct file_row *row = &p->files[i];
		struct binds binds = {.n = 0};
		bool own = false, key = false; /* a key, by its name */
		if (row->is == IS_IGNORED || !in_dialect(s, row))
			continue;
		for (size_t k = 0; k < row->patterns.n && !own; k++)
			own = pattern_match(p, row->patterns.list[k], raw, &binds);
		if (!own && row->key && *row->key)
			key = pattern_match(p, row->key, raw, &binds);
		known = (own || key) && row_open(s, row, varies);
		if (known && own)
			note_row(out, row, name);
	}
	if (known && f && file_exists(s, f))
		found_add(out, f);
	return known;
}

/* A role: its text with the captures put in is the word. */
static void
resolve_role(const struct scope *s, const char *role, struct found *out, bool *varies)
{
	const struct profile *p = s->m->profile;
	for (size_t i = 0; i < p->n_files; i++) {
		const struct file_row *row = &p->files[i];
		struct binds binds = {.n = 0};
		if (row->is == IS_IGNORED || !in_dialect(s, row))
			continue;
		const char *own = row->role;
		*varies = *varies || own[0] == '<';
		if (own[0] == '<' && !scope_fill(s, own, &own))
			own = row->role;
		if (!pattern_match(p, own, slice_of(role), &binds) || !row_open(s, row, varies))
			continue;
		bool here = false;
		for (size_t k = 0; k < row->patterns.n; k++) {
			const char *name = raw_name(s->m->arena, row, k, &binds);
			if (!name)
				continue;
			note_row(out, row, name);
			const struct file *f = facts_file(s->m->facts, name);
			if (!here && f && file_exists(s, f)) {
				found_add(out, f);
				here = true;
			}
		}
	}
}

/* A pattern whose captures stay open: every file of its row. */
static void
resolve_pattern(const struct scope *s, const char *pattern, struct found *out)
{
	struct facts *f = s->m->facts;
	for (size_t i = 0; i < f->n_files; i++) {
		struct binds binds = {.n = 0};
		if (f->files[i].row && words_have(&f->files[i].row->patterns, pattern) && file_exists(s, &f->files[i]) &&
		    pattern_match(s->m->profile, pattern, f->files[i].entry->raw, &binds))
			found_add(out, &f->files[i]);
	}
	for (size_t i = 0; i < s->m->profile->n_files; i++)
		if (words_have(&s->m->profile->files[i].patterns, pattern))
			note_row(out, &s->m->profile->files[i], NULL);
}

/* *varies: it hangs on who asks. */
static struct resolved
resolve_anew(const struct scope *s, const char *word, bool *varies)
{
	struct found found;

	found_none(&found);
	if (!resolve_name(s, word, &found, varies))
		resolve_role(s, word, &found, varies);
	const struct file **files = arena_array(s->m->arena, found.n, sizeof(*files));
	memcpy(files, found.files, found.n * sizeof(*files));
	return (struct resolved){
	    .word = word, .find = s->find, .files = files, .n = found.n, .row = found.row, .expected = found.expected};
}

/* Words begin much alike: comparing them all would cost more than this. */
static uint32_t
word_hash(const char *word)
{
	uint32_t hash = 0;

	while (*word)
		hash = hash * 31 + (unsigned char)*word++;
	return hash;
}

/* The same few words are asked for a hundred times, and none of their files changes any more. */
static void
resolve_plain(const struct scope *s, const char *word, struct found *out)
{
	struct model *m = s->m;
	struct resolved *r = m->resolved, *end = r + m->n_resolved, anew;
	uint32_t hash = word_hash(word);

	while (r < end && !(r->hash == hash && r->find == s->find && strcmp(r->word, word) == 0))
		r++;
	if (r == end) {
		bool varies = false;
		anew = resolve_anew(s, word, &varies);
		anew.hash = hash;
		r = &anew;
		if (m->settled && !varies && m->n_resolved < RESOLVED_MAX)
			m->resolved[m->n_resolved++] = anew;
	}
	if (r->row)
		note_row(out, r->row, r->expected);
	for (size_t i = 0; i < r->n; i++)
		found_add(out, r->files[i]);
}

void
resolve_ref(const struct scope *s, const char *word, struct found *out)
{
	const char *name;
	if (same_name(word, "every-ca")) {
		for (size_t i = 0; i < s->m->facts->n_files; i++)
			if (s->m->facts->files[i].row && s->m->facts->files[i].row->is == IS_CA &&
			    file_exists(s, &s->m->facts->files[i]))
				found_add(out, &s->m->facts->files[i]);
		out->every = out->n > 0;
		return;
	}
	if (!scope_fill(s, word, &name)) {
		resolve_pattern(s, word, out);
		return;
	}
	const struct stand_in *in = placed_find(s, name);
	if (in) {
		note_row(out, in->row, in->path);
		if (in->file && file_exists(s, in->file))
			found_add(out, in->file);
	} else {
		resolve_plain(s, name, out);
	}
}

/* A role that only other dialects have: the file is not absent, it lies in another directory. */
static bool
of_other_dialect(const struct scope *s, const char *word)
{
	const struct profile *p = s->m->profile;
	struct binds binds = {.n = 0};
	const char *role;
	bool other = false;

	if (!p->dialects.n || !scope_fill(s, word, &role))
		return false;
	for (size_t i = 0; i < p->n_files; i++) {
		if (!p->files[i].role || !pattern_match(p, p->files[i].role, slice_of(role), &binds))
			continue;
		if (in_dialect(s, &p->files[i]))
			return false;
		other = true;
	}
	return other;
}

void
resolve_list(const struct scope *s, const struct words *w, struct found *out)
{
	bool have = false;
	for (size_t i = 0; i < w->n; i++) {
		const char *word = w->list[i];
		if (same_name(word, "none")) {
			out->none = !have && !out->elsewhere;
		} else if (same_name(word, "system")) {
			out->system = !have;
		} else if (same_name(word, "anything")) {
			out->anything = !have && !out->elsewhere;
		} else if (same_name(word, "elsewhere")) {
			out->elsewhere = out->elsewhere || !have;
		} else if (*word == '+') {
			resolve_ref(s, word + 1, out);
		} else if (!have) {
			size_t before = out->n;
			resolve_ref(s, word, out);
			have = out->n > before;
			out->elsewhere = out->elsewhere || (!have && !out->row && of_other_dialect(s, word));
		}
	}
}
