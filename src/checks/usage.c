/* What certificates may be used for. */
#include "explain.h"

#include <string.h>

static void
add_usages(struct findings *fs, struct finding *x, const struct cert *c, const char *other, const char *other_name)
{
	look_usages(fs, x, "usages", c);
	if (cert_has_eku(c, other))
		finding_value(fs, x, "keep", other_name);
	look_mend(fs, x, x->file);
}

static void
add_server(struct findings *fs, struct finding *x, const struct cert *c)
{
	add_usages(fs, x, c, OID_EKU_CLIENT, "clientAuth");
}

static void
add_client(struct findings *fs, struct finding *x, const struct cert *c)
{
	add_usages(fs, x, c, OID_EKU_SERVER, "serverAuth");
}

static void
fill_server(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)o;
	add_server(fs, x, b->cert);
}

static void
fill_client(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)o;
	add_client(fs, x, b->cert);
}

void
check_usage_server(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (s->index == 0 && look_is_leaf(s->file) && look_service(l, f, s->file)->serves &&
		    look_lacks_usage(s->cert, OID_EKU_SERVER))
			add_server(fs, look_add(fs, RULE_usage_server, s->file, 0), s->cert);
	}
	culprit_certs(fs, RULE_usage_server, fill_server);
}

void
check_usage_client(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (s->index == 0 && look_is_leaf(s->file) && look_service(l, f, s->file)->sends &&
		    look_lacks_usage(s->cert, OID_EKU_CLIENT))
			add_client(fs, look_add(fs, RULE_usage_client, s->file, 0), s->cert);
	}
	culprit_certs(fs, RULE_usage_client, fill_client);
}

/* The CA above the certificate that lacks the usage; the certificate itself when none is found. */
static struct failure
narrow_ca(struct findings *fs, const struct failure *failure)
{
	enum { STEPS_UP = 16 };
	const char *usage = failure->cause == CAUSE_USAGE_SERVER ? OID_EKU_SERVER : OID_EKU_CLIENT;
	struct failure x = *failure;

	for (int step = 0; x.cert && !look_lacks_usage(x.cert, usage) && step < STEPS_UP; step++) {
		struct seats s = look_subject(look_at(fs), x.cert->issuer.raw);
		const struct seat *up = NULL;
		for (size_t i = 0; i < s.n && !up; i++) {
			if (s.list[i]->cert != x.cert && look_issued(fs->facts, x.cert, s.list[i]->cert))
				up = s.list[i];
		}
		if (!up)
			return *failure;
		x.cert = up->cert;
		x.file = up->file;
	}
	return x;
}

void
check_usage_ca_narrows(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	(void)f;
	for (size_t i = 0; (o = culprit_next(fs, RULE_usage_ca_narrows, &i)) != NULL;) {
		struct failure x = narrow_ca(fs, &o->failure);
		struct culprit b = culprit_cert(fs, &x);
		struct finding *found = b.file ? look_add(fs, RULE_usage_ca_narrows, b.file, b.index)
		                               : finding_add(fs, RULE_usage_ca_narrows, b.name, NULL);
		if (b.cert) {
			finding_value(fs, found, "subject", look_subject_text(fs, b.cert));
			look_usages(fs, found, "usages", b.cert);
		}
		culprit_on(fs, found, o);
	}
}

void
check_usage_key_usage(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	(void)f;
	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (s->index == 0 && look_is_leaf(s->file) && s->cert->has_key_usage &&
		    !(s->cert->key_usage & KU_DIGITAL_SIGNATURE))
			look_add(fs, RULE_usage_key_usage, s->file, 0);
	}
}

/* ---- revocation ---- */

void
check_revocation_no_ocsp(const struct facts *f, struct findings *fs)
{
	const struct value *mode = facts_value(f, "ocsp");
	const struct look *l = look_at(fs);

	if (!mode || !mode->text || strcmp(mode->text, "off") == 0)
		return;
	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (!look_is_leaf(s->file) || cert_self_issued(s->cert) || s->cert->n_ocsp > 0)
			continue;
		if (look_service(l, f, s->file)->serves || look_service(l, f, s->file)->sends)
			look_add(fs, RULE_revocation_no_ocsp, s->file, s->index);
	}
}
