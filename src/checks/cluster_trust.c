/*
 * Members that trust different authorities. A connection fails between two of them for want of one authority; all that fail for want of
 * the same one, in the same file, are one cause. Two authorities of which one takes the other's place are a rotation.
 */
#include "cluster.h"

#include <string.h>

#include "crtlint/limits.h"
#include "look.h"

enum { MEMBERS_SHOWN = 8, CAS_SHOWN = 4 };

static bool
is_older(const struct cert *a, const struct cert *b)
{
	if (a->not_before != b->not_before)
		return a->not_before < b->not_before;
	return a->not_after < b->not_after;
}

/* Who lacks this authority has that one, and the other way round: two halves of one cause. */
static struct gap *
other_half(struct gaps *g, const char *slot, const struct cert *missing, size_t member)
{
	const struct authority *here = authority_find(g, missing, slot);

	for (size_t i = 0; i < g->n_gaps; i++) {
		struct gap *x = &g->gaps[i];
		const struct authority *there = x->authority;
		if (x->old || strcmp(x->slot, slot) != 0 || !there || !there->holds[member] || !here)
			continue;
		for (size_t m = 0; m < g->c->n_members; m++) {
			if (x->lacks[m] && here->holds[m])
				return x;
		}
	}
	return NULL;
}

static struct gap *
gap_of(struct gaps *g, const char *slot, const struct cert *old, const struct cert *new, size_t member)
{
	for (size_t i = 0; i < g->n_gaps; i++) {
		struct gap *x = &g->gaps[i];
		if (strcmp(x->slot, slot) == 0 && !x->old == !old && authority_same(x->new, new) &&
		    (!old || authority_same(x->old, old)))
			return x;
	}
	struct findings *fs = g->fs;
	const struct gap *mate = old ? NULL : other_half(g, slot, new, member);
	struct finding *shared = mate ? mate->finding : NULL;
	g->gaps = arena_grow(fs->arena, g->gaps, g->n_gaps, &g->capacity, sizeof *g->gaps);
	struct gap *x = &g->gaps[g->n_gaps++];
	*x = (struct gap){.slot = slot, .old = old, .new = new, .authority = authority_find(g, new, slot)};
	x->lacks = arena_array(fs->arena, g->c->n_members, sizeof *x->lacks);
	x->refused = arena_array(fs->arena, g->c->n_members, sizeof *x->refused);
	if (shared) {
		x->finding = shared;
		return x;
	}
	x->finding = finding_add(fs, old ? RULE_cluster_rotation_half : RULE_cluster_ca_differs, slot,
	    old ? arena_printf(fs->arena, "%s, %s", between_ca(fs, old), between_ca(fs, new)) : between_ca(fs, new));
	return x;
}

/* The cause that a member lacks this authority in this file. */
static struct gap *
gap_for(struct gaps *g, const struct cert *issuer, const char *slot, size_t member)
{
	struct authority *a = authority_find(g, issuer, slot);
	const struct authority *b = a ? authority_partner(g, a, member) : NULL;

	if (!b)
		return gap_of(g, slot, NULL, a ? a->cert : issuer, member);
	return is_older(a->cert, b->cert) ? gap_of(g, slot, a->cert, b->cert, member) : gap_of(g, slot, b->cert, a->cert, member);
}

static void
take_edges(struct gaps *g)
{
	const struct cluster *c = g->c;
	struct {
		const char *slot;
		size_t member, gap;
	} *last = arena_array(g->fs->arena, c->n_endings, sizeof *last);

	for (size_t i = 0; i < c->n_edges; i++) {
		const struct edge *e = &c->edges[i];
		const struct ending *end = &c->endings[e->ending];
		if (end->fault != FAULT_TRUST)
			continue;
		/* A certificate that is withheld is one that the listener's list of authorities did not ask for. */
		const struct cluster_end *by = &c->ends[end->by_dialer ? e->from : e->to],
		                         *of = &c->ends[end->by_dialer ? e->to : e->from];
		const char *slot = by->trust ? by->trust->name : ".";
		if (!last[e->ending].slot || last[e->ending].member != by->member || strcmp(last[e->ending].slot, slot) != 0) {
			last[e->ending].slot = slot;
			last[e->ending].member = by->member;
			const struct gap *gap = gap_for(g, end->issuer, slot, by->member);
			last[e->ending].gap = (size_t)(gap - g->gaps); /* which may have moved just now */
		}
		struct gap *x = &g->gaps[last[e->ending].gap];
		x->lacks[by->member] = true;
		x->refused[of->member] = true;
		finding_edge(g->fs, x->finding, i);
	}
}

