#include "openssl.h"

#include "crtlint/text.h"
#include "openssl_words.h"
#include "traced.h"

/*
 * gRPC core sets partial chains (measured). The security level is the default of the build: 1 as released up to OpenSSL 3.1, 2 since 3.2
 * and by Debian; what only level 2 refuses is left unjudged.
 */
static const struct openssl_policy policies[] = {
    [OPENSSL_PLAIN] = {false, 1}, [OPENSSL_GRPC] = {true, 1}, [OPENSSL_LIBPQ] = {false, 1}};

const char openssl_level_matters[] =
    "an OpenSSL at security level 2 (Debian's default) refuses a key or hash in this chain, one at level 1 takes it";

static struct refusal
refuse(enum cause cause, const char *error, const struct cert *c)
{
	return (struct refusal){.cause = cause, .error = error, .cert = c};
}

static const char *
bare_host(struct arena *arena, const char *host)
{
	size_t n = strlen(host);

	return n >= 3 && host[0] == '[' && host[n - 1] == ']' ? arena_strndup(arena, host + 1, n - 2) : host;
}

/* add_subject_alt_names_properties_to_peer ends the whole process at an address of another length; nobody gets past that. */
static const struct cert *
grpc_aborts(const struct cert *leaf, enum openssl_kind kind)
{
	for (size_t i = 0; i < leaf->n_sans && kind == OPENSSL_GRPC; i++)
		if (leaf->sans[i].kind == SAN_IP && leaf->sans[i].value.n != 4 && leaf->sans[i].value.n != 16)
			return leaf;
	return NULL;
}

static struct refusal
check_host(const struct verify_ask *ask, enum openssl_kind kind)
{
	const struct cert *leaf = ask->chain->list[0];
	const char *host;
	bool ok = true;
	struct refusal r;

	if (!ask->host || !*ask->host)
		return (struct refusal){0};
	host = bare_host(ask->arena, ask->host);
	switch (kind) {
	case OPENSSL_PLAIN:
		ok = openssl_host_plain(ask->arena, leaf, host);
		break;
	case OPENSSL_GRPC:
		ok = openssl_host_grpc(ask->arena, leaf, host);
		break;
	case OPENSSL_LIBPQ:
		ok = openssl_host_libpq(ask->arena, leaf, host);
		break;
	}
	if (ok || (ask->host_with_cn && openssl_words_cn(ask->arena, leaf, host)))
		return traced_host(ask->trace, host, (struct refusal){0});
	r = refuse(CAUSE_HOST, NULL, leaf);
	r.detail = text_safe(ask->arena, slice_of(host), TEXT_VALUE);
	if (kind == OPENSSL_GRPC)
		r.error = arena_printf(ask->arena, "Peer name %s is not in peer certificate", r.detail);
	else if (kind == OPENSSL_LIBPQ)
		r.error = openssl_host_libpq_error(ask->arena, leaf, host);
	else
		r.error = openssl_host_is_ip(host) ? "certificate verify failed: IP address mismatch"
		                                   : "certificate verify failed: hostname mismatch";
	return traced_host(ask->trace, host, r);
}

/* gRPC logs the oldest error of the queue, which is that of the part that failed. */
static const char *
grpc_words(const struct openssl_verdict *v)
{
	if (v && v->cert && v->error == OPENSSL_SIGNATURE && v->issuer && v->issuer->spki.type == KEY_RSA)
		return "Handshake failed with fatal error SSL_ERROR_SSL: error:0200008A:rsa routines::invalid padding.";
	if (v && v->cert && v->error == OPENSSL_SIGNATURE)
		return "Handshake failed with fatal error SSL_ERROR_SSL: error:06880006:asn1 encoding routines::EVP lib.";
	if (v && v->cert && v->error == OPENSSL_NO_LOCAL_ISSUER && !openssl_extensions_valid(v->cert))
		return "Handshake failed with fatal error SSL_ERROR_SSL: error:1100009E:X509 V3 routines::invalid certificate.";
	return "Handshake failed with fatal error SSL_ERROR_SSL: error:0A000086:SSL routines::certificate verify failed.";
}

