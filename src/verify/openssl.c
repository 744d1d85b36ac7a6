#include "openssl.h"

#include "crtlint/text.h"
#include "openssl_words.h"
#include "traced.h"

enum kind { PLAIN, GRPC, LIBPQ };

/*
 * gRPC core sets partial chains and its cipher list implies level 2 (measured). Plain OpenSSL and libpq take the default of the
 * build: 1 as released, 2 by Debian; what only level 2 refuses is left unjudged.
 */
static const struct openssl_policy policies[] = {[PLAIN] = {false, 1}, [GRPC] = {true, 2}, [LIBPQ] = {false, 1}};

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

static struct refusal
check_host(const struct verify_ask *ask, enum kind kind)
{
	const struct cert *leaf = ask->chain->list[0];
	const char *host;
	bool ok = true;
	struct refusal r;

	if (!ask->host || !*ask->host)
		return (struct refusal){0};
	host = bare_host(ask->arena, ask->host);
	switch (kind) {
	case PLAIN:
		ok = openssl_host_plain(ask->arena, leaf, host);
		break;
	case GRPC:
		ok = openssl_host_grpc(ask->arena, leaf, host);
		break;
	case LIBPQ:
		ok = openssl_host_libpq(ask->arena, leaf, host);
		break;
	}
	if (ok || (ask->host_with_cn && openssl_words_cn(ask->arena, leaf, host)))
		return traced_host(ask->trace, host, (struct refusal){0});
	r = refuse(CAUSE_HOST, NULL, leaf);
	r.detail = text_safe(ask->arena, slice_of(host), TEXT_VALUE);
	if (kind == GRPC)
		r.error = arena_printf(ask->arena, "Peer name %s is not in peer certificate", r.detail);
	else if (kind == LIBPQ)
		r.error = openssl_host_libpq_error(ask->arena, leaf, host);
	else
		r.error = openssl_host_is_ip(host) ? "certificate verify failed: IP address mismatch"
		                                   : "certificate verify failed: hostname mismatch";
	return traced_host(ask->trace, host, r);
}

static const char *
words(const struct verify_ask *ask, enum kind kind, const char *reason)
{
	if (kind == GRPC)
		return "Handshake failed with fatal error SSL_ERROR_SSL: error:0A000086:SSL routines::certificate verify failed.";
	if (kind == LIBPQ)
		return ask->usage == USAGE_SERVER ? "SSL error: certificate verify failed"
		                                  : "could not accept SSL connection: certificate verify failed";
	return arena_printf(ask->arena, "certificate verify failed: %s", reason);
}

/* X509_verify_cert. Plain OpenSSL looks at the host between the extensions and the signatures; its callers above
 * it, afterwards. */
static struct refusal
verify(const struct verify_ask *ask, enum kind kind)
{
	struct openssl_verdict v;
	struct refusal r;

	for (size_t i = 0; i < ask->chain->n; i++)
		if (!ask->chain->list[i]->usable)
			return refuse(CAUSE_PEER_MALFORMED, words(ask, kind, "a certificate of the chain cannot be read"),
			    ask->chain->list[i]);
	v = openssl_chain_verify(ask, &policies[kind]);
	if (v.error && !v.unjudged) {
		bool late = v.error == OPENSSL_SIGNATURE || v.error == OPENSSL_EXPIRED || v.error == OPENSSL_NOT_YET ||
		            v.error == OPENSSL_PERMITTED || v.error == OPENSSL_EXCLUDED || v.error == OPENSSL_NO_CERT_SIGN;

		if (late && kind == PLAIN) {
			r = check_host(ask, kind);
			if (r.cause)
				return r;
		}
		r = refuse(openssl_words_cause(ask, &v), NULL, v.cert);
		r.parent = v.issuer;
		r.detail = openssl_words_error(v.error);
		r.error = words(ask, kind, r.detail);
		return r;
	}
	r = check_host(ask, kind);
	if (r.cause)
		return r;
	if (v.unjudged) {
		r = refuse(
		    CAUSE_UNJUDGED, "OpenSSL computes a signature or name constraint here that crtlint cannot compute", v.cert);
		r.parent = v.issuer;
		return r;
	}
	if (v.level_matters)
		return refuse(CAUSE_UNJUDGED,
		    "an OpenSSL at security level 2 (Debian's default) refuses a key or hash in this chain, one at level 1 takes "
		    "it",
		    ask->chain->list[0]);
	return r;
}

static struct refusal
plain_verify(const struct verify_ask *ask)
{
	return verify(ask, PLAIN);
}

static struct refusal
grpc_verify(const struct verify_ask *ask)
{
	return verify(ask, GRPC);
}

static struct refusal
libpq_verify(const struct verify_ask *ask)
{
	return verify(ask, LIBPQ);
}

static struct refusal
key_refusal(const struct key *key, const struct cert *leaf, enum kind kind)
{
	static const char invalid[] = "Invalid private key.";
	bool grpc = kind == GRPC;

	switch (key->flaw) {
	case KEY_NOT_PEM:
	case KEY_CERTIFICATE:
	case KEY_OTHER_BLOCKS:
		return refuse(CAUSE_KEY_NOT_PEM, grpc ? invalid : "unsupported", leaf);
	case KEY_ENCRYPTED:
		return refuse(CAUSE_KEY_ENCRYPTED, grpc ? invalid : "processing error", leaf);
	case KEY_UNSUPPORTED:
		return refuse(CAUSE_UNJUDGED, "OpenSSL may take a private key of this kind, which crtlint does not read", leaf);
	case KEY_DAMAGED:
		return refuse(CAUSE_KEY_DAMAGED, grpc ? invalid : "unsupported", leaf);
	case KEY_SOUND:
		break;
	}
	switch (key_match(key, &leaf->spki)) {
	case KEY_MATCHES:
	case KEY_UNKNOWN_PUBLIC:
		break;
	case KEY_DIFFERS:
		return refuse(CAUSE_KEY_MISMATCH, grpc ? invalid : "key values mismatch", leaf);
	case KEY_OTHER_TYPE:
		return refuse(CAUSE_KEY_MISMATCH, grpc ? invalid : "no certificate assigned", leaf);
	}
	return (struct refusal){0};
}

