/* Runs all rules over one directory. It knows no rule by name. */
#include "crtlint/finding.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/arena.h"
#include "crtlint/cluster.h"

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

/* Filtered, sorted, numbered, put into words. */
static void
finish(struct findings *fs)
{
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
}

struct findings *
findings_run(struct arena *arena, const struct facts *facts)
{
	struct findings *fs = arena_alloc(arena, sizeof *fs);

	fs->arena = arena;
	fs->facts = facts;
	for (int i = 0; i < RULE_COUNT; i++) {
		if (!rule_of_cluster(rule_get((enum rule_id)i)))
			rule_get((enum rule_id)i)->check(facts, fs);
	}
#ifndef NDEBUG
	assert_explained(fs);
#endif
	finish(fs);
	return fs;
}

/* The finding of the cluster that stands for a member's own: the one that tells its cause, or that of its rule and file. */
static struct finding *
gathered(struct findings *fs, const struct finding *own)
{
	if (own->absorbed_by)
		return (struct finding *)own->absorbed_by;
	return finding_add(fs, own->rule->number, own->file, own->role);
}

static bool
is_among(const struct finding *x, const struct finding *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i] == x)
			return true;
	}
	return false;
}

static void
gather(struct findings *fs, const struct cluster *c, size_t member, const struct finding *const *by)
{
	const struct findings *own = c->members[member].findings;

	for (size_t i = 0; i < own->n; i++) {
		const struct finding *x = own->list[i];
		bool told = x->severity != SEVERITY_NOTE && !c->rollout;
		if (x->absorbed_by || (!told && !is_among(x, by, c->n_lents)))
			continue;
		struct finding *all = gathered(fs, x);
		if (all->members.n == 0 || !x->suppressed) /* answered for on all members, or not at all */
			all->suppressed = x->suppressed;
		all->grave = all->grave || x->severity == SEVERITY_ERROR;
		all->role = x->role;
		for (size_t k = 0; k < x->n_evidence; k++) {
			for (size_t v = 0; v < x->evidence[k].values.n; v++)
				finding_value(fs, all, x->evidence[k].name, x->evidence[k].values.list[v]);
		}
		if (x->n_evidence == 0 || !all->commands.n)
			all->commands = x->commands;
		struct words *m = &all->members;
		if (m->n > 0 && m->list[m->n - 1] == c->members[member].name)
			continue;
		const char **more = m->list;
		if ((m->n & (m->n - 1)) == 0) {
			more = arena_array(fs->arena, m->n ? m->n * 2 : 1, sizeof *more);
			if (m->n > 0)
				memcpy(more, m->list, m->n * sizeof *more);
			m->list = more;
		}
		more[m->n++] = c->members[member].name;
	}
}

/* For each failure that was lent to a member, its own finding that explains it. */
static const struct finding **
explanations(struct findings *fs, const struct cluster *c)
{
	const struct finding **by = arena_array(fs->arena, c->n_lents, sizeof(const struct finding *));

	for (size_t i = 0; i < c->n_lents; i++) {
		const struct member *m = &c->members[c->lents[i].member];
		by[i] = finding_explaining(m->findings, &m->facts->connections[c->lents[i].connection].outcome, 0);
	}
	return by;
}

struct findings *
findings_of_cluster(struct arena *arena, struct cluster *c)
{
	struct findings *fs = arena_alloc(arena, sizeof *fs);

	fs->arena = arena;
	fs->facts = c->facts;
	for (int i = 0; i < RULE_COUNT; i++) {
		if (rule_of_cluster(rule_get((enum rule_id)i)))
			rule_get((enum rule_id)i)->check(c->facts, fs);
	}
	const struct finding **by = explanations(fs, c);
	for (size_t i = 0; i < c->n_members; i++)
		gather(fs, c, i, by);
	for (size_t i = 0; i < c->n_edges; i++) {
		if (c->edges[i].lent && by[c->edges[i].lent - 1])
			finding_edge(fs, gathered(fs, by[c->edges[i].lent - 1]), i);
	}

	size_t n = fs->n;
	const struct finding **found = arena_array(arena, n, sizeof *found);
	for (size_t i = 0; i < n; i++) {
		found[i] = fs->list[i];
		finding_words(fs, fs->list[i], "members", fs->list[i]->members);
	}
	finish(fs);
	for (size_t i = 0; i < c->n_edges; i++) {
		if (fs->edges && fs->edges[i])
			c->edges[i].finding = (uint32_t)found[fs->edges[i] - 1]->id;
	}
#ifndef NDEBUG
	const struct settings *s = c->facts->settings;
	bool all = s->only.n == 0 && s->except.n == 0 && s->n_levels == 0;
	for (size_t i = 0; i < c->n_edges && all; i++)
		assert((c->endings[c->edges[i].ending].stage == STAGE_NONE) == (c->edges[i].finding == 0));
#endif
	return fs;
}
