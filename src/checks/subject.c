/* Who a certificate says that it is. */
#include "explain.h"

#include <string.h>

static void
add_worth(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)b;
	finding_value(fs, x, "names", o->failure.detail && *o->failure.detail ? o->failure.detail : "no name");
	finding_value(fs, x, "wanted", o->failure.wanted ? o->failure.wanted : "the name that is wanted");
	look_mend(fs, x, x->file);
}

/* Without a certificate in the failure the names are still owed to the sentence. */
static void
fill_failed_worth(struct findings *fs, enum rule_id rule)
{
	const struct outcome *o;

	for (size_t i = 0; (o = culprit_next(fs, rule, &i)) != NULL;) {
		const struct failure *failure = &o->failure;
		/* A file that could not be loaded for its principal says why itself. */
		if (failure->cause == CAUSE_NONE_TO_SEND && culprit_file(fs, o).file)
			failure = &culprit_file(fs, o).file->load;
		struct outcome as = *o;
		as.failure = *failure;
		struct culprit b = culprit_cert(fs, failure);
		struct finding *x = b.file ? look_add(fs, rule, b.file, b.index) : finding_add(fs, rule, b.name, NULL);
		add_worth(fs, x, &b, &as);
		culprit_on(fs, x, o);
	}
}

void
check_subject_principal(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (file->load.cause != CAUSE_PRINCIPAL)
			continue;
		struct culprit b = culprit_cert(fs, &file->load);
		struct outcome as = {.failure = file->load};
		struct finding *x = look_add(fs, RULE_subject_principal, file, b.index);
		add_worth(fs, x, &b, &as);
		finding_value(fs, x, "only_on", file->load.only);
	}
	fill_failed_worth(fs, RULE_subject_principal);
}

void
check_subject_cn_not_allowed(const struct facts *f, struct findings *fs)
{
	(void)f;
	fill_failed_worth(fs, RULE_subject_cn_not_allowed);
}

static void
add_uris(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	enum { URIS_SHOWN = 20 };

	for (size_t i = 0, n = 0; i < b->cert->n_sans && n < URIS_SHOWN; i++) {
		if (b->cert->sans[i].kind != SAN_URI)
			continue;
		finding_values(fs, x, "names", look_value(fs, b->cert->sans[i].value));
		n++;
	}
	finding_value(fs, x, "wanted", o->failure.wanted);
	look_mend(fs, x, x->file);
}

static void
add_subject(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	finding_value(
	    fs, x, "names", o->failure.detail && *o->failure.detail ? o->failure.detail : look_subject_text(fs, b->cert));
	if (o->failure.cause == CAUSE_DN)
		finding_value(fs, x, "wanted", o->failure.wanted);
	look_mend(fs, x, x->file);
}

void
check_subject_tenant_ou(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_subject_tenant_ou, add_subject);
}

void
check_subject_scope(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_subject_scope, add_uris);
}

void
check_subject_dn_flag(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_subject_dn_flag, add_subject);
}

/* Whether the profile admits holders of this very name to what others may not do: a fixed name among those that admission asks for. */
static bool
is_privileged(const struct facts *f, const char *name)
{
	const struct steps *a = &f->profile->admission;

	for (size_t i = 0; i < a->n; i++) {
		const struct step *s = &a->list[i];
		for (size_t k = 0; s->check == CHECK_HAVE_PRINCIPAL && k < s->one_of.n; k++) {
			if (s->one_of.list[k][0] != '<' && strcmp(s->one_of.list[k], name) == 0)
				return true;
		}
	}
	return false;
}

/* Whether DNS names are principals at all. */
static bool
dns_counts(const struct facts *f)
{
	for (size_t i = 0; i < f->profile->n_principals; i++) {
		const struct words *among = &f->profile->principals[i].among;
		for (size_t k = 0; k < among->n; k++) {
			if (strcmp(among->list[k], "DNS") == 0)
				return true;
		}
	}
	return false;
}

/* The file is there to carry a privileged name. */
static bool
may_be_privileged(const struct facts *f, const struct file *file)
{
	const char *own = file->row->principal;

	if (own && own[0] == '<')
		own = file->capture;
	return own && is_privileged(f, own);
}

void
check_subject_privileged_name(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	if (!f->profile || !dns_counts(f))
		return;
	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (s->index != 0 || !look_is_leaf(s->file) || may_be_privileged(f, s->file))
			continue;
		for (size_t k = 0; k < s->cert->n_sans; k++) {
			const struct san *san = &s->cert->sans[k];
			const char *name = san->kind == SAN_DNS && san->value.n < 64 ? look_value(fs, san->value) : NULL;
			if (name && is_privileged(f, name))
				finding_value(fs, look_add(fs, RULE_subject_privileged_name, s->file, 0), "names", name);
		}
	}
}

