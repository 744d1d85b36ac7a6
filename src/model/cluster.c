/*
 * Clusters: the ends of all members, and the edges between them. An end is prepared once for each member and row; what a pair of ends
 * comes to is asked once for each pair of lists (cluster_shake.c).
 */
#include "crtlint/cluster.h"

#include <string.h>

#include "crowd.h"
#include "crtlint/limits.h"

static bool
is_file(const char *word)
{
	return strcmp(word, "none") && strcmp(word, "system") && strcmp(word, "elsewhere") && strcmp(word, "anything");
}

static bool
names_file(const struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (is_file(w->list[i]))
			return true;
	return false;
}

/* Whether such a peer ever presents a file of its directory; one that never does (a browser) is no member's. */
static bool
is_member_peer(const struct profile *p, const struct connection_row *row, const char *peer)
{
	if (names_file(&row->own.dials_with))
		return true;
	for (size_t i = 0; i < p->n_peers; i++)
		if (words_have(&p->peers[i].names, peer) && names_file(&p->peers[i].dials_with))
			return true;
	return false;
}

static uint32_t
host_place(struct crowd *w, const char *host)
{
	unsigned char key[256] = {0}; /* a longer name is no host; it shares no place, that is all */
	size_t n = strlen(host);
	memcpy(key, host, n < sizeof(key) ? n : sizeof(key));
	uint32_t *at = table_at(w->hosts, key);
	if (!*at || n >= sizeof(key)) {
		words_add(w->arena, &w->c->hosts, host);
		*at = (uint32_t)w->c->hosts.n;
	}
	return *at - 1;
}

uint32_t
crowd_ending(struct crowd *w, struct ending ending)
{
	struct cluster *c = w->c;
	c->endings = arena_grow(w->arena, c->endings, c->n_endings, &w->endings_capacity, sizeof(*c->endings));
	c->endings[c->n_endings] = ending;
	return (uint32_t)c->n_endings++;
}

/* A side that was prepared becomes an end; one that cannot take part has its ending already. */
static uint32_t
end_new(struct crowd *w, uint32_t member, const struct scope *s, const struct connection_row *row, const struct side *side,
    bool dialer)
{
	struct cluster *c = w->c;
	c->ends = arena_grow(w->arena, c->ends, c->n_ends, &w->ends_capacity, sizeof(*c->ends));
	w->parties = arena_grow(w->arena, w->parties, c->n_ends, &w->parties_capacity, sizeof(*w->parties));
	struct party *p = &w->parties[c->n_ends];
	*p = (struct party){.side = *side, .chain = side->end.chain, .pool = side->end.pool};
	p->scope = arena_alloc(w->arena, sizeof(*p->scope));
	*p->scope = *s;
	struct cluster_end *e = &c->ends[c->n_ends];
	*e = (struct cluster_end){
	    .member = member, .row = row, .peer = dialer ? s->from : s->to, .file = side->file, .trust = side->trust};
	e->chain = interned_certs(w->lists, &side->end.chain);
	e->pool = interned_certs(w->lists, &side->end.pool);
	e->openssl = side_is_openssl(side->end.stack);
	e->fits = side->pair_fits;
	e->note = side->note;
	p->side.end.chain = *e->chain;
	p->side.end.pool = *e->pool;
	c->facts->mixed = c->facts->mixed || e->openssl;
	if (side->failure.cause != CAUSE_NONE) {
		struct ending ending = {
		    .stage = STAGE_CONFIG, .fault = dialer ? FAULT_DIALER : FAULT_LISTENER, .failure = side->failure};
		ending.by_dialer = dialer;
		*(dialer ? &ending.client_error : &ending.server_error) = side->failure.error;
		if (!dialer && side->failure.step && side->failure.step->tells)
			ending.client_error = scope_text(p->scope, side->failure.step->tells);
		p->ending = crowd_ending(w, ending) + 1;
	}
	return (uint32_t)c->n_ends++;
}

static bool
may_take_part(struct scope *s, const struct connection_row *row, const struct member *m, const char *peer)
{
	const struct peer *own = peer_row(s, peer);
	if (own && own->serves.n && !m->listens)
		return false;
	return gate_open(s, &row->gate) && peer_takes_part(s, peer);
}