/* Pairs of authorities that not all members treat alike, though nothing fails yet. */
static void
take_pairs(struct gaps *g)
{
	for (size_t i = 0; i < g->n; i++) {
		for (size_t k = i + 1; k < g->n; k++) {
			struct authority *a = &g->list[i], *b = &g->list[k];
			bool alike = true;
			int before = 0;
			if (!authority_related(g, a, b))
				continue;
			for (size_t m = 0; m < g->c->n_members; m++) {
				int state = a->holds[m] + 2 * b->holds[m];
				alike = alike && (!before || !state || state == before);
				before = state ? state : before;
			}
			if (!alike)
				gap_of(g, a->slot, is_older(a->cert, b->cert) ? a->cert : b->cert,
				    is_older(a->cert, b->cert) ? b->cert : a->cert, 0);
		}
	}
}

/* A member's own failures for want of an authority that others have: the same cause, seen from inside. */
static bool
own_gap(struct gaps *g, size_t m, const struct outcome *o, struct gap **out)
{
	const struct connection *k = o->kind == OUTCOME_CONNECTION ? facts_connection(o) : NULL;
	const struct failure *x = &o->failure;

	if (!k || (x->cause != CAUSE_UNKNOWN_AUTHORITY && x->cause != CAUSE_OTHER_KEY && x->cause != CAUSE_WITHHELD))
		return false;
	struct certs chain = between_certs(x->cause == CAUSE_WITHHELD ? k->presents : x->file), pool = between_certs(x->trust);
	const struct cert *issuer = chain.n > 0 && x->trust ? cluster_issuer(g->c, &chain) : NULL;
	struct authority *a = issuer ? authority_find(g, issuer, x->trust->name) : NULL;
	if (!a || cluster_has(&pool, issuer))
		return false;
	const struct authority *b = authority_partner(g, a, m);
	for (size_t i = 0; i < g->n_gaps; i++) {
		struct gap *gap = &g->gaps[i];
		const struct cert *one = gap->old ? gap->old : gap->new;
		if (strcmp(gap->slot, a->slot) == 0 && (authority_same(gap->new, issuer) || authority_same(one, issuer)) &&
		    (!gap->old || (b && (authority_same(gap->new, b->cert) || authority_same(one, b->cert))))) {
			*out = gap;
			return true;
		}
	}
	return false;
}

static void
absorb(struct gaps *g)
{
	for (size_t m = 0; m < g->c->n_members; m++) {
		struct findings *own = g->c->members[m].findings;
		for (size_t i = 0; i < own->n; i++) {
			struct finding *x = own->list[i];
			struct gap *gap = NULL;
			bool all = x->n_breaks > 0;
			for (size_t k = 0; k < x->n_breaks && all; k++)
				all = own_gap(g, m, x->breaks[k], &gap);
			if (!all)
				continue;
			x->absorbed_by = gap->finding;
			gap->lacks[m] = gap->refused[m] = true;
		}
	}
}

/* Who presents certificates of the authority. */
static void
take_bearers(struct gaps *g, const struct cert *authority, bool *bears)
{
	authority_issuers(g);
	for (size_t i = 0; i < g->c->n_ends; i++) {
		if (g->issuers[i] && authority_same(g->issuers[i], authority))
			bears[g->c->ends[i].member] = true;
	}
}

static bool
any(const bool *flags, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (flags[i])
			return true;
	}
	return false;
}

