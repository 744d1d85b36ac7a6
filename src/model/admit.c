/*
 * Admission: whom a server lets in, once the handshake stands, by the first certificate that arrived.
 */
#include "model.h"

#include <string.h>

static bool
row_counts(const struct scope *s, const struct step *step)
{
	return (!step->kinds.n || words_have(&step->kinds, s->kind)) && (!step->from.n || words_have(&step->from, s->from)) &&
	       (!step->to.n || words_have(&step->to, s->to)) && gate_open(s, &step->gate);
}

/* The members of one-of, variables of several members spread out. */
struct words
wanted_of(struct scope *s, const struct step *step)
{
	struct words out = {0};
	for (size_t i = 0; i < step->one_of.n; i++) {
		const char *word = step->one_of.list[i];
		size_t n = strlen(word);
		const struct value *v = *word == '<' && n > 2
		                            ? facts_value(s->m->facts, arena_strndup(s->m->arena, word + 1, n - 2))
		                            : NULL;
		const char *text;
		if (v && v->variable->type == VAR_TEXT && v->text) {
			words_add(s->m->arena, &out, words_have(&step->among, "DN") ? dn_normal(s->m->arena, v->text) : v->text);
		} else if (v && v->words.n) {
			for (size_t k = 0; k < v->words.n; k++)
				words_add(s->m->arena, &out, v->words.list[k]);
		} else if (scope_fill(s, word, &text)) {
			words_add(s->m->arena, &out, words_have(&step->among, "DN") ? dn_normal(s->m->arena, text) : text);
		}
	}
	return out;
}

bool
any_of(const struct words *have, const struct words *wanted)
{
	for (size_t i = 0; i < wanted->n; i++)
		if (words_have(have, wanted->list[i]))
			return true;
	return false;
}

/* The way up that a verifier found, the anchor included. */
static struct certs
verified(struct model *m, const struct certs *sent, const struct certs *pool)
{
	enum { STEPS = 16 };
	struct certs out = {arena_array(m->arena, STEPS, sizeof(*out.list)), 0};
	const struct certs *both[] = {pool, sent};
	for (const struct cert *c = sent->list[0]; c && out.n < STEPS;) {
		const struct cert *above = NULL;
		out.list[out.n++] = (struct cert *)c;
		for (size_t b = 0; b < 2 && !cert_self_issued(c); b++)
			for (size_t i = 0; i < both[b]->n && !above; i++)
				if (slice_eq(both[b]->list[i]->subject.raw, c->issuer.raw) &&
				    chain_signed_by(m->facts->signatures, c, both[b]->list[i]))
					above = both[b]->list[i];
		c = above;
	}
	return out;
}

static struct failure
worth(struct scope *s, const struct step *step, const struct certs *sent, const struct certs *pool)
{
	struct arena *a = s->m->arena;
	struct words wanted = wanted_of(s, step);
	struct principals p = {0};
	bool fits = false;
	struct certs up = step->in == IN_ANY ? verified(s->m, sent, pool) : *sent;
	const struct certs *chain = &up;
	size_t last = step->in == IN_FIRST ? 1 : chain->n;
	for (size_t i = 0; i < last && !fits; i++) {
		const struct cert *c = chain->list[i];
		struct principals here = {0};
		if (words_have(&step->among, "DN")) {
			words_add(a, &here.names, dn_text(a, &c->subject));
			here.folded = here.shown = here.names;
		} else if (step->among.n) {
			words_add(a, &here.names, text_safe(a, cert_cn(a, c), TEXT_VALUE));
			here.folded = here.shown = here.names;
		} else {
			here = principals_of(s, c, true);
		}
		fits = !here.error && any_of(step->fold ? &here.folded : &here.names, &wanted);
		if (i == 0)
			p = here;
	}
	record_names(s->trace, step->fold ? &p.folded : &p.names, &wanted);
	if (fits)
		return (struct failure){0};
	struct failure f = {.cause = p.error ? CAUSE_SCOPE : words_have(&step->among, "DN") ? CAUSE_DN : CAUSE_PRINCIPAL};
	f.cert = chain->list[0];
	f.detail = words_join(a, &p.names, ", ", "\"");
	f.wanted = words_join(a, &wanted, ", ", "");
	scope_give_cert(s, chain->list[0], &p);
	scope_give(s, "allowed", words_join(a, &wanted, " ", ""));
	f.error = p.error ? p.error : "not admitted";
	return f;
}

