/* What lies between the certificates of several members: keys and serial numbers that should be one's own, and names on the wrong member. */
#include "cluster.h"

#include <stdlib.h>
#include <string.h>

#include "look.h"

struct certs
between_certs(const struct file *file)
{
	const struct object *o = file ? file->object : NULL;

	return o ? (struct certs){(const struct cert **)o->certs, o->n_certs} : (struct certs){NULL, 0};
}

struct words
between_members(struct findings *fs, const struct cluster *c, const bool *flags)
{
	struct words out = {.list = arena_array(fs->arena, c->n_members, sizeof(const char *))};

	for (size_t i = 0; i < c->n_members; i++) {
		if (flags[i])
			out.list[out.n++] = c->members[i].name;
	}
	return out;
}

const char *
between_ca(struct findings *fs, const struct cert *c)
{
	return arena_printf(fs->arena, "%s (since %.10s)", look_subject_text(fs, c), when_format(fs->arena, c->not_before));
}

struct place { /* one certificate of one member */
	const struct cert *cert;
	const struct file *file;
	size_t member;
};

static int
by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = slice_compare(x->cert->spki.raw, y->cert->spki.raw);

	return c != 0 ? c : (x->member > y->member) - (x->member < y->member);
}

static int
by_serial(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = slice_compare(x->cert->serial, y->cert->serial);

	if (c == 0)
		c = slice_compare(x->cert->issuer.raw, y->cert->issuer.raw);
	if (c == 0)
		c = slice_compare(x->cert->raw, y->cert->raw);
	return c != 0 ? c : (x->member > y->member) - (x->member < y->member);
}

/* Whether some listener of the member presents the file. */
static bool
is_served(const struct cluster *c, size_t member, const struct file *file)
{
	const struct facts *f = c->members[member].facts;

	for (size_t i = 0; i < f->n_connections; i++) {
		if (f->connections[i].serves == file)
			return true;
	}
	return false;
}

/* The certificates of all members: of each file the first one, or all. */
static struct place *
places(struct findings *fs, const struct cluster *c, bool served, size_t *n)
{
	struct place *out = NULL;
	size_t capacity = 0;

	*n = 0;
	for (size_t i = 0; i < c->n_members; i++) {
		const struct facts *f = c->members[i].facts;
		for (size_t k = 0; k < f->n_files; k++) {
			struct certs certs = between_certs(&f->files[k]);
			if (!look_is_judged(&f->files[k]) || (served && !is_served(c, i, &f->files[k])))
				continue;
			for (size_t p = 0; p < certs.n && (p == 0 || !served); p++) {
				if (!certs.list[p]->usable)
					continue;
				out = arena_grow(fs->arena, out, *n, &capacity, sizeof *out);
				out[(*n)++] = (struct place){certs.list[p], &f->files[k], i};
			}
		}
	}
	return out;
}

void
check_cluster_key_shared(const struct facts *facts, struct findings *fs)
{
	const struct cluster *c = facts->cluster;
	size_t n, next;
	struct place *all = c->rollout ? NULL : places(fs, c, true, &n);

	if (!all)
		return;
	qsort(all, n, sizeof *all, by_key);
	for (size_t i = 0; i < n; i = next) {
		bool *members = arena_array(fs->arena, c->n_members, sizeof *members);
		for (next = i; next < n && slice_eq(all[next].cert->spki.raw, all[i].cert->spki.raw); next++)
			members[all[next].member] = true;
		if (all[next - 1].member == all[i].member)
			continue;
		struct finding *x = finding_add(fs, RULE_cluster_key_shared, all[i].file->name, c->members[all[i].member].name);
		x->members = between_members(fs, c, members);
	}
}

static const char *
hex(struct findings *fs, struct slice s)
{
	struct buf out = {.arena = fs->arena};

	for (size_t i = 0; i < s.n && i < 40; i++)
		buf_printf(&out, "%02x", s.p[i]);
	return buf_text(&out);
}

/* Whether the same key signed both: one name may stand for two authorities. */
static bool
same_signer(const struct cluster *c, const struct cert *a, const struct cert *b)
{
	if (a->aki.n > 0 && b->aki.n > 0)
		return slice_eq(a->aki, b->aki);
	const struct cert *issuer = cluster_issuer(c, &(struct certs){&a, 1});
	return issuer && chain_signed_by(c->facts->signatures, b, issuer);
}

