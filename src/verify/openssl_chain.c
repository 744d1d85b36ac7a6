#include "openssl.h"

#include "openssl_words.h"
#include "signature.h"
#include "traced.h"

enum { DEPTH_MAX = 100 }; /* X509_VERIFY_PARAM of the default */

struct building {
	const struct verify_ask *ask;
	const struct openssl_policy *policy;
	const struct cert **chain;
	size_t n, untrusted; /* certificates, and how many of them are the peer's own */
	bool *used; /* of the peer's certificates */
};

/* ossl_x509_likely_issued: by name, key identifier and kind of key. */
static bool
likely_issued(struct arena *arena, const struct cert *issuer, const struct cert *c)
{
	enum key_type type = signature_key_type(c->sig);

	if (!openssl_names_equal(arena, &issuer->subject, &c->issuer) || !openssl_extensions_akid(c, issuer))
		return false;
	if (!openssl_extensions_valid(c) || !openssl_extensions_valid(issuer))
		return false;
	return type == KEY_UNKNOWN || issuer->spki.type == type || (type == KEY_RSA && issuer->spki.type == KEY_RSA_PSS);
}

bool
openssl_self_signed(struct arena *arena, const struct cert *c)
{
	return likely_issued(arena, c, c);
}

static bool
in_chain(const struct building *b, const struct cert *c)
{
	for (size_t i = 0; i < b->n; i++)
		if (slice_eq(b->chain[i]->raw, c->raw))
			return true;
	return false;
}

/* Why a certificate of the issuer's name is no candidate, and its place among them, for people. */
static void
note_candidate(const struct building *b, const struct cert *issuer, bool untrusted, bool likely)
{
	struct trace *t = b->ask->trace;
	const struct cert *c = b->chain[b->n - 1];
	enum openssl_error date;

	if (!t || !(issuer->usable || issuer->undated) || !openssl_names_equal(b->ask->arena, &issuer->subject, &c->issuer))
		return;
	trace_add(t, TRACE_SAYS, untrusted ? "candidate from the chain sent" : "candidate from the pool", issuer, NULL);
	trace_in(t);
	date = openssl_dates(issuer, b->ask->now);
	if (!openssl_extensions_akid(c, issuer))
		trace_add(t, TRACE_REFUSED, "key identifier", NULL, "the authority key identifier is not the candidate's");
	else if (!openssl_extensions_valid(c) || !openssl_extensions_valid(issuer))
		trace_add(t, TRACE_REFUSED, "extensions", NULL,
		    "an extension of one of the two cannot be read, or contradicts another");
	else if (!likely)
		trace_add(t, TRACE_REFUSED, "kind of key", NULL, "another one than the signature's");
	else
		trace_add(t, TRACE_TAKEN, "name, key identifier, kind of key", NULL,
		    date ? "kept unless a candidate comes that is valid now" : "taken: no later one is looked at");
	trace_out(t);
}

/* find_issuer and X509_STORE_CTX_get1_issuer: the first that is valid now, else the one that ends last. */
static const struct cert *
find_issuer(const struct building *b, const struct cert *const *list, size_t n, bool untrusted, size_t *index)
{
	const struct cert *c = b->chain[b->n - 1], *best = NULL;

	trace_in(b->ask->trace);
	traced_strangers(b->ask->trace, untrusted ? "chain sent" : "pool", c, list, n, openssl_names_equal);
	for (size_t i = 0; i < n; i++) {
		bool likely = (list[i]->usable || list[i]->undated) && !(untrusted && b->used[i]) &&
		              likely_issued(b->ask->arena, list[i], c);

		note_candidate(b, list[i], untrusted, likely);
		if (!likely)
			continue;
		if (untrusted && in_chain(b, list[i]))
			continue;
		if (!best || list[i]->not_after > best->not_after || openssl_dates(list[i], b->ask->now) == OPENSSL_OK) {
			best = list[i];
			*index = i;
		}
		if (openssl_dates(list[i], b->ask->now) == OPENSSL_OK)
			break;
	}
	trace_out(b->ask->trace);
	return best;
}

static bool
in_pool(const struct verify_ask *ask, const struct cert *c)
{
	for (size_t i = 0; i < ask->pool->n; i++)
		if (slice_eq(ask->pool->list[i]->raw, c->raw))
			return true;
	return false;
}

/* Why no chain was found, in words nearer to the cause than build_chain's are. */
static struct openssl_verdict
no_chain(const struct building *b)
{
	const struct cert *top = b->chain[b->n - 1];
	struct openssl_verdict v = {.cert = top};

	if (openssl_self_signed(b->ask->arena, top))
		v.error = b->n == 1 ? OPENSSL_SELF_SIGNED : OPENSSL_SELF_SIGNED_IN_CHAIN;
	else
		v.error = b->untrusted < b->n ? OPENSSL_NO_ISSUER : OPENSSL_NO_LOCAL_ISSUER;
	return v;
}

