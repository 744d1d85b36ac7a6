/*
 * A failure whose reason lies in one member alone is one of that member's own: it is lent to its facts as a connection, so that the
 * rules of a directory explain it. And an edge told as a connection.
 */
#include "crowd.h"

#include <string.h>

struct connection
cluster_connection(const struct cluster *c, const struct edge *e)
{
	const struct cluster_end *from = &c->ends[e->from], *to = &c->ends[e->to];
	const struct ending *ending = &c->endings[e->ending];
	struct connection out = {.kind = from->row->kind, .from = from->peer, .to = to->peer};
	out.host = e->host == HOST_NONE ? NULL : c->hosts.list[e->host];
	out.outcome = (struct outcome){.kind = OUTCOME_CONNECTION, .judged = true, .ok = ending->stage == STAGE_NONE};
	out.outcome.id = arena_printf(c->arena, "%s:%s/%s>%s/%s%s%s", out.kind, c->members[from->member].name, from->peer,
	    c->members[to->member].name, to->peer, out.host ? "@" : "", out.host ? out.host : "");
	out.outcome.failure = ending->failure;
	out.stage = ending->stage;
	out.client_error = ending->client_error;
	out.server_error = ending->server_error;
	out.serves = to->fits ? to->file : NULL;
	out.presents = from->fits ? from->file : NULL;
	out.sent = ending->sent;
	out.from_openssl = from->openssl;
	out.to_openssl = to->openssl;
	if (!out.outcome.ok && ending->stage != STAGE_CONFIG)
		out.outcome.failure.trust = ending->by_dialer ? from->trust : to->trust;
	for (size_t i = 0; i < ending->unchecked.n; i++)
		connect_note(c->arena, &out, ending->unchecked.list[i]);
	for (size_t i = 0; i < from->row->unchecked.n; i++)
		connect_note(c->arena, &out, from->row->unchecked.list[i]);
	connect_note(c->arena, &out, to->note);
	connect_note(c->arena, &out, from->note);
	if (!out.host && from->row->host.n)
		connect_note(c->arena, &out, "no host name was compared");
	return out;
}

/* The certificate in the party's own files that stands where this one stands in the interned lists. */
static const struct cert *
own_cert(const struct party *p, const struct cluster_end *e, const struct cert *c)
{
	for (size_t i = 0; i < e->chain->n; i++)
		if (e->chain->list[i] == c)
			return p->chain.list[i];
	for (size_t i = 0; i < e->pool->n; i++)
		if (e->pool->list[i] == c)
			return p->pool.list[i];
	return c;
}

static bool
is_of(const struct facts *f, const struct file *file)
{
	for (size_t i = 0; i < f->n_files; i++)
		if (&f->files[i] == file)
			return true;
	return false;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* One of the member's own connections that fails for the same reason. */
static bool
own_alike(const struct facts *f, const struct connection *c, size_t *at)
{
	const struct failure *x = &c->outcome.failure;
	for (size_t i = 0; i < f->n_connections; i++) {
		const struct failure *y = &f->connections[i].outcome.failure;
		if (!f->connections[i].outcome.ok && y->cause == x->cause && y->file == x->file && y->cert == x->cert &&
		    strcmp(f->connections[i].kind, c->kind) == 0 && strcmp(f->connections[i].from, c->from) == 0 &&
		    same_text(y->wanted, x->wanted) && same_text(y->name, x->name)) {
			*at = i;
			return true;
		}
	}
	return false;
}

static struct lent
lend(struct crowd *w, const struct edge *e, uint32_t end)
{
	struct cluster *cluster = w->c;
	const struct cluster_end *culprit = &cluster->ends[end];
	struct facts *f = cluster->members[culprit->member].facts;
	struct connection c = cluster_connection(cluster, e);
	struct failure *x = &c.outcome.failure;
	struct lent out = {.member = culprit->member, .connection = f->n_connections};
	size_t index;
	c.serves = is_of(f, c.serves) ? c.serves : NULL;
	c.presents = is_of(f, c.presents) ? c.presents : NULL;
	if (c.stage != STAGE_CONFIG) {
		x->cert = x->cert ? own_cert(&w->parties[end], culprit, x->cert) : NULL;
		const struct file *holder = x->cert ? facts_holder(f, x->cert, &index) : NULL;
		if (holder || !is_of(f, x->file))
			x->file = holder ? holder : x->cause == CAUSE_NONE_TO_SEND ? NULL : culprit->file;
		if (x->file)
			x->name = x->file->name;
	}
	if (own_alike(f, &c, &out.connection))
		return out;
	size_t *capacity = &w->connections_capacity[culprit->member];
	*capacity = *capacity ? *capacity : f->n_connections;
	struct connection *before = f->connections;
	f->connections = arena_grow(w->arena, f->connections, f->n_connections, capacity, sizeof(*f->connections));
	if (f->connections != before)
		later_move(f, before);
	c.lent = true;
	f->connections[f->n_connections++] = c;
	return out;
}

void
crowd_lend(struct crowd *w)
{
	struct cluster *c = w->c;
	w->connections_capacity = arena_array(w->arena, c->n_members, sizeof(*w->connections_capacity));
	for (size_t i = 0; i < c->n_edges; i++) {
		struct edge *e = &c->edges[i];
		enum fault fault = c->endings[e->ending].fault;
		if (fault != FAULT_DIALER && fault != FAULT_LISTENER)
			continue;
		uint32_t end = fault == FAULT_DIALER ? e->from : e->to, key[2] = {end, e->ending};
		uint32_t *at = table_at(w->lents, key);
		if (!*at) {
			c->lents = arena_grow(w->arena, c->lents, c->n_lents, &w->lents_capacity, sizeof(*c->lents));
			c->lents[c->n_lents++] = lend(w, e, end);
			*at = (uint32_t)c->n_lents;
		}
		e->lent = *at;
	}
}
