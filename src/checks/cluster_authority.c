/* The authorities that members trust, under which file names, and what they issued. */
#include "cluster.h"

#include <string.h>

#include "look.h"

enum { AUTHORITIES = 256, CERTS_OF_FILE = 64, NAMES = 64 }; /* what is compared; a failure beyond that is still told */

bool
authority_same(const struct cert *a, const struct cert *b)
{
	return slice_eq(a->subject.raw, b->subject.raw) && slice_eq(a->spki.raw, b->spki.raw);
}

struct authority *
authority_find(struct gaps *g, const struct cert *c, const char *slot)
{
	for (size_t i = 0; i < g->n; i++) {
		if (authority_same(g->list[i].cert, c) && strcmp(g->list[i].slot, slot) == 0)
			return &g->list[i];
	}
	return NULL;
}

void
authority_take(struct gaps *g)
{
	g->list = arena_array(g->fs->arena, AUTHORITIES, sizeof *g->list);
	for (size_t m = 0; m < g->c->n_members; m++) {
		const struct facts *f = g->c->members[m].facts;
		for (size_t i = 0; i < f->n_files; i++) {
			struct certs certs = between_certs(&f->files[i]);
			for (size_t k = 0; look_is_ca(&f->files[i]) && k < certs.n && k < CERTS_OF_FILE; k++) {
				if (!certs.list[k]->usable)
					continue;
				struct authority *a = authority_find(g, certs.list[k], f->files[i].name);
				if (!a && g->n == AUTHORITIES)
					continue;
				if (!a) {
					a = &g->list[g->n++];
					*a = (struct authority){.cert = certs.list[k], .slot = f->files[i].name};
					a->issued = arena_array(g->fs->arena, NAMES, sizeof *a->issued);
					a->holds = arena_array(g->fs->arena, g->c->n_members, sizeof *a->holds);
				}
				a->holds[m] = true;
			}
		}
	}
}

/* Whose certificate each end presents, and what each authority issued. */
void
authority_issuers(struct gaps *g)
{
	const struct cluster *c = g->c;

	if (g->issuers)
		return;
	g->issuers = arena_array(g->fs->arena, c->n_ends, sizeof *g->issuers);
	for (size_t i = 0; i < c->n_ends; i++) {
		const struct cluster_end *e = &c->ends[i];
		if (e->chain->n == 0 || !e->file)
			continue;
		g->issuers[i] = i > 0 && c->ends[i - 1].chain == e->chain ? g->issuers[i - 1] : cluster_issuer(c, e->chain);
		for (size_t k = 0; k < g->n && g->issuers[i]; k++) {
			struct authority *x = &g->list[k];
			size_t n = 0;
			if (!authority_same(x->cert, g->issuers[i]))
				continue;
			while (n < x->n_issued && strcmp(x->issued[n], e->file->name) != 0)
				n++;
			if (n == x->n_issued && n < NAMES)
				x->issued[x->n_issued++] = e->file->name;
		}
	}
}

/* Whether both issued files of one name: node.crt of one member by the one, node.crt of another by the other. */
static bool
issue_alike(struct gaps *g, const struct authority *a, const struct authority *b)
{
	authority_issuers(g);
	for (size_t i = 0; i < a->n_issued; i++) {
		for (size_t k = 0; k < b->n_issued; k++) {
			if (strcmp(a->issued[i], b->issued[k]) == 0)
				return true;
		}
	}
	return false;
}

/* One takes the other's place: they have one name and one came later, or somebody keeps both and both issue the same. Two that are kept
 * side by side for two purposes are no rotation, nor are two of one name and one hour that nobody keeps together. */
static bool
may_replace(struct gaps *g, const struct authority *a, const struct authority *b)
{
	if (a == b || strcmp(a->slot, b->slot) != 0)
		return false;
	bool one_name = slice_eq(a->cert->subject.raw, b->cert->subject.raw);
	if (one_name && a->cert->not_before != b->cert->not_before)
		return true;
	for (size_t m = 0; m < g->c->n_members; m++) {
		if (a->holds[m] && b->holds[m])
			return one_name || issue_alike(g, a, b);
	}
	return false;
}

/* Two or three of a kind are a rotation, or one after another; where many are alike, everybody has made an authority of his own. */
static bool
is_crowded(struct gaps *g, struct authority *a)
{
	enum { RELATIVES = 2 };

	for (size_t i = 0; i < g->n && !a->counted; i++)
		a->relatives += may_replace(g, a, &g->list[i]);
	a->counted = true;
	return a->relatives > RELATIVES;
}

bool
authority_related(struct gaps *g, struct authority *a, struct authority *b)
{
	return may_replace(g, a, b) && !is_crowded(g, a) && !is_crowded(g, b);
}

/* The authority that the member has in place of the one it lacks. */
const struct authority *
authority_partner(struct gaps *g, struct authority *missing, size_t member)
{
	for (size_t i = 0; i < g->n; i++) {
		if (g->list[i].holds[member] && !is_crowded(g, missing) && authority_related(g, &g->list[i], missing))
			return &g->list[i];
	}
	return NULL;
}
