/* Why an issuer is not found, or not the right one. */
#include "explain.h"

#include <string.h>

const struct cert *
explain_top(const struct file *file, const struct cert *c)
{
	const struct object *o = file ? file->object : NULL;

	for (size_t steps = 0; o && steps < o->n_certs && !cert_self_issued(c); steps++) {
		const struct cert *above = NULL;
		for (size_t i = 0; i < o->n_certs && !above; i++) {
			if (o->certs[i] != c && o->certs[i]->usable && slice_eq(o->certs[i]->subject.raw, c->issuer.raw))
				above = o->certs[i];
		}
		if (!above)
			break;
		c = above;
	}
	return c;
}

const struct seat *
explain_intermediate(struct findings *fs, const struct cert *top, const struct file *sent)
{
	struct seats s = look_subject(look_at(fs), top->issuer.raw);

	for (size_t i = 0; i < s.n; i++) {
		if (s.list[i]->file != sent && !cert_self_issued(s.list[i]->cert) && !look_no_issuer(s.list[i]->cert))
			return s.list[i];
	}
	return NULL;
}

const struct cert *
explain_twin(struct findings *fs, const struct file *trust, const struct cert *c)
{
	const struct object *o = trust ? trust->object : NULL;

	for (size_t i = 0; o && i < o->n_certs; i++) {
		const struct cert *ca = o->certs[i];
		if (ca->usable && !slice_eq(ca->subject.raw, c->issuer.raw) &&
		    look_same_name(fs->arena, &ca->subject, &c->issuer))
			return ca;
	}
	return NULL;
}

static bool
is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* An authority that calls itself an intermediate is none that a pool of roots would hold. Short words count only as words. */
static bool
called_intermediate(struct findings *fs, const struct name *n)
{
	static const char *const words[] = {
	    "intermediate", "issuing", "subordinate", "sub ca", "subca", "sub-ca", "int", "inter"};
	struct slice cn = name_cn(fs->arena, n);

	for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
		size_t len = strlen(words[w]);
		for (size_t i = 0; i + len <= cn.n; i++) {
			size_t k = 0;
			while (k < len && (is_letter(cn.p[i + k]) ? cn.p[i + k] | 0x20 : cn.p[i + k]) == words[w][k])
				k++;
			bool whole = (i == 0 || !is_letter(cn.p[i - 1])) && (i + len == cn.n || !is_letter(cn.p[i + len]));
			if (k == len && (whole || len > 6))
				return true;
		}
	}
	return false;
}

static bool
only_leaves(const struct file *trust)
{
	const struct object *o = trust ? trust->object : NULL;

	for (size_t i = 0; o && i < o->n_certs; i++) {
		if (!o->certs[i]->usable || !look_no_issuer(o->certs[i]))
			return false;
	}
	return o && o->n_certs > 0;
}

/* A listener with a CA of its own beside the one that everybody needs, whose certificate stands for no principal: a console, not a
 * peer. */
static bool
own_trust(const struct facts *f, const struct failure *x, const struct connection *c)
{
	bool general = false;

	if (!c || !c->serves || c->presents || !look_is_leaf(c->serves) || c->serves->row->principal || !x->trust ||
	    !x->trust->row || x->trust->row->required)
		return false;
	for (size_t i = 0; f->profile && i < f->profile->n_files; i++) {
		const struct file_row *row = &f->profile->files[i];
		general = general || (row->is == IS_CA && row->required && look_row_counts(f, row));
	}
	return general;
}

/* Whether the issuer may stand in the trusted file in a block that is not read: with headers, or damaged. */
static bool
issuer_lost(const struct file *trust, struct slice issuer, enum rule_id *rule)
{
	const struct object *o = trust ? trust->object : NULL;
	bool named = false;

	for (size_t i = 0; o && i < o->n_certs; i++) {
		if (!o->certs[i]->usable || !slice_eq(o->certs[i]->subject.raw, issuer))
			continue;
		named = true;
		if (o->cert_blocks && o->cert_blocks[i]->headers > 0) {
			*rule = RULE_pem_headers;
			return true;
		}
	}
	*rule = RULE_pem_block_ignored;
	return o && !named && o->pem.skipped > 0 && o->n_certs > 0;
}

