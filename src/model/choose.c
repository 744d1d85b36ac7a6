#include "crtlint/choose.h"

#include <string.h>

#include "crtlint/text.h"

struct rows {
	const struct file_row **list;
	size_t n;
};

struct fit {
	unsigned score; /* of the best dialect */
	unsigned files; /* that its rows name */
	const char *shown[3]; /* the first of them */
};

/* Without settings a variable is set where it has a default. */
static bool
is_set(const struct settings *settings, const struct profile *p, const char *name)
{
	const struct variable *v = profile_variable(p, name);

	for (size_t i = 0; i < settings->n_sets; i++)
		if (strcmp(settings->sets[i].name, name) == 0)
			return true;
	return v && v->n_defaults > 0;
}

/* Rows of other dialects do not count, nor those that hang on a variable that nobody has set, or has set. */
static bool
counts(const struct settings *settings, const struct profile *p, const struct file_row *row, const char *dialect)
{
	if (row->is == IS_IGNORED || (row->dialect && !(dialect && strcmp(row->dialect, dialect) == 0)))
		return false;
	for (size_t i = 0; i < row->gate.n_when; i++) {
		const struct cond *c = &row->gate.when[i];
		if ((c->kind == COND_SET || c->kind == COND_UNSET) && is_set(settings, p, c->subject) != (c->kind == COND_SET))
			return false;
	}
	return true;
}

static bool
comes_near(const char *pattern, struct slice name)
{
	return (*pattern == '<' || (uint8_t)*pattern == name.p[0]) && pattern_may_match(pattern, name);
}

static bool
row_near(const struct file_row *row, struct slice name)
{
	for (size_t i = 0; i < row->patterns.n; i++)
		if (comes_near(row->patterns.list[i], name))
			return true;
	return row->key && comes_near(row->key, name);
}

/* The rows that may be for a name, whatever the dialect: of most profiles none. */
static struct rows
rows_near(const struct file_row **room, const struct profile *p, struct slice name)
{
	struct rows out = {room, 0};
	for (size_t i = 0; i < p->n_files; i++)
		if (row_near(&p->files[i], name))
			room[out.n++] = &p->files[i];
	return out;
}

/* A row for a definite name says more than one with captures, and a required one more still; a key says a little. */
static unsigned
weight(const struct settings *settings, const struct profile *p, const struct entry *e, const char *dialect,
    const struct rows *near, const struct file_row **by)
{
	unsigned as_key = 0;
	for (size_t i = 0; i < near->n; i++) {
		const struct file_row *row = *by = near->list[i];
		struct binds binds;
		if (!counts(settings, p, row, dialect))
			continue;
		for (size_t k = 0; k < row->patterns.n; k++) {
			if (!pattern_may_match(row->patterns.list[k], e->raw))
				continue;
			bool same = strcmp(row->patterns.list[k], (const char *)e->raw.p) == 0;
			if (row->is == IS_OTHER && (same || pattern_match(p, row->patterns.list[k], e->raw, &binds)))
				return same ? 2 : 0; /* a product's own file (PG_VERSION) tells it from those that share a name */
			if (same)
				return row->required ? 4 : 3;
			if (pattern_match(p, row->patterns.list[k], e->raw, &binds))
				return 2;
		}
		if (row->is == IS_CERTIFICATE && row->key && pattern_match(p, row->key, e->raw, &binds))
			as_key = 1;
	}
	return as_key;
}

static void
fit_entry(struct fit *out, const struct settings *settings, const struct profile *p, const struct entry *e, const char *dialect,
    const struct rows *near)
{
	const struct file_row *row;
	unsigned w = weight(settings, p, e, dialect, near, &row);
	out->score += w;
	if (w < 2 || row->is == IS_OTHER)
		return;
	if (out->files < 3)
		out->shown[out->files] = e->name;
	out->files++;
}

static struct fit
best_fit(struct arena *a, const struct listing *l, const struct settings *settings, const struct profile *p)
{
	size_t n = 1 + p->dialects.n; /* the first is for no dialect */
	struct fit *fits = arena_array(a, n, sizeof(*fits)), *best = fits;
	const struct file_row **room = arena_array(a, p->n_files, sizeof(*room));
	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->entries[i];
		bool folder = e->type == ENTRY_DIRECTORY && e->link == LINK_NONE;
		struct rows near = rows_near(room, p, e->raw);
		for (size_t k = 0; k < n && near.n && !folder; k++)
			fit_entry(&fits[k], settings, p, e, k ? p->dialects.list[k - 1] : NULL, &near);
	}
	for (size_t k = 0; k < n; k++) {
		if (!fits[k].files) /* what is no certificate (a version file) only adds to what is */
			fits[k].score = 0;
		if (fits[k].score > best->score)
			best = &fits[k];
	}
	return *best;
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
				if (strchr(row->patterns.list[0], '<') == NULL &&
				    text_distance(have, row->patterns.list[0], true) <= 1) {
					*name = l->entries[e].name;
					return p;
				}
			}
		}
	}
	return NULL;
}