static const char *
words(const struct verify_ask *ask, enum openssl_kind kind, const char *reason)
{
	if (kind == OPENSSL_GRPC)
		return grpc_words(NULL);
	if (kind == OPENSSL_LIBPQ)
		return ask->usage == USAGE_SERVER ? "SSL error: certificate verify failed"
		                                  : "could not accept SSL connection: certificate verify failed";
	return arena_printf(ask->arena, "certificate verify failed: %s", reason);
}

/*
 * The messages that a peer may send have a limit (SSL_set_max_cert_list); a server's session ticket holds the client's certificate and has
 * another (construct_stateless_ticket: 0xff00 bytes, about 200 of them other things).
 */
enum { MESSAGE_MAX = 100 * 1024, SESSION_MAX = 0xff00 - 200 };

static const char *
size_error(const struct verify_ask *ask, enum openssl_kind kind, const char *error)
{
	return kind == OPENSSL_GRPC ? arena_printf(ask->arena, "Handshake failed with fatal error SSL_ERROR_SSL: %s.", error)
	                            : error;
}

/* tls_process_server_certificate: something stands behind a certificate. */
static const char *
length_error(const struct verify_ask *ask, enum openssl_kind kind)
{
	if (kind == OPENSSL_LIBPQ)
		return ask->usage == USAGE_SERVER ? "SSL error: cert length mismatch"
		                                  : "could not accept SSL connection: cert length mismatch";
	return size_error(ask, kind, "error:0A000087:SSL routines::cert length mismatch");
}

/* X509_verify_cert. Plain OpenSSL looks at the host between the extensions and the signatures; its callers above
 * it, afterwards. */
static struct refusal
verify(const struct verify_ask *ask, enum openssl_kind kind)
{
	const struct cert *leaf = ask->chain->list[0];
	struct openssl_verdict v;
	struct refusal r;
	size_t size = 4;

	for (size_t i = 0; i < ask->chain->n; i++) {
		if (!openssl_read_takes(ask->chain->list[i]))
			return refuse(CAUSE_PEER_MALFORMED, words(ask, kind, "a certificate of the chain cannot be read"),
			    ask->chain->list[i]);
		if (ask->chain->list[i]->sent.n > ask->chain->list[i]->raw.n)
			return refuse(CAUSE_PEER_MALFORMED, length_error(ask, kind), ask->chain->list[i]);
		size += 3 + ask->chain->list[i]->raw.n + 2;
	}
	if (size > MESSAGE_MAX)
		return refuse(
		    CAUSE_TOO_LARGE, size_error(ask, kind, "error:0A000098:SSL routines::excessive message size"), leaf);
	v = openssl_chain_verify(ask, &policies[kind]);
	if (v.unjudged && openssl_read_hidden(v.cert))
		return refuse(
		    CAUSE_UNJUDGED, "OpenSSL reads extensions that a certificate of this version must not have", v.cert);
	if (v.error && !v.unjudged) {
		bool late = v.error == OPENSSL_SIGNATURE || v.error == OPENSSL_EXPIRED || v.error == OPENSSL_NOT_YET ||
		            v.error == OPENSSL_NOT_BEFORE || v.error == OPENSSL_NOT_AFTER || v.error == OPENSSL_NAME_SYNTAX ||
		            v.error == OPENSSL_PERMITTED || v.error == OPENSSL_EXCLUDED || v.error == OPENSSL_NO_CERT_SIGN;

		if (late && kind == OPENSSL_PLAIN) {
			r = check_host(ask, kind);
			if (r.cause)
				return r;
		}
		r = refuse(openssl_words_cause(ask, &v), NULL, v.cert);
		r.parent = v.issuer;
		r.detail = openssl_words_error(v.error);
		r.error = kind == OPENSSL_GRPC ? grpc_words(&v) : words(ask, kind, r.detail);
		return r;
	}
	if (grpc_aborts(leaf, kind))
		return refuse(CAUSE_PEER_MALFORMED, "SAN IP Address contained invalid IP", leaf);
	r = check_host(ask, kind);
	if (r.cause)
		return r;
	/* The session's ticket is made when all else is done. */
	if (ask->usage == USAGE_CLIENT && leaf->raw.n > SESSION_MAX)
		return refuse(CAUSE_TOO_LARGE, size_error(ask, kind, "error:0A0C0103:SSL routines::internal error"), leaf);
	if (v.unjudged) {
		r = refuse(
		    CAUSE_UNJUDGED, "OpenSSL computes a signature or name constraint here that crtlint cannot compute", v.cert);
		r.parent = v.issuer;
		return r;
	}
	/* A server does not empty the queue after it has verified: an error of a certificate that was only looked at may end the handshake. */
	for (size_t i = 0; i < ask->chain->n && ask->usage == USAGE_CLIENT; i++)
		if (!openssl_extensions_valid(ask->chain->list[i]))
			return refuse(CAUSE_UNJUDGED, "OpenSSL finds an invalid certificate that the chain does not need",
			    ask->chain->list[i]);
	if (v.level_matters)
		return refuse(CAUSE_UNJUDGED, openssl_level_matters, ask->chain->list[0]);
	return r;
}

