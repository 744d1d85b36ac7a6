/* What checks put into findings: places, names, permissions, commands. */
#include "look.h"

#include <string.h>

enum { NAMES_LISTED = 101 }; /* one more than a finding keeps, so that it notices the rest */

const char *
look_number(struct findings *fs, uint64_t n)
{
	return arena_printf(fs->arena, "%llu", (unsigned long long)n);
}

const char *
look_mode(struct findings *fs, uint32_t mode)
{
	return arena_printf(fs->arena, "%04o", (unsigned)(mode & 07777));
}

const char *
look_subject_text(struct findings *fs, const struct cert *c)
{
	const char *text = name_text(fs->arena, &c->subject);

	return *text ? text : "a certificate without a subject";
}

const char *
look_issuer_text(struct findings *fs, const struct cert *c)
{
	const char *text = name_text(fs->arena, &c->issuer);

	return *text ? text : "an issuer without a name";
}

const char *
look_value(struct findings *fs, struct slice s)
{
	return text_safe(fs->arena, s, TEXT_VALUE);
}

struct finding *
look_add_key(struct findings *fs, enum rule_id rule, const struct file *file, size_t index, const char *key)
{
	struct finding *x = finding_add(fs, rule, file->name, key);

	x->certificate = (int)index;
	if (file->object && index < file->object->n_certs && file->object->cert_blocks)
		x->line = file->object->cert_blocks[index]->line;
	if (!x->role)
		x->role = file->role;
	return x;
}

struct finding *
look_add(struct findings *fs, enum rule_id rule, const struct file *file, size_t index)
{
	return look_add_key(fs, rule, file, index, index > 0 ? arena_printf(fs->arena, "certificate %zu", index) : NULL);
}

struct finding *
look_add_file(struct findings *fs, enum rule_id rule, const struct file *file)
{
	struct finding *x = finding_add(fs, rule, file->name, NULL);

	if (!x->role)
		x->role = file->role;
	return x;
}

void
look_names(struct findings *fs, struct finding *x, const char *name, const struct cert *c)
{
	size_t listed = 0;

	for (size_t i = 0; i < c->n_sans && listed < NAMES_LISTED; i++) {
		const struct san *s = &c->sans[i];
		if (s->kind == SAN_DNS)
			finding_values(fs, x, name, look_value(fs, s->value));
		else if (s->kind == SAN_IP)
			finding_values(fs, x, name, ip_text(fs->arena, s->value));
		else
			continue;
		listed++;
	}
}

void
look_usages(struct findings *fs, struct finding *x, const char *name, const struct cert *c)
{
	static const struct usage_name {
		const char *oid, *name;
	} known[] = {
	    {OID_EKU_SERVER, "serverAuth"},
	    {OID_EKU_CLIENT, "clientAuth"},
	    {"\x2b\x06\x01\x05\x05\x07\x03\x03", "codeSigning"},
	    {"\x2b\x06\x01\x05\x05\x07\x03\x04", "emailProtection"},
	    {"\x2b\x06\x01\x05\x05\x07\x03\x08", "timeStamping"},
	    {"\x2b\x06\x01\x05\x05\x07\x03\x09", "OCSPSigning"},
	};

	for (size_t i = 0; i < c->n_eku && i < NAMES_LISTED; i++) {
		const char *text = NULL;
		for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
			if (slice_is(c->eku[i], known[k].oid))
				text = known[k].name;
		}
		finding_values(fs, x, name, text ? text : oid_text(fs->arena, c->eku[i]));
	}
}

void
look_permissions(struct findings *fs, struct finding *x, const struct file *file)
{
	const struct entry *e = file->entry;
	const struct identity *who = &fs->facts->run_as;

	finding_value(fs, x, "mode", look_mode(fs, e->mode));
	finding_value(fs, x, "owner", arena_printf(fs->arena, "%u:%u", (unsigned)e->uid, (unsigned)e->gid));
	finding_value(fs, x, "uid", look_number(fs, who->uid));
	finding_value(fs, x, "gid", look_number(fs, who->gid));
}

void
look_mend(struct findings *fs, struct finding *x, const char *name)
{
	if (name && x->commands.n == 0)
		x->commands = facts_mend(fs->arena, fs->facts, name);
}