static void
add_dialers(struct crowd *w, uint32_t member, size_t number, const char *from, const char *to)
{
	struct model *m = w->c->members[member].facts->model;
	const struct connection_row *row = &m->profile->connections[number];
	struct words cell = {&from, 1}, names = connect_ends(m, row, &cell);
	for (size_t i = 0; i < names.n; i++) {
		struct scope s = scope_new(m);
		struct side side = {0};
		connect_scope(&s, row, names.list[i], to);
		if (!loads_directory(m, s.kind))
			s.find = FIND_STAT;
		if (!may_take_part(&s, row, &w->c->members[member], names.list[i]))
			continue;
		side_dialer(&s, row, &side);
		uint32_t end = end_new(w, member, &s, row, &side, true);
		struct peer *cells = arena_alloc(w->arena, sizeof(*cells)); /* side is gone when the scope is used */
		*cells = side.cells;
		w->parties[end].scope->dialer = cells;
	}
}

static void
add_listener(struct crowd *w, uint32_t member, size_t number, const char *from, const char *to)
{
	struct member *m = &w->c->members[member];
	const struct connection_row *row = &m->facts->model->profile->connections[number];
	struct scope s = scope_new(m->facts->model);
	struct side side = {0};
	connect_scope(&s, row, *from == '<' ? NULL : from, to);
	if (!m->listens || !may_take_part(&s, row, m, to))
		return;
	side_listener(&s, row, &side);
	uint32_t end = end_new(w, member, &s, row, &side, false);
	struct words hosts = connect_hosts(&s, row);
	struct party *p = &w->parties[end];
	p->hosts = arena_array(w->arena, hosts.n, sizeof(*p->hosts));
	for (size_t i = 0; i < hosts.n; i++)
		p->hosts[p->n_hosts++] = host_place(w, hosts.list[i]);
}

/* False: the limit is met. */
static bool
edge_new(struct crowd *w, uint32_t from, uint32_t to, uint32_t host)
{
	struct cluster *c = w->c;
	const struct party *dialer = &w->parties[from], *listener = &w->parties[to];
	bool client_first = dialer->ending && (!listener->ending || side_asks_first(dialer->scope, &dialer->side));
	c->limited = c->n_edges >= LIMIT_EDGES;
	if (c->limited)
		return false;
	struct edge e = {.from = from, .to = to, .host = host};
	if (client_first || listener->ending)
		e.ending = (client_first ? dialer : listener)->ending - 1;
	else
		e.ending = crowd_shake(w, from, to, host == HOST_NONE ? NULL : c->hosts.list[host]);
	c->n_failed += c->endings[e.ending].stage != STAGE_NONE;
	c->edges = arena_grow(w->arena, c->edges, c->n_edges, &w->edges_capacity, sizeof(*c->edges));
	c->edges[c->n_edges++] = e;
	return true;
}

static bool
meet(const struct cluster *c, uint32_t from, uint32_t to)
{
	const struct member *a = &c->members[c->ends[from].member], *b = &c->members[c->ends[to].member];
	return a->origin != b->origin && (!c->rollout || a->old != b->old);
}

/* One row, one word of either cell: all its dialers meet all its listeners. A row goes by its number: where variables name files, each
 * member has a profile of its own. */
static bool
connect_row(struct crowd *w, size_t row, const char *from, const char *to)
{
	struct cluster *c = w->c;
	uint32_t first = (uint32_t)c->n_ends, middle, last;
	for (uint32_t i = 0; i < c->n_members; i++)
		if (c->members[i].facts->model)
			add_dialers(w, i, row, from, to);
	middle = (uint32_t)c->n_ends;
	for (uint32_t i = 0; i < c->n_members && middle > first; i++)
		if (c->members[i].facts->model)
			add_listener(w, i, row, from, to);
	last = (uint32_t)c->n_ends;
	for (uint32_t d = first; d < middle; d++) {
		for (uint32_t l = middle; l < last; l++) {
			if (!meet(c, d, l))
				continue;
			for (size_t h = 0; h < (w->parties[l].n_hosts ? w->parties[l].n_hosts : 1); h++)
				if (!edge_new(w, d, l, w->parties[l].n_hosts ? w->parties[l].hosts[h] : HOST_NONE))
					return false;
		}
	}
	return true;
}

static void
unjudged_add(struct cluster *c, const char *sentence)
{
	if (!words_have(&c->unjudged, sentence))
		words_add(c->arena, &c->unjudged, sentence);
}

