#include "crtlint/choose.h"

#include <string.h>

#include "crtlint/text.h"

struct fit {
	unsigned score;        /* of the best dialect */
	unsigned files;        /* that its rows name */
	const char *shown[3];  /* the first of them */
};

static bool
dialect_is(const struct file_row *row, const char *dialect)
{
	return !row->dialect || (dialect && strcmp(row->dialect, dialect) == 0);
}

static bool
is_set(const struct settings *settings, const char *variable)
{
	for (size_t i = 0; i < settings->n_sets; i++)
		if (strcmp(settings->sets[i].name, variable) == 0)
			return true;
	return false;
}

/* A row that waits for a variable is none of the profile's files before that variable is set. */
static bool
row_waits(const struct file_row *row, const struct settings *settings)
{
	for (size_t i = 0; i < row->gate.n_when; i++) {
		const struct cond *c = &row->gate.when[i];
		if ((c->kind == COND_SET || c->kind == COND_UNSET) && is_set(settings, c->subject) != (c->kind == COND_SET))
			return true;
	}
	return false;
}

/* A row for a definite name says more than one with captures, and a required one more still; a key says a little. */
static unsigned
weight(const struct settings *settings, const struct profile *p, const struct entry *e, const char *dialect)
{
	unsigned as_key = 0;
	for (size_t i = 0; i < p->n_files; i++) {
		const struct file_row *row = &p->files[i];
		struct binds binds = {.n = 0};
		if (row->is == IS_IGNORED || row->is == IS_OTHER || !dialect_is(row, dialect) || row_waits(row, settings))
			continue;
		for (size_t k = 0; k < row->patterns.n; k++) {
			if (strcmp(row->patterns.list[k], (const char *)e->raw.p) == 0)
				return row->required ? 4 : 3;
			if (pattern_match(p, row->patterns.list[k], e->raw, &binds))
				return 2;
		}
		if (!as_key && row->is == IS_CERTIFICATE && row->key && pattern_match(p, row->key, e->raw, &binds))
			as_key = 1;
	}
	return as_key;
}

static struct fit
fit(const struct settings *settings, const struct listing *l, const struct profile *p, const char *dialect)
{
	struct fit out = {0};
	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->entries[i];
		unsigned w = e->type == ENTRY_DIRECTORY && e->link == LINK_NONE ? 0 : weight(settings, p, e, dialect);
		out.score += w;
		if (w < 2)
			continue;
		if (out.files < 3)
			out.shown[out.files] = l->entries[i].name;
		out.files++;
	}
	return out;
}

static struct fit
best_fit(const struct settings *settings, const struct listing *l, const struct profile *p)
{
	struct fit best = fit(settings, l, p, NULL);
	for (size_t i = 0; i < p->dialects.n; i++) {
		struct fit one = fit(settings, l, p, p->dialects.list[i]);
		if (one.score > best.score)
			best = one;
	}
	return best;
}

/* A directory whose names are all slips: the profile whose file names come nearest still says what was meant. */
static const struct profile *
nearest(const struct listing *l, const struct profile *const *profiles, size_t n, const char **name)
{
	for (size_t i = 0; i < n; i++) {
		const struct profile *p = profiles[i];
		for (size_t k = 0; k < p->n_files; k++) {
			const struct file_row *row = &p->files[k];
			if (!row->required || row->dialect || row->is == IS_IGNORED)
				continue;
			for (size_t e = 0; e < l->n; e++) {
				const char *have = (const char *)l->entries[e].raw.p;
				if (strchr(row->patterns.list[0], '<') == NULL && text_distance(have, row->patterns.list[0], true) <= 1) {
					*name = l->entries[e].name;
					return p;
				}
			}
		}
	}
	return NULL;
}

struct choice
choose(struct arena *a, const struct listing *l, const struct settings *settings, const struct profile *const *profiles, size_t n)
{
	struct choice out = {.because = "no file here has a name that a known system reads"};
	struct fit best = {0};
	for (size_t i = 0; i < n; i++) {
		struct fit one = best_fit(settings, l, profiles[i]);
		if (one.files && one.score > best.score) {
			best = one;
			out.profile = profiles[i];
			out.also = NULL;
		} else if (one.files && one.score == best.score) {
			out.also = profiles[i]->name;
		}
	}
	const char *name = NULL;
	if (!out.profile && (out.profile = nearest(l, profiles, n, &name))) {
		out.because = arena_printf(a, "%s is nearly one of its file names", name);
		return out;
	}
	if (!out.profile)
		return out;
	struct buf why = {.arena = a};
	for (unsigned i = 0; i < best.files && i < 3; i++)
		buf_printf(&why, "%s%s", !i ? "" : i + 1 == best.files ? " and " : ", ", best.shown[i]);
	if (best.files > 3)
		buf_printf(&why, " and %u more", best.files - 3);
	buf_printf(&why, best.files == 1 ? " is a name of its files" : " are names of its files");
	out.because = buf_text(&why);
	return out;
}
