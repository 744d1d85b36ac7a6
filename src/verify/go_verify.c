#include "go.h"

#include "traced.h"

#define OID_EKU_ANY "\x55\x1d\x25" /* followed by a zero byte */

static bool
is_any(struct slice oid)
{
	return oid.n == 4 && memcmp(oid.p, OID_EKU_ANY, 4) == 0;
}

static bool
allows(const struct cert *c, enum usage usage)
{
	if (c->n_eku == 0 || cert_has_eku(c, usage == USAGE_SERVER ? OID_EKU_SERVER : OID_EKU_CLIENT))
		return true;
	for (size_t i = 0; i < c->n_eku; i++)
		if (is_any(c->eku[i]))
			return true;
	return false;
}

/* checkChainForKeyUsage: every certificate must allow the usage, the anchor included. The one that does not, from the top. */
static const struct cert *
usage_breaker(const struct certs *chain, enum usage usage)
{
	for (size_t i = chain->n; i-- > 0;)
		if (!allows(chain->list[i], usage))
			return chain->list[i];
	return NULL;
}

/* checkChainConstraints: since Go 1.26 over all the names below a CA. */
static struct refusal
chain_constraints(const struct verify_ask *ask, const struct certs *chain)
{
	size_t count = 0;

	if (!go_constraints_late(ask->go))
		return (struct refusal){0};
	for (size_t i = 0; i < chain->n; i++)
		for (size_t j = 0; j < i && chain->list[i]->has_constraints; j++) {
			struct refusal r = go_constraints(ask, chain->list[i], chain->list[j], &count);

			if (r.cause)
				return r;
		}
	return (struct refusal){0};
}

static struct refusal
no_valid_chain(const struct verify_ask *ask, size_t usages, size_t policies)
{
	const char *text;

	if (usages == 0)
		text = arena_printf(
		    ask->arena, "x509: no valid chains built: %zu candidate chains with invalid policies", policies);
	else
		text = arena_printf(ask->arena,
		    "x509: no valid chains built: %zu candidate chains with incompatible key usage, %zu candidate chains with "
		    "invalid policies",
		    usages, policies);
	return go_refuse(CAUSE_POLICY, text, ask->chain->list[0]);
}

/* The second half of Verify: whether one of the chains is good for the usage. */
static struct refusal
choose(const struct verify_ask *ask, const struct go_chains *chains)
{
	struct refusal constraint = {0};
	const struct cert *breaker = NULL;
	size_t usages = 0, policies = 0;

	for (size_t i = 0; i < chains->n; i++) {
		const struct certs *chain = &chains->list[i];
		const struct cert *c = usage_breaker(chain, ask->usage);
		struct refusal r;

		trace_add(ask->trace, TRACE_SAYS, "a chain, and what it may be used for", NULL, NULL);
		if (ask->go >= GO(24, 0) && !ask->skip_trust && !go_policies(ask->arena, chain)) {
			trace_add(
			    ask->trace, TRACE_REFUSED, "certificate policies", NULL, "a policy that is required is not there");
			policies++;
			continue;
		}
		traced_usages(ask->trace, ask->usage, chain);
		if (c) {
			trace_add(ask->trace, TRACE_REFUSED, "usages, in every certificate of the chain", c,
			    "it does not list the one that is wanted");
			usages++;
			breaker = breaker ? breaker : c;
			continue;
		}
		r = ask->skip_trust ? (struct refusal){0} : chain_constraints(ask, chain);
		if (!traced(ask->trace, "usages, in every certificate of the chain", r).cause)
			return r;
		if (!constraint.cause)
			constraint = r;
	}
	if (constraint.cause)
		return constraint;
	if (policies)
		return no_valid_chain(ask, usages, policies);
	return go_refuse(ask->usage == USAGE_SERVER ? CAUSE_USAGE_SERVER : CAUSE_USAGE_CLIENT,
	    "x509: certificate specifies an incompatible key usage", breaker ? breaker : ask->chain->list[0]);
}

static bool
in_pool(const struct certs *pool, const struct cert *c)
{
	for (size_t i = 0; i < pool->n; i++)
		if (slice_eq(pool->list[i]->raw, c->raw))
			return true;
	return false;
}