/* One of the names that are let in, by the rule for host names. */
static struct failure
covers(struct scope *s, const struct step *step, const struct certs *sent)
{
	struct arena *a = s->m->arena;
	const struct cert *leaf = sent->list[0];
	struct failure f = {.cause = CAUSE_HOST, .cert = leaf, .error = "not admitted"};
	for (size_t i = 0; i < step->hosts.n; i++) {
		const char *list;
		if (!scope_fill(s, step->hosts.list[i], &list))
			continue;
		while (*list) {
			size_t n = strcspn(list, ",");
			const char *host = arena_strndup(a, list, n);
			if (n && go_verify_hostname(a, leaf, host).cause == CAUSE_NONE)
				return (struct failure){0};
			f.wanted = f.wanted ? f.wanted : host;
			list += n + (list[n] == ',');
		}
	}
	return f.wanted ? f : (struct failure){0};
}

static struct failure
let_in(struct scope *s, const struct step *step, const struct certs *sent, const struct certs *pool)
{
	return step->check == CHECK_COVER ? covers(s, step, sent) : worth(s, step, sent, pool);
}

/* A dialing peer's SANs against the address it is taken to come from: the dialed host stands for it. */
static struct failure
from_its_san(struct scope *s, struct connection *c, const struct certs *chain)
{
	struct arena *a = s->m->arena;
	const struct cert *leaf = chain->list[0];
	struct words names = cert_addresses(a, leaf, true, false), all = cert_addresses(a, leaf, true, true);
	if (!all.n || !c->host || go_verify_hostname(a, leaf, c->host).cause == CAUSE_NONE)
		return (struct failure){0};
	scope_give(s, "host", c->host);
	scope_give(s, "DNS", words_join(a, &names, " ", "\""));
	struct failure f = {
	    .cause = CAUSE_PEER_ADDRESS, .cert = leaf, .wanted = c->host, .error = "the address is not in the certificate"};
	f.detail = words_join(a, &all, ", ", "");
	return f;
}

static struct failure
ask(struct scope *s, const struct step *step, struct connection *c, const struct handshake_answer *answer,
    const struct certs *chain, const struct certs *server, const struct certs *pool)
{
	struct failure f = {0};
	if (step->check == CHECK_SEND_A_CERTIFICATE) {
		if (!answer->client_sent)
			f.cause = answer->client_withheld ? CAUSE_WITHHELD : CAUSE_NONE_TO_SEND;
		f.cert = answer->client_withheld && chain->n ? chain->list[0] : NULL;
		f.error = "no certificate arrived";
		return f;
	}
	if (!answer->client_sent || !chain->n)
		return f;
	switch (step->check) {
	case CHECK_HAVE_PRINCIPAL:
	case CHECK_COVER:
		return let_in(s, step, chain, pool);
	case CHECK_NOT_HAVE:
		if (has_attribute(s->m->arena, chain->list[0], OID_OU, step->ou) ||
		    has_attribute(s->m->arena, chain->list[0], OID_O, step->o) ||
		    has_attribute(s->m->arena, chain->list[0], OID_CN, step->cn))
			f = (struct failure){
			    .cause = CAUSE_TENANT_OU, .cert = chain->list[0], .error = "refused for its subject"};
		return f;
	case CHECK_HAVE_SUBJECT:
		return check_subject(s, step, chain->list[0], c->presents ? c->presents->row : NULL);
	case CHECK_SHARE_SUBJECT:
		return server->n ? check_shared(s, step, chain->list[0], server->list[0]) : f;
	case CHECK_COME_FROM_ITS_SAN:
		return from_its_san(s, c, chain);
	default: /* the binder lets no other check through */
		return f;
	}
}