/* Programs print the first error of the queue; which one the decoder puts there is not predicted. */
static const char asn1[] = "";

/* SSL_CTX_use_certificate_chain_file and SSL_CTX_use_PrivateKey_file */
static struct refusal
pair(struct arena *arena, struct object *file, struct object *key_file, struct certs *chain, enum kind kind)
{
	struct object *certs = object_openssl(arena, file);

	*chain = (struct certs){arena_array(arena, certs->n_certs, sizeof(*chain->list)), 0};
	if (certs->n_certs == 0)
		return refuse(file->data.n ? CAUSE_NO_CERTIFICATE : CAUSE_EMPTY,
		    kind == GRPC                          ? "Invalid cert chain file."
			: certs->pem.flaw == PEM_BASE64 ? "bad base64 decode"
							: "no start line",
		    NULL);
	for (size_t i = 0; i < certs->n_certs; i++) {
		if (!certs->certs[i]->usable)
			return refuse(CAUSE_MALFORMED, kind == GRPC ? "Invalid cert chain file." : asn1, certs->certs[i]);
		chain->list[chain->n++] = certs->certs[i];
	}
	if (policies[kind].level == 2 && chain->list[0]->spki.type == KEY_RSA && chain->list[0]->spki.bits < 2048)
		return refuse(CAUSE_KEY_TOO_SMALL, "Invalid cert chain file.", chain->list[0]);
	if (!key_file)
		return refuse(CAUSE_KEY_MISSING, "there is no key file", NULL);
	const struct key *key = object_key(arena, key_file);
	if (kind == LIBPQ && key->flaw == KEY_NOT_PEM) { /* fe-secure-openssl.c, initialize_SSL: PEM, else DER */
		const struct key *der = key_parse_der(arena, key_file->data, key_file->go);
		key = der->flaw == KEY_SOUND ? der : key;
	}
	return key_refusal(key, chain->list[0], kind);
}

static struct refusal
plain_pair(struct arena *arena, struct object *certs, struct object *key, unsigned go, struct certs *chain)
{
	(void)go;
	return pair(arena, certs, key, chain, PLAIN);
}

static struct refusal
libpq_pair(struct arena *arena, struct object *certs, struct object *key, unsigned go, struct certs *chain)
{
	(void)go;
	return pair(arena, certs, key, chain, LIBPQ);
}

static struct refusal
grpc_pair(struct arena *arena, struct object *certs, struct object *key, unsigned go, struct certs *chain)
{
	(void)go;
	return pair(arena, certs, key, chain, GRPC);
}

static struct refusal
pool(struct arena *arena, struct object *file, struct certs *out, enum kind kind)
{
	struct object *o = object_openssl(arena, file);
	size_t capacity = out->n;

	for (size_t i = 0; i < o->n_certs; i++) {
		if (!o->certs[i]->usable) {
			/* gRPC takes what stands before a broken certificate, X509_load_cert_file nothing. */
			if (kind == GRPC)
				break;
			return refuse(CAUSE_MALFORMED, asn1, o->certs[i]);
		}
		out->list = arena_grow(arena, out->list, out->n, &capacity, sizeof(*out->list));
		out->list[out->n++] = o->certs[i];
	}
	if (o->n_certs > 0 && o->certs[0]->usable)
		return (struct refusal){0};
	return refuse(
	    CAUSE_POOL_EMPTY, kind == GRPC ? "Could not load any root certificate." : "no certificate or crl found", NULL);
}

static struct refusal
plain_pool(struct arena *arena, struct object *o, unsigned go, struct certs *out)
{
	(void)go;
	return pool(arena, o, out, PLAIN);
}

static struct refusal
grpc_pool(struct arena *arena, struct object *o, unsigned go, struct certs *out)
{
	(void)go;
	return pool(arena, o, out, GRPC);
}

/* No handshake key is refused here beyond what loading refuses. */
static struct refusal
usable(struct arena *arena, const struct cert *leaf, enum usage usage, unsigned go)
{
	(void)arena;
	(void)usage;
	(void)go;
	if (leaf->spki.type == KEY_RSA && leaf->spki.bits < 1024)
		return refuse(CAUSE_KEY_TOO_SMALL, "ee key too small", leaf);
	return (struct refusal){0};
}

/* OpenSSL sends what it has, whatever authorities the server names. */
static bool
sends(const struct certs *chain, const struct certs *server_pool)
{
	(void)server_pool;
	return chain->n > 0;
}

const struct stack openssl_stack = {
    .name = "openssl",
    .pair = plain_pair,
    .pool = plain_pool,
    .verify = plain_verify,
    .usable = usable,
    .sends = sends,
    .alert = openssl_words_alert,
    .hears = openssl_words_hears,
    .wants_certificate = openssl_words_wants,
};

const struct stack openssl_grpc_stack = {
    .name = "grpc",
    .pair = grpc_pair,
    .pool = grpc_pool,
    .verify = grpc_verify,
    .usable = usable,
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
    .usable = usable,
    .sends = sends,
    .alert = openssl_words_libpq_alert,
    .hears = openssl_words_libpq_hears,
    .wants_certificate = openssl_words_libpq_wants,
};
