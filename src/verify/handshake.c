#include "crtlint/stack.h"

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
	const char *heard = other->stack->hears(ask->arena, alert, by == USAGE_CLIENT ? USAGE_SERVER : USAGE_CLIENT, other->go);

	answer->ok = false;
	answer->refused_by = by;
	answer->refusal = r;
	answer->client_error = by == USAGE_CLIENT ? r.error : heard;
	answer->server_error = by == USAGE_CLIENT ? heard : r.error;
}

static struct refusal
judge(const struct handshake_ask *ask, enum usage usage)
{
	const struct tls_end *verifier = usage == USAGE_SERVER ? &ask->client : &ask->server;
	const struct tls_end *shown = usage == USAGE_SERVER ? &ask->server : &ask->client;

	return verifier->stack->verify(&(struct verify_ask){
	    .arena = ask->arena,
	    .signatures = ask->signatures,
	    .chain = &shown->chain,
	    .pool = &verifier->pool,
	    .host = usage == USAGE_SERVER ? ask->host : NULL,
	    .usage = usage,
	    .now = ask->now,
	    .go = verifier->go,
	    .host_with_cn = ask->host_with_cn,
	    .skip_trust = usage == USAGE_SERVER && ask->skip_server_trust,
	});
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
		refuse(ask, answer, USAGE_SERVER, r, ALERT_HANDSHAKE_FAILURE);
		return false;
	}
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

	server_half(ask, &answer);
	return answer;
}

void
handshake_client(const struct handshake_ask *ask, struct handshake_answer *answer)
{
	const struct tls_end *client = &ask->client, *server = &ask->server;
	struct refusal r;

	if (ask->auth == CLIENT_AUTH_NONE)
		return;
	if (client->chain.n > 0 && client->sends_always) {
		/* What a callback returns is not asked whether it fits; signing with it then fails. */
		r = client->stack->usable(ask->arena, client->chain.list[0], USAGE_CLIENT, client->go);
		if (r.cause && !set_aside(answer, &r)) {
			refuse(ask, answer, USAGE_CLIENT, r, ALERT_HANDSHAKE_FAILURE);
			return;
		}
	}
	answer->client_sent = client->chain.n > 0 &&
	                      (client->sends_always || client->stack->sends(&client->chain, &server->pool));
	answer->client_withheld = client->chain.n > 0 && !answer->client_sent;
	if (answer->client_sent) {
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
