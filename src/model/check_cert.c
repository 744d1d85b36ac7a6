/*
 * The checks that look into certificates: who signed them, their dates, their names and their subjects.
 */
#include "model.h"

#include <string.h>

#include "crtlint/stack.h"
#include "crtlint/when.h"

static struct failure
fail(struct scope *s, const struct file *f, const struct cert *c, enum cause cause, const char *error)
{
	struct failure out = failure_at(f, cause, error);
	out.cert = c;
	scope_give(s, "error", error);
	return out;
}

bool
has_attribute(struct arena *a, const struct cert *c, const char *oid, const char *wanted)
{
	for (size_t i = 0; wanted && i < c->subject.n; i++)
		if (slice_is(c->subject.attributes[i].oid, oid) && slice_is(name_value(a, &c->subject.attributes[i]), wanted))
			return true;
	return false;
}

/* What a text may say of the certificate. */
static void
give(struct scope *s, const struct cert *c)
{
	struct arena *a = s->m->arena;
	struct words names = cert_addresses(a, c, true, false);
	scope_give(s, "CN", text_safe(a, cert_cn(a, c), TEXT_VALUE));
	scope_give(s, "DN", dn_text(a, &c->subject));
	scope_give(s, "DNS", words_join(a, &names, " ", "\""));
	scope_give(s, "not-before", when_format(a, c->not_before));
	scope_give(s, "not-after", when_format(a, c->not_after));
}

static struct failure
in_date(struct scope *s, const struct file *f, const struct cert *c)
{
	int64_t now = s->m->facts->settings->now;
	if (now < c->not_before)
		return fail(s, f, c, CAUSE_NOT_YET, "the certificate is not valid yet");
	if (now + s->m->facts->settings->part > c->not_after)
		return fail(s, f, c, CAUSE_EXPIRED, "the certificate has expired");
	return (struct failure){0};
}

/* Signed by one of the CA files that the row names; the signature counts, not the dates. */
static struct failure
be_signed(struct scope *s, const struct file *f, const struct cert *c)
{
	const struct cert *same_name = NULL;
	const struct file *trust = NULL;
	struct found found;
	found_none(&found);
	for (size_t i = 0; i < f->row->signed_by.n; i++)
		resolve_ref(s, f->row->signed_by.list[i], &found);
	for (size_t i = 0; i < found.n; i++) {
		const struct object *o = found.files[i]->object;
		trust = trust ? trust : found.files[i];
		if (!o) /* not read, or not readable: nothing is claimed */
			return (struct failure){0};
		for (size_t k = 0; k < o->n_certs; k++) {
			if (!o->certs[k]->usable || !slice_eq(o->certs[k]->subject.raw, c->issuer.raw))
				continue;
			if (chain_signed_by(s->m->facts->signatures, c, o->certs[k]))
				return (struct failure){0};
			same_name = o->certs[k];
		}
	}
	if (!found.n) /* an absent CA is its own row's business */
		return (struct failure){0};
	struct failure out = fail(s, f, c, same_name ? CAUSE_OTHER_KEY : CAUSE_UNKNOWN_AUTHORITY, "not signed by the CA");
	out.parent = same_name;
	out.trust = trust;
	return out;
}

static bool
lacks(struct scope *s, const struct cert *c, const char *oid, const char *wanted, const char **filled)
{
	return wanted && scope_fill(s, wanted, filled) && **filled && !has_attribute(s->m->arena, c, oid, *filled);
}

/* The CN, O and OU of the certificate's own row. */
struct failure
check_subject(struct scope *s, const struct step *step, const struct cert *c, const struct file_row *row)
{
	const char *wanted = NULL, *kind = NULL;
	(void)step;
	give(s, c);
	if (!row)
		return (struct failure){0};
	if (lacks(s, c, OID_CN, row->cn, &wanted))
		kind = "CN";
	else if (lacks(s, c, OID_O, row->o, &wanted))
		kind = "O";
	else if (lacks(s, c, OID_OU, row->ou, &wanted))
		kind = "OU";
	if (!kind)
		return (struct failure){0};
	struct failure out = fail(s, NULL, c, CAUSE_DN, "another subject");
	out.wanted = arena_printf(s->m->arena, "%s=%s", kind, wanted);
	out.detail = dn_text(s->m->arena, &c->subject);
	return out;
}

