#include <string.h>

#include "crtlint/text.h"
#include "names.h"
#include "words.h"

enum { PATTERN_CAPTURES = 3, PATTERN_TOKENS = 12 };

static bool
is_word(struct slice s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_is(s, list[i]))
			return true;
	return false;
}

static bool
known_name(const struct names *names, struct slice s)
{
	return names_has(names, (const char *)s.p, s.n);
}

/* The literal part is free; each <name> must be in one of the lists. */
static void
check_insides(struct binder *b, const struct use *u, const struct names *names, const struct names *more, const char *extra)
{
	const char *text = u->text;
	struct token t;

	while (!bind_full(b) && template_next(&text, &t)) {
		if (!t.is_name || known_name(names, t.text) || (more && known_name(more, t.text)) ||
		    (extra && slice_is(t.text, extra)))
			continue;
		char *name = arena_strndup(b->arena, (const char *)t.text.p, t.text.n);
		const char *hint = bind_hint(b, name, names->list, names->n);
		if (!*hint && more)
			hint = bind_hint(b, name, more->list, more->n);
		bind_error(b, u->loc, "'<%.64s>' is not known here%s (a literal '<' is written '<<')", name, hint);
	}
}

static void
check_pattern(struct binder *b, const struct use *u, const struct known *k)
{
	const char *text = u->text;
	struct token t, seen[PATTERN_TOKENS];
	size_t n = 0, captures = 0;
	bool after_name = false;

	while (n < PATTERN_TOKENS && template_next(&text, &t)) {
		if (t.is_name && after_name)
			bind_error(b, u->loc, "two names stand side by side in '%.64s'; where one ends cannot be known", u->text);
		for (size_t i = 0; i < n && t.is_name; i++)
			if (seen[i].is_name && slice_eq(seen[i].text, t.text))
				bind_error(b, u->loc, "'%.64s' captures the same name twice", u->text);
		after_name = t.is_name;
		captures += t.is_name && !known_name(&k->variables, t.text);
		seen[n++] = t;
	}
	if (*text || captures > PATTERN_CAPTURES)
		bind_error(b, u->loc, "'%.64s' has too many parts", u->text);
	if (u->kind == USE_PATTERN && (u->text[0] == '/' || strstr(u->text, "..") == u->text))
		bind_error(b, u->loc, "'%.64s' would lie outside the directory", u->text);
}

static void
check_file(struct binder *b, const struct use *u, const struct known *k)
{
	static const char *const ends[] = {"none", "system", "elsewhere", "anything", "every-ca"};
	const char *word = u->text[0] == '+' && u->kind != USE_PRESENT ? u->text + 1 : u->text;

	if (u->kind == USE_FILE && strcmp(word, ".") == 0)
		return;
	if (u->kind == USE_CELL && is_word(slice_of(word), ends, COUNT(ends)))
		return;
	if (strcmp(word, "<peer>") == 0 || names_file(k, b->profile, word))
		return;
	if (u->kind == USE_PRESENT && names_key(k, b->profile, word))
		return;
	const char *hint = bind_hint(b, word, k->patterns.list, k->patterns.n);
	if (!*hint)
		hint = bind_hint(b, word, k->roles.list, k->roles.n);
	bind_error(b, u->loc, "no row of files has the name or role '%.64s'%s", word, hint);
}

static void
check_word(struct binder *b, const struct use *u, const struct names *names, const char *what)
{
	if (names_has(names, u->text, strlen(u->text)))
		return;
	bind_error(b, u->loc, "unknown %s '%.64s'%s", what, u->text, bind_hint(b, u->text, names->list, names->n));
}

static void
check_stack(struct binder *b, const struct use *u)
{
	size_t n;
	const char *const *stacks = words_stacks(&n);
	const struct profile *p = b->profile;
	const char *rest = u->text;
	struct token t;

	if (is_word(slice_of(u->text), stacks, n))
		return;
	if (template_next(&rest, &t) && t.is_name && !*rest)
		for (size_t i = 0; i < p->n_variables; i++)
			if (p->variables[i].name && slice_is(t.text, p->variables[i].name))
				return;
	bind_error(b, u->loc, "unknown stack '%.64s'%s", u->text, bind_hint(b, u->text, stacks, n));
}

