/* Which CA file counts for whom. */
#include "explain.h"

#include <string.h>

#include "crtlint/version.h"

static void
fill_withheld(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	enum { CAS_NAMED = 20 };
	const struct object *trust = o->failure.trust ? o->failure.trust->object : NULL;

	finding_value(fs, x, "issuer", look_issuer_text(fs, explain_top(b->file, b->cert)));
	finding_value(fs, x, "ca_file", o->failure.trust ? o->failure.trust->name : "the CA file");
	for (size_t i = 0; trust && i < trust->n_certs && i < CAS_NAMED; i++) {
		if (trust->certs[i]->usable)
			finding_values(fs, x, "trusted", look_subject_text(fs, trust->certs[i]));
	}
}

/* The certificate that is not sent is the dialer's, whatever the failure has. */
static void
fill_failed_withheld(struct findings *fs, enum rule_id rule)
{
	const struct outcome *o;

	for (size_t i = 0; (o = culprit_next(fs, rule, &i)) != NULL;) {
		const struct connection *c = facts_connection(o);
		struct failure failure = o->failure;
		if (c && c->presents) {
			failure.file = c->presents;
			failure.cert = NULL;
		}
		struct culprit b = culprit_cert(fs, &failure);
		struct finding *x = b.file ? look_add(fs, rule, b.file, b.index) : finding_add(fs, rule, b.name, NULL);
		if (b.cert)
			fill_withheld(fs, x, &b, o);
		culprit_on(fs, x, o);
	}
}

void
check_trust_split_ca(const struct facts *f, struct findings *fs)
{
	(void)f;
	fill_failed_withheld(fs, RULE_trust_split_ca);
}

void
check_trust_certificate_withheld(const struct facts *f, struct findings *fs)
{
	(void)f;
	fill_failed_withheld(fs, RULE_trust_certificate_withheld);
}

static struct finding *
add_ui(struct findings *fs, const struct file *served, const struct file *trust)
{
	struct finding *x = look_add(fs, RULE_trust_ui, served, 0);

	finding_value(fs, x, "ca_file", trust->name);
	finding_value(fs, x, "issuer", look_issuer_text(fs, explain_top(served, served->object->certs[0])));
	return x;
}

static bool
issued_by_file(struct findings *fs, const struct cert *c, const struct file *trust)
{
	const struct object *o = trust->object;

	for (size_t i = 0; i < o->n_certs; i++) {
		const struct cert *ca = o->certs[i];
		if (ca->usable &&
		    (slice_eq(ca->raw, c->raw) || (slice_eq(ca->subject.raw, c->issuer.raw) && look_issued(fs->facts, c, ca))))
			return true;
	}
	return false;
}

/* Whether the served certificate, or one of those sent with it, comes from the file. */
static bool
anchored_in(struct findings *fs, const struct file *served, const struct file *trust)
{
	enum { CHAIN_MAX = 16 };

	for (size_t i = 0; i < served->object->n_certs && i < CHAIN_MAX; i++) {
		if (served->object->certs[i]->usable && issued_by_file(fs, served->object->certs[i], trust))
			return true;
	}
	return false;
}

/* A CA file beside the one that everybody needs, kept for those whose own trust decides in the end: it should hold all the same. */
static const struct file *
kept_trust(const struct facts *f, const struct connection_row *row)
{
	for (size_t i = 0; i < row->own.trusts_servers.n; i++) {
		const struct file *file = facts_file(f, row->own.trusts_servers.list[i]);
		if (file)
			return look_is_ca(file) && !file->row->required && file->object && file->object->n_certs > 0 ? file
			                                                                                             : NULL;
	}
	return NULL;
}

void
check_trust_ui(const struct facts *f, struct findings *fs)
{
	const struct outcome *o;

	for (size_t i = 0; f->profile && i < f->profile->n_connections; i++) {
		const struct connection_row *row = &f->profile->connections[i];
		const struct file *trust = row->assumes ? kept_trust(f, row) : NULL;
		const struct file *served = NULL;
		for (size_t k = 0; trust && k < f->n_connections && !served; k++) {
			const struct connection *c = &f->connections[k];
			if (strcmp(c->kind, row->kind) == 0 && c->serves && c->serves->object && c->serves->object->n_certs > 0 &&
			    c->serves->object->certs[0]->usable)
				served = c->serves;
		}
		if (served && !anchored_in(fs, served, trust))
			add_ui(fs, served, trust);
	}
	for (size_t i = 0; (o = culprit_next(fs, RULE_trust_ui, &i)) != NULL;)
		culprit_on(fs, add_ui(fs, facts_connection(o)->serves, o->failure.trust), o);
}

/* Names of files that peers would trust before they turn to the system's store. */
static bool
falls_to_system(const struct facts *f, const struct words *trusts)
{
	if (trusts->n < 2 || strcmp(trusts->list[trusts->n - 1], "system") != 0)
		return false;
	for (size_t i = 0; i + 1 < trusts->n; i++) {
		const char *name = trusts->list[i][0] == '+' ? trusts->list[i] + 1 : trusts->list[i];
		if (!strchr(name, '.') || facts_file(f, name))
			return false;
	}
	return true;
}

void
check_trust_system_store(const struct facts *f, struct findings *fs)
{
	for (size_t i = 0; f->profile && look_at(fs)->n > 0 && i < f->profile->n_peers; i++) {
		const struct peer *p = &f->profile->peers[i];
		if (!falls_to_system(f, &p->trusts_servers) || !version_in(&f->server_version, &p->gate.since, &p->gate.until))
			continue;
		/* Who loads the whole directory fails without the file; this is about who goes on. */
		struct finding *x = finding_add(fs, RULE_trust_system_store, p->trusts_servers.list[0], NULL);
		finding_value(fs, x, "expected", p->trusts_servers.list[0]);
		for (size_t k = 0; k < p->names.n; k++)
			finding_value(fs, x, "peers",
			    p->names.list[k][0] == '<' ? "the clients that dial with what is here" : p->names.list[k]);
	}
}