enum rule_id
explain_authority(struct findings *fs, const struct outcome *o, const struct failure *x)
{
	enum rule_id lost;
	const struct connection *c = facts_connection(o);
	const char *missing = culprit_missing(fs, o);

	if (missing)
		return explain_missing(fs, missing);
	if (!x->cert)
		return RULE_chain_unknown_authority;

	struct culprit b = culprit_cert(fs, x);
	const struct cert *top = explain_top(b.file, x->cert);
	if (x->trust && x->trust->object && x->trust->object->n_certs == 0) {
		struct failure empty = {.file = x->trust};
		return explain_content(fs, &empty);
	}
	if (issuer_lost(x->trust, top->issuer.raw, &lost))
		return lost;
	if (only_leaves(x->trust))
		return RULE_chain_leaf_as_anchor;
	if (explain_twin(fs, x->trust, top))
		return RULE_subject_encoding;
	if (own_trust(fs->facts, x, c))
		return RULE_trust_ui;
	if (cert_self_issued(top))
		return RULE_chain_unknown_authority;
	if (explain_intermediate(fs, top, b.file) || called_intermediate(fs, &top->issuer))
		return RULE_chain_missing_intermediate;
	return RULE_chain_unknown_authority;
}

/* The listener's own certificate, presented by the dialer too, which the listener refuses: it comes from another CA file than the one for
 * clients, and the two authorities have one name. */
static bool
split_twins(struct findings *fs, const struct failure *x, const struct connection *c)
{
	if (!c || !c->presents || c->presents != c->serves || !x->cert || !fs->facts->signatures || !x->trust ||
	    x->error != c->server_error || x->error == c->client_error)
		return false;
	struct seats s = look_subject(look_at(fs), x->cert->issuer.raw);
	for (size_t i = 0; i < s.n; i++) {
		if (look_is_ca(s.list[i]->file) && s.list[i]->file != x->trust &&
		    chain_signed_by(fs->facts->signatures, x->cert, s.list[i]->cert))
			return true;
	}
	return false;
}

enum rule_id
explain_other_key(struct findings *fs, const struct failure *x, const struct connection *c)
{
	const struct cert *child = x->cert, *parent = x->parent;

	/* The parent's own signature proves that its key identifier is the one that goes with its key. */
	if (child && parent && child->aki.n > 0 && slice_eq(child->aki, parent->ski) && fs->facts->signatures &&
	    chain_signed_by(fs->facts->signatures, parent, parent) && !chain_signed_by(fs->facts->signatures, child, parent))
		return RULE_chain_bad_signature;
	if (split_twins(fs, x, c))
		return RULE_trust_split_ca;
	return own_trust(fs->facts, x, c) ? RULE_trust_ui : RULE_chain_other_key;
}

/* Key identifiers that differ are the cause only where the CA did sign; else they are one more sign of another key. */
enum rule_id
explain_key_id(struct findings *fs, const struct failure *x, const struct connection *c)
{
	const struct object *o = x->trust ? x->trust->object : NULL;

	for (size_t i = 0; o && x->cert && fs->facts->signatures && i < o->n_certs; i++) {
		if (o->certs[i]->usable && chain_signed_by(fs->facts->signatures, x->cert, o->certs[i]))
			return RULE_chain_key_id;
	}
	return o && x->cert ? explain_other_key(fs, x, c) : RULE_chain_key_id;
}

enum rule_id
explain_withheld(struct findings *fs, const struct failure *x, const struct connection *c)
{
	const struct file *file = c ? c->presents : NULL;
	enum rule_id lost;

	if (file && file->object && file->object->n_certs > 0 && file->object->certs[0]->usable &&
	    issuer_lost(x->trust, explain_top(file, file->object->certs[0])->issuer.raw, &lost))
		return lost;
	if (only_leaves(x->trust))
		return RULE_chain_leaf_as_anchor;
	if (!file || file != c->serves || !file->object || file->object->n_certs == 0 || !file->object->certs[0]->usable)
		return RULE_trust_certificate_withheld;

	/* The dialer has nothing but the listener's own certificate, and that comes from another CA file. */
	struct seats s = look_subject(look_at(fs), explain_top(file, file->object->certs[0])->issuer.raw);
	for (size_t i = 0; i < s.n; i++) {
		if (look_is_ca(s.list[i]->file) && s.list[i]->file != x->trust && x->trust)
			return RULE_trust_split_ca;
	}
	return RULE_trust_certificate_withheld;
}
