/* Chains that do not hold. */
#include "explain.h"

static const char *
trust_name(const struct outcome *o)
{
	return o->failure.trust ? o->failure.trust->name : NULL;
}

/* The CAs of the file that did not help. */
static void
add_trusted(struct findings *fs, struct finding *x, const struct file *trust)
{
	enum { CAS_NAMED = 20 };
	const struct object *o = trust ? trust->object : NULL;

	for (size_t i = 0; o && i < o->n_certs && i < CAS_NAMED; i++) {
		if (o->certs[i]->usable)
			finding_values(fs, x, "trusted", look_subject_text(fs, o->certs[i]));
	}
}

static void
fill_unknown(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	finding_value(fs, x, "issuer", look_issuer_text(fs, explain_top(b->file, b->cert)));
	finding_value(fs, x, "ca_file", trust_name(o) ? trust_name(o) : "a CA file");
	add_trusted(fs, x, o->failure.trust);
}

void
check_chain_unknown_authority(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_chain_unknown_authority, fill_unknown);
}

static void
fill_other_key(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	const struct cert *parent = o->failure.parent;
	struct seats s = look_subject(look_at(fs), b->cert->issuer.raw);

	finding_value(fs, x, "issuer", look_issuer_text(fs, b->cert));
	finding_value(fs, x, "ca_file", trust_name(o) ? trust_name(o) : "the CA file");
	if (parent)
		finding_value(fs, x, "ca_not_before", when_format(fs->arena, parent->not_before));
	/* The CA that did issue it may lie here as well. */
	for (size_t i = 0; i < s.n && fs->facts->signatures; i++) {
		if (s.list[i]->cert != parent && s.list[i]->file != o->failure.trust &&
		    chain_signed_by(fs->facts->signatures, b->cert, s.list[i]->cert)) {
			finding_value(fs, x, "true_issuer_in", s.list[i]->file->name);
			break;
		}
	}
}

void
check_chain_other_key(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_chain_other_key, fill_other_key);
}

void
check_chain_bad_signature(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_chain_bad_signature, fill_other_key);
}

static void
fill_intermediate(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	const struct cert *top = explain_top(b->file, b->cert);
	const struct seat *s = explain_intermediate(fs, top, b->file);

	finding_value(fs, x, "issuer", look_issuer_text(fs, top));
	finding_value(fs, x, "ca_file", trust_name(o));
	if (s)
		finding_value(fs, x, "found_in", s->file->name);
}

void
check_chain_missing_intermediate(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_chain_missing_intermediate, fill_intermediate);
}

/* The file whose chain was refused: the listener's where the dialer says so, else the dialer's. */
static const struct file *
refused_file(const struct outcome *o)
{
	const struct connection *c = facts_connection(o);

	if (!c)
		return o->failure.file;
	if (c->client_error && o->failure.error == c->client_error)
		return c->serves;
	return c->presents ? c->presents : c->serves;
}

static void
fill_path(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	const struct file *file = refused_file(o);

	finding_value(fs, x, "subject", look_subject_text(fs, b->cert));
	if (b->cert->max_path_len >= 0)
		finding_value(fs, x, "allowed", look_number(fs, (uint64_t)b->cert->max_path_len));
	if (file && file != b->file)
		finding_values(fs, x, "chains", file->name);
}

void
check_chain_path_length(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_chain_path_length, fill_path);
}

static void
fill_constraint(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	finding_value(fs, x, "name", o->failure.detail);
	finding_value(fs, x, "issuer", look_issuer_text(fs, b->cert));
	look_names(fs, x, "names", b->cert);
}

void
check_chain_name_constraint(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	(void)f;
	/* The CA that has the constraints says no, but the name stands in what it issued. */
	for (size_t i = 0; (o = culprit_next(fs, RULE_chain_name_constraint, &i)) != NULL;) {
		struct failure failure = o->failure;
		failure.file = refused_file(o);
		failure.cert = NULL;
		struct culprit b = culprit_cert(fs, &failure);
		struct finding *x = b.file ? look_add(fs, RULE_chain_name_constraint, b.file, b.index)
		                           : finding_add(fs, RULE_chain_name_constraint, b.name, NULL);
		if (b.cert)
			fill_constraint(fs, x, &b, o);
		culprit_on(fs, x, o);
	}
}