/* build_chain with X509_V_FLAG_TRUSTED_FIRST, the default: at each step the trusted certificates, then the peer's. */
static struct openssl_verdict
build(struct building *b)
{
	const struct verify_ask *ask = b->ask;
	bool trusted_only = false;

	while (b->n <= DEPTH_MAX) {
		const struct cert *top = b->chain[b->n - 1], *issuer;
		bool top_self_signed = openssl_self_signed(ask->arena, top);
		size_t index = 0;

		traced_child(ask->trace, top);
		trace_out(ask->trace);
		if (top_self_signed)
			trace_add(ask->trace, TRACE_SAYS, "counts as self-signed", top, "subject and issuer are the same name");
		if (top_self_signed && b->untrusted == b->n) {
			/* What is found first must be the very certificate: another of its name would be a mimic. */
			issuer = find_issuer(b, ask->pool->list, ask->pool->n, false, &index);
			if (issuer && slice_eq(issuer->raw, top->raw)) {
				b->untrusted--;
				return (struct openssl_verdict){0};
			}
			break;
		}
		if (top_self_signed)
			return (struct openssl_verdict){0};
		issuer = find_issuer(b, ask->pool->list, ask->pool->n, false, &index);
		if (issuer && !(trusted_only && in_chain(b, issuer))) {
			b->chain[b->n++] = issuer;
			trusted_only = true;
			if (b->policy->partial_chain)
				return (struct openssl_verdict){0};
			continue;
		}
		issuer = trusted_only ? NULL : find_issuer(b, ask->chain->list + 1, ask->chain->n - 1, true, &index);
		if (!issuer)
			break;
		trace_add(ask->trace, TRACE_SAYS, "goes on with the chain sent", issuer, NULL);
		b->used[index] = true;
		b->chain[b->n++] = issuer;
		b->untrusted++;
	}
	/* check_trust's last resort: the leaf itself is trusted. What was found above it stays in the chain, and is asked like the rest. */
	if (b->policy->partial_chain && b->untrusted == b->n && in_pool(ask, b->chain[0])) {
		b->untrusted = 0;
		return (struct openssl_verdict){0};
	}
	return no_chain(b);
}

static struct openssl_verdict
fail(const struct building *b, size_t i, enum openssl_error e)
{
	return (struct openssl_verdict){.error = e, .cert = b->chain[i], .issuer = i + 1 < b->n ? b->chain[i + 1] : NULL};
}

/* check_extensions */
static struct openssl_verdict
check_extensions(const struct building *b)
{
	struct arena *arena = b->ask->arena;
	long length = 0;

	for (size_t i = 0; i < b->n; i++) {
		const struct cert *c = b->chain[i];
		bool ss = openssl_self_signed(arena, c);
		int ca = openssl_is_ca(c, ss);

		if (openssl_critical(c))
			return fail(b, i, OPENSSL_CRITICAL);
		if (openssl_proxy(c))
			return fail(b, i, OPENSSL_PROXY);
		if (i > 0 && (ca == 0 || (i + 1 < b->n && ca != 1)))
			return fail(b, i, OPENSSL_INVALID_CA);
		if (!openssl_purpose(c, b->ask->usage, i > 0, ss))
			return fail(b, i, OPENSSL_PURPOSE);
		if (i > 1 && c->max_path_len >= 0 && c->has_basic_constraints && length > c->max_path_len)
			return fail(b, i, OPENSSL_PATH_LENGTH);
		if (i > 0 && !openssl_names_equal(arena, &c->subject, &c->issuer))
			length++;
	}
	return (struct openssl_verdict){0};
}

/* check_key_level of the leaf comes before all else, the rest is check_auth_level. */
static struct openssl_verdict
check_level(const struct building *b, unsigned level)
{
	for (size_t i = 0; i < b->n; i++) {
		enum openssl_error e = openssl_level(b->chain[i], i == 0, i + 1 == b->n, level);

		if (e)
			return fail(b, i, e);
	}
	return (struct openssl_verdict){0};
}

