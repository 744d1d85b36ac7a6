#include "crtlint/stack.h"

#include "traced.h"

/* Notes what could not be computed; the first reason stands. */
static bool
set_aside(struct handshake_answer *answer, const struct refusal *r)
{
	if (r->cause != CAUSE_UNJUDGED)
		return false;
	if (!answer->unjudged)
		answer->unjudged = r->error;
	return true;
}

/* One end refuses: it says why, the other hears an alert. */
static void
refuse(const struct handshake_ask *ask, struct handshake_answer *answer, enum usage by, struct refusal r, enum alert alert)
{
	const struct tls_end *other = by == USAGE_CLIENT ? &ask->server : &ask->client;
	const struct tls_end *self = by == USAGE_CLIENT ? &ask->client : &ask->server;

	if (by == USAGE_CLIENT && alert != ALERT_NONE && alert != ALERT_CLOSED && self->stack->alerts_in_clear &&
	    !other->stack->alerts_in_clear)
		alert = ALERT_UNENCRYPTED;
	const char *heard = other->stack->hears(ask->arena, alert, by == USAGE_CLIENT ? USAGE_SERVER : USAGE_CLIENT, other->go);

	traced_alert(ask->trace, by, r.error, heard);
	answer->ok = false;
	answer->refused_by = by;
	answer->refusal = r;
	answer->client_error = by == USAGE_CLIENT ? r.error : heard;
	answer->server_error = by == USAGE_CLIENT ? heard : r.error;
}

/* A key that cannot sign; a stack that sends no alerts sends none of this either. */
static enum alert
unusable_alert(const struct tls_end *end, const struct refusal *r, enum usage usage)
{
	return end->stack->alert(r, usage, end->go) == ALERT_CLOSED ? ALERT_CLOSED : ALERT_HANDSHAKE_FAILURE;
}

static struct certs
sent_by(const struct handshake_ask *ask, const struct tls_end *shown)
{
	if (shown->stack->presents && shown->chain.n > 0)
		return shown->stack->presents(ask->arena, &shown->chain, &shown->pool, ask->now);
	return shown->chain;
}

/* The end that shows its chain does not send it. False: refused. */
static bool
may_send(const struct handshake_ask *ask, struct handshake_answer *answer, enum usage usage)
{
	const struct tls_end *shown = usage == USAGE_SERVER ? &ask->server : &ask->client;
	struct certs sent = sent_by(ask, shown);
	struct refusal r = {0};

	if (shown->stack->may_send)
		r = shown->stack->may_send(ask->arena, &sent, usage);
	if (r.cause == CAUSE_NONE || set_aside(answer, &r))
		return true;
	traced(ask->trace, "may it be sent", r);
	refuse(ask, answer, usage == USAGE_SERVER ? USAGE_SERVER : USAGE_CLIENT, r,
	    shown->stack->alert(&r, usage, shown->go) == ALERT_CLOSED ? ALERT_CLOSED : ALERT_INTERNAL_ERROR);
	return false;
}

static struct refusal
judge(const struct handshake_ask *ask, enum usage usage)
{
	const struct tls_end *verifier = usage == USAGE_SERVER ? &ask->client : &ask->server;
	const struct tls_end *shown = usage == USAGE_SERVER ? &ask->server : &ask->client;
	struct certs sent = sent_by(ask, shown);
	struct refusal r;

	traced_verifier(ask->trace, usage, verifier, &sent);
	r = verifier->stack->verify(&(struct verify_ask){
	    .arena = ask->arena,
	    .signatures = ask->signatures,
	    .chain = &sent,
	    .pool = &verifier->pool,
	    .host = usage == USAGE_SERVER ? ask->host : NULL,
	    .usage = usage,
	    .now = ask->now,
	    .part = ask->part,
	    .go = verifier->go,
	    .host_with_cn = ask->host_with_cn,
	    .skip_trust = usage == USAGE_SERVER && ask->skip_server_trust,
	    .trace = ask->trace,
	});
	if (r.cause == CAUSE_UNJUDGED)
		trace_add(ask->trace, TRACE_SAYS, "no verdict", r.cert, r.error);
	else
		traced(ask->trace, "verdict", r);
	trace_out(ask->trace);
	return r;
}