static void
tell_unjudged(struct cluster *c)
{
	struct words nameless = {0};
	for (size_t i = 0; i < c->n_members; i++)
		if (c->members[i].listens && !c->members[i].hosts.n)
			words_add(c->arena, &nameless, c->members[i].name);
	if (nameless.n)
		unjudged_add(
		    c, arena_printf(c->arena, "by which names %s; assumed: no name was compared; tell: NAME=PATH@HOST,HOST",
		           nameless.n == 1 ? arena_printf(c->arena, "%s is dialed", nameless.list[0])
		                           : arena_printf(c->arena, "%zu of the members are dialed", nameless.n)));
	for (size_t i = 0; i < c->n_ends; i++)
		if (c->ends[i].note)
			unjudged_add(c, arena_printf(c->arena, "%s: %s", c->members[c->ends[i].member].name, c->ends[i].note));
}

/* Of the certificates that are good now, the one whose end comes first: from then on that member fails. */
static void
find_first(struct cluster *c)
{
	int64_t now = c->facts->settings->now;
	for (size_t i = 0; i < c->n_ends; i++) {
		const struct cluster_end *e = &c->ends[i];
		for (size_t k = 0; k < e->chain->n && e->file; k++) {
			int64_t at = e->chain->list[k]->not_after;
			if (e->chain->list[k]->usable && at >= now && (!c->first.file || at < c->first.at)) {
				c->first.member = e->member;
				c->first.file = e->file;
				c->first.at = at;
			}
		}
	}
}

/* Whether a sentence of the profile quotes the listener's certificate. */
static bool
names_server(const char *sentence)
{
	return sentence && strstr(sentence, "<server-CN>");
}

static struct facts *
facts_of(struct cluster *c)
{
	struct facts *f = arena_alloc(c->arena, sizeof(*f)), *first = c->members[0].facts;
	struct listing *l = arena_alloc(c->arena, sizeof(*l));
	*l = (struct listing){.path = c->name, .mode = 0755};
	*f = (struct facts){.arena = c->arena, .listing = l, .settings = first->settings, .profile = c->profile, .go = first->go};
	f->signatures = first->signatures;
	f->cluster = c;
	f->start = (struct outcome){.kind = OUTCOME_START, .id = "start"};
	f->reload = (struct outcome){.kind = OUTCOME_RELOAD, .id = "reload"};
	for (size_t i = 0; i < c->n_members; i++)
		f->mixed = f->mixed || c->members[i].facts->mixed;
	return f;
}

struct cluster *
cluster_judge(struct arena *a, struct member *members, size_t n, bool rollout)
{
	struct cluster *c = arena_alloc(a, sizeof(*c));
	*c = (struct cluster){
	    .arena = a, .name = rollout ? "roll-out" : "cluster", .rollout = rollout, .members = members, .n_members = n};
	c->profile = members[0].facts->profile;
	c->facts = facts_of(c);
	for (size_t i = 0; i < n; i++)
		words_add(a, &c->members_named, members[i].name);
	struct crowd w = {.c = c, .arena = a, .lists = interned_new(a), .texts = texts_new(a), .scratch = arena_new()};
	w.hosts = table_new(a, 256);
	w.servers = table_new(a, 8 * sizeof(uint64_t));
	w.clients = table_new(a, 8 * sizeof(uint64_t));
	w.admitted = table_new(a, 5 * sizeof(uint64_t));
	w.lents = table_new(a, 2 * sizeof(uint32_t));
	w.issuers = table_new(a, sizeof(uint64_t));
	crowd_ending(&w, (struct ending){.stage = STAGE_NONE});
	for (size_t i = 0; c->profile && i < c->profile->admission.n; i++) {
		const struct step *s = &c->profile->admission.list[i];
		w.admission_by_pair = w.admission_by_pair || s->of_both || s->check == CHECK_COME_FROM_ITS_SAN ||
		                      s->check == CHECK_SHARE_SUBJECT || names_server(s->says) || names_server(s->tells);
	}
	bool more = true;
	for (size_t i = 0; c->profile && i < c->profile->n_connections && more; i++) {
		const struct connection_row *row = &c->profile->connections[i];
		for (size_t f = 0; f < row->from.n; f++)
			for (size_t t = 0; t < row->to.n && more; t++)
				if (*row->to.list[t] != '<' && is_member_peer(c->profile, row, row->from.list[f]))
					more = connect_row(&w, i, row->from.list[f], row->to.list[t]);
	}
	tell_unjudged(c);
	find_first(c);
	crowd_lend(&w);
	arena_free(w.scratch);
	return c;
}
