/*
 * Connections: who dials whom, at which name, and how it ends. First the files of both ends (stage config), then one handshake for each
 * name, then admission (stage auth).
 */
#include "model.h"

#include <string.h>

#include "crtlint/limits.h"

struct side { /* one end's files, as its stack took them */
	struct peer cells;         /* the peer's row with the connection's own cells over it */
	struct tls_end end;
	const struct file *file;   /* what it presents */
	const struct file *trust;  /* the first CA file it trusts */
	bool trust_open;           /* its trust lies elsewhere, or could not be read */
	const char *note;          /* why something of it was not judged */
	struct failure failure;
};

static struct peer
cells(const struct peer *row, const struct peer *own, bool dialer)
{
	struct peer out = row ? *row : (struct peer){0};
	if (own->stack && dialer)
		out.stack = own->stack;
	if (own->serves.n)
		out.serves = own->serves;
	if (own->dials_with.n)
		out.dials_with = own->dials_with;
	if (own->trusts_servers.n)
		out.trusts_servers = own->trusts_servers;
	if (own->trusts_clients.n)
		out.trusts_clients = own->trusts_clients;
	if (own->client_cert != CERT_UNSAID)
		out.client_cert = own->client_cert;
	if (own->checks_host != HOST_UNSAID)
		out.checks_host = own->checks_host;
	return out;
}

static bool
has_rows_for(const struct steps *rows, const char *peer, const char *kind)
{
	for (size_t i = 0; i < rows->n; i++)
		if ((peer && words_have(&rows->list[i].peers, peer)) || (kind && words_have(&rows->list[i].kinds, kind)))
			return true;
	return false;
}

static struct failure
absent(struct scope *s, const struct found *found, const struct words *list)
{
	const char *name = found->expected ? found->expected : list->n ? list->list[0] : "";
	struct failure f = {.cause = CAUSE_MISSING, .name = name};
	f.error = arena_printf(s->m->arena, "open %s: %s", file_path(s->m, name), "no such file or directory");
	return f;
}

static struct failure
present(struct scope *s, struct side *side, const struct words *list)
{
	struct found found = {0};
	resolve_list(s, list, &found);
	if (!found.n)
		return found.none || found.elsewhere || !list->n ? (struct failure){0} : absent(s, &found, list);
	side->file = found.files[0];
	const struct pair *pair = pair_of(s->m, side->file, side->end.stack);
	side->end.chain = pair->chain;
	if (side->cells.sends_leaf && side->end.chain.n > 1)
		side->end.chain.n = 1;
	if (pair->refusal.cause == CAUSE_UNJUDGED || pair->refusal.cause == CAUSE_NONE) {
		if (pair->refusal.cause == CAUSE_UNJUDGED)
			side->note = arena_printf(s->m->arena, "%s or its key was not read", side->file->name);
		return (struct failure){0};
	}
	struct failure f = failure_at(side->file, pair->refusal.cause, pair->refusal.error);
	f.cert = pair->refusal.cert;
	if (f.cause >= CAUSE_KEY_MISSING && f.cause <= CAUSE_KEY_DAMAGED)
		f.name = side->file->key_name ? side->file->key_name : f.name;
	return f;
}

static struct failure
trust(struct scope *s, struct side *side, const struct words *list)
{
	struct found found = {0};
	resolve_list(s, list, &found);
	side->trust_open = found.system || found.elsewhere;
	if (found.system)
		side->note = "the operating system's trust store decides whether the issuer is trusted";
	if (found.elsewhere)
		side->note = "the trust of that end lies elsewhere: whether the issuer is trusted was not judged";
	if (!found.n)
		return side->trust_open || !list->n ? (struct failure){0} : absent(s, &found, list);
	side->trust = found.files[0];
	for (size_t i = 0; i < found.n; i++) {
		struct file *f = (struct file *)found.files[i];
		f->used = true;
		if (f->object) {
			side->end.stack->pool(s->m->arena, f->object, s->m->facts->go, &side->end.pool);
		} else if (f->readable && f->entry->type == ENTRY_FILE) {
			side->trust_open = true;
			side->note = arena_printf(s->m->arena, "%s was not read", f->name);
		} else {
			return failure_at(f, f->entry->type == ENTRY_FILE ? CAUSE_UNREADABLE : CAUSE_NOT_REGULAR,
			    arena_printf(s->m->arena, "open %s: permission denied", file_path(s->m, f->name)));
		}
	}
	return (struct failure){0};
}

static void
listener(struct scope *s, const struct connection_row *row, struct side *side)
{
	struct model *m = s->m;
	s->peer = s->to;
	side->cells = cells(peer_row(s, s->to), &row->own, false);
	side->end.stack = peer_stack(s, &side->cells);
	side->end.go = m->facts->go;
	side->failure = has_rows_for(&m->profile->start, s->to, NULL) ? start_of(m, s->to) : m->facts->start.failure;
	if (side->failure.cause == CAUSE_NONE)
		side->failure = present(s, side, &side->cells.serves);
	if (side->failure.cause == CAUSE_NONE && (side->cells.client_cert == CERT_ASKED || side->cells.client_cert == CERT_REQUIRED))
		side->failure = trust(s, side, &side->cells.trusts_clients);
}

