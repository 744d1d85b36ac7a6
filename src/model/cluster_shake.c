/*
 * How two ends end: the client looks at the server's certificate, the server at the client's, then at its names. Each of the three is
 * asked once for what it depends on, however many connections come to it.
 */
#include "crowd.h"

#include <string.h>

static const struct cert *
top_of(const struct certs *chain)
{
	const struct cert *c = chain->list[0];
	for (size_t steps = 0; steps < chain->n && !cert_self_issued(c); steps++) {
		const struct cert *above = NULL;
		for (size_t i = 0; i < chain->n && !above; i++)
			if (chain->list[i] != c && chain->list[i]->usable && slice_eq(chain->list[i]->subject.raw, c->issuer.raw))
				above = chain->list[i];
		if (!above)
			break;
		c = above;
	}
	return c;
}

static bool
same_authority(const struct cert *a, const struct cert *b)
{
	return slice_eq(a->subject.raw, b->subject.raw) && slice_eq(a->spki.raw, b->spki.raw);
}

bool
cluster_has(const struct certs *pool, const struct cert *c)
{
	for (size_t i = 0; i < pool->n; i++)
		if (same_authority(pool->list[i], c))
			return true;
	return false;
}

const struct cert *
cluster_issuer(const struct cluster *c, const struct certs *chain)
{
	const struct cert *top = chain->n && chain->list[0]->usable ? top_of(chain) : NULL;
	for (size_t i = 0; top && i < c->n_members; i++) {
		const struct facts *f = c->members[i].facts;
		for (size_t k = 0; k < f->n_files; k++) {
			const struct file *file = &f->files[k];
			if (!file->object || !file->row || file->row->is != IS_CA)
				continue;
			for (size_t n = 0; n < file->object->n_certs; n++) {
				const struct cert *ca = file->object->certs[n];
				if (!ca->usable)
					continue;
				if (same_authority(ca, top) ||
				    (slice_eq(ca->subject.raw, top->issuer.raw) && chain_signed_by(f->signatures, top, ca)))
					return ca;
			}
		}
	}
	return NULL;
}

static bool
among(const struct certs *list, const struct cert *c)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->list[i] == c)
			return true;
	return false;
}

