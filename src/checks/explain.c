#include "explain.h"

#include <string.h>

/* What the file's own state says of it, before its contents count. */
static bool
state_rule(const struct facts *f, const struct file *file, enum rule_id *rule)
{
	if (!file)
		return false;
	if (file->entry->link == LINK_DANGLING || file->entry->link == LINK_LOOP) {
		*rule = RULE_file_link_dangling;
		return true;
	}
	if (file->entry->type != ENTRY_FILE) {
		*rule = RULE_file_not_regular;
		return true;
	}
	if (!file->readable) {
		*rule = look_closed(f) ? RULE_dir_unreadable : look_is_key(file) ? RULE_key_unreadable : RULE_file_unreadable;
		return true;
	}
	return false;
}

/* A file that the system cannot do without: its absence is the cause, whatever lies beside it under a similar name. */
static bool
is_required(const struct facts *f, const char *name)
{
	for (size_t i = 0; name && f->profile && i < f->profile->n_files; i++) {
		const struct file_row *row = &f->profile->files[i];
		for (size_t k = 0; row->required && k < row->patterns.n; k++)
			if (strcmp(row->patterns.list[k], name) == 0)
				return true;
	}
	return false;
}

enum rule_id
explain_missing(struct findings *fs, const char *name)
{
	enum rule_id rule;

	if (name && state_rule(fs->facts, facts_file(fs->facts, name), &rule))
		return rule;
	if (look_unfolded_of(fs, name))
		return RULE_name_user_case;
	if (look_near_of(fs, name) && !is_required(fs->facts, name))
		return RULE_name_near_miss;
	return RULE_file_missing;
}

static enum rule_id
foreign_rule(const struct file *file)
{
	/* A private key is what it is about wherever one stands among the foreign blocks. */
	return file && file->object && object_holds_key(file->object) ? RULE_pem_private_key_inside : RULE_pem_foreign_block;
}

static enum rule_id
malformed_rule(const struct failure *x)
{
	const struct cert *c = x->cert;

	for (size_t i = 0; !c && x->file && x->file->object && i < x->file->object->n_certs; i++) {
		if (x->file->object->certs[i]->go_error)
			c = x->file->object->certs[i];
	}
	return c && c->go_error && strstr(c->go_error, "negative serial number") ? RULE_cert_serial_negative
	                                                                         : RULE_cert_malformed;
}

/* A file out of which no certificate comes. */
enum rule_id
explain_content(struct findings *fs, const struct failure *x)
{
	enum rule_id rule;
	const struct object *o = x->file ? x->file->object : NULL;

	if (state_rule(fs->facts, x->file, &rule))
		return rule;
	if (!o)
		return x->file && x->file->entry->size > 0 ? RULE_dir_limit : RULE_file_empty;
	if (o->data.n == 0)
		return RULE_file_empty;
	if (o->n_certs == 0)
		return o->n_foreign > 0 ? foreign_rule(x->file) : RULE_pem_none;
	for (size_t i = 0; i < o->n_certs; i++) {
		if (o->cert_blocks && o->cert_blocks[i]->headers > 0)
			return RULE_pem_headers;
	}
	if (o->n_foreign > 0)
		return foreign_rule(x->file);
	return malformed_rule(x);
}

static enum rule_id
key_file_rule(struct findings *fs, const struct failure *x, enum rule_id otherwise)
{
	enum rule_id rule;
	struct culprit b = culprit_key(x);

	return state_rule(fs->facts, b.file, &rule) ? rule : otherwise;
}

static enum rule_id
mismatch_rule(struct findings *fs, const struct failure *x)
{
	const struct file *file = culprit_pair(x).file;
	int place = file ? look_place(fs, file) : PLACE_UNKNOWN;

	if (place == PLACE_ODD)
		return RULE_key_unsupported;
	return place > 0 ? RULE_cert_not_first : RULE_key_mismatch;
}

static enum rule_id
small_rule(const struct failure *x)
{
	const struct spki *k = x->cert ? &x->cert->spki : NULL;

	return k && k->type == KEY_RSA && k->bits >= 1024 ? RULE_key_weak : RULE_key_too_small;
}

static enum rule_id
unusable_rule(const struct failure *x)
{
	const struct spki *k = x->cert ? &x->cert->spki : NULL;

	if (k && k->type == KEY_EC && k->curve == CURVE_P224)
		return RULE_key_too_small;
	return k && k->type == KEY_RSA && k->bits < 2048 ? small_rule(x) : RULE_key_unsupported;
}

