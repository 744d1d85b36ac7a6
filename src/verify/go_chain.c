#include "go.h"

#include "crtlint/limits.h"
#include "crtlint/text.h"
#include "crtlint/when.h"
#include "element.h"
#include "traced.h"

struct search {
	const struct verify_ask *ask;
	struct go_chains *found;
	unsigned signatures; /* CheckSignatureFrom calls so far */
	struct refusal unjudged; /* the first candidate that could not be judged */
};

/* The parents that findPotentialParents orders by how well the key identifiers fit. */
enum fit { FIT_BOTH, FIT_ONE, FIT_NONE, FITS };

static enum fit
key_id_fit(const struct cert *child, const struct cert *parent)
{
	if (slice_eq(parent->ski, child->aki))
		return FIT_BOTH;
	return parent->ski.n == 0 || child->aki.n == 0 ? FIT_ONE : FIT_NONE;
}

static struct certs
potential_parents(struct arena *arena, const struct cert *child, const struct cert *const *pool, size_t n)
{
	struct certs parents = {0};
	size_t capacity = 0;

	for (enum fit fit = FIT_BOTH; fit < FITS; fit++)
		for (size_t i = 0; i < n; i++) {
			const struct cert *c = pool[i];

			if (!slice_eq(c->subject.raw, child->issuer.raw) || key_id_fit(child, c) != fit)
				continue;
			parents.list = arena_grow(arena, parents.list, parents.n, &capacity, sizeof(*parents.list));
			parents.list[parents.n++] = c;
		}
	return parents;
}

/* The public keys as Go compares them: by number up to 1.25.1, by their bytes since. */
static bool
same_key(const struct spki *a, const struct spki *b)
{
	if (a->type == KEY_RSA && b->type == KEY_RSA)
		return slice_eq(a->modulus, b->modulus) && slice_eq(a->exponent, b->exponent);
	if (a->type == KEY_EC && b->type == KEY_EC)
		return a->curve == b->curve && slice_eq(a->point, b->point);
	return slice_eq(a->raw, b->raw);
}

/* alreadyInChain: subject, key and alternative names, so that cross-signed CAs make no loop. */
static bool
already_in_chain(const struct cert *candidate, const struct certs *chain)
{
	const struct extension *san = element_extension(candidate, OID_SAN);

	for (size_t i = 0; i < chain->n; i++) {
		const struct extension *other;

		if (!slice_eq(candidate->subject.raw, chain->list[i]->subject.raw) ||
		    !same_key(&candidate->spki, &chain->list[i]->spki))
			continue;
		other = element_extension(chain->list[i], OID_SAN);
		if (!san || !other)
			return !san && !other;
		if (slice_eq(san->value, other->value))
			return true;
	}
	return false;
}

static struct certs
extend(struct arena *arena, const struct certs *chain, const struct cert *c)
{
	struct certs longer = {arena_array(arena, chain->n + 1, sizeof(*longer.list)), chain->n + 1};

	memcpy(longer.list, chain->list, chain->n * sizeof(*longer.list));
	longer.list[chain->n] = c;
	return longer;
}

static struct refusal
dates(const struct verify_ask *ask, const struct cert *c)
{
	bool early = ask->now < c->not_before;
	struct refusal r;

	if (!early && ask->now + ask->part <= c->not_after)
		return (struct refusal){0};
	r = go_refuse(early ? CAUSE_NOT_YET : CAUSE_EXPIRED, NULL, c);
	r.detail = when_format(ask->arena, early ? c->not_before : c->not_after);
	r.error = arena_printf(ask->arena, "x509: certificate has expired or is not yet valid: current time %s is %s %s",
	    when_format(ask->arena, ask->now), early ? "before" : "after", r.detail);
	return r;
}

static struct refusal
critical(const struct verify_ask *ask, const struct cert *c)
{
	struct refusal r;

	if (!c->unhandled_critical)
		return (struct refusal){0};
	r = go_refuse(CAUSE_CRITICAL_EXTENSION, "x509: unhandled critical extension", c);
	r.detail = oid_text(ask->arena, c->unhandled_oid);
	return r;
}

struct refusal
go_chain_valid(const struct verify_ask *ask, enum go_chain_kind kind, const struct cert *c, const struct certs *chain)
{
	struct refusal r = traced(ask->trace, "critical extensions", critical(ask, c));

	if (!r.cause)
		r = traced_dates(ask->trace, c, dates(ask, c));
	if (r.cause)
		return r;
	if (kind != GO_LEAF && c->has_constraints && !go_constraints_late(ask->go)) {
		size_t count = 0;

		r = go_constraints(ask, c, chain->list[0], &count);
		if (!r.cause)
			r = go_constraints(ask, c, c, &count);
		if (traced(ask->trace, "name constraints, over every alternative name", r).cause)
			return r;
	}
	if (kind == GO_INTERMEDIATE && (!c->has_basic_constraints || !c->is_ca))
		r = go_refuse(CAUSE_NOT_A_CA, "x509: certificate is not authorized to sign other certificates", c);
	if (kind == GO_INTERMEDIATE && traced(ask->trace, "CA flag", r).cause)
		return r;
	if (kind != GO_LEAF && c->has_basic_constraints && c->max_path_len >= 0 && chain->n - 1 > (size_t)c->max_path_len)
		r = go_refuse(CAUSE_PATH_LENGTH, "x509: too many intermediates for path length constraint", c);
	return kind != GO_LEAF ? traced(ask->trace, "path length", r) : r;
}