static struct refusal
plain_verify(const struct verify_ask *ask)
{
	return verify(ask, OPENSSL_PLAIN);
}

static struct refusal
grpc_verify(const struct verify_ask *ask)
{
	return verify(ask, OPENSSL_GRPC);
}

static struct refusal
libpq_verify(const struct verify_ask *ask)
{
	return verify(ask, OPENSSL_LIBPQ);
}

static struct refusal
plain_pair(struct arena *arena, struct object *certs, struct object *key, unsigned go, struct certs *chain)
{
	(void)go;
	return openssl_load_pair(arena, certs, key, chain, OPENSSL_PLAIN);
}

static struct refusal
libpq_pair(struct arena *arena, struct object *certs, struct object *key, unsigned go, struct certs *chain)
{
	(void)go;
	return openssl_load_pair(arena, certs, key, chain, OPENSSL_LIBPQ);
}

static struct refusal
grpc_pair(struct arena *arena, struct object *certs, struct object *key, unsigned go, struct certs *chain)
{
	(void)go;
	return openssl_load_pair(arena, certs, key, chain, OPENSSL_GRPC);
}

static struct refusal
plain_pool(struct arena *arena, struct object *o, unsigned go, struct certs *out)
{
	(void)go;
	return openssl_load_pool(arena, o, out, OPENSSL_PLAIN);
}

static struct refusal
grpc_pool(struct arena *arena, struct object *o, unsigned go, struct certs *out)
{
	(void)go;
	return openssl_load_pool(arena, o, out, OPENSSL_GRPC);
}

/* tls_choose_sigalg: TLS 1.3 has no scheme for this curve, and none for so small a key. */
static bool
can_sign(const struct cert *leaf)
{
	return !(leaf->spki.type == KEY_EC && leaf->spki.curve == CURVE_P224) &&
	       !(leaf->spki.type == KEY_RSA && leaf->spki.bits < 528);
}

static struct refusal
usable(const struct cert *leaf, bool grpc)
{
	const enum cause cause = leaf->spki.type == KEY_RSA ? CAUSE_KEY_TOO_SMALL : CAUSE_KEY_UNUSABLE;

	if (can_sign(leaf))
		return (struct refusal){0};
	return refuse(cause,
	    grpc
	        ? "Handshake failed with fatal error SSL_ERROR_SSL: error:0A000076:SSL routines::no suitable signature algorithm."
	        : "error:0A0000C1:SSL routines::no shared cipher",
	    leaf);
}