static enum rule_id
none_rule(struct findings *fs, const struct outcome *o, const struct failure *x)
{
	const char *name = culprit_missing(fs, o);
	const struct file *file = x->file && look_is_leaf(x->file) ? x->file : name ? facts_file(fs->facts, name) : NULL;
	enum rule_id rule;

	if (!file)
		return explain_missing(fs, name);
	if (state_rule(fs->facts, file, &rule) || state_rule(fs->facts, file->key, &rule))
		return rule;
	if (file->key_name && !file->key)
		return RULE_key_missing;
	if (file->load.cause != CAUSE_NONE && file->load.cause != CAUSE_NONE_TO_SEND)
		return explain_failure(fs, o, &file->load);
	return RULE_file_missing;
}

static bool
of_list(const struct facts *f, const struct step *s)
{
	for (size_t i = 0; s && f->profile && i < s->one_of.n; i++) {
		const char *w = s->one_of.list[i];
		size_t n = strlen(w);
		if (n < 3 || w[0] != '<' || w[n - 1] != '>')
			continue;
		for (size_t k = 0; k < f->profile->n_variables; k++) {
			const struct variable *v = &f->profile->variables[k];
			if (v->type == VAR_LIST && strlen(v->name) == n - 2 && memcmp(v->name, w + 1, n - 2) == 0)
				return true;
		}
	}
	return false;
}

/* A URI name that by its form decides alone what the certificate is worth, and makes it worth nothing here. */
static bool
of_other_scope(const struct facts *f, const struct failure *x)
{
	for (size_t i = 0; x->cert && (!x->detail || !*x->detail) && f->profile && i < f->profile->n_principals; i++) {
		const struct principal_row *row = &f->profile->principals[i];
		size_t head = row->alone && row->like ? strcspn(row->like, "<") : 0;
		for (size_t k = 0; head > 0 && k < x->cert->n_sans; k++) {
			const struct san *s = &x->cert->sans[k];
			if (s->kind == SAN_URI && s->value.n >= head && memcmp(s->value.p, row->like, head) == 0)
				return true;
		}
	}
	return false;
}

static enum rule_id
date_rule(const struct failure *x, enum rule_id otherwise)
{
	return x->cert && x->cert->not_after < x->cert->not_before ? RULE_validity_reversed : otherwise;
}

static bool
is_leaf_of(const struct file *file, const struct cert *c)
{
	return file && file->object && file->object->n_certs > 0 && file->object->certs[0] == c;
}

/* A leaf that itself lacks the usage is to blame; else a CA above it. */
static enum rule_id
usage_rule(const struct failure *x, const struct connection *c, const char *usage, enum rule_id otherwise)
{
	if (!x->cert || (look_lacks_usage(x->cert, usage) && (!x->cert->is_ca || !c)))
		return otherwise;
	if (look_lacks_usage(x->cert, usage) && (is_leaf_of(c->serves, x->cert) || is_leaf_of(c->presents, x->cert)))
		return otherwise;
	return RULE_usage_ca_narrows;
}