static const char *
weak_name(const struct cert *c)
{
	switch (c->sig) {
	case SIG_MD5_RSA:
		return "MD5-RSA";
	case SIG_SHA1_RSA:
		return "SHA1-RSA";
	case SIG_ECDSA_SHA1:
		return "ECDSA-SHA1";
	case SIG_UNKNOWN:
	case SIG_MD2_RSA:
	case SIG_SHA224_RSA:
	case SIG_SHA256_RSA:
	case SIG_SHA384_RSA:
	case SIG_SHA512_RSA:
	case SIG_PSS_SHA256:
	case SIG_PSS_SHA384:
	case SIG_PSS_SHA512:
	case SIG_DSA_SHA1:
	case SIG_DSA_SHA256:
	case SIG_ECDSA_SHA224:
	case SIG_ECDSA_SHA256:
	case SIG_ECDSA_SHA384:
	case SIG_ECDSA_SHA512:
	case SIG_ED25519:
	case SIG_ED448:
	case SIG_PSS_OTHER:
		return NULL;
	}
	return NULL;
}

/* Whether Go's signatureAlgorithmDetails has no row for it, or one without a hash. */
static bool
is_unknown(const struct cert *c)
{
	return c->sig == SIG_UNKNOWN || c->sig == SIG_MD2_RSA || c->sig == SIG_SHA224_RSA || c->sig == SIG_DSA_SHA1 ||
	       c->sig == SIG_DSA_SHA256 || c->sig == SIG_ECDSA_SHA224 || c->sig == SIG_ED448 || c->sig == SIG_PSS_OTHER;
}

static void
add_algorithm(struct findings *fs, struct finding *x, const struct cert *c)
{
	finding_value(fs, x, "algorithm", weak_name(c) ? weak_name(c) : oid_text(fs->arena, c->sig_oid));
}

static void
fill_algorithm(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)o;
	add_algorithm(fs, x, b->cert);
}

/* A root's signature on itself is never looked at. */
static bool
signature_counts(const struct seat *s)
{
	return look_is_judged(s->file) && !cert_self_issued(s->cert) && !(look_is_ca(s->file) && !look_no_issuer(s->cert));
}

static void
check_signatures(struct findings *fs, enum rule_id rule)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		bool bad = rule == RULE_chain_weak_signature ? weak_name(s->cert) != NULL : is_unknown(s->cert);
		if (bad && signature_counts(s))
			add_algorithm(fs, look_add(fs, rule, s->file, s->index), s->cert);
	}
	culprit_certs(fs, rule, fill_algorithm);
}

void
check_chain_weak_signature(const struct facts *f, struct findings *fs)
{
	if (f->go >= 1800 /* Go 1.18 */)
		check_signatures(fs, RULE_chain_weak_signature);
	else
		culprit_certs(fs, RULE_chain_weak_signature, fill_algorithm);
}

void
check_chain_unknown_signature(const struct facts *f, struct findings *fs)
{
	(void)f;
	check_signatures(fs, RULE_chain_unknown_signature);
}

static void
fill_search(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	finding_value(fs, x, "issuer", look_issuer_text(fs, b->cert));
	finding_value(fs, x, "ca_file", trust_name(o));
}

void
check_chain_search_limit(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_chain_search_limit, fill_search);
}

void
check_chain_policy(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_chain_policy, fill_search);
}

static void
fill_key_id(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)b;
	finding_value(fs, x, "ca_file", trust_name(o) ? trust_name(o) : "the CA file");
}

/* The CA that signed it, though the identifiers differ; NULL: there is none, or another of the same name has the right one. */
static const struct seat *
signer_of_other_id(struct findings *fs, const struct cert *c)
{
	enum { CAS_TRIED = 20 };
	struct seats s = look_subject(look_at(fs), c->issuer.raw);
	const struct seat *found = NULL;

	for (size_t i = 0; i < s.n && i < CAS_TRIED; i++) {
		const struct cert *ca = s.list[i]->cert;
		if (!look_is_ca(s.list[i]->file))
			continue;
		if (ca->ski.n == 0 || slice_eq(ca->ski, c->aki))
			return NULL;
		if (!found && fs->facts->signatures && chain_signed_by(fs->facts->signatures, c, ca))
			found = s.list[i];
	}
	return found;
}

void
check_chain_key_id(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	(void)f;
	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		const struct seat *ca = look_is_leaf(s->file) && s->cert->aki.n > 0 && !cert_self_issued(s->cert)
		                            ? signer_of_other_id(fs, s->cert)
		                            : NULL;
		if (ca)
			finding_value(fs, look_add(fs, RULE_chain_key_id, s->file, s->index), "ca_file", ca->file->name);
	}
	culprit_certs(fs, RULE_chain_key_id, fill_key_id);
}