static struct refusal
plain_usable(struct arena *arena, const struct cert *leaf, enum usage usage_, unsigned go)
{
	(void)arena;
	(void)usage_;
	(void)go;
	return usable(leaf, false);
}

static struct refusal
grpc_usable(struct arena *arena, const struct cert *leaf, enum usage usage_, unsigned go)
{
	(void)arena;
	(void)usage_;
	(void)go;
	return usable(leaf, true);
}

/* OpenSSL sends what it has, whatever authorities the server names, if it can sign with it. */
static bool
sends(const struct certs *chain, const struct certs *server_pool)
{
	(void)server_pool;
	return chain->n > 0 && can_sign(chain->list[0]);
}

/* ssl_security_cert_chain, which ssl_add_cert_chain asks of all that it is about to send. */
static struct refusal
may_send(struct arena *arena, const struct certs *sent, enum usage usage_, enum openssl_kind kind)
{
	struct refusal later = {0};

	for (size_t i = 0; i < sent->n; i++) {
		const struct cert *c = sent->list[i];
		bool top = openssl_self_signed(arena, c);
		enum openssl_error e = openssl_level(c, i == 0, top, policies[kind].level);

		if (e)
			return refuse(e == OPENSSL_CA_MD ? CAUSE_WEAK_SIGNATURE : CAUSE_KEY_TOO_SMALL,
			    openssl_words_level(arena, e, usage_, kind), c);
		if (!later.cause && openssl_level(c, i == 0, top, 2))
			later = refuse(CAUSE_UNJUDGED, openssl_level_matters, c);
	}
	return later;
}

static struct refusal
plain_may_send(struct arena *arena, const struct certs *sent, enum usage usage_)
{
	return may_send(arena, sent, usage_, OPENSSL_PLAIN);
}

static struct refusal
grpc_may_send(struct arena *arena, const struct certs *sent, enum usage usage_)
{
	return may_send(arena, sent, usage_, OPENSSL_GRPC);
}

static struct refusal
libpq_may_send(struct arena *arena, const struct certs *sent, enum usage usage_)
{
	return may_send(arena, sent, usage_, OPENSSL_LIBPQ);
}

static struct certs
plain_presents(struct arena *arena, const struct certs *chain, const struct certs *pool, int64_t now)
{
	return openssl_chain_present(arena, chain, pool, now, &policies[OPENSSL_PLAIN]);
}

static struct certs
grpc_presents(struct arena *arena, const struct certs *chain, const struct certs *pool, int64_t now)
{
	return openssl_chain_present(arena, chain, pool, now, &policies[OPENSSL_GRPC]);
}

const struct stack openssl_stack = {
    .name = "openssl",
    .pair = plain_pair,
    .pool = plain_pool,
    .verify = plain_verify,
    .presents = plain_presents,
    .may_send = plain_may_send,
    .usable = plain_usable,
    .sends = sends,
    .alerts_in_clear = true,
    .alert = openssl_words_alert,
    .hears = openssl_words_hears,
    .wants_certificate = openssl_words_wants,
};

const struct stack openssl_grpc_stack = {
    .name = "grpc",
    .pair = grpc_pair,
    .pool = grpc_pool,
    .verify = grpc_verify,
    .presents = grpc_presents,
    .may_send = grpc_may_send,
    .usable = grpc_usable,
    .sends = sends,
    .alert = openssl_words_grpc_alert,
    .hears = openssl_words_grpc_hears,
    .wants_certificate = openssl_words_grpc_wants,
};

const struct stack openssl_libpq_stack = {
    .name = "libpq",
    .pair = libpq_pair,
    .pool = plain_pool,
    .verify = libpq_verify,
    .presents = plain_presents,
    .may_send = libpq_may_send,
    .usable = plain_usable,
    .sends = sends,
    .alerts_in_clear = true,
    .alert = openssl_words_libpq_alert,
    .hears = openssl_words_libpq_hears,
    .wants_certificate = openssl_words_libpq_wants,
};
