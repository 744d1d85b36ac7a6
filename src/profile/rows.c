#include <string.h>

#include "words.h"

enum list { LOAD = 1, START = 2, RELOAD = 4, DIAL = 8, ADMISSION = 16, FILES = LOAD | START | RELOAD | DIAL };

static const struct {
	unsigned where; /* the lists in which a check makes sense */
	bool file; /* outside of `load`, which is asked of each file, a row must name one */
	bool key; /* may be asked of a key */
} checks[] = {
    [CHECK_EXIST] = {FILES, true, true},
    [CHECK_NOT_EXIST] = {START | RELOAD | DIAL, true, true},
    [CHECK_BE_READABLE] = {FILES, true, true},
    [CHECK_BE_REGULAR] = {FILES, true, true},
    [CHECK_NOT_BE_EMPTY] = {FILES, true, true},
    [CHECK_BE_OWNED] = {FILES, true, true},
    [CHECK_BE_PRIVATE] = {FILES, true, true},
    [CHECK_HOLD_ONLY_CERTIFICATES] = {FILES, true, false},
    [CHECK_HOLD_A_CERTIFICATE] = {FILES, true, false},
    [CHECK_BE_CERTIFICATES] = {FILES, true, false},
    [CHECK_PARSE] = {FILES, true, true},
    [CHECK_BE_OF_ITS_KIND] = {FILES, true, true},
    [CHECK_HOLD_PEM] = {FILES, true, true},
    [CHECK_BE_UNLOCKED] = {FILES, true, true},
    [CHECK_PAIR] = {FILES, true, false},
    [CHECK_PAIR_BY_FIRST_BLOCK] = {FILES, true, false},
    [CHECK_POOL] = {FILES, true, false},
    [CHECK_LOAD] = {START | RELOAD | DIAL, true, false},
    [CHECK_STAY] = {RELOAD, true, false},
    [CHECK_BE_A_CA] = {FILES, true, false},
    [CHECK_BE_SIGNED] = {FILES, true, false},
    [CHECK_BE_IN_DATE] = {FILES, true, false},
    [CHECK_HAVE_A_SAN] = {FILES, true, false},
    [CHECK_COVER] = {FILES | ADMISSION, true, false},
    [CHECK_HAVE_PRINCIPAL] = {FILES | ADMISSION, true, false},
    [CHECK_HAVE_SUBJECT] = {FILES | ADMISSION, true, false},
    [CHECK_NOT_HAVE] = {FILES | ADMISSION, true, false},
    [CHECK_SHARE_SUBJECT] = {ADMISSION, false, false},
    [CHECK_SEND_A_CERTIFICATE] = {ADMISSION, false, false},
    [CHECK_COME_FROM_ITS_SAN] = {ADMISSION, false, false},
    [CHECK_REACH_ITSELF] = {START, false, false},
};

_Static_assert(COUNT(checks) == CHECK_REACH_ITSELF + 1, "every check has its row");

static void
check_gate(struct binder *b, struct loc loc, const struct gate *g)
{
	const struct version none = {.n = 0};

	if (g->since.n && g->until.n && !version_in(&g->until, &g->since, &none))
		bind_error(b, loc, "this row ends before it begins: 'until' is older than 'since'");
}

static void
check_needs(struct binder *b, const struct step *s)
{
	if (s->check == CHECK_COVER && s->hosts.n == 0)
		bind_error(b, s->loc, "'cover' needs 'hosts'");
	if (s->check == CHECK_NOT_HAVE && !s->ou && !s->o && !s->cn)
		bind_error(b, s->loc, "'not-have' needs 'OU', 'O' or 'CN'");
	if (s->check == CHECK_SHARE_SUBJECT && s->attributes.n == 0)
		bind_error(b, s->loc, "'share-subject' needs 'attributes'");
	if (s->of_key && s->check != CHECK_NONE && !checks[s->check].key)
		bind_error(b, s->loc, "'%s' cannot be asked of a key", check_name(s->check));
}

static void
check_steps(struct binder *b, const struct steps *steps, enum list list, const char *name)
{
	for (size_t i = 0; i < steps->n && !bind_full(b); i++) {
		const struct step *s = &steps->list[i];

		check_gate(b, s->loc, &s->gate);
		if (s->as && list == START)
			bind_error(b, s->loc, "'start' cannot be as itself");
		if (s->on && list != RELOAD)
			bind_error(b, s->loc, "'on' belongs to 'reload'");
		if (s->check == CHECK_NONE && !s->as && !s->on)
			bind_error(b, s->loc, "a row of %s asks something: 'must' or 'key-must' is missing", name);
		if (s->check == CHECK_NONE)
			continue;
		if (!(checks[s->check].where & list))
			bind_error(b, s->loc, "'%s' cannot be asked in %s", check_name(s->check), name);
		else if (checks[s->check].file && s->files.n == 0 && !(list & (LOAD | ADMISSION)))
			bind_error(b, s->loc, "'%s' needs 'file'", check_name(s->check));
		check_needs(b, s);
	}
}

static void
check_variable(struct binder *b, const struct variable *v)
{
	for (size_t i = 0; i < v->n_defaults && v->type == VAR_ENUM; i++) {
		bool found = false;

		for (size_t j = 0; j < v->values.n; j++)
			found = found || strcmp(v->values.list[j], v->defaults[i].value) == 0;
		if (!found)
			bind_error(b, v->loc, "default '%.64s' is no value of its variable", v->defaults[i].value);
	}
}

#define CHECK_GATES(b, rows, n)                                                                                                  \
	for (size_t i_ = 0; i_ < (n); i_++)                                                                                      \
	check_gate((b), (rows)[i_].loc, &(rows)[i_].gate)

void
resolve_rows(struct binder *b)
{
	const struct profile *p = b->profile;

	CHECK_GATES(b, p->variables, p->n_variables);
	CHECK_GATES(b, p->files, p->n_files);
	CHECK_GATES(b, p->key_modes, p->n_key_modes);
	CHECK_GATES(b, p->peers, p->n_peers);
	CHECK_GATES(b, p->connections, p->n_connections);
	CHECK_GATES(b, p->principals, p->n_principals);
	for (size_t i = 0; i < p->n_variables; i++)
		check_variable(b, &p->variables[i]);
	check_steps(b, &p->load, LOAD, "load");
	check_steps(b, &p->start, START, "start");
	check_steps(b, &p->reload, RELOAD, "reload");
	check_steps(b, &p->dial, DIAL, "dial");
	check_steps(b, &p->admission, ADMISSION, "admission");
	for (size_t i = 0; i < p->n_files; i++)
		if (p->files[i].means && p->files[i].is != IS_IGNORED)
			bind_error(b, p->files[i].loc, "'means' belongs to a row with 'is: ignored'");
}