/* UnknownAuthorityError.Error; the hint is the first candidate that failed. */
static struct refusal
unknown_authority(struct arena *arena, const struct cert *child, const struct refusal *hint)
{
	struct refusal r = {.cause = CAUSE_UNKNOWN_AUTHORITY, .cert = child};
	struct slice name;

	if (!hint->cause) {
		r.error = "x509: certificate signed by unknown authority";
		return r;
	}
	r.cause = hint->cause;
	r.parent = hint->parent;
	r.detail = hint->detail;
	name = cert_cn(arena, r.parent);
	for (size_t i = 0; i < r.parent->subject.n && name.n == 0; i++)
		if (slice_is(r.parent->subject.attributes[i].oid, OID_O))
			name = name_value(arena, &r.parent->subject.attributes[i]);
	r.error = arena_printf(arena,
	    "x509: certificate signed by unknown authority (possibly because of %s while trying to verify candidate authority "
	    "certificate %s)",
	    go_quote(arena, slice_of(hint->error)),
	    name.n ? go_quote(arena, name) : arena_printf(arena, "\"serial:%s\"", go_serial(arena, r.parent->serial)));
	return r;
}

/* Go 1.25.2 skips keys it does not know before it says anything of them (the fix of CVE-2025-58188, also in 1.24.8). */
static bool
passes_over(const struct cert *c, unsigned go)
{
	return !go_knows_key(&c->spki) && (go >= GO(25, 2) || (go >= GO(24, 8) && go < GO(25, 0)));
}

static const char *
fit_words(const struct cert *child, const struct cert *parent)
{
	switch (key_id_fit(child, parent)) {
	case FIT_BOTH:
		return child->aki.n ? "tried first: the key identifiers are equal" : "tried first: neither has a key identifier";
	case FIT_ONE:
		return "tried second: only one of the two has a key identifier";
	case FIT_NONE:
	case FITS:
		break;
	}
	return "tried last: the key identifiers differ";
}

static struct refusal build(struct search *, const struct certs *);

/* considerCandidate: changes *err where Go does. */
static void
consider(struct search *s, enum go_chain_kind kind, const struct cert *c, const struct certs *chain, struct refusal *err,
    struct refusal *hint)
{
	struct trace *t = s->ask->trace;
	const struct cert *child = chain->list[chain->n - 1];
	struct certs longer;
	struct refusal r;

	if (passes_over(c, s->ask->go)) {
		trace_add(t, TRACE_REFUSED, "skipped", NULL, "Go does not know its kind of key");
		return;
	}
	if (already_in_chain(c, chain)) {
		trace_add(
		    t, TRACE_REFUSED, "skipped", NULL, "it is in this chain already (same subject, key and alternative names)");
		return;
	}
	if (++s->signatures > LIMIT_SIGNATURES) {
		*err = go_refuse(CAUSE_SIGNATURE_LIMIT,
		    "x509: signature check attempts limit reached while verifying certificate chain", chain->list[0]);
		trace_add(t, TRACE_REFUSED, "signature", NULL, err->error);
		return;
	}
	r = go_signature(s->ask, child, c);
	traced(t, "may sign certificates (CA flag, keyCertSign)", r.cause == CAUSE_NOT_A_CA ? r : (struct refusal){0});
	if (r.cause != CAUSE_NOT_A_CA)
		traced(t, "signature, by its key", r);
	if (r.cause == CAUSE_UNJUDGED && !s->unjudged.cause)
		s->unjudged = r;
	if (r.cause) {
		if (!hint->cause)
			*hint = r;
		return;
	}
	*err = go_chain_valid(s->ask, kind, c, chain);
	if (err->cause)
		return;
	longer = extend(s->ask->arena, chain, c);
	if (kind == GO_ROOT) {
		s->found->list = arena_grow(
		    s->ask->arena, s->found->list, s->found->n, &s->found->capacity, sizeof(*s->found->list));
		s->found->list[s->found->n++] = longer;
		trace_add(t, TRACE_TAKEN, "a chain is found", NULL, NULL);
	} else {
		*err = build(s, &longer);
	}
}

/* buildChains. Its depth is bounded: every level has spent one of the LIMIT_SIGNATURES checks. */
static struct refusal
build(struct search *s, const struct certs *chain)
{
	const struct verify_ask *ask = s->ask;
	const struct cert *child = chain->list[chain->n - 1];
	struct certs roots = potential_parents(ask->arena, child, ask->pool->list, ask->pool->n);
	struct certs others = potential_parents(ask->arena, child, ask->chain->list + 1, ask->chain->n - 1);
	struct refusal err = {0}, hint = {0};
	size_t before = s->found->n;

	traced_child(ask->trace, child);
	traced_strangers(ask->trace, "pool", child, ask->pool->list, ask->pool->n, NULL);
	traced_strangers(ask->trace, "chain sent", child, ask->chain->list + 1, ask->chain->n - 1, NULL);
	for (size_t i = 0; i < roots.n + others.n; i++) {
		bool root = i < roots.n;
		const struct cert *c = root ? roots.list[i] : others.list[i - roots.n];

		trace_add(ask->trace, TRACE_SAYS, root ? "candidate from the pool" : "candidate from the chain sent", c,
		    fit_words(child, c));
		trace_in(ask->trace);
		consider(s, root ? GO_ROOT : GO_INTERMEDIATE, c, chain, &err, &hint);
		trace_out(ask->trace);
	}
	trace_out(ask->trace);
	if (s->found->n > before)
		return (struct refusal){0};
	return err.cause ? err : unknown_authority(ask->arena, child, &hint);
}

struct refusal
go_chain_build(const struct verify_ask *ask, struct go_chains *found)
{
	struct search s = {.ask = ask, .found = found};
	struct certs leaf = {ask->chain->list, 1};
	struct refusal r = build(&s, &leaf);

	return r.cause && s.unjudged.cause ? s.unjudged : r;
}
