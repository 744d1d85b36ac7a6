/* Single certificates, and what a file sends along with its leaf. */
#include "explain.h"

#include <string.h>

static void
add_error(struct findings *fs, struct finding *x, const struct cert *c)
{
	finding_value(fs, x, "error", c->go_error);
}

static bool
is_negative(const struct cert *c)
{
	if (c->go_error && strstr(c->go_error, "negative serial number"))
		return true;
	return c->usable && c->serial.n > 0 && (c->serial.p[0] & 0x80) != 0;
}

static void
fill_failed_error(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	add_error(fs, x, b->cert);
	if (!b->cert->go_error)
		finding_value(fs, x, "error", o->failure.error);
}

/* Refused certificates are not always usable, so that the failure may name none: the first bad one of the file is meant. */
static void
fill_failed_malformed(struct findings *fs, enum rule_id rule)
{
	const struct outcome *o;

	for (size_t i = 0; (o = culprit_next(fs, rule, &i)) != NULL;) {
		struct failure x = o->failure;
		for (size_t k = 0; !x.cert && x.file && x.file->object && k < x.file->object->n_certs; k++) {
			if (x.file->object->certs[k]->go_error)
				x.cert = x.file->object->certs[k];
		}
		struct culprit b = culprit_cert(fs, &x);
		struct finding *found = b.file ? look_add(fs, rule, b.file, b.index) : finding_add(fs, rule, b.name, NULL);
		if (b.cert)
			fill_failed_error(fs, found, &b, o);
		else
			finding_value(fs, found, "error", o->failure.error);
		culprit_on(fs, found, o);
	}
}

void
check_cert_malformed(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct object *o = f->files[i].object;
		for (size_t k = 0; look_is_judged(&f->files[i]) && k < o->n_certs; k++) {
			if (o->certs[k]->go_error && !is_negative(o->certs[k]))
				add_error(fs, look_add(fs, RULE_cert_malformed, &f->files[i], k), o->certs[k]);
		}
	}
	fill_failed_malformed(fs, RULE_cert_malformed);
}

void
check_cert_serial_negative(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct object *o = f->files[i].object;
		for (size_t k = 0; look_is_judged(&f->files[i]) && k < o->n_certs; k++) {
			if (is_negative(o->certs[k]))
				add_error(fs, look_add(fs, RULE_cert_serial_negative, &f->files[i], k), o->certs[k]);
		}
	}
	fill_failed_malformed(fs, RULE_cert_serial_negative);
}

static struct finding *
add_not_first(struct findings *fs, const struct file *file)
{
	struct finding *x = look_add_file(fs, RULE_cert_not_first, file);
	int place = look_place(fs, file);

	finding_value(fs, x, "place", look_number(fs, (uint64_t)place + 1));
	finding_value(fs, x, "first", look_subject_text(fs, file->object->certs[0]));
	finding_value(fs, x, "leaf", look_subject_text(fs, file->object->certs[place]));
	x->certificate = place;
	return x;
}

void
check_cert_not_first(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	for (size_t i = 0; i < f->n_files; i++) {
		if (look_is_leaf(&f->files[i]) && look_place(fs, &f->files[i]) > 0)
			add_not_first(fs, &f->files[i]);
	}
	for (size_t i = 0; (o = culprit_next(fs, RULE_cert_not_first, &i)) != NULL;)
		culprit_on(fs, add_not_first(fs, culprit_pair(&o->failure).file), o);
}

void
check_cert_duplicate(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct object *o = f->files[i].object;
		size_t first = 0; /* of the run of equal ones that ends at k */
		for (size_t k = 1; look_is_leaf(&f->files[i]) && o && k < o->n_certs; k++) {
			if (slice_eq(o->certs[k]->raw, o->certs[0]->raw))
				look_add(fs, RULE_cert_duplicate, &f->files[i], 0);
			else if (slice_eq(o->certs[k]->raw, o->certs[first]->raw))
				look_add(fs, RULE_cert_duplicate, &f->files[i], first);
			else
				first = k;
		}
	}
}

/* Whether one of the certificates before this one was issued under its name; chains are short, hostile ones are cut. */
static bool
is_wanted(const struct object *o, size_t k)
{
	enum { LOOKED_BACK = 16 };
	size_t from = k > LOOKED_BACK ? k - LOOKED_BACK : 0;

	for (size_t i = from; i < k; i++) {
		if (o->certs[i]->usable && slice_eq(o->certs[i]->issuer.raw, o->certs[k]->subject.raw))
			return true;
	}
	return false;
}

void
check_cert_surplus(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct object *o = f->files[i].object;
		for (size_t k = 1; look_is_leaf(&f->files[i]) && o && k < o->n_certs; k++) {
			const struct cert *c = o->certs[k];
			if (!c->usable || slice_eq(c->raw, o->certs[0]->raw) || (!cert_self_issued(c) && is_wanted(o, k)))
				continue;
			if (look_place(fs, &f->files[i]) > 0) /* the order is wrong: cert-not-first */
				continue;
			finding_values(
			    fs, look_add_file(fs, RULE_cert_surplus, &f->files[i]), "surplus", look_subject_text(fs, c));
		}
	}
}

static void
add_oid(struct findings *fs, struct finding *x, const struct cert *c)
{
	finding_value(fs, x, "oid", c->unhandled_oid.n > 0 ? oid_text(fs->arena, c->unhandled_oid) : "unknown");
}

static void
fill_failed_oid(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)o;
	add_oid(fs, x, b->cert);
}

/* Every usable certificate of a file that counts, for checks of one certificate each. */
static void
each_judged(struct findings *fs, void (*visit)(struct findings *, const struct seat *))
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		if (look_is_judged(l->seats[i].file))
			visit(fs, &l->seats[i]);
	}
}

static void
visit_critical(struct findings *fs, const struct seat *s)
{
	if (s->cert->unhandled_critical)
		add_oid(fs, look_add(fs, RULE_cert_critical_extension, s->file, s->index), s->cert);
}

void
check_cert_critical_extension(const struct facts *f, struct findings *fs)
{
	(void)f;
	each_judged(fs, visit_critical);
	culprit_certs(fs, RULE_cert_critical_extension, fill_failed_oid);
}

static void
visit_version(struct findings *fs, const struct seat *s)
{
	if (s->cert->version == 1 && look_is_leaf(s->file) && s->index == 0)
		look_add(fs, RULE_cert_version_1, s->file, s->index);
}

void
check_cert_version_1(const struct facts *f, struct findings *fs)
{
	(void)f;
	each_judged(fs, visit_version);
}

/* The certificate message of TLS 1.3 (RFC 8446 4.4.2): each certificate with its length and no extensions. */
static size_t
message_bytes(const struct object *o)
{
	size_t total = 1 + 3;
	for (size_t k = 0; k < o->n_certs; k++)
		total += 3 + o->certs[k]->raw.n + 2;
	return total;
}

static void
fill_bytes(struct findings *fs, struct finding *finding, const struct file *file)
{
	if (file && file->object)
		finding_value(fs, finding, "bytes", look_number(fs, message_bytes(file->object)));
}

void
check_cert_too_large(const struct facts *f, struct findings *fs)
{
	enum { MESSAGE_MAX = 65536 };

	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (look_is_leaf(file) && file->object && message_bytes(file->object) > MESSAGE_MAX)
			fill_bytes(fs, look_add_file(fs, RULE_cert_too_large, file), file);
	}
	culprit_files(fs, RULE_cert_too_large, fill_bytes);
}
