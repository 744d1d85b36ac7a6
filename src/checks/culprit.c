/* Which rule owns which failure, and where it points to. */
#include "explain.h"

#include <string.h>

struct reasons {
	const struct outcome **outcomes; /* grouped by rule, in facts_outcome()'s order within */
	size_t start[RULE_COUNT + 1];
};

static bool
counts(const struct outcome *o)
{
	return o->judged && (!o->ok || (o->failure.cause != CAUSE_NONE && o->failure.only));
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whether the answer for one is that for the other: many connections fail alike. */
static bool
alike(const struct outcome *a, const struct outcome *b)
{
	const struct failure *x = &a->failure, *y = &b->failure;
	const struct connection *c = a->kind == OUTCOME_CONNECTION ? facts_connection(a) : NULL;
	const struct connection *d = b->kind == OUTCOME_CONNECTION ? facts_connection(b) : NULL;

	if (!c != !d || (c && (c->serves != d->serves || c->presents != d->presents || !same_text(c->from, d->from))))
		return false;
	return x->cause == y->cause && x->file == y->file && x->cert == y->cert && x->parent == y->parent &&
	       x->trust == y->trust && x->step == y->step && same_text(x->name, y->name) && same_text(x->wanted, y->wanted);
}

/* All failures: the outcomes themselves, then what lies behind their first failures. */
static const struct outcome *
failure_at(const struct facts *f, size_t n, size_t i)
{
	return i < n ? facts_outcome(f, i) : f->later[i - n];
}

static struct reasons *
find_reasons(struct findings *fs)
{
	const struct facts *f = fs->facts;
	struct reasons *r = arena_alloc(fs->arena, sizeof *r);
	const struct outcome *o, *before = NULL;
	enum rule_id *rules, last = RULE_COUNT;
	size_t own = 0, n, total = 0, place[RULE_COUNT] = {0};

	while (facts_outcome(f, own))
		own++;
	n = own + f->n_later;
	rules = arena_array(fs->arena, n, sizeof *rules);
	for (size_t i = 0; i < n; i++) {
		o = failure_at(f, own, i);
		rules[i] = RULE_COUNT;
		if (!counts(o))
			continue;
		rules[i] = last = before && alike(o, before) ? last : explain_failure(fs, o, &o->failure);
		before = o;
		r->start[rules[i] + 1]++;
		total++;
	}
	for (size_t i = 0; i < RULE_COUNT; i++)
		r->start[i + 1] += r->start[i];
	r->outcomes = arena_array(fs->arena, total, sizeof *r->outcomes);
	for (size_t i = 0; i < n; i++) {
		if (rules[i] != RULE_COUNT)
			r->outcomes[r->start[rules[i]] + place[rules[i]]++] = failure_at(f, own, i);
	}
	return r;
}

const struct outcome *
culprit_next(struct findings *fs, enum rule_id rule, size_t *cursor)
{
	struct look *l = look_at(fs);

	if (!l->reasons)
		l->reasons = find_reasons(fs);
	size_t i = l->reasons->start[rule] + *cursor;
	if (i >= l->reasons->start[rule + 1])
		return NULL;
	(*cursor)++;
	return l->reasons->outcomes[i];
}

void
culprit_on(struct findings *fs, struct finding *x, const struct outcome *o)
{
	if (!o->ok)
		finding_breaks(fs, x, o);
	else
		finding_value(fs, x, "only_on", o->failure.only);
}

static bool
place_in(const struct file *file, const struct cert *c, size_t *index)
{
	const struct object *o = file ? file->object : NULL;

	for (size_t i = 0; o && i < o->n_certs; i++) {
		if (o->certs[i] == c || (o->certs[i]->raw.n > 0 && slice_eq(o->certs[i]->raw, c->raw))) {
			*index = i;
			return true;
		}
	}
	return false;
}

struct culprit
culprit_cert(struct findings *fs, const struct failure *x)
{
	struct culprit b = {.file = x->file, .name = x->name, .cert = x->cert};
	const struct file *holder = NULL;

	if (!b.cert && b.file && b.file->object && b.file->object->n_certs > 0 && b.file->object->certs[0]->usable)
		b.cert = b.file->object->certs[0];
	if (b.cert && !place_in(b.file, b.cert, &b.index)) {
		holder = facts_holder(fs->facts, b.cert, &b.index);
		if (holder)
			b.file = holder;
	}
	if (b.file)
		b.name = b.file->name;
	return b;
}

struct culprit
culprit_key(const struct failure *x)
{
	const struct file *file = x->file;

	if (file && look_is_leaf(file) && file->key_name && file->key_row != file->row)
		return (struct culprit){.file = file->key, .name = file->key ? file->key->name : file->key_name};
	return (struct culprit){.file = file, .name = file ? file->name : x->name};
}

struct culprit
culprit_pair(const struct failure *x)
{
	const struct file *file = x->file;

	if (file && look_is_key(file))
		file = file->certificate;
	return (struct culprit){.file = file, .name = file ? file->name : x->name};
}

static bool
of_key(enum cause c)
{
	return c >= CAUSE_KEY_MISSING && c <= CAUSE_KEY_UNUSABLE;
}

/* Of the dialer's own file and its key, the one that its state keeps from being used. */
static const struct file *
unusable_one(const struct file *file)
{
	if (!file->key || file->entry->type != ENTRY_FILE || !file->readable)
		return file;
	return file->key->entry->type != ENTRY_FILE || !file->key->readable ? file->key : file;
}

/* The row's first pattern, its one capture filled in. */
static const char *
filled(struct findings *fs, const struct file_row *row, const char *value)
{
	const char *pattern = row->patterns.list[0], *open = strchr(pattern, '<'), *close = open ? strchr(open, '>') : NULL;

	if (!open)
		return pattern;
	return close && value ? arena_printf(fs->arena, "%.*s%s%s", (int)(open - pattern), pattern, value, close + 1) : NULL;
}

static const char *
dialed_with(struct findings *fs, const struct connection *c)
{
	const struct profile *p = fs->facts->profile;

	for (size_t i = 0; c && p && i < p->n_files; i++) {
		const struct file_row *row = &p->files[i];
		if (row->is != IS_CERTIFICATE || !row->principal || row->patterns.n == 0 || !look_row_counts(fs->facts, row))
			continue;
		if (row->principal[0] == '<' || strcmp(row->principal, c->from) == 0)
			return filled(fs, row, c->from);
	}
	return NULL;
}

static const char *
needed_ca(struct findings *fs)
{
	const struct profile *p = fs->facts->profile;

	for (size_t i = 0; p && i < p->n_files; i++) {
		const struct file_row *row = &p->files[i];
		if (row->is == IS_CA && row->required && row->patterns.n > 0 && look_row_counts(fs->facts, row))
			return filled(fs, row, NULL);
	}
	return NULL;
}

/* A role where a file's name is wanted: the name that the role's first row would have. */
static const char *
of_role(struct findings *fs, const char *name)
{
	const struct profile *p = fs->facts->profile;
	const struct file_row *row, *any = NULL;

	for (size_t i = 0; p && i < p->n_files; i++) {
		row = &p->files[i];
		if (row->patterns.n == 0 || !look_row_counts(fs->facts, row))
			continue;
		for (size_t k = 0; k < row->patterns.n; k++) {
			if (strcmp(row->patterns.list[k], name) == 0)
				return name;
		}
		if (row->role && strcmp(row->role, name) == 0)
			return filled(fs, row, NULL) ? filled(fs, row, NULL) : name;
		if (row->role && row->role[0] == '<' && look_role_takes(fs->facts, row->role, name) && !any)
			any = row;
	}
	return any && filled(fs, any, name) ? filled(fs, any, name) : name;
}

const char *
culprit_missing(struct findings *fs, const struct outcome *o)
{
	const struct failure *x = &o->failure;
	const char *name = NULL;

	if (x->cause == CAUSE_UNKNOWN_AUTHORITY) { /* whose certificate is refused is there; what is missing is a CA */
		name = x->trust ? NULL : needed_ca(fs);
		return name && !facts_file(fs->facts, name) ? name : NULL;
	}
	if (x->name)
		return of_role(fs, x->name);
	return x->cause == CAUSE_NONE_TO_SEND ? dialed_with(fs, facts_connection(o)) : NULL;
}

struct culprit
culprit_file(struct findings *fs, const struct outcome *o)
{
	const struct failure *x = &o->failure;
	struct culprit b = {.file = x->file, .name = x->name};

	if (of_key(x->cause))
		b = culprit_key(x);
	else if (x->cause == CAUSE_UNKNOWN_AUTHORITY && x->trust && x->trust->object && x->trust->object->n_certs == 0)
		b = (struct culprit){.file = x->trust};
	else if (x->cause == CAUSE_UNKNOWN_AUTHORITY || !b.file)
		b = (struct culprit){.name = culprit_missing(fs, o)};
	if (!b.file && b.name)
		b.file = facts_file(fs->facts, b.name);
	if (b.file && x->cause == CAUSE_NONE_TO_SEND)
		b.file = unusable_one(b.file);
	if (b.file)
		b.name = b.file->name;
	return b;
}

void
culprit_certs(struct findings *fs, enum rule_id rule,
    void (*fill)(struct findings *, struct finding *, const struct culprit *, const struct outcome *))
{
	const struct outcome *o;

	for (size_t i = 0; (o = culprit_next(fs, rule, &i)) != NULL;) {
		struct culprit b = culprit_cert(fs, &o->failure);
		struct finding *x = b.file ? look_add(fs, rule, b.file, b.index) : finding_add(fs, rule, b.name, NULL);
		if (fill && b.cert)
			fill(fs, x, &b, o);
		culprit_on(fs, x, o);
	}
}

void
culprit_files(struct findings *fs, enum rule_id rule, void (*fill)(struct findings *, struct finding *, const struct file *))
{
	const struct outcome *o;

	for (size_t i = 0; (o = culprit_next(fs, rule, &i)) != NULL;) {
		struct culprit b = culprit_file(fs, o);
		struct finding *x = b.file ? look_add_file(fs, rule, b.file) : finding_add(fs, rule, b.name, NULL);
		if (fill && b.file)
			fill(fs, x, b.file);
		culprit_on(fs, x, o);
	}
}