static void
tell_rotation(struct gaps *g, struct gap *x)
{
	struct findings *fs = g->fs;
	const struct cluster *c = g->c;
	size_t n = c->n_members;
	const struct authority *o = authority_find(g, x->old, x->slot), *w = authority_find(g, x->new, x->slot);
	bool *state[3], *old = arena_array(fs->arena, n, sizeof *old), *new = arena_array(fs->arena, n, sizeof *new);
	static const char *const names[3] = {"old_only", "both", "new_only"};

	for (size_t s = 0; s < 3; s++)
		state[s] = arena_array(fs->arena, n, sizeof *state[s]);
	for (size_t m = 0; m < n; m++) {
		if (o->holds[m] || w->holds[m])
			state[!w->holds[m] ? 0 : o->holds[m] ? 1 : 2][m] = true;
	}
	take_bearers(g, x->old, old);
	take_bearers(g, x->new, new);
	finding_value(fs, x->finding, "old", between_ca(fs, x->old));
	finding_value(fs, x->finding, "new", between_ca(fs, x->new));
	for (size_t s = 0; s < 3; s++)
		finding_words(fs, x->finding, names[s], between_members(fs, c, state[s]));
	finding_words(fs, x->finding, "old_certificates", between_members(fs, c, old));
	finding_words(fs, x->finding, "new_certificates", between_members(fs, c, new));
	/* The next step: nobody may be left behind; then no old certificate; then no old authority. */
	bool *give = arena_array(fs->arena, n, sizeof *give), old_used = any(old, n);
	for (size_t m = 0; m < n; m++)
		give[m] = state[0][m] || (state[2][m] && old_used);
	if (any(give, n))
		finding_words(fs, x->finding, "give_both", between_members(fs, c, give));
	else if (old_used)
		finding_words(fs, x->finding, "reissue", between_members(fs, c, old));
	else
		finding_words(fs, x->finding, "drop_old", between_members(fs, c, state[1]));
	for (size_t m = 0; m < n; m++)
		state[0][m] = o->holds[m] || w->holds[m];
	x->finding->members = between_members(fs, c, state[0]);
	finding_value(fs, x->finding, "file", x->slot);
}

/* "CN=CA (since 2026-01-01) on n1 and n2, not on n3" */
static const char *
whereabouts(struct gaps *g, const struct gap *x)
{
	const struct authority *a = authority_find(g, x->new, x->slot);
	struct words here = a ? between_members(g->fs, g->c, a->holds) : (struct words){0},
	             away = between_members(g->fs, g->c, x->lacks);
	struct buf out = {.arena = g->fs->arena};

	buf_add(&out, between_ca(g->fs, x->new));
	for (size_t k = 0; k < 2; k++) {
		const struct words *w = k ? &away : &here;
		for (size_t i = 0; i < w->n && i < MEMBERS_SHOWN; i++)
			buf_printf(&out, "%s%s", i ? ", " : k ? (here.n ? ", not on " : " not on ") : " on ", w->list[i]);
		if (w->n > MEMBERS_SHOWN)
			buf_printf(&out, " and %zu more", w->n - MEMBERS_SHOWN);
	}
	return buf_text(&out);
}

static void
tell_difference(struct gaps *g, struct gap *x)
{
	struct findings *fs = g->fs;
	bool *lacks = arena_array(fs->arena, g->c->n_members, sizeof *lacks),
	     *refused = arena_array(fs->arena, g->c->n_members, sizeof *refused);

	size_t n = 0;

	for (size_t i = 0; i < g->n_gaps; i++) {
		const struct gap *same = &g->gaps[i];
		if (same->finding != x->finding)
			continue;
		if (n++ < CAS_SHOWN)
			finding_values(fs, x->finding, "cas", whereabouts(g, same));
		for (size_t m = 0; m < g->c->n_members; m++) {
			lacks[m] = lacks[m] || same->lacks[m];
			refused[m] = refused[m] || same->refused[m];
		}
	}
	if (n > CAS_SHOWN)
		finding_values(fs, x->finding, "cas", arena_printf(fs->arena, "and %zu more CAs", n - CAS_SHOWN));
	x->finding->members = between_members(fs, g->c, lacks);
	finding_value(fs, x->finding, "file", x->slot);
	finding_words(fs, x->finding, "refused", between_members(fs, g->c, refused));
	finding_words(fs, x->finding, "members", x->finding->members);
}

void
check_cluster_ca_differs(const struct facts *facts, struct findings *fs)
{
	struct gaps g = {.fs = fs, .c = facts->cluster};

	authority_take(&g);
	take_edges(&g);
	if (g.c->limited) {
		struct finding *x = finding_add(fs, RULE_dir_limit, NULL, NULL);
		finding_value(fs, x, "limit", arena_printf(fs->arena, "at most %d connections", LIMIT_EDGES));
	}
	if (!g.c->rollout)
		take_pairs(&g);
	absorb(&g);
	for (size_t i = 0; i < g.n_gaps; i++) {
		if (g.gaps[i].old)
			tell_rotation(&g, &g.gaps[i]);
		else if (g.gaps[i].finding->evidence == NULL)
			tell_difference(&g, &g.gaps[i]);
	}
}

void
check_cluster_rotation_half(const struct facts *facts, struct findings *fs)
{
	(void)facts;
	(void)fs; /* found together with check_cluster_ca_differs(): a rotation is a difference that has an order */
}