/* Certificate.Verify */
static struct refusal
verify(const struct verify_ask *ask)
{
	const struct cert *leaf = ask->chain->list[0];
	struct certs alone = {ask->chain->list, 1}, sent = *ask->chain;
	struct go_chains chains = {0};
	struct refusal r = {0};

	trace_add(ask->trace, TRACE_SAYS, "looks at the leaf", leaf, NULL);
	trace_in(ask->trace);
	r = go_chain_valid(ask, GO_LEAF, leaf, NULL);
	if (!r.cause && ask->host && *ask->host)
		r = traced_host(ask->trace, ask->host, go_host(ask->arena, leaf, ask->host, ask->go));
	trace_out(ask->trace);
	if (r.cause)
		return r;
	if (ask->skip_trust) {
		trace_add(
		    ask->trace, TRACE_SAYS, "the search for an issuer is left out", NULL, "whom this end trusts is not known");
		chains = (struct go_chains){&sent, 1, 1};
	} else if (in_pool(ask->pool, leaf)) {
		trace_add(ask->trace, TRACE_TAKEN, "the leaf itself is in the pool: no issuer is looked for", NULL, NULL);
		chains = (struct go_chains){&alone, 1, 1};
	} else {
		r = go_chain_build(ask, &chains);
		if (r.cause)
			return r;
	}
	return choose(ask, &chains);
}

/* checkKeySize of crypto/tls: since 1.19.12, 1.20.7 and 1.21. */
static bool
limits_rsa(unsigned go)
{
	return go >= GO(20, 7) || (go >= GO(19, 12) && go < GO(20, 0));
}

/*
 * conn.go, readHandshake: the certificate message of TLS 1.3 (RFC 8446 4.4.2: a context of no bytes, then each certificate with its
 * length and no extensions) must fit; Go 1.23 gave that message a limit of its own.
 */
static struct refusal
fits(const struct verify_ask *ask)
{
	size_t n = 1 + 3, most = ask->go >= GO(23, 0) ? 262144 : 65536;

	for (size_t i = 0; i < ask->chain->n; i++)
		n += 3 + ask->chain->list[i]->sent.n + 2;
	if (n <= most)
		return (struct refusal){0};
	return go_refuse(CAUSE_TOO_LARGE,
	    arena_printf(ask->arena, "tls: handshake message of length %zu bytes exceeds maximum of %zu bytes", n, most),
	    ask->chain->list[0]);
}

/* How crypto/tls reads a peer's certificates before it verifies: verifyServerCertificate, processCertsFromClient. */
static struct refusal
receive(const struct verify_ask *ask)
{
	bool server = ask->usage == USAGE_SERVER;
	struct refusal large = fits(ask);

	if (large.cause)
		return large;
	for (size_t i = 0; i < ask->chain->n; i++) {
		const struct cert *c = ask->chain->list[i];

		if (c->go_error) {
			struct refusal r = go_refuse(CAUSE_PEER_MALFORMED,
			    arena_printf(ask->arena, "tls: failed to parse %s: %s",
			        server ? "certificate from server" : "client certificate", c->go_error),
			    c);

			r.detail = c->go_error;
			return r;
		}
		if (c->spki.type == KEY_RSA && c->spki.bits > 8192 && limits_rsa(ask->go))
			return go_refuse(CAUSE_KEY_TOO_LARGE,
			    arena_printf(ask->arena, "tls: %s sent certificate containing RSA key larger than 8192 bits",
			        server ? "server" : "client"),
			    c);
	}
	return (struct refusal){0};
}

struct refusal
go_verify(const struct verify_ask *ask)
{
	bool server = ask->usage == USAGE_SERVER;
	const struct cert *leaf = ask->chain->list[0];
	struct refusal r = traced(ask->trace, "reads the certificates sent", receive(ask));

	if (r.cause)
		return r;
	r = verify(ask);
	if (r.cause == CAUSE_UNJUDGED)
		return r;
	if (r.cause) {
		/* CertificateVerificationError came with 1.20. */
		if (ask->go >= GO(20, 0))
			r.error = arena_printf(ask->arena, "tls: failed to verify certificate: %s", r.error);
		else if (!server)
			r.error = arena_printf(ask->arena, "tls: failed to verify client certificate: %s", r.error);
		return r;
	}
	if (leaf->spki.type == KEY_RSA || leaf->spki.type == KEY_EC || leaf->spki.type == KEY_ED25519)
		return r;
	return go_refuse(CAUSE_KEY_UNUSABLE,
	    arena_printf(ask->arena,
	        server ? "tls: server's certificate contains an unsupported type of public key: %s"
	               : "tls: client certificate contains an unsupported public key of type %s",
	        go_key_type(&leaf->spki)),
	    leaf);
}