/* A profile that has no such variable is not the one that --set is meant for. */
static bool
knows_settings(const struct profile *p, const struct settings *settings)
{
	for (size_t i = 0; i < settings->n_sets; i++)
		if (!profile_variable(p, settings->sets[i].name))
			return false;
	return true;
}

/* Profiles that know what was set, if there are any, and others where there are none. */
static bool
sets_speak(const struct profile *const *profiles, size_t n, const struct settings *settings)
{
	for (size_t i = 0; i < n; i++)
		if (knows_settings(profiles[i], settings))
			return true;
	return false;
}

/* The profile for what fits none: its rows go by content. */
static bool
by_content(const struct profile *p)
{
	return p->n_files && p->files[0].is == IS_BY_CONTENT;
}

static bool
by_name(const struct profile *p, bool told, const struct settings *settings)
{
	return !by_content(p) && !(told && !knows_settings(p, settings));
}

static bool
looks_like_pem(const struct entry *e)
{
	static const char begin[] = "-----BEGIN ";

	return e->read && e->data.n && memmem(e->data.p, e->data.n, begin, sizeof(begin) - 1);
}

/* A file that such a profile would read and that holds PEM, or cannot be read to see. */
static const char *
certificate_like(const struct listing *l, const struct profile *p)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->entries[i];
		for (size_t r = 0; r < p->n_files; r++)
			for (size_t k = 0; p->files[r].is == IS_BY_CONTENT && k < p->files[r].patterns.n; k++) {
				struct binds binds = {.n = 0};
				if ((looks_like_pem(e) || e->link == LINK_OUTSIDE) &&
				    pattern_match(p, p->files[r].patterns.list[k], e->raw, &binds))
					return e->name;
			}
	}
	return NULL;
}

bool
choose_any(
    struct arena *a, const struct listing *l, const struct profile *const *profiles, size_t n, const struct settings *settings)
{
	bool told = sets_speak(profiles, n, settings);
	const char *name;
	for (size_t i = 0; i < n; i++) {
		const struct profile *p = profile_by_default(profiles[i]);
		if (by_name(p, told, settings) && best_fit(a, l, settings, p).score)
			return true;
	}
	for (size_t i = 0; i < n; i++)
		if (by_content(profiles[i]) && certificate_like(l, profiles[i]))
			return true;
	return nearest(l, profiles, n, &name) != NULL;
}

struct choice
choose(struct arena *a, const struct listing *l, const struct profile *const *profiles, size_t n, const struct settings *settings)
{
	struct choice out = {.because = "no file here has a name that a known system reads"};
	struct fit best = {0};
	bool told = sets_speak(profiles, n, settings);
	for (size_t i = 0; i < n; i++) {
		const struct profile *p = profile_by_default(profiles[i]);
		if (!by_name(p, told, settings))
			continue;
		struct fit one = best_fit(a, l, settings, p);
		if (one.score >
		    best.score + (best.score > 0)) { /* by one point is no better: a name more or less decides nothing */
			best = one;
			out.profile = profiles[i];
			out.also = NULL;
		} else if (one.score && one.score + 1 >= best.score) {
			out.also = out.also ? arena_printf(a, "%s, %s", out.also, profiles[i]->name) : profiles[i]->name;
		}
	}
	const char *name = NULL;
	if (!out.profile && (out.profile = nearest(l, profiles, n, &name))) {
		out.because = arena_printf(a, "%s is nearly one of its file names", name);
		return out;
	}
	for (size_t i = 0; i < n && !out.profile; i++) {
		if (!by_content(profiles[i]) || !(name = certificate_like(l, profiles[i])))
			continue;
		out.profile = profiles[i];
		out.because = arena_printf(a, "no known system reads these names, and %s looks like a certificate", name);
		return out;
	}
	if (!out.profile)
		return out;
	struct buf why = {.arena = a};
	for (unsigned i = 0; i < best.files && i < 3; i++) {
		buf_add(&why, !i ? "" : i + 1 == best.files ? " and " : ", ");
		buf_add(&why, best.shown[i]);
	}
	if (best.files > 3)
		buf_printf(&why, " and %u more", best.files - 3);
	buf_add(&why, best.files == 1 ? " is a name of its files" : " are names of its files");
	out.because = buf_text(&why);
	return out;
}
