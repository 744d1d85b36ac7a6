#include "traced.h"

#include "crtlint/text.h"
#include "crtlint/when.h"

enum { STRANGERS_SHOWN = 20 };

struct refusal
traced(struct trace *t, const char *what, struct refusal r)
{
	trace_add(t, r.cause ? TRACE_REFUSED : TRACE_TAKEN, what, NULL, r.error);
	return r;
}

struct refusal
traced_dates(struct trace *t, const struct cert *c, struct refusal r)
{
	if (t)
		trace_add(t, r.cause ? TRACE_REFUSED : TRACE_TAKEN,
		    arena_printf(
		        t->arena, "dates, %s to %s", when_format(t->arena, c->not_before), when_format(t->arena, c->not_after)),
		    NULL, r.error);
	return r;
}

struct refusal
traced_host(struct trace *t, const char *host, struct refusal r)
{
	return t ? traced(t, arena_printf(t->arena, "the name dialed, %s", text_safe(t->arena, slice_of(host), TEXT_VALUE)), r)
	         : r;
}

static const char *
hex(struct arena *arena, struct slice s)
{
	struct buf out = {.arena = arena};

	for (size_t i = 0; i < s.n && i < 8; i++)
		buf_printf(&out, "%02x", s.p[i]);
	return s.n ? arena_printf(arena, "%s%s", buf_text(&out), s.n > 8 ? "..." : "") : "none";
}

void
traced_chain(struct trace *t, const char *what, const struct certs *list)
{
	if (!t)
		return;
	trace_add(t, TRACE_SAYS, what, NULL, list->n ? NULL : "none");
	trace_in(t);
	for (size_t i = 0; i < list->n; i++)
		trace_add(t, TRACE_SAYS, arena_printf(t->arena, "%zu", i + 1), list->list[i],
		    list->list[i]->usable ? arena_printf(t->arena, "issued by %s", name_text(t->arena, &list->list[i]->issuer))
		                          : list->list[i]->go_error);
	trace_out(t);
}

void
traced_child(struct trace *t, const struct cert *c)
{
	if (!t)
		return;
	trace_add(t, TRACE_SAYS, "looks for the issuer of", c,
	    arena_printf(
	        t->arena, "issuer %s, authority key identifier %s", name_text(t->arena, &c->issuer), hex(t->arena, c->aki)));
	trace_in(t);
}

void
traced_strangers(struct trace *t, const char *where, const struct cert *c, const struct cert *const *list, size_t n,
    bool (*equal)(struct arena *, const struct name *, const struct name *))
{
	size_t more = 0, shown = 0;

	for (size_t i = 0; t && i < n; i++) {
		bool fits = equal ? list[i]->usable && equal(t->arena, &list[i]->subject, &c->issuer)
		                  : slice_eq(list[i]->subject.raw, c->issuer.raw);
		bool alike;

		if (fits)
			continue;
		if (shown++ >= STRANGERS_SHOWN) {
			more++;
			continue;
		}
		alike = list[i]->usable && strcmp(name_text(t->arena, &list[i]->subject), name_text(t->arena, &c->issuer)) == 0;
		trace_add(t, TRACE_REFUSED, arena_printf(t->arena, "passes over, from the %s,", where), list[i],
		    alike ? "its subject reads like the issuer's name, but is encoded in other bytes"
		          : "its subject is not the issuer's name");
	}
	if (more)
		trace_add(t, TRACE_REFUSED, arena_printf(t->arena, "passes over %zu more from the %s", more, where), NULL,
		    "their subjects are not the issuer's name");
}

void
traced_usages(struct trace *t, enum usage usage, const struct certs *chain)
{
	if (!t)
		return;
	trace_in(t);
	for (size_t i = 0; i < chain->n; i++) {
		const struct cert *c = chain->list[i];
		struct buf list = {.arena = t->arena};

		for (size_t k = 0; k < c->n_eku; k++)
			buf_printf(&list, "%s%s", k ? ", " : "",
			    slice_is(c->eku[k], OID_EKU_SERVER)   ? "serverAuth"
			    : slice_is(c->eku[k], OID_EKU_CLIENT) ? "clientAuth"
			                                          : oid_text(t->arena, c->eku[k]));
		trace_add(t, TRACE_SAYS, arena_printf(t->arena, "%zu", i + 1), c,
		    arena_printf(t->arena, "wanted %s, extended key usages: %s",
		        usage == USAGE_SERVER ? "serverAuth" : "clientAuth",
		        c->n_eku ? buf_text(&list) : "no list, good for everything"));
	}
	trace_out(t);
}

void
traced_verifier(struct trace *t, enum usage usage, const struct tls_end *end, const struct certs *chain)
{
	bool server = usage == USAGE_SERVER;

	if (!t)
		return;
	trace_add(t, TRACE_SAYS,
	    arena_printf(t->arena, "the %s (%s) verifies the %s's certificates", server ? "client" : "server", end->stack->name,
	        server ? "server" : "client"),
	    NULL, NULL);
	trace_in(t);
	traced_chain(t, "sent", chain);
	traced_chain(t, "trusted, the pool", &end->pool);
}

/* SupportsCertificate of crypto/tls: the raw issuer of any certificate of the chain must be among the names. */
void
traced_sends(struct trace *t, const struct tls_end *client, const struct certs *pool, bool sent)
{
	bool always = client->sends_always || (sent && strcmp(client->stack->name, "go") != 0);

	if (!t)
		return;
	trace_add(t, TRACE_SAYS, "the server asks for a certificate and announces the CA names", NULL,
	    pool->n ? NULL : "none: anything fits");
	trace_in(t);
	for (size_t i = 0; i < pool->n; i++)
		trace_add(t, TRACE_SAYS, name_text(t->arena, &pool->list[i]->subject), NULL, NULL);
	trace_out(t);
	trace_add(
	    t, TRACE_SAYS, "issuers named in the client's chain", NULL, client->chain.n ? NULL : "none: it has no certificate");
	trace_in(t);
	for (size_t i = 0; i < client->chain.n; i++) {
		const struct cert *c = client->chain.list[i];
		bool announced = false;

		for (size_t k = 0; k < pool->n; k++)
			announced = announced || slice_eq(c->issuer.raw, pool->list[k]->subject.raw);
		trace_add(t, announced ? TRACE_TAKEN : TRACE_REFUSED, name_text(t->arena, &c->issuer), NULL,
		    announced ? "announced"
		    : pool->n ? "not announced"
		              : NULL);
	}
	trace_out(t);
	if (client->chain.n)
		trace_add(t, sent ? TRACE_TAKEN : TRACE_REFUSED,
		    sent ? "the client sends its certificate" : "the client withholds its certificate", NULL,
		    always ? "it does so whatever is announced" : NULL);
}

void
traced_alert(struct trace *t, enum usage by, const char *error, const char *heard)
{
	bool client = by == USAGE_CLIENT;

	trace_add(t, TRACE_REFUSED, client ? "the client's log" : "the server's log", NULL, error);
	trace_add(t, TRACE_SAYS, client ? "the server's log" : "the client's log", NULL, heard ? heard : "nothing");
}