enum rule_id
explain_failure(struct findings *fs, const struct outcome *o, const struct failure *x)
{
	const struct connection *c = facts_connection(o);
	enum rule_id rule;

	switch (x->cause) {
	case CAUSE_NONE:
	case CAUSE_UNJUDGED:
		return RULE_dir_unjudged;
	case CAUSE_DIRECTORY:
		return RULE_dir_unreadable;
	case CAUSE_NOTHING_HERE:
		return RULE_dir_empty;
	case CAUSE_MISSING:
		return explain_missing(fs, culprit_missing(fs, o));
	case CAUSE_LOST:
		return RULE_reload_refused;
	case CAUSE_NOT_ALLOWED:
		return RULE_name_tenant_id;
	case CAUSE_FIFO:
	case CAUSE_NOT_REGULAR:
		return state_rule(fs->facts, x->file, &rule) ? rule : RULE_file_not_regular;
	case CAUSE_UNREADABLE:
		return state_rule(fs->facts, x->file, &rule) ? rule : RULE_file_unreadable;
	case CAUSE_NOT_READ:
		return RULE_dir_limit;
	case CAUSE_EMPTY:
	case CAUSE_NO_CERTIFICATE:
	case CAUSE_POOL_EMPTY:
		return explain_content(fs, x);
	case CAUSE_FOREIGN_BLOCK:
		return foreign_rule(x->file);
	case CAUSE_MALFORMED:
	case CAUSE_PEER_MALFORMED:
		return malformed_rule(x);
	case CAUSE_KEY_MISSING:
		return key_file_rule(fs, x, RULE_key_missing);
	case CAUSE_KEY_NOT_REGULAR:
		return key_file_rule(fs, x, RULE_file_not_regular);
	case CAUSE_KEY_OWNER:
		return RULE_key_owner;
	case CAUSE_KEY_MODE:
		return RULE_key_mode;
	case CAUSE_KEY_UNREADABLE:
		return key_file_rule(fs, x, RULE_key_unreadable);
	case CAUSE_KEY_NOT_PEM:
		return RULE_key_not_pem;
	case CAUSE_KEY_NOT_FIRST:
		return RULE_key_not_first;
	case CAUSE_KEY_LABEL:
		return RULE_key_label;
	case CAUSE_KEY_ENCRYPTED:
		return RULE_key_encrypted;
	case CAUSE_KEY_UNSUPPORTED:
		return RULE_key_unsupported;
	case CAUSE_KEY_DAMAGED:
		return RULE_key_damaged;
	case CAUSE_KEY_MISMATCH:
		return mismatch_rule(fs, x);
	case CAUSE_KEY_TOO_SMALL:
		return small_rule(x);
	case CAUSE_KEY_TOO_LARGE:
		return RULE_key_too_large;
	case CAUSE_KEY_UNUSABLE:
		return unusable_rule(x);
	case CAUSE_TOO_LARGE:
		return RULE_cert_too_large;
	case CAUSE_CRITICAL_EXTENSION:
		return RULE_cert_critical_extension;
	case CAUSE_EXPIRED:
		return date_rule(x, RULE_validity_expired);
	case CAUSE_NOT_YET:
		return date_rule(x, RULE_validity_not_yet);
	case CAUSE_HOST:
		return explain_host(x);
	case CAUSE_UNKNOWN_AUTHORITY:
		return explain_authority(fs, o, x);
	case CAUSE_OTHER_KEY:
		return explain_other_key(fs, x, c);
	case CAUSE_WEAK_SIGNATURE:
		return RULE_chain_weak_signature;
	case CAUSE_UNKNOWN_SIGNATURE:
		return RULE_chain_unknown_signature;
	case CAUSE_NOT_A_CA:
	case CAUSE_NOT_A_CA_FILE:
		return RULE_chain_not_a_ca;
	case CAUSE_NAME_CONSTRAINT:
		return RULE_chain_name_constraint;
	case CAUSE_PATH_LENGTH:
		return RULE_chain_path_length;
	case CAUSE_SIGNATURE_LIMIT:
		return RULE_chain_search_limit;
	case CAUSE_POLICY:
		return RULE_chain_policy;
	case CAUSE_USAGE_SERVER:
		return usage_rule(x, c, OID_EKU_SERVER, RULE_usage_server);
	case CAUSE_USAGE_CLIENT:
		return usage_rule(x, c, OID_EKU_CLIENT, RULE_usage_client);
	case CAUSE_KEY_ID:
		return explain_key_id(fs, x, c);
	case CAUSE_SELF_SIGNED:
		return RULE_subject_equals_ca;
	case CAUSE_NOT_ANCHORED:
		return RULE_chain_intermediate_as_anchor;
	case CAUSE_WITHHELD:
		return explain_withheld(fs, x, c);
	case CAUSE_NONE_TO_SEND:
		return none_rule(fs, o, x);
	case CAUSE_PRINCIPAL:
		if (of_other_scope(fs->facts, x))
			return RULE_subject_scope;
		return of_list(fs->facts, x->step) ? RULE_subject_cn_not_allowed : RULE_subject_principal;
	case CAUSE_SCOPE:
		return RULE_subject_scope;
	case CAUSE_TENANT_OU:
		return RULE_subject_tenant_ou;
	case CAUSE_DN:
		return RULE_subject_dn_flag;
	case CAUSE_PEER_ADDRESS:
		return RULE_san_peer_address;
	}
	return RULE_dir_unjudged;
}
