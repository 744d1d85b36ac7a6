#include "bind.h"

#include <string.h>

#include "crtlint/text.h"

/*
 * Names of files that come from variables: once their values are known, a pattern is what it would be had the names been written into
 * the profile. A pattern whose variable has no value is no pattern, a row without patterns is not there.
 */

static const char *
value_of(const struct profile *p, const struct token *t, const char *(*lookup)(const void *, const char *), const void *of,
    bool *is_file)
{
	for (size_t i = 0; i < p->n_variables; i++) {
		if (p->variables[i].type != VAR_FILE || !slice_is(t->text, p->variables[i].name))
			continue;
		*is_file = true;
		return lookup(of, p->variables[i].name);
	}
	*is_file = false;
	return NULL;
}

/* NULL: a variable in it has no value. */
static const char *
filled(struct arena *a, const struct profile *p, const char *pattern, const char *(*lookup)(const void *, const char *),
    const void *of)
{
	struct buf out = {.arena = a};
	const char *rest = pattern;
	struct token t;

	if (!strchr(pattern, '<'))
		return pattern;
	for (const uint8_t *from = (const uint8_t *)rest; template_next(&rest, &t); from = (const uint8_t *)rest) {
		bool is_file = false;
		const char *value = t.is_name ? value_of(p, &t, lookup, of, &is_file) : NULL;
		if (is_file && !(value && *value))
			return NULL;
		if (is_file) /* a name may hold a "<" of its own */
			for (; *value; value++)
				buf_add(&out, *value == '<' ? "<<" : (char[]){*value, '\0'});
		else
			buf_part(&out, slice_is(t.text, "<") ? slice_of("<<")
			                                     : (struct slice){from, (size_t)((const uint8_t *)rest - from)});
	}
	return buf_text(&out);
}

static void
fill_row(struct arena *a, const struct profile *p, struct file_row *row, const char *(*lookup)(const void *, const char *),
    const void *of)
{
	struct words patterns = {arena_array(a, row->patterns.n, sizeof(*row->patterns.list)), 0};

	for (size_t i = 0; i < row->patterns.n; i++) {
		const char *name = filled(a, p, row->patterns.list[i], lookup, of);
		if (name)
			patterns.list[patterns.n++] = name;
	}
	if (patterns.n && strcmp(row->role, row->patterns.list[0]) == 0)
		row->role = patterns.list[0];
	row->patterns = patterns;
	if (row->key && *row->key) {
		const char *key = filled(a, p, row->key, lookup, of);
		row->key = key ? key : "";
	}
}

const struct profile *
profile_fill(struct arena *a, const struct profile *p, const char *(*lookup)(const void *, const char *), const void *of)
{
	bool any = false;
	for (size_t i = 0; i < p->n_variables; i++)
		any = any || p->variables[i].type == VAR_FILE;
	if (!any)
		return p;
	struct profile *out = arena_alloc(a, sizeof(*out));
	*out = *p;
	out->by_default = NULL;
	out->files = arena_array(a, p->n_files, sizeof(*out->files));
	out->n_files = 0;
	for (size_t i = 0; i < p->n_files; i++) {
		struct file_row *row = &out->files[out->n_files];
		*row = p->files[i];
		fill_row(a, p, row, lookup, of);
		out->n_files += row->patterns.n > 0;
	}
	return out;
}

static const char *
default_of(const void *of, const char *name)
{
	const struct variable *v = profile_variable(of, name);

	return v && v->n_defaults ? v->defaults[v->n_defaults - 1].value : NULL;
}

const struct profile *
profile_by_default(const struct profile *p)
{
	return p->by_default;
}

void
fill_defaults(struct arena *a, struct profile *p)
{
	p->by_default = profile_fill(a, p, default_of, p);
}

static bool
has(const struct words *w, const char *name, size_t n)
{
	for (size_t i = 0; i < w->n; i++)
		if (strlen(w->list[i]) == n && memcmp(w->list[i], name, n) == 0)
			return true;
	return false;
}

static void
add_folder(struct arena *a, struct words *w, const char *pattern)
{
	const char *slash = pattern ? strrchr(pattern, '/') : NULL;
	size_t n = slash ? (size_t)(slash - pattern) : 0;

	if (n && !memchr(pattern, '<', n) && !has(w, pattern, n))
		w->list[w->n++] = arena_strndup(a, pattern, n);
}

struct words
profile_folders(struct arena *a, const struct profile *p)
{
	struct words out = {0};
	size_t most = 0;

	for (size_t i = 0; i < p->n_files; i++)
		most += p->files[i].patterns.n + 1;
	out.list = arena_array(a, most, sizeof(*out.list));
	for (size_t i = 0; i < p->n_files; i++) {
		for (size_t k = 0; k < p->files[i].patterns.n; k++)
			add_folder(a, &out, p->files[i].patterns.list[k]);
		add_folder(a, &out, p->files[i].key);
	}
	return out;
}
