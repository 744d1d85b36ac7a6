/*
 * Connections: who dials whom, at which name, and how it ends. First the files of both ends (stage config), then one handshake for each
 * name, then admission (stage auth).
 */
#include "side.h"

#include <string.h>

#include "crtlint/limits.h"

void
connection_refused(struct connection *c, enum stage stage, struct failure f, bool by_client)
{
	c->outcome.ok = false;
	c->outcome.failure = f;
	c->stage = stage;
	if (stage != STAGE_CONFIG)
		return;
	if (by_client)
		c->client_error = f.error;
	else
		c->server_error = f.error;
}

void
connect_note(struct arena *a, struct connection *c, const char *sentence)
{
	if (sentence && !words_have(&c->unchecked, sentence))
		words_add(a, &c->unchecked, sentence);
}

static struct handshake_ask
ask_of(struct model *m, const struct connection *c, const struct side *from, const struct side *to)
{
	struct handshake_ask ask = side_ask(m, from, to, c->host);
	ask.trace = c->trace;
	return ask;
}

struct both { /* the two ends of a connection, for failure_of() */
	const struct connection *connection;
	const struct side *from, *to;
};

static struct failure
failure_of(struct model *m, const void *sides, const struct handshake_answer *answer)
{
	const struct both *both = sides;
	bool by_client = answer->refused_by == USAGE_CLIENT;
	const struct side *refuses = by_client ? both->from : both->to, *refused = by_client ? both->to : both->from;
	size_t index;
	struct failure f = {.cause = answer->refusal.cause,
	    .error = by_client ? answer->client_error : answer->server_error,
	    .cert = answer->refusal.cert,
	    .parent = answer->refusal.parent,
	    .trust = refuses->trust,
	    .detail = answer->refusal.detail,
	    .wanted = by_client ? both->connection->host : NULL};
	f.error = f.error ? f.error : answer->refusal.error;
	f.file = f.cert ? facts_holder(m->facts, f.cert, &index) : refused->file;
	f.name = f.file ? f.file->name : NULL;
	return f;
}

/* What would fail behind the first failure, admission included. */
static void
look_on(struct scope *s, const struct both *both, struct handshake_ask ask, struct handshake_answer answer, size_t place)
{
	if (!later_handshakes(s->m, place, ask, &answer, failure_of, both))
		return;
	struct connection scratch = *both->connection;
	scratch.outcome.ok = true;
	connection_admit(s, &scratch, &answer, &ask.client, &ask.server);
	if (!scratch.outcome.ok)
		later_add(s->m, place, scratch.outcome.failure);
}

static void
shake(struct scope *s, const struct connection_row *row, struct connection *c, const struct side *from, const struct side *to)
{
	struct model *m = s->m;
	struct handshake_ask ask = ask_of(m, c, from, to);
	struct both both = {c, from, to};
	if (!to->end.chain.n) /* nothing of the listener could be read: nothing is claimed */
		return;
	struct handshake_answer answer = handshake(&ask);
	if (side_assumes(row, from, &answer)) {
		connect_note(m->arena, c, row->assumes);
		trace_add(c->trace, TRACE_SAYS, "tried again without the search for an issuer", NULL, row->assumes);
		ask.skip_server_trust = true;
		answer = handshake(&ask);
	}
	connect_note(m->arena, c, answer.unjudged);
	c->client_error = answer.client_error;
	c->server_error = answer.server_error;
	c->sent = answer.client_sent;
	if (answer.ok) {
		if (!to->trust_open && !from->elsewhere)
			connection_admit(s, c, &answer, &from->end, &to->end);
		return;
	}
	connection_refused(c, STAGE_HANDSHAKE, failure_of(m, &both, &answer), answer.refused_by == USAGE_CLIENT);
	look_on(s, &both, ask, answer, m->facts->n_connections + 1);
}

static bool
sound(const struct side *side)
{
	return side->pair_fits && side->end.pool.n && side->trust->load.cause == CAUSE_NONE;
}

/* Behind files that do not load: the files of the other end, and the handshake as far as both ends could hold one. */
static void
look_behind(struct scope *s, const struct connection_row *row, struct connection *c, const struct side *from,
    const struct side *to, bool by_client)
{
	struct model *m = s->m;
	size_t place = m->facts->n_connections + 1;
	const struct side *first = by_client ? from : to, *second = by_client ? to : from;
	for (size_t i = 0; i < first->n_more; i++)
		later_add(m, place, first->more[i]);
	later_add(m, place, second->failure);
	for (size_t i = 0; i < second->n_more; i++)
		later_add(m, place, second->more[i]);
	if (!to->pair_fits || !to->end.chain.n)
		return;
	struct both both = {c, from, to};
	struct handshake_ask ask = ask_of(m, c, from, to);
	ask.trace = NULL;
	ask.skip_server_trust = ask.skip_server_trust || row->assumes || !from->end.pool.n ||
	                        from->trust->load.cause != CAUSE_NONE;
	if (!sound(to) || !from->pair_fits)
		ask.auth = CLIENT_AUTH_NONE;
	look_on(s, &both, ask, handshake(&ask), place);
}