/* internal_verify: from the anchor down, each certificate's signature and then its dates. */
static struct openssl_verdict
check_signatures(const struct building *b)
{
	for (size_t i = b->n; i-- > 0;) {
		const struct cert *c = b->chain[i];
		enum openssl_error e;

		if (i + 1 < b->n) {
			const struct cert *issuer = b->chain[i + 1];
			struct openssl_verdict v = fail(b, i, OPENSSL_SIGNATURE);

			if (issuer->has_key_usage && !(issuer->key_usage & KU_CERT_SIGN))
				return fail(b, i + 1, OPENSSL_NO_CERT_SIGN);
			if (!openssl_read_agrees(c))
				return v;
			switch (signature_check(b->ask->signatures, c, issuer)) {
			case SIGNATURE_GOOD:
				break;
			case SIGNATURE_BAD:
				return v;
			case SIGNATURE_UNJUDGED:
				v.unjudged = true;
				return v;
			}
		}
		e = openssl_dates(c, b->ask->now);
		if (e)
			return fail(b, i, e);
	}
	return (struct openssl_verdict){0};
}

/* check_name_constraints */
static struct openssl_verdict
check_constraints(const struct building *b)
{
	struct openssl_verdict v = {0};
	bool unjudged = false;

	for (size_t i = b->n; i-- > 0;) {
		if (i > 0 && openssl_names_equal(b->ask->arena, &b->chain[i]->subject, &b->chain[i]->issuer))
			continue;
		for (size_t j = b->n; --j > i;) {
			enum openssl_error e;

			if (!b->chain[j]->has_constraints)
				continue;
			e = openssl_constraints_check(b->ask->arena, b->chain[j], b->chain[i], i == 0, &unjudged);
			if (e) {
				v = fail(b, i, e);
				v.issuer = b->chain[j];
				return v;
			}
		}
	}
	v.unjudged = unjudged;
	v.cert = unjudged ? b->chain[0] : NULL;
	return v;
}

static void
note(struct trace *t, const char *what, const struct openssl_verdict *v)
{
	if (v->unjudged)
		trace_add(t, TRACE_SAYS, what, v->cert, "cannot be computed here");
	else
		trace_add(t, v->error ? TRACE_REFUSED : TRACE_TAKEN, what, v->error ? v->cert : NULL,
		    v->error ? openssl_words_error(v->error) : NULL);
}

struct openssl_verdict
openssl_chain_verify(const struct verify_ask *ask, const struct openssl_policy *policy)
{
	struct building b = {.ask = ask, .policy = policy, .n = 1, .untrusted = 1};
	struct trace *t = ask->trace;
	struct openssl_verdict v;

	b.chain = arena_array(ask->arena, DEPTH_MAX + 2, sizeof(*b.chain));
	b.used = arena_array(ask->arena, ask->chain->n, sizeof(*b.used));
	b.chain[0] = ask->chain->list[0];
	if (openssl_level(b.chain[0], true, true, policy->level))
		return fail(&b, 0, OPENSSL_EE_KEY);
	for (size_t i = 0; i < ask->chain->n; i++)
		if (openssl_read_hidden(ask->chain->list[i]))
			return (struct openssl_verdict){.unjudged = true, .cert = ask->chain->list[i]};
	v = ask->skip_trust ? (struct openssl_verdict){0} : build(&b);
	note(t, "a chain to an anchor", &v);
	if (v.error)
		return v;
	trace_add(t, TRACE_SAYS, "the chain, and what it may be used for", NULL, NULL);
	traced_usages(t, ask->usage, &(struct certs){b.chain, b.n});
	v = check_extensions(&b);
	note(t, "critical extensions, CA flags, purposes, path lengths", &v);
	if (!v.error) {
		v = check_level(&b, policy->level);
		note(t, "key sizes and hashes, by the security level", &v);
	}
	if (!v.error) {
		v = check_signatures(&b);
		note(t, "from the anchor down: signatures, then dates", &v);
	}
	if (!v.error) {
		v = check_constraints(&b);
		note(t, "name constraints", &v);
	}
	for (size_t i = 0; i < b.n; i++)
		if (openssl_read_hidden(b.chain[i]))
			v = (struct openssl_verdict){.unjudged = true, .cert = b.chain[i]};
	if (!v.error && policy->level < 2)
		v.level_matters = check_level(&b, 2).error != OPENSSL_OK;
	return v;
}

struct certs
openssl_chain_present(
    struct arena *arena, const struct certs *chain, const struct certs *pool, int64_t now, const struct openssl_policy *policy)
{
	struct verify_ask ask = {.arena = arena, .chain = chain, .pool = pool, .now = now};
	struct building b = {.ask = &ask, .policy = policy, .n = 1, .untrusted = 1};

	if (chain->n != 1)
		return *chain;
	b.chain = arena_array(arena, DEPTH_MAX + 2, sizeof(*b.chain));
	b.used = arena_array(arena, 1, sizeof(*b.used));
	b.chain[0] = chain->list[0];
	build(&b);
	return (struct certs){b.chain, b.n};
}