static uint64_t
number(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

/* cluster_issuer(), remembered: a chain that nobody trusts is refused by everybody. */
static const struct cert *
issuer_of(struct crowd *w, const struct certs *chain)
{
	uint64_t key = number(chain);
	uint32_t *at = table_at(w->issuers, &key);
	if (!*at) {
		w->found_issuers = arena_grow(
		    w->arena, w->found_issuers, w->n_issuers, &w->issuers_capacity, sizeof(*w->found_issuers));
		w->found_issuers[w->n_issuers++] = cluster_issuer(w->c, chain);
		*at = (uint32_t)w->n_issuers;
	}
	return w->found_issuers[*at - 1];
}

/* Whose fault a refusal is: shown is what the refused end presents, pool what the refusing one trusts. */
static void
blame(struct crowd *w, struct ending *e, const struct certs *shown, const struct certs *pool, bool dialer_shows)
{
	const struct cert *cert = e->failure.cert;
	bool theirs = cert && !among(shown, cert) &&
	              among(pool, cert); /* an authority of the refusing end is the one that does not do */
	e->fault = dialer_shows != theirs ? FAULT_DIALER : FAULT_LISTENER;
	if (!side_about_trust(e->failure.cause) && e->failure.cause != CAUSE_WITHHELD)
		return;
	const struct cert *issuer = issuer_of(w, shown);
	if (!issuer || cluster_has(pool, issuer))
		return;
	e->fault = FAULT_TRUST;
	e->issuer = issuer;
}

static struct half
half_of(struct crowd *w, const struct handshake_answer *answer, const struct cluster_end *from, const struct cluster_end *to,
    const char *host, const char *assumed)
{
	struct texts *t = w->texts;
	struct half h = {.ok = answer->ok, .sent = answer->client_sent, .withheld = answer->client_withheld};
	struct ending e = {.sent = answer->client_sent,
	    .client_error = texts_keep(t, answer->client_error),
	    .server_error = texts_keep(t, answer->server_error)};
	if (assumed)
		words_add(w->arena, &e.unchecked, assumed);
	if (answer->unjudged)
		words_add(w->arena, &e.unchecked, texts_keep(t, answer->unjudged));
	if (answer->ok) {
		h.ending = e.unchecked.n ? crowd_ending(w, e) : 0;
		return h;
	}
	bool by_client = answer->refused_by == USAGE_CLIENT;
	e.stage = STAGE_HANDSHAKE;
	e.by_dialer = by_client;
	e.failure = (struct failure){.cause = answer->refusal.cause,
	    .error = by_client ? e.client_error : e.server_error,
	    .cert = answer->refusal.cert,
	    .parent = answer->refusal.parent,
	    .detail = texts_keep(t, answer->refusal.detail),
	    .wanted = by_client ? host : NULL};
	e.failure.error = e.failure.error ? e.failure.error : texts_keep(t, answer->refusal.error);
	blame(w, &e, by_client ? to->chain : from->chain, by_client ? from->pool : to->pool, !by_client);
	if (!e.failure.cert && e.fault != FAULT_TRUST && !side_about_trust(e.failure.cause) && e.failure.cause != CAUSE_WITHHELD)
		e.fault = by_client ? FAULT_LISTENER : FAULT_DIALER;
	h.ending = crowd_ending(w, e);
	return h;
}

static const struct half *
keep(struct crowd *w, uint32_t *at, struct half h)
{
	w->halves = arena_grow(w->arena, w->halves, w->n_halves, &w->halves_capacity, sizeof(*w->halves));
	w->halves[w->n_halves] = h;
	*at = (uint32_t)++w->n_halves;
	return &w->halves[w->n_halves - 1];
}

/* The arena for one handshake: now and then a new one. */
static struct arena *
scratch(struct crowd *w)
{
	enum { HANDSHAKES = 500 };
	if (++w->asked % HANDSHAKES == 0) {
		arena_free(w->scratch);
		w->scratch = arena_new();
	}
	return w->scratch;
}

static struct half
server_half(struct crowd *w, uint32_t from, uint32_t to, const char *host)
{
	const struct cluster_end *d = &w->c->ends[from], *l = &w->c->ends[to];
	const struct party *dialer = &w->parties[from], *listener = &w->parties[to];
	struct handshake_ask ask = side_ask(dialer->scope->m, &dialer->side, &listener->side, host);
	uint64_t flags = (uint64_t)ask.host_with_cn | (uint64_t)ask.skip_server_trust << 1 | (uint64_t)ask.client.go << 2 |
	                 (uint64_t)ask.server.go << 20 | (uint64_t)ask.skip_server << 38 |
	                 (uint64_t)dialer->side.trusts_every << 39;
	uint64_t key[8] = {number(l->chain), number(d->pool), number(ask.host), number(ask.client.stack),
	    number(ask.server.stack), flags, number(d->row->assumes), ask.server.stack->presents ? number(l->pool) : 0};
	uint32_t *at = table_at(w->servers, key);
	if (*at)
		return w->halves[*at - 1];
	ask.arena = scratch(w);
	struct handshake_answer answer = handshake_server(&ask);
	const char *assumed = NULL;
	if (side_assumes(d->row, &dialer->side, &answer)) {
		assumed = d->row->assumes;
		ask.skip_server_trust = true;
		answer = handshake_server(&ask);
	}
	return *keep(w, at, half_of(w, &answer, d, l, host, assumed));
}

static struct half
client_half(struct crowd *w, uint32_t from, uint32_t to)
{
	const struct cluster_end *d = &w->c->ends[from], *l = &w->c->ends[to];
	const struct party *dialer = &w->parties[from], *listener = &w->parties[to];
	struct handshake_ask ask = side_ask(listener->scope->m, &dialer->side, &listener->side, NULL);
	uint64_t flags = (uint64_t)ask.auth | (uint64_t)ask.client.sends_always << 2 | (uint64_t)ask.client.go << 3 |
	                 (uint64_t)ask.server.go << 21;
	uint64_t key[8] = {number(d->chain), number(l->pool), number(ask.client.stack), number(ask.server.stack), flags,
	    ask.client.stack->presents ? number(d->pool) : 0};
	uint32_t *at = table_at(w->clients, key);
	if (*at)
		return w->halves[*at - 1];
	ask.arena = scratch(w);
	struct handshake_answer answer = {.ok = true};
	handshake_client(&ask, &answer);
	return *keep(w, at, half_of(w, &answer, d, l, NULL, NULL));
}

/* The rows of admission speak of names in certificates; they are tried with the dialer's files at hand. */
static uint32_t
admission(struct crowd *w, uint32_t from, uint32_t to, const char *host, struct half client)
{
	const struct cluster_end *d = &w->c->ends[from], *l = &w->c->ends[to];
	uint64_t key[5] = {from + 1, (uint64_t)client.sent | (uint64_t)client.withheld << 1, number(l->pool)};
	if (w->admission_by_pair) {
		key[3] = number(l->chain);
		key[4] = number(host);
	}
	uint32_t *at = table_at(w->admitted, key);
	if (*at)
		return w->halves[*at - 1].ending;
	struct scope s = *w->parties[from].scope;
	struct connection c = {.kind = d->row->kind, .from = d->peer, .to = l->peer, .host = host, .presents = d->file};
	struct handshake_answer answer = {.ok = true, .client_sent = client.sent, .client_withheld = client.withheld};
	c.outcome.ok = true;
	connection_admit(&s, &c, &answer, &w->parties[from].side.end, &w->parties[to].side.end);
	if (c.outcome.ok)
		return keep(w, at, (struct half){.ok = true})->ending;
	struct ending e = {.stage = c.stage,
	    .failure = c.outcome.failure,
	    .sent = client.sent,
	    .client_error = c.client_error,
	    .server_error = c.server_error};
	e.failure.trust = NULL;
	blame(w, &e, d->chain, l->pool, true);
	if (e.fault != FAULT_TRUST)
		e.fault = e.failure.cert && !among(d->chain, e.failure.cert) && among(l->chain, e.failure.cert) ? FAULT_LISTENER
		                                                                                                : FAULT_DIALER;
	return keep(w, at, (struct half){.ending = crowd_ending(w, e)})->ending;
}

uint32_t
crowd_shake(struct crowd *w, uint32_t from, uint32_t to, const char *host)
{
	const struct party *dialer = &w->parties[from], *listener = &w->parties[to];
	if (!w->c->ends[to].chain->n) /* nothing of it could be read: nothing is claimed */
		return 0;
	struct half server = server_half(w, from, to, host);
	if (!server.ok)
		return server.ending;
	struct half client = client_half(w, from, to);
	if (!client.ok)
		return client.ending;
	uint32_t refused = listener->side.trust_open || dialer->side.elsewhere ? 0 : admission(w, from, to, host, client);
	return refused ? refused : server.ending ? server.ending : client.ending;
}