/* How often the subject has this attribute with this value, and the values of that attribute altogether. */
static size_t
count(const struct cert *c, struct slice oid, struct slice value, struct arena *a)
{
	size_t n = 0;
	for (size_t i = 0; i < c->subject.n; i++)
		n += slice_eq(c->subject.attributes[i].oid, oid) &&
		     (!value.p || slice_eq(name_value(a, &c->subject.attributes[i]), value));
	return n;
}

static struct slice
attribute_oid(const char *name)
{
	static const struct {
		const char *name, *oid;
	} known[] = {{"CN", OID_CN}, {"O", OID_O}, {"OU", OID_OU}, {"DC", "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"}};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			return slice_of(known[i].oid);
	return (struct slice){0};
}

/* The same values of each of these attributes, in any order, and at least one of them. */
struct failure
check_shared(struct scope *s, const struct step *step, const struct cert *c, const struct cert *own)
{
	struct arena *a = s->m->arena;
	size_t shared = 0;
	bool differs = false;
	give(s, c);
	for (size_t i = 0; i < step->attributes.n; i++) {
		struct slice oid = attribute_oid(step->attributes.list[i]), any = {0};
		differs = differs || count(c, oid, any, a) != count(own, oid, any, a);
		for (size_t k = 0; k < own->subject.n; k++) {
			struct slice value = name_value(a, &own->subject.attributes[k]);
			if (!value.p || !slice_eq(own->subject.attributes[k].oid, oid))
				continue;
			differs = differs || count(c, oid, value, a) != count(own, oid, value, a);
			shared++;
		}
	}
	if (!differs && shared)
		return (struct failure){0};
	struct failure out = fail(s, NULL, c, CAUSE_DN, "another subject than the server's own");
	out.wanted = dn_text(a, &own->subject);
	out.detail = dn_text(a, &c->subject);
	return out;
}

static struct failure
ask(struct scope *s, const struct step *step, const struct file *f, const struct cert *c)
{
	struct arena *a = s->m->arena;
	struct failure out = {0};
	switch (step->check) {
	case CHECK_BE_A_CA:
		return c->is_ca ? out : fail(s, f, c, CAUSE_NOT_A_CA_FILE, "not a CA");
	case CHECK_BE_SIGNED:
		return be_signed(s, f, c);
	case CHECK_BE_IN_DATE:
		return in_date(s, f, c);
	case CHECK_HAVE_A_SAN:
		return cert_addresses(a, c, true, true).n ? out : fail(s, f, c, CAUSE_HOST, "no subject alternative name");
	case CHECK_HAVE_SUBJECT:
		out = check_subject(s, step, c, f->row);
		break;
	case CHECK_NOT_HAVE:
		if (has_attribute(a, c, OID_OU, step->ou) || has_attribute(a, c, OID_O, step->o) ||
		    has_attribute(a, c, OID_CN, step->cn))
			out = fail(s, f, c, CAUSE_TENANT_OU, "refused for its subject");
		break;
	default: /* asked of peers (admission), or of no single file */
		return out;
	}
	out.file = f;
	out.name = f->name;
	return out;
}

struct failure
check_cert(struct scope *s, const struct step *step, const struct file *f)
{
	struct failure first = {0};
	size_t last = step->in == IN_FIRST ? 1 : f->object->n_certs;
	for (size_t i = 0; i < last && i < f->object->n_certs; i++) {
		const struct cert *c = f->object->certs[i];
		struct scope own = *s;
		if (!c->usable) /* `parse` and `pair` say so */
			continue;
		give(&own, c);
		struct failure out = ask(&own, step, f, c);
		if (out.cause == CAUSE_NONE && step->in == IN_ANY)
			return out;
		if (out.cause != CAUSE_NONE && first.cause == CAUSE_NONE) {
			scope_give(&own, "n", arena_printf(s->m->arena, "%zu", i));
			first = out;
			*s = own;
		}
		if (first.cause != CAUSE_NONE && step->in != IN_ANY)
			return first;
	}
	if (step->check == CHECK_BE_A_CA && !f->object->n_certs)
		return fail(s, f, NULL, CAUSE_NOT_A_CA_FILE, "not a CA");
	return first;
}