static struct connection *
connection_new(struct model *m, const struct scope *s, const char *host, size_t *capacity)
{
	struct facts *f = m->facts;
	f->connections = arena_grow(m->arena, f->connections, f->n_connections, capacity, sizeof(*f->connections));
	struct connection *c = &f->connections[f->n_connections++];
	struct buf id = {.arena = m->arena};
	*c = (struct connection){.kind = s->kind, .from = s->from, .to = s->to, .host = host};
	c->outcome = (struct outcome){.kind = OUTCOME_CONNECTION, .judged = true, .ok = true};
	const char *const parts[] = {s->kind, ":", s->from, ">", s->to, host ? "@" : "", host ? host : ""};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		buf_add(&id, parts[i]);
	c->outcome.id = buf_text(&id);
	if (words_have(&m->facts->settings->traces, c->outcome.id))
		c->trace = trace_new(m->arena);
	return c;
}

static void
connect(struct scope *s, const struct connection_row *row, const struct words *hosts, size_t *capacity)
{
	struct model *m = s->m;
	struct side to = {0}, from = {0};
	side_listener(s, row, &to);
	side_dialer(s, row, &from);
	bool blame_client = from.failure.cause != CAUSE_NONE && (to.failure.cause == CAUSE_NONE || side_asks_first(s, &from));
	m->facts->mixed = m->facts->mixed || side_is_openssl(to.end.stack) || side_is_openssl(from.end.stack);
	for (size_t i = 0; i < (hosts->n ? hosts->n : 1); i++) {
		if (m->facts->n_connections >= LIMIT_CONNECTIONS) {
			m->facts->too_many = true;
			return;
		}
		struct connection *c = connection_new(m, s, hosts->n ? hosts->list[i] : NULL, capacity);
		c->serves = to.pair_fits ? to.file : NULL;
		c->presents = from.pair_fits ? from.file : NULL;
		c->from_openssl = side_is_openssl(from.end.stack);
		c->to_openssl = side_is_openssl(to.end.stack);
		record_side(c->trace, "the listener", to.file, to.trust, &to.failure);
		record_side(c->trace, "the dialer", from.file, from.trust, &from.failure);
		if (!c->host && row->host.n && from.cells.checks_host != HOST_UNCHECKED)
			connect_note(m->arena, c, "no host name was compared");
		for (size_t k = 0; k < row->unchecked.n; k++)
			connect_note(m->arena, c, row->unchecked.list[k]);
		connect_note(m->arena, c, to.note);
		connect_note(m->arena, c, from.note);
		if (!blame_client && to.failure.cause == CAUSE_NONE) {
			shake(s, row, c, &from, &to);
			continue;
		}
		connection_refused(c, STAGE_CONFIG, blame_client ? from.failure : to.failure, blame_client);
		look_behind(s, row, c, &from, &to, blame_client);
		if (!blame_client && to.failure.step && to.failure.step->tells)
			c->client_error = scope_text(s, to.failure.step->tells);
	}
}

/* The peers that one cell of a connection stands for. */
struct words
connect_ends(struct model *m, const struct connection_row *row, const struct words *cell)
{
	struct words out = {0}, asked = m->facts->settings->users;
	for (size_t i = 0; i < cell->n; i++) {
		const char *word = cell->list[i];
		if (*word != '<') {
			words_add(m->arena, &out, word);
			continue;
		}
		if (row->only)
			words_add(m->arena, &out, row->only);
		for (size_t k = 0; k < m->users.n && !row->only; k++)
			if (!row->except || strcmp(row->except, m->users.list[k]) || words_have(&asked, row->except))
				words_add(m->arena, &out, m->users.list[k]);
	}
	return out;
}

struct words
connect_hosts(struct scope *s, const struct connection_row *row)
{
	struct words out = {0};
	for (size_t i = 0; i < row->host.n; i++) {
		const char *list;
		if (!scope_fill(s, row->host.list[i], &list))
			continue;
		while (*list) {
			size_t n = strcspn(list, ",");
			const char *host = arena_strndup(s->m->arena, list, n);
			if (n && !words_have(&out, host))
				words_add(s->m->arena, &out, host);
			list += n + (list[n] == ',');
		}
	}
	return out;
}

static void
give_ends(struct scope *s, const struct words *cell, const char *who)
{
	for (size_t i = 0; i < cell->n; i++) {
		size_t n = strlen(cell->list[i]);
		if (cell->list[i][0] == '<' && n > 2)
			scope_give(s, arena_strndup(s->m->arena, cell->list[i] + 1, n - 2), who);
	}
}

void
connect_scope(struct scope *s, const struct connection_row *row, const char *from, const char *to)
{
	s->kind = row->kind;
	s->from = from;
	s->to = to;
	if (to)
		give_ends(s, &row->to, to);
	if (from)
		give_ends(s, &row->from, from);
	s->user = from ? side_capture(&row->from, from) : NULL;
}

void
connections_judge(struct model *m)
{
	size_t capacity = 0;
	if (m->profile->connections && m->facts->n_connections == 0 && !m->facts->settings->dials_only) {
		for (size_t i = 0; i < m->profile->n_connections; i++) {
			const struct connection_row *row = &m->profile->connections[i];
			struct words from = connect_ends(m, row, &row->from), to = connect_ends(m, row, &row->to);
			for (size_t f = 0; f < from.n; f++) {
				for (size_t t = 0; t < to.n; t++) {
					struct scope s = scope_new(m);
					connect_scope(&s, row, from.list[f], to.list[t]);
					if (!loads_directory(m, s.kind))
						s.find = FIND_STAT;
					struct scope dialed = s;
					dialed.user = side_capture(&row->to, to.list[t]);
					if (!gate_open(&s, &row->gate) || !peer_takes_part(&s, from.list[f]) ||
					    !peer_takes_part(&dialed, to.list[t]))
						continue;
					struct words hosts = connect_hosts(&s, row);
					connect(&s, row, &hosts, &capacity);
				}
			}
		}
	}
}