/* The server shows its certificate: first it must be able to sign with it, then the client looks. False: refused. */
static bool
server_half(const struct handshake_ask *ask, struct handshake_answer *answer)
{
	struct refusal r;

	if (ask->server.chain.n == 0) {
		r = (struct refusal){.cause = CAUSE_MISSING, .error = "tls: no certificates configured"};
		refuse(ask, answer, USAGE_SERVER, r, ALERT_HANDSHAKE_FAILURE);
		return false;
	}
	r = ask->server.stack->usable(ask->arena, ask->server.chain.list[0], USAGE_SERVER, ask->server.go);
	if (r.cause && !set_aside(answer, &r)) {
		refuse(ask, answer, USAGE_SERVER, r, unusable_alert(&ask->server, &r, USAGE_CLIENT));
		return false;
	}
	if (!may_send(ask, answer, USAGE_SERVER))
		return false;
	if (ask->skip_server)
		return true;
	r = judge(ask, USAGE_SERVER);
	if (r.cause && !set_aside(answer, &r)) {
		refuse(ask, answer, USAGE_CLIENT, r, ask->client.stack->alert(&r, USAGE_SERVER, ask->client.go));
		return false;
	}
	if (ask->skip_server_trust && !answer->unjudged)
		answer->unjudged = "which authorities the client trusts is not known";
	return true;
}

struct handshake_answer
handshake_server(const struct handshake_ask *ask)
{
	struct handshake_answer answer = {.ok = true};
	size_t n = ask->host ? strlen(ask->host) : 0;

	/* Go's client cuts it off; its server takes no such name in a ClientHello (RFC 6066 3). */
	if (n > 0 && ask->host[n - 1] == '.' && ask->client.stack != ask->server.stack)
		answer.unjudged = "whether the dialer sends the dot at the end of the name, which the other end may refuse";
	server_half(ask, &answer);
	return answer;
}

void
handshake_client(const struct handshake_ask *ask, struct handshake_answer *answer)
{
	const struct tls_end *client = &ask->client, *server = &ask->server;
	struct refusal r;

	if (ask->auth == CLIENT_AUTH_NONE) {
		trace_add(ask->trace, TRACE_SAYS, "the server asks for no certificate", NULL, NULL);
		return;
	}
	if (client->chain.n > 0 && client->sends_always) {
		/* What a callback returns is not asked whether it fits; signing with it then fails. */
		r = client->stack->usable(ask->arena, client->chain.list[0], USAGE_CLIENT, client->go);
		if (r.cause && !set_aside(answer, &r)) {
			refuse(ask, answer, USAGE_CLIENT, r, unusable_alert(client, &r, USAGE_SERVER));
			return;
		}
	}
	answer->client_sent = client->chain.n > 0 &&
	                      (client->sends_always || client->stack->sends(&client->chain, &server->pool));
	answer->client_withheld = client->chain.n > 0 && !answer->client_sent;
	traced_sends(ask->trace, client, &server->pool, answer->client_sent);
	if (answer->client_sent) {
		if (!may_send(ask, answer, USAGE_CLIENT))
			return;
		r = judge(ask, USAGE_CLIENT);
	} else if (ask->auth == CLIENT_AUTH_REQUIRED) {
		r = server->stack->wants_certificate(ask->arena, server->go);
		if (answer->client_withheld)
			r.cause = CAUSE_WITHHELD;
	} else {
		return;
	}
	if (r.cause && !set_aside(answer, &r))
		refuse(ask, answer, USAGE_SERVER, r, server->stack->alert(&r, USAGE_CLIENT, server->go));
}

struct handshake_answer
handshake(const struct handshake_ask *ask)
{
	struct handshake_answer answer = handshake_server(ask);

	if (answer.ok)
		handshake_client(ask, &answer);
	return answer;
}
