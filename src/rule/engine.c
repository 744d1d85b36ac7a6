/* Runs all rules over one directory. It knows no rule by name. */
#include "crtlint/finding.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/arena.h"

static int
compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
by_file_rule_key(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a, *y = *(struct finding *const *)b;
	int c = compare_text(x->file, y->file);

	if (c == 0)
		c = (x->rule->number > y->rule->number) - (x->rule->number < y->rule->number);
	return c != 0 ? c : compare_text(x->key, y->key);
}

static int
by_id(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a, *y = *(const struct finding *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

static bool
matches_any(const struct words *globs, const char *id)
{
	for (size_t i = 0; i < globs->n; i++) {
		if (fnmatch(globs->list[i], id, 0) == 0)
			return true;
	}
	return false;
}

/* What keeps a directory as a whole from being judged is told whatever was asked for: silence would pass for a good directory. */
static bool
wanted(const struct findings *fs, const struct finding *x)
{
	const struct settings *s = fs->facts->settings;
	const char *id = x->rule->id;

	if (!s)
		return true;
	bool whole = !x->file && x->rule->level == LEVEL_ERROR;
	return (s->only.n == 0 || whole || matches_any(&s->only, id)) && !matches_any(&s->except, id) &&
	       finding_wish(fs, x) != WISH_OFF;
}

#ifndef NDEBUG
/* One cause, one finding: a connection that fails with none behind it, or with two, is a mistake of ours. */
static void
assert_explained(const struct findings *fs)
{
	const struct outcome *o;
	size_t total = 0, failed = 0;

	for (size_t i = 0; i < fs->n; i++)
		total += fs->list[i]->n_breaks;
	for (size_t i = 0; (o = facts_outcome(fs->facts, i)) != NULL; i++)
		failed += o->judged && !o->ok;
	assert(total == failed);
	for (size_t i = 0; i < 1000 && (o = facts_outcome(fs->facts, i)) != NULL; i++)
		assert(!o->judged || o->ok || finding_explaining(fs, o, 0));
}
#endif

/* Findings whose rule is not wanted go, and so does what refers to them. */
static void
keep_wanted(struct findings *fs)
{
	size_t kept = 0;

	for (size_t i = 0; i < fs->n; i++) {
		struct finding *x = fs->list[i];
		size_t related = 0;
		for (size_t k = 0; k < x->n_related; k++) {
			if (wanted(fs, x->related[k]))
				x->related[related++] = x->related[k];
		}
		x->n_related = related;
		if (wanted(fs, x))
			fs->list[kept++] = x;
	}
	fs->n = kept;
}

struct findings *
findings_run(struct arena *arena, const struct facts *facts)
{
	struct findings *fs = arena_alloc(arena, sizeof *fs);

	fs->arena = arena;
	fs->facts = facts;
	for (int i = 0; i < RULE_COUNT; i++)
		rule_get((enum rule_id)i)->check(facts, fs);
#ifndef NDEBUG
	assert_explained(fs);
#endif

	finding_suppress(fs);
	keep_wanted(fs);
	if (fs->n > 0)
		qsort(fs->list, fs->n, sizeof *fs->list, by_file_rule_key);
	for (size_t i = 0; i < fs->n; i++) {
		fs->list[i]->id = (int)i + 1;
		finding_compose(fs, fs->list[i]);
	}
	for (size_t i = 0; i < fs->n; i++) {
		struct finding *x = fs->list[i];
		if (x->n_related > 1)
			qsort(x->related, x->n_related, sizeof *x->related, by_id);
	}
	return fs;
}
