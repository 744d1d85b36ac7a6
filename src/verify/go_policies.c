#include "go.h"

#include "element.h"

/*
 * RFC 9618's policy graph, of which only one question is asked here: whether any policy holds down to the leaf. That is so
 * when its
 * lowest level is not empty, so one level at a time is enough.
 */

enum { WORK_MAX = 10000000 }; /* comparisons; beyond them nothing is refused for its policies */

struct node {
	struct slice policy;
	const struct slice *expected;
	size_t n;
};

struct level {
	struct node *nodes;
	size_t n, capacity;
};

struct state {
	struct arena *arena;
	struct level level;
	bool empty; /* Go's nil graph: some certificate had no policies at all */
	size_t explicit_policy, mapping, any;
	size_t work;
};

static const uint8_t any_bytes[] = {0x55, 0x1d, 0x20, 0x00};
static const struct slice any_policy = {any_bytes, sizeof(any_bytes)};

static struct slice
extension(const struct cert *c, const char *oid)
{
	const struct extension *e = element_extension(c, oid);

	return e ? e->value : (struct slice){NULL, 0};
}

static size_t
number(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n = n > SIZE_MAX >> 9 ? n : n << 8 | s.p[i];
	return n;
}

/* requireExplicitPolicy (tag 0x80) or inhibitPolicyMapping (0x81); SIZE_MAX: not there. */
static size_t
constraint(const struct cert *c, uint8_t wanted)
{
	struct slice value = extension(c, "\x55\x1d\x24");
	uint8_t tag;

	for (value = element_next(&value, &tag); value.n > 0;) {
		struct slice contents = element_next(&value, &tag);

		if (tag == wanted)
			return number(contents);
	}
	return SIZE_MAX;
}

static size_t
inhibit_any(const struct cert *c)
{
	struct slice value = extension(c, "\x55\x1d\x36");
	uint8_t tag;

	return value.n ? number(element_next(&value, &tag)) : SIZE_MAX;
}

static struct node *
find(struct state *s, const struct level *l, struct slice policy)
{
	for (size_t i = 0; i < l->n; i++)
		if (s->work++, slice_eq(l->nodes[i].policy, policy))
			return &l->nodes[i];
	return NULL;
}

static struct node *
insert(struct state *s, struct level *l, struct slice policy)
{
	struct node *node = find(s, l, policy);
	struct slice *expected;

	if (node)
		return node;
	expected = arena_alloc(s->arena, sizeof(*expected));
	*expected = policy;
	l->nodes = arena_grow(s->arena, l->nodes, l->n, &l->capacity, sizeof(*l->nodes));
	l->nodes[l->n] = (struct node){policy, expected, 1};
	return &l->nodes[l->n++];
}

static bool
is_expected(struct state *s, const struct level *above, struct slice policy)
{
	for (size_t i = 0; i < above->n; i++)
		for (size_t j = 0; j < above->nodes[i].n; j++)
			if (s->work++, slice_eq(above->nodes[i].expected[j], policy))
				return true;
	return false;
}

/* 6.1.3 (d) */
static void
descend(struct state *s, const struct cert *c, bool any_allowed)
{
	struct level above = s->level;
	bool any_above = find(s, &above, any_policy) != NULL, any_here = false;

	s->level = (struct level){0};
	for (size_t i = 0; i < c->n_policies && s->work < WORK_MAX; i++) {
		if (slice_eq(c->policies[i], any_policy))
			any_here = true;
		else if (any_above || is_expected(s, &above, c->policies[i]))
			insert(s, &s->level, c->policies[i]);
	}
	if (!any_here || !any_allowed)
		return;
	for (size_t i = 0; i < above.n; i++)
		for (size_t j = 0; j < above.nodes[i].n && s->work < WORK_MAX; j++)
			insert(s, &s->level, above.nodes[i].expected[j]);
}

static void
remove_policy(struct state *s, struct slice policy)
{
	struct node *node = find(s, &s->level, policy);

	if (node)
		*node = s->level.nodes[--s->level.n];
}

/* One issuer policy's subjects, gathered from all pairs. */
static void
expect(struct state *s, struct slice issuer, struct slice pairs)
{
	struct node *node = find(s, &s->level, issuer);
	struct slice *subjects = NULL;
	size_t n = 0, capacity = 0;
	uint8_t tag;

	if (!node && !find(s, &s->level, any_policy))
		return;
	while (pairs.n > 0 && s->work++ < WORK_MAX) {
		struct slice pair = element_next(&pairs, &tag), from = element_next(&pair, &tag), to = element_next(&pair, &tag);

		if (!slice_eq(from, issuer))
			continue;
		subjects = arena_grow(s->arena, subjects, n, &capacity, sizeof(*subjects));
		subjects[n++] = to;
	}
	if (!node)
		node = insert(s, &s->level, issuer);
	node->expected = subjects;
	node->n = n;
}

/* 6.1.4 (b); false: a mapping from or to anyPolicy */
static bool
map(struct state *s, const struct cert *c)
{
	struct slice value = extension(c, "\x55\x1d\x21"), all, pairs;
	uint8_t tag;

	all = element_next(&value, &tag);
	pairs = all;
	while (pairs.n > 0 && s->work < WORK_MAX) {
		struct slice pair = element_next(&pairs, &tag), from = element_next(&pair, &tag), to = element_next(&pair, &tag);

		if (s->mapping == 0)
			remove_policy(s, from);
		else if (slice_eq(from, any_policy) || slice_eq(to, any_policy))
			return false;
		else
			expect(s, from, all);
	}
	return true;
}

static void
lower(size_t *value, size_t limit)
{
	if (limit < *value)
		*value = limit;
}

/* 6.1.4 (h) to (j) */
static void
steer(struct state *s, const struct cert *c, bool self_issued)
{
	if (!self_issued) {
		s->explicit_policy -= s->explicit_policy > 0;
		s->mapping -= s->mapping > 0;
		s->any -= s->any > 0;
	}
	lower(&s->explicit_policy, constraint(c, 0x80));
	lower(&s->mapping, constraint(c, 0x81));
	lower(&s->any, inhibit_any(c));
}

bool
go_policies(struct arena *arena, const struct certs *chain)
{
	size_t n = chain->n - 1;
	struct state s = {.arena = arena, .explicit_policy = n + 1, .mapping = n + 1, .any = n + 1};

	if (n == 0)
		return true;
	insert(&s, &s.level, any_policy);
	for (size_t i = n; i-- > 0;) {
		const struct cert *c = chain->list[i];
		bool self_issued = cert_self_issued(c);

		s.empty = s.empty || c->n_policies == 0;
		if (s.explicit_policy == 0 && s.empty)
			return false;
		if (!s.empty) {
			descend(&s, c, s.any > 0 || (i > 0 && self_issued));
			if (i > 0 && !map(&s, c))
				return false;
		}
		if (i > 0)
			steer(&s, c, self_issued);
	}
	s.explicit_policy -= s.explicit_policy > 0;
	if (constraint(chain->list[0], 0x80) == 0)
		s.explicit_policy = 0;
	return s.explicit_policy > 0 || s.work >= WORK_MAX || (!s.empty && s.level.n > 0);
}