void
check_cluster_serial_shared(const struct facts *facts, struct findings *fs)
{
	const struct cluster *c = facts->cluster;
	size_t n, next;
	struct place *all = c->rollout ? NULL : places(fs, c, false, &n);

	if (!all)
		return;
	qsort(all, n, sizeof *all, by_serial);
	for (size_t i = 0; i < n; i = next) {
		const struct cert *a = all[i].cert;
		bool *members = arena_array(fs->arena, c->n_members, sizeof *members);
		struct finding *x = NULL;
		for (next = i + 1; next < n && slice_eq(all[next].cert->serial, a->serial) &&
		                   slice_eq(all[next].cert->issuer.raw, a->issuer.raw);
		     next++) {
			const struct cert *b = all[next].cert;
			if (slice_eq(a->raw, b->raw) || cert_self_issued(a) || cert_self_issued(b) || !same_signer(c, a, b))
				continue;
			x = finding_add(fs, RULE_cluster_serial_shared, all[i].file->name, look_issuer_text(fs, a));
			members[all[i].member] = members[all[next].member] = true;
			finding_value(fs, x, "serial", hex(fs, a->serial));
			finding_value(fs, x, "issuer", look_issuer_text(fs, a));
			finding_values(
			    fs, x, "places", arena_printf(fs->arena, "%s/%s", c->members[all[i].member].name, all[i].file->name));
			finding_values(fs, x, "places",
			    arena_printf(fs->arena, "%s/%s", c->members[all[next].member].name, all[next].file->name));
		}
		if (x)
			x->members = between_members(fs, c, members);
	}
}

/* ---- names on the wrong member ---- */

static bool
names_any(struct findings *fs, const struct cert *leaf, const struct words *hosts)
{
	for (size_t i = 0; i < hosts->n; i++) {
		if (go_verify_hostname(fs->arena, leaf, hosts->list[i]).cause == CAUSE_NONE)
			return true;
	}
	return false;
}

/* The member whose host the certificate names. */
static size_t
carried(struct findings *fs, const struct cluster *c, size_t bearer, const struct cert *leaf)
{
	for (size_t i = 0; i < c->n_members; i++) {
		if (i != bearer && names_any(fs, leaf, &c->members[i].hosts))
			return i;
	}
	return bearer;
}

static size_t
root_of(const size_t *parent, size_t i)
{
	while (parent[i] != i)
		i = parent[i];
	return i;
}

void
check_cluster_hosts_swapped(const struct facts *facts, struct findings *fs)
{
	const struct cluster *c = facts->cluster;
	size_t *parent = arena_array(fs->arena, c->n_members, sizeof *parent);
	struct finding **own = arena_array(fs->arena, c->n_members, sizeof(struct finding *));
	size_t *other = arena_array(fs->arena, c->n_members, sizeof *other);

	for (size_t i = 0; i < c->n_members; i++)
		parent[i] = i;
	for (size_t i = 0; i < c->n_lents && !c->rollout; i++) {
		size_t m = c->lents[i].member;
		const struct connection *k = &c->members[m].facts->connections[c->lents[i].connection];
		const struct failure *x = &k->outcome.failure;
		if (own[m] || x->cause != CAUSE_HOST || !x->cert || names_any(fs, x->cert, &c->members[m].hosts))
			continue;
		other[m] = carried(fs, c, m, x->cert);
		if (other[m] == m)
			continue;
		own[m] = (struct finding *)finding_explaining(c->members[m].findings, &k->outcome, 0);
		size_t a = root_of(parent, m), b = root_of(parent, other[m]);
		parent[a > b ? a : b] = a > b ? b : a;
	}
	for (size_t i = 0; i < c->n_members; i++) {
		if (!own[i])
			continue;
		struct finding *x = finding_add(
		    fs, RULE_cluster_hosts_swapped, own[i]->file, c->members[root_of(parent, i)].name);
		bool *members = arena_array(fs->arena, c->n_members, sizeof *members);
		finding_values(fs, x, "pairs",
		    arena_printf(fs->arena, "%s carries the names of %s", c->members[i].name, c->members[other[i]].name));
		own[i]->absorbed_by = x;
		for (size_t k = 0; k <= i; k++)
			members[k] = own[k] && own[k]->absorbed_by == x;
		x->members = between_members(fs, c, members);
	}
}