static void
dialer(struct scope *s, const struct connection_row *row, struct side *side)
{
	struct model *m = s->m;
	s->peer = s->from;
	side->cells = cells(peer_row(s, s->from), &row->own, true);
	side->end.stack = peer_stack(s, &side->cells);
	side->end.go = m->facts->go;
	side->end.sends_always = side->cells.sends_always;
	s->dialer = &side->cells;
	if (has_rows_for(&m->profile->dial, NULL, s->kind)) {
		struct scope own = *s;
		own.peer = NULL;
		side->failure = steps_try(&own, LIST_DIAL);
	} else if (has_rows_for(&m->profile->start, s->from, NULL)) {
		side->failure = start_of(m, s->from);
	}
	if (side->failure.cause == CAUSE_NONE)
		side->failure = present(s, side, &side->cells.dials_with);
	if (side->failure.cause == CAUSE_NONE)
		side->failure = trust(s, side, &side->cells.trusts_servers);
}

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

static void
note(struct model *m, struct connection *c, const char *sentence)
{
	if (sentence && !words_have(&c->unchecked, sentence))
		words_add(m->arena, &c->unchecked, sentence);
}

static bool
about_trust(enum cause cause)
{
	return cause == CAUSE_UNKNOWN_AUTHORITY || cause == CAUSE_OTHER_KEY || cause == CAUSE_NOT_A_CA || cause == CAUSE_NOT_ANCHORED ||
	    cause == CAUSE_SELF_SIGNED || cause == CAUSE_KEY_ID;
}

static void
shake(struct scope *s, const struct connection_row *row, struct connection *c, const struct side *from, const struct side *to)
{
	struct model *m = s->m;
	struct handshake_ask ask = {
	    .arena = m->arena,
	    .signatures = m->facts->signatures,
	    .client = from->end,
	    .server = to->end,
	    .auth = to->cells.client_cert == CERT_REQUIRED ? CLIENT_AUTH_REQUIRED
		: to->cells.client_cert == CERT_ASKED      ? CLIENT_AUTH_ASKED
							   : CLIENT_AUTH_NONE,
	    .host = from->cells.checks_host == HOST_UNCHECKED ? NULL : c->host,
	    .host_with_cn = from->cells.checks_host == HOST_WITH_CN,
	    .skip_server_trust = from->trust_open,
	    .now = m->facts->settings->now,
	};
	if (!to->end.chain.n) /* nothing of the listener could be read: nothing is claimed */
		return;
	if (to->trust_open)
		ask.auth = CLIENT_AUTH_NONE;
	struct handshake_answer answer = handshake(&ask);
	if (!answer.ok && row->assumes && answer.refused_by == USAGE_CLIENT && about_trust(answer.refusal.cause)) {
		note(m, c, row->assumes);
		ask.skip_server_trust = true;
		answer = handshake(&ask);
	}
	note(m, c, answer.unjudged);
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

static bool
is_openssl(const struct stack *stack)
{
	return stack && strcmp(stack->name, "go") != 0;
}

static void
connect(struct scope *s, const struct connection_row *row, const struct words *hosts, size_t *capacity)
{
	struct model *m = s->m;
	struct side to = {0}, from = {0};
	listener(s, row, &to);
	dialer(s, row, &from);
	bool client_first = has_rows_for(&m->profile->dial, NULL, s->kind);
	bool blame_client = from.failure.cause != CAUSE_NONE && (client_first || to.failure.cause == CAUSE_NONE);
	m->facts->mixed = m->facts->mixed || is_openssl(to.end.stack) || is_openssl(from.end.stack);
	for (size_t i = 0; i < (hosts->n ? hosts->n : 1); i++) {
		if (m->facts->n_connections >= LIMIT_CONNECTIONS)
			return;
		struct connection *c = connection_new(m, s, hosts->n ? hosts->list[i] : NULL, capacity);
		c->serves = to.file;
		c->presents = from.file;
		c->from_openssl = is_openssl(from.end.stack);
		c->to_openssl = is_openssl(to.end.stack);
		if (!c->host && row->host.n && from.cells.checks_host != HOST_UNCHECKED)
			note(m, c, "no host name was compared");
		for (size_t k = 0; k < row->unchecked.n; k++)
			note(m, c, row->unchecked.list[k]);
		note(m, c, to.note);
		note(m, c, from.note);
		if (blame_client || to.failure.cause != CAUSE_NONE)
			connection_refused(c, STAGE_CONFIG, blame_client ? from.failure : to.failure, blame_client);
		else
			shake(s, row, c, &from, &to);
	}
}

/* The peers that one cell of a connection stands for. */
static struct words
ends(struct model *m, const struct connection_row *row, const struct words *cell)
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

static struct words
hosts_of(struct scope *s, const struct connection_row *row)
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
scope_ends(struct scope *s, const struct connection_row *row, const char *from, const char *to)
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
	if (m->profile->connections && m->facts->n_connections == 0) {
		for (size_t i = 0; i < m->profile->n_connections; i++) {
			const struct connection_row *row = &m->profile->connections[i];
			struct words from = ends(m, row, &row->from), to = ends(m, row, &row->to);
			for (size_t f = 0; f < from.n; f++) {
				for (size_t t = 0; t < to.n; t++) {
					struct scope s = scope_new(m);
					scope_ends(&s, row, from.list[f], to.list[t]);
					if (!gate_open(&s, &row->gate) || !peer_takes_part(&s, from.list[f]) ||
					    !peer_takes_part(&s, to.list[t]))
						continue;
					struct words hosts = hosts_of(&s, row);
					connect(&s, row, &hosts, &capacity);
				}
			}
		}
	}
}
