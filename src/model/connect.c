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

static void
shake(struct scope *s, const struct connection_row *row, struct connection *c, const struct side *from, const struct side *to)
{
	struct model *m = s->m;
	struct handshake_ask ask = side_ask(m, from, to, c->host);
	if (!to->end.chain.n) /* nothing of the listener could be read: nothing is claimed */
		return;
	struct handshake_answer answer = handshake(&ask);
	if (!answer.ok && row->assumes && answer.refused_by == USAGE_CLIENT && side_about_trust(answer.refusal.cause)) {
		connect_note(m->arena, c, row->assumes);
		ask.skip_server_trust = true;
		answer = handshake(&ask);
	}
	connect_note(m->arena, c, answer.unjudged);
	c->client_error = answer.client_error;
	c->server_error = answer.server_error;
	c->sent = answer.client_sent;
	if (answer.ok) {
		if (!to->trust_open)
			connection_admit(s, c, &answer, &from->end.chain, &to->end.chain);
		return;
	}
	bool by_client = answer.refused_by == USAGE_CLIENT;
	size_t index;
	struct failure f = {.cause = answer.refusal.cause,
	    .error = by_client ? answer.client_error : answer.server_error,
	    .cert = answer.refusal.cert,
	    .parent = answer.refusal.parent,
	    .trust = by_client ? from->trust : to->trust,
	    .detail = answer.refusal.detail,
	    .wanted = by_client ? c->host : NULL};
	f.error = f.error ? f.error : answer.refusal.error;
	f.file = f.cert ? facts_holder(m->facts, f.cert, &index) : by_client ? to->file : from->file;
	f.name = f.file ? f.file->name : NULL;
	connection_refused(c, STAGE_HANDSHAKE, f, by_client);
}

static struct connection *
connection_new(struct model *m, const struct scope *s, const char *host, size_t *capacity)
{
	struct facts *f = m->facts;
	f->connections = arena_grow(m->arena, f->connections, f->n_connections, capacity, sizeof(*f->connections));
	struct connection *c = &f->connections[f->n_connections++];
	const char *at = host ? "@" : "";
	*c = (struct connection){.kind = s->kind, .from = s->from, .to = s->to, .host = host};
	c->outcome = (struct outcome){.kind = OUTCOME_CONNECTION, .judged = true, .ok = true};
	c->outcome.id = arena_printf(m->arena, "%s:%s>%s%s%s", s->kind, s->from, s->to, at, host ? host : "");
	return c;
}

static void
connect(struct scope *s, const struct connection_row *row, const struct words *hosts, size_t *capacity)
{
	struct model *m = s->m;
	struct side to = {0}, from = {0};
	side_listener(s, row, &to);
	side_dialer(s, row, &from);
	bool client_first = side_asks_first(m->profile, s->kind);
	bool blame_client = from.failure.cause != CAUSE_NONE && (client_first || to.failure.cause == CAUSE_NONE);
	m->facts->mixed = m->facts->mixed || side_is_openssl(&to) || side_is_openssl(&from);
	for (size_t i = 0; i < (hosts->n ? hosts->n : 1); i++) {
		if (m->facts->n_connections >= LIMIT_CONNECTIONS)
			return;
		struct connection *c = connection_new(m, s, hosts->n ? hosts->list[i] : NULL, capacity);
		c->serves = to.file;
		c->presents = from.file;
		c->from_openssl = side_is_openssl(&from);
		c->to_openssl = side_is_openssl(&to);
		if (!c->host && row->host.n && from.cells.checks_host != HOST_UNCHECKED)
			connect_note(m->arena, c, "no host name was compared");
		for (size_t k = 0; k < row->unchecked.n; k++)
			connect_note(m->arena, c, row->unchecked.list[k]);
		connect_note(m->arena, c, to.note);
		connect_note(m->arena, c, from.note);
		if (blame_client || to.failure.cause != CAUSE_NONE)
			connection_refused(c, STAGE_CONFIG, blame_client ? from.failure : to.failure, blame_client);
		else
			shake(s, row, c, &from, &to);
	}
}

/* The peers that one cell of a connection stands for. */
struct words
connect_ends(struct model *m, const struct connection_row *row, const struct words *cell)
{
	struct words out = {0};
	for (size_t i = 0; i < cell->n; i++) {
		const char *word = cell->list[i];
		if (*word != '<') {
			words_add(m->arena, &out, word);
			continue;
		}
		if (row->only)
			words_add(m->arena, &out, row->only);
		for (size_t k = 0; k < m->users.n && !row->only; k++)
			if (!row->except || strcmp(row->except, m->users.list[k]))
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

void
connect_scope(struct scope *s, const struct connection_row *row, const char *from, const char *to)
{
	struct arena *a = s->m->arena;
	s->kind = row->kind;
	s->from = from;
	s->to = to;
	for (size_t i = 0; i < row->from.n; i++) {
		const char *word = row->from.list[i];
		size_t n = strlen(word);
		if (*word == '<' && n > 2)
			scope_give(s, arena_strndup(a, word + 1, n - 2), from);
	}
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
					if (!gate_open(&s, &row->gate) || !peer_takes_part(&s, from.list[f]) ||
					    !peer_takes_part(&s, to.list[t]))
						continue;
					struct words hosts = connect_hosts(&s, row);
					connect(&s, row, &hosts, &capacity);
				}
			}
		}
	}
}
