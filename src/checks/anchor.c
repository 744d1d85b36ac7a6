/* CA files: what stands in them, and whether it may stand there. */
#include "explain.h"

#include <string.h>

/* Whether some certificate of the directory, not this one, was issued under this name. */
static bool
has_issued(struct findings *fs, const struct seat *s)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct cert *c = l->seats[i].cert;
		if (!slice_eq(c->raw, s->cert->raw) && look_is_leaf(l->seats[i].file) &&
		    slice_eq(c->issuer.raw, s->cert->subject.raw))
			return true;
	}
	return false;
}

static void
add_reason(struct findings *fs, struct finding *x, const struct cert *c)
{
	const char *reason = look_no_issuer(c);

	finding_value(fs, x, "subject", look_subject_text(fs, c));
	finding_value(fs, x, "reason", reason ? reason : "it may stand as a root only, not below another CA");
}

static void
check_no_ca(struct findings *fs, enum rule_id rule)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (!look_is_ca(s->file) || !look_no_issuer(s->cert))
			continue;
		bool issues = cert_self_issued(s->cert) || has_issued(fs, s);
		if (issues == (rule == RULE_chain_not_a_ca))
			add_reason(fs, look_add(fs, rule, s->file, s->index), s->cert);
	}
}

void
check_chain_not_a_ca(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	(void)f;
	check_no_ca(fs, RULE_chain_not_a_ca);
	for (size_t i = 0; (o = culprit_next(fs, RULE_chain_not_a_ca, &i)) != NULL;) {
		/* Whoever may not issue is to blame, not what it issued. */
		struct failure x = o->failure;
		if (x.parent) {
			x.cert = x.parent;
			x.file = x.trust;
		}
		struct culprit b = culprit_cert(fs, &x);
		struct finding *found = b.file ? look_add(fs, RULE_chain_not_a_ca, b.file, b.index)
		                               : finding_add(fs, RULE_chain_not_a_ca, b.name, NULL);
		if (b.cert)
			add_reason(fs, found, b.cert);
		culprit_on(fs, found, o);
	}
}

void
check_chain_leaf_as_anchor(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	(void)f;
	check_no_ca(fs, RULE_chain_leaf_as_anchor);
	for (size_t i = 0; (o = culprit_next(fs, RULE_chain_leaf_as_anchor, &i)) != NULL;) {
		const struct file *file = o->failure.trust;
		struct finding *x = look_add(fs, RULE_chain_leaf_as_anchor, file, 0);
		finding_value(fs, x, "subject", look_subject_text(fs, file->object->certs[0]));
		culprit_on(fs, x, o);
	}
}

static bool
root_is_here(struct findings *fs, const struct seat *s)
{
	struct seats all = look_subject(look_at(fs), s->cert->issuer.raw);

	for (size_t i = 0; i < all.n; i++) {
		if (all.list[i]->file == s->file)
			return true;
	}
	return false;
}

static void
fill_anchor(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)o;
	finding_value(fs, x, "subject", look_subject_text(fs, b->cert));
}

void
check_chain_intermediate_as_anchor(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);
	const struct outcome *o;

	(void)f;
	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (look_is_ca(s->file) && !look_no_issuer(s->cert) && !cert_self_issued(s->cert) && !root_is_here(fs, s))
			finding_value(fs, look_add(fs, RULE_chain_intermediate_as_anchor, s->file, s->index), "subject",
			    look_subject_text(fs, s->cert));
	}
	for (size_t i = 0; (o = culprit_next(fs, RULE_chain_intermediate_as_anchor, &i)) != NULL;) {
		struct failure x = o->failure;
		if (x.trust && x.trust->object && x.trust->object->n_certs > 0) {
			x.file = x.trust;
			x.cert = x.trust->object->certs[0];
		}
		struct culprit b = culprit_cert(fs, &x);
		struct finding *found = b.file ? look_add(fs, RULE_chain_intermediate_as_anchor, b.file, b.index)
		                               : finding_add(fs, RULE_chain_intermediate_as_anchor, b.name, NULL);
		if (b.cert)
			fill_anchor(fs, found, &b, o);
		culprit_on(fs, found, o);
	}
}

/* Whether the CA issued one of the leaves, or an intermediate, that lie here. Many leaves are sampled. */
static bool
is_used(struct findings *fs, const struct seat *s)
{
	enum { SIGNATURES_TRIED = 50 };
	const struct look *l = look_at(fs);
	size_t tried = 0;

	for (size_t i = 0; i < l->n && tried < SIGNATURES_TRIED; i++) {
		const struct seat *t = &l->seats[i];
		if (t == s || !look_is_judged(t->file) || !slice_eq(t->cert->issuer.raw, s->cert->subject.raw) ||
		    slice_eq(t->cert->raw, s->cert->raw) || (look_is_ca(t->file) && cert_self_issued(t->cert)))
			continue;
		tried++;
		if (look_issued(fs->facts, t->cert, s->cert))
			return true;
	}
	return tried >= SIGNATURES_TRIED;
}

void
check_chain_unused_ca(const struct facts *f, struct findings *fs)
{
	enum { BUNDLE_MAX = 50 };
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		const struct object *o = s->file->object;
		if (!look_is_ca(s->file) || o->n_certs < 2 || o->n_certs > BUNDLE_MAX || s->index > 0)
			continue;
		/* Only where another CA of the same file is in use can it be told that one is not. */
		bool used[BUNDLE_MAX] = {false}, any = false;
		size_t n = 0;
		for (; i + n < l->n && l->seats[i + n].file == s->file; n++)
			any = (used[n] = is_used(fs, &l->seats[i + n])) || any;
		for (size_t k = 0; any && k < n; k++) {
			if (!used[k] && l->seats[i + k].cert->not_after >= f->settings->now)
				finding_value(fs, look_add(fs, RULE_chain_unused_ca, s->file, l->seats[i + k].index), "subject",
				    look_subject_text(fs, l->seats[i + k].cert));
		}
	}
}

void
check_chain_duplicate_ca(const struct facts *f, struct findings *fs)
{
	enum { BUNDLE_MAX = 500 };

	for (size_t i = 0; i < f->n_files; i++) {
		const struct object *o = look_is_ca(&f->files[i]) ? f->files[i].object : NULL;
		for (size_t k = 1; o && k < o->n_certs && k < BUNDLE_MAX; k++) {
			size_t before = 0;
			while (before < k && !slice_eq(o->certs[before]->raw, o->certs[k]->raw))
				before++;
			if (before < k && o->certs[k]->usable)
				finding_value(fs, look_add(fs, RULE_chain_duplicate_ca, &f->files[i], before), "subject",
				    look_subject_text(fs, o->certs[k]));
		}
	}
}
