#include "names.h"

#include <string.h>

#include "words.h"

static void
add(struct binder *b, struct names *names, const char *word)
{
	if (!word)
		return;
	names->list = arena_grow(b->arena, names->list, names->n, &names->capacity, sizeof *names->list);
	names->list[names->n++] = word;
}

static void
add_all(struct binder *b, struct names *names, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(b, names, list[i]);
}

bool
names_has(const struct names *names, const char *word, size_t length)
{
	for (size_t i = 0; i < names->n; i++)
		if (strncmp(names->list[i], word, length) == 0 && !names->list[i][length])
			return true;
	return false;
}

static void
add_once(struct binder *b, struct names *names, const char *word)
{
	if (word && !names_has(names, word, strlen(word)))
		add(b, names, word);
}

/* A name in <> that is no variable captures. */
static void
add_captures(struct binder *b, struct known *k, const char *pattern)
{
	struct token t;

	while (pattern && template_next(&pattern, &t))
		if (t.is_name && !names_has(&k->variables, (const char *)t.text.p, t.text.n) &&
		    !names_has(&k->captures, (const char *)t.text.p, t.text.n))
			add(b, &k->captures, arena_strndup(b->arena, (const char *)t.text.p, t.text.n));
}

static void
gather_variables(struct binder *b, struct known *k)
{
	const struct profile *p = b->profile;
	size_t n;
	const struct variable *common = profile_common_variables(&n);

	for (size_t i = 0; i < p->n_variables && !bind_full(b); i++) {
		const struct variable *v = &p->variables[i];
		if (v->name && names_has(&k->variables, v->name, strlen(v->name)))
			bind_error(b, v->loc, "variable '%.64s' is here twice", v->name);
		add(b, &k->variables, v->name);
	}
	for (size_t i = 0; i < n; i++)
		add_once(b, &k->variables, common[i].name);
	add_once(b, &k->variables, "hosts");
	add_once(b, &k->variables, "users");
}

/* A role that is a variable with given values stands for each of these. */
static void
add_role(struct binder *b, struct known *k, const char *role)
{
	const struct profile *p = b->profile;
	const char *rest = role;
	struct token t;

	if (template_next(&rest, &t) && t.is_name && !*rest)
		for (size_t i = 0; i < p->n_variables; i++)
			if (p->variables[i].name && slice_is(t.text, p->variables[i].name)) {
				for (size_t j = 0; j < p->variables[i].values.n; j++)
					add_once(b, &k->roles, p->variables[i].values.list[j]);
				return;
			}
	add_once(b, &k->roles, role);
}

static void
gather_files(struct binder *b, struct known *k)
{
	struct profile *p = b->profile;

	for (size_t i = 0; i < p->n_captures; i++)
		add(b, &k->captures, p->captures[i].name);
	for (size_t i = 0; i < p->n_files; i++) {
		struct file_row *f = &p->files[i];

		for (size_t j = 0; j < f->patterns.n; j++) {
			add(b, &k->patterns, f->patterns.list[j]);
			add_captures(b, k, f->patterns.list[j]);
		}
		if (!f->role && f->patterns.n)
			f->role = f->patterns.list[0];
		else if (f->role)
			add_role(b, k, f->role);
		if (f->key)
			add(b, &k->keys, f->key);
		else
			f->key = "";
	}
	for (size_t i = 0; i < p->n_principals; i++)
		add_captures(b, k, p->principals[i].like);
	p->capture_names = (struct words){k->captures.list, k->captures.n};
}

void
names_gather(struct binder *b, struct known *k)
{
	const struct profile *p = b->profile;
	size_t n;
	const char *const *facts = words_facts(&n);

	*k = (struct known){0};
	gather_variables(b, k);
	gather_files(b, k);
	for (size_t i = 0; i < p->n_peers; i++)
		for (size_t j = 0; j < p->peers[i].names.n; j++)
			add_once(b, &k->peers, p->peers[i].names.list[j]);
	for (size_t i = 0; i < p->n_connections; i++)
		add_once(b, &k->kinds, p->connections[i].kind);
	add_all(b, &k->insides, facts, n);
	add_all(b, &k->insides, k->captures.list, k->captures.n);
	add_all(b, &k->insides, k->variables.list, k->variables.n);
}

/* client-tenant.<tenant-id>.crt refers to client-tenant.<tenantid>.crt: the same literals, and a name wherever the other has one. */
static bool
same_shape(const char *a, const char *b)
{
	struct token s, t;

	for (;;) {
		bool more = template_next(&a, &s);
		if (more != template_next(&b, &t))
			return false;
		if (!more)
			return true;
		if (s.is_name != t.is_name || (!s.is_name && !slice_eq(s.text, t.text)))
			return false;
	}
}

/* A file name that comes from a variable is not known yet, so that only the same row, so written, can be meant. */
static bool
holds_variable(const struct known *k, const char *pattern)
{
	struct token t;

	while (template_next(&pattern, &t))
		if (t.is_name && names_has(&k->variables, (const char *)t.text.p, t.text.n))
			return true;
	return false;
}

static bool
among(const struct known *k, const struct names *names, const struct profile *p, const char *word)
{
	struct binds binds;

	for (size_t i = 0; i < names->n; i++)
		if (same_shape(names->list[i], word) ||
		    (pattern_match(p, names->list[i], slice_of(word), &binds) && !holds_variable(k, names->list[i])))
			return true;
	return false;
}

bool
names_file(const struct known *k, const struct profile *p, const char *word)
{
	return among(k, &k->patterns, p, word) || among(k, &k->roles, p, word);
}

bool
names_key(const struct known *k, const struct profile *p, const char *word)
{
	return among(k, &k->keys, p, word);
}