/* Whether the row is for others, whatever files are here: one of its conditions names somebody else. */
static bool
for_others(const struct scope *s, const struct peer *row)
{
	for (size_t i = 0; i < row->gate.n_when; i++) {
		struct gate one = {.when = &row->gate.when[i], .n_when = 1};
		if (row->gate.when[i].kind == COND_IS && !gate_open(s, &one))
			return true;
	}
	return false;
}

/* The file that would have had the missing certificate, for who has none to send. */
static const char *
expected_name(struct scope *s)
{
	struct found found;
	found_none(&found);
	const struct profile *p = s->m->profile;
	for (size_t i = 0; i < p->n_peers; i++) { /* the row of the same peer that does present something */
		const struct peer *row = &p->peers[i];
		if (!row->dials_with.n || strcmp(row->dials_with.list[0], "none") == 0 || for_others(s, row))
			continue;
		for (size_t k = 0; k < row->names.n; k++)
			if (words_have(&s->dialer->names, row->names.list[k]) && !found.expected)
				resolve_ref(s, row->dials_with.list[0], &found);
	}
	return found.expected;
}

static void
refuse(struct scope *s, const struct step *step, struct connection *c, struct failure f, bool by_dialer)
{
	size_t index;
	if (step->says)
		f.error = scope_text(s, step->says);
	f.step = step;
	f.file = f.cert ? facts_holder(s->m->facts, f.cert, &index) : c->presents;
	if (f.cause == CAUSE_NONE_TO_SEND) {
		const char *name = expected_name(s);
		f.file = name ? facts_file(s->m->facts, name) : NULL;
		f.name = name;
		f.wanted = s->from;
	} else {
		f.name = f.file ? f.file->name : NULL;
	}
	connection_refused(c, step->during_handshake ? STAGE_HANDSHAKE : STAGE_AUTH, f, by_dialer);
	if (by_dialer) {
		c->client_error = f.error;
		c->server_error = step->during_handshake ? "remote error: tls: bad certificate" : NULL;
		return;
	}
	c->server_error = f.error;
	c->client_error = step->tells              ? scope_text(s, step->tells)
	                  : step->during_handshake ? "remote error: tls: bad certificate"
	                                           : f.error;
}

void
connection_admit(struct scope *s, struct connection *c, const struct handshake_answer *answer, const struct tls_end *client,
    const struct tls_end *server)
{
	const struct steps *rows = &s->m->profile->admission;
	for (size_t i = 0; i < rows->n; i++) {
		const struct step *step = &rows->list[i];
		if (!row_counts(s, step))
			continue;
		struct scope own = *s;
		own.trace = c->trace;
		record_admission(own.trace, step);
		if (server->chain.n)
			scope_give(
			    &own, "server-CN", text_safe(s->m->arena, cert_cn(s->m->arena, server->chain.list[0]), TEXT_VALUE));
		struct failure f = {0};
		if (step->of_both && server->chain.n) /* who dials sees the other's certificate before it shows its own */
			f = let_in(&own, step, &server->chain, &client->pool);
		bool by_dialer = f.cause != CAUSE_NONE;
		if (!by_dialer)
			f = ask(&own, step, c, answer, &client->chain, &server->chain, &server->pool);
		if (f.cause != CAUSE_NONE)
			refuse(&own, step, c, f, by_dialer);
		record_admitted(own.trace, c);
		if (f.cause == CAUSE_NONE)
			continue;
		if (f.cause == CAUSE_WITHHELD) { /* whose pool it was not in */
			struct found found;
			found_none(&found);
			struct scope dialed = *s;
			dialed.user = NULL;
			const struct peer *row = peer_row(&dialed, s->to);
			if (row)
				resolve_list(s, &row->trusts_clients, &found);
			c->outcome.failure.trust = found.n ? found.files[0] : NULL;
		}
		return;
	}
}