static bool
is_leaf_seat(const struct seat *s)
{
	return s->index == 0 && look_is_leaf(s->file);
}

void
check_subject_several_cn(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	(void)f;
	for (size_t i = 0; i < l->n; i++) {
		const struct name *n = &l->seats[i].cert->subject;
		size_t names = 0;
		for (size_t k = 0; is_leaf_seat(&l->seats[i]) && k < n->n; k++)
			names += slice_is(n->attributes[k].oid, OID_CN);
		for (size_t k = 0; names > 1 && k < n->n; k++) {
			if (slice_is(n->attributes[k].oid, OID_CN))
				finding_values(fs, look_add(fs, RULE_subject_several_cn, l->seats[i].file, 0), "names",
				    look_value(fs, name_value(fs->arena, &n->attributes[k])));
		}
	}
}

static const char *
string_type(uint8_t tag)
{
	switch (tag) {
	case 0x0c:
		return "UTF8String";
	case 0x13:
		return "PrintableString";
	case 0x14:
		return "T61String";
	case 0x16:
		return "IA5String";
	case 0x1e:
		return "BMPString";
	default: /* a byte from outside, no enum */
		return "another type";
	}
}

/* The first place where two names that read alike are written differently. */
static const char *
difference(struct findings *fs, const struct name *a, const struct name *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		const struct attribute *x = &a->attributes[i], *y = &b->attributes[i];
		const char *own = look_value(fs, name_value(fs->arena, x));
		if (x->tag != y->tag)
			return arena_printf(fs->arena, "%s as %s against %s", own, string_type(x->tag), string_type(y->tag));
		if (!slice_eq(x->value, y->value))
			return arena_printf(fs->arena, "\"%s\" against \"%s\"", own, look_value(fs, name_value(fs->arena, y)));
	}
	return "the encoding";
}

static void
add_twin(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	const struct cert *top = explain_top(b->file, b->cert), *twin = explain_twin(fs, o->failure.trust, top);

	finding_value(fs, x, "ca_file", o->failure.trust ? o->failure.trust->name : "the CA file");
	finding_value(fs, x, "issuer", look_issuer_text(fs, top));
	if (twin)
		finding_value(fs, x, "difference", difference(fs, &top->issuer, &twin->subject));
}

void
check_subject_encoding(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_subject_encoding, add_twin);
}

static void
add_own_subject(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)o;
	finding_value(fs, x, "subject", look_subject_text(fs, b->cert));
}

static bool
signs_with(enum sig_algorithm sig, enum key_type key)
{
	switch (key) {
	case KEY_RSA:
	case KEY_RSA_PSS:
		return (sig >= SIG_MD2_RSA && sig <= SIG_PSS_SHA512) || sig == SIG_PSS_OTHER;
	case KEY_EC:
		return sig >= SIG_ECDSA_SHA1 && sig <= SIG_ECDSA_SHA512;
	case KEY_ED25519:
		return sig == SIG_ED25519;
	case KEY_ED448:
		return sig == SIG_ED448;
	case KEY_DSA:
		return sig == SIG_DSA_SHA1 || sig == SIG_DSA_SHA256;
	case KEY_UNKNOWN:
		return false;
	}
	return false;
}

/* OpenSSL's EXFLAG_SS and its use in check_issued: such a leaf is taken for its own issuer. */
static bool
taken_for_self_signed(const struct cert *c)
{
	return (c->aki.n == 0 || c->ski.n == 0 || slice_eq(c->aki, c->ski)) && signs_with(c->sig, c->spki.type);
}

void
check_subject_equals_ca(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (!is_leaf_seat(s) || s->cert->subject.n == 0 || !cert_self_issued(s->cert) ||
		    (f->mixed && !taken_for_self_signed(s->cert)))
			continue;
		/* One that really is self-signed has no CA. */
		if (f->signatures && chain_signed_by(f->signatures, s->cert, s->cert))
			continue;
		finding_value(fs, look_add(fs, RULE_subject_equals_ca, s->file, 0), "subject", look_subject_text(fs, s->cert));
	}
	culprit_certs(fs, RULE_subject_equals_ca, add_own_subject);
}

void
check_subject_empty(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	(void)f;
	for (size_t i = 0; i < l->n; i++) {
		if (is_leaf_seat(&l->seats[i]) && l->seats[i].cert->subject.n == 0)
			look_add(fs, RULE_subject_empty, l->seats[i].file, 0);
	}
}