static void
check_map(struct binder *b, const struct use *u, const struct known *k)
{
	const struct profile *p = b->profile;

	for (size_t i = 0; i < p->n_variables; i++)
		if (p->variables[i].name && strcmp(p->variables[i].name, u->text) == 0) {
			if (p->variables[i].type != VAR_MAP)
				bind_error(b, u->loc, "variable '%.64s' is no map", u->text);
			return;
		}
	check_word(b, u, &k->variables, "variable");
}

static void
check_of(struct binder *b, const struct use *u, const struct known *k)
{
	size_t n;
	const char *const *of = words_of(&n);

	if (is_word(slice_of(u->text), of, n) || names_has(&k->kinds, u->text, strlen(u->text)))
		return;
	const char *hint = bind_hint(b, u->text, of, n);
	bind_error(b, u->loc, "'%.64s' is neither a list of steps nor a kind of connection%s", u->text,
	    *hint ? hint : bind_hint(b, u->text, k->kinds.list, k->kinds.n));
}

static void
check_value_of(struct binder *b, const struct use *u, const struct cond *c)
{
	static const char *const truths[] = {"true", "false"};
	const struct variable *v = profile_variable(b->profile, c->subject);
	const char *const *values = truths;
	size_t n = COUNT(truths);

	if (!v || (v->type != VAR_BOOL && v->type != VAR_ENUM))
		return;
	if (v->type == VAR_ENUM) {
		values = v->values.list;
		n = v->values.n;
	}
	if (!is_word(slice_of(c->value), values, n))
		bind_error(b, u->loc, "'%.64s' is no value of %s%s", c->value, c->subject, bind_hint(b, c->value, values, n));
}

static void
check_condition(struct binder *b, const struct use *u, const struct cond *c, const struct known *k)
{
	struct use subject = {USE_PRESENT, c->subject, u->loc};
	size_t n = strlen(c->subject);

	switch (c->kind) {
	case COND_PRESENT:
	case COND_ABSENT:
		check_file(b, &subject, k);
		return;
	case COND_IS:
		if (!names_has(&k->captures, c->subject, n))
			check_word(b, &subject, &k->variables, "variable");
		check_value_of(b, u, c);
		return;
	case COND_SET:
	case COND_UNSET:
	case COND_SEVERAL:
		check_word(b, &subject, &k->variables, "variable");
		return;
	}
}

static void
resolve_use(struct binder *b, const struct use *u, const struct known *k)
{
	switch (u->kind) {
	case USE_FILE:
	case USE_CELL:
	case USE_PRESENT:
		check_file(b, u, k);
		return;
	case USE_PATTERN:
	case USE_LIKE:
		check_pattern(b, u, k);
		return;
	case USE_KEY:
		check_insides(b, u, &k->captures, &k->variables, "stem");
		return;
	case USE_ROLE:
	case USE_DEFAULT:
		check_insides(b, u, &k->variables, u->kind == USE_ROLE ? &k->captures : NULL, NULL);
		return;
	case USE_PEER:
		check_word(b, u, &k->peers, "peer");
		return;
	case USE_KIND:
		check_word(b, u, &k->kinds, "kind");
		return;
	case USE_TEMPLATE:
		check_insides(b, u, &k->insides, NULL, NULL);
		return;
	case USE_VALUE:
		check_insides(b, u, &k->variables, &k->captures, "server-CN");
		return;
	case USE_MAP:
		check_map(b, u, k);
		return;
	case USE_STACK:
		check_stack(b, u);
		return;
	case USE_MEANS:
		check_word(b, u, &k->captures, "capture");
		return;
	case USE_OF:
		check_of(b, u, k);
		return;
	case USE_CONDITION:
	case USE_NONE:
		return;
	}
}

void
resolve_uses(struct binder *b)
{
	struct known k;
	size_t cond = 0;

	names_gather(b, &k);
	for (size_t i = 0; i < b->n_uses && !bind_full(b); i++) {
		if (b->uses[i].kind == USE_CONDITION)
			check_condition(b, &b->uses[i], &b->conds[cond++], &k);
		else
			resolve_use(b, &b->uses[i], &k);
	}
}
