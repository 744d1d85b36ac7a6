/*
 * The checks of keys: those that a row asks of a file's key (`key-must`), and whether it goes with the certificate.
 */
#include "model.h"

#include <errno.h>
#include <string.h>

#include "crtlint/stack.h"

static struct failure
fail(struct scope *s, const struct file *f, enum cause cause, const char *error)
{
	scope_give(s, "error", error);
	return failure_at(f, cause, error);
}

/* The first block is no usable key: is there one behind it? */
static enum cause
first_cause(const struct object *o, enum cause otherwise)
{
	return object_holds_key(o) && !key_is_private(o->pem.blocks[0].label) ? CAUSE_KEY_NOT_FIRST : otherwise;
}

static const char *
mode_words(struct arena *a, uint32_t mode)
{
	char out[11] = "-rwxrwxrwx";
	for (unsigned bit = 0; bit < 9; bit++)
		if (!(mode & (0400u >> bit)))
			out[1 + bit] = '-';
	return arena_strdup(a, out);
}

/* Of programs that decode a key file's first PEM block and look at no other: what is wrong with it alone. */
static struct refusal
by_first_block(struct scope *s, const struct file *f)
{
	struct object first = *f->key->object;
	struct certs chain;

	first.pem.n = 1;
	first.key = NULL;
	struct refusal r = scope_stack(s)->pair(s->m->arena, f->object, &first, s->m->facts->go, &chain);
	if (r.cause == CAUSE_KEY_NOT_PEM)
		r.cause = first_cause(f->key->object, r.cause);
	return r;
}

struct failure
check_key_pair(struct scope *s, const struct file *f, bool first_block)
{
	const struct pair *pair = pair_of(s->m, f, scope_stack(s));
	if (pair->refusal.cause == CAUSE_KEY_NOT_REGULAR && f->key->entry->type == ENTRY_FIFO)
		return fail(s, f->key, CAUSE_FIFO, pair->refusal.error);
	struct refusal r = pair->refusal;
	if (first_block && f->object && f->readable && f->key && f->key->readable && f->key->object && f->key->object->pem.n > 1)
		r = by_first_block(s, f);
	if (r.cause == CAUSE_NONE || r.cause == CAUSE_UNJUDGED)
		return (struct failure){0};
	struct failure out = fail(s, f, r.cause, r.error);
	out.cert = r.cert;
	if (r.cause >= CAUSE_KEY_MISSING && r.cause <= CAUSE_KEY_DAMAGED)
		out.name = f->key_name ? f->key_name : f->name;
	return out;
}

/* The first row that fits the key's owner decides how open its mode may be. */
static const struct key_mode *
mode_row(struct scope *s, const struct entry *e)
{
	const struct profile *p = s->m->profile;
	const struct identity *who = &s->m->facts->run_as;
	for (size_t i = 0; i < p->n_key_modes; i++) {
		const struct key_mode *row = &p->key_modes[i];
		if (!gate_open(s, &row->gate) || (row->peers.n && !peer_named(s, &row->peers, s->peer ? s->peer : s->from)))
			continue;
		if (row->owner && e->uid != (strcmp(row->owner, "root") == 0 ? 0 : who->uid))
			continue;
		if (row->group && e->gid != who->gid)
			continue;
		return row;
	}
	return NULL;
}

static struct failure
check_parse(struct scope *s, const struct file *key)
{
	static const enum cause causes[] = {[KEY_SOUND] = CAUSE_NONE,
	    [KEY_NOT_PEM] = CAUSE_KEY_NOT_PEM,
	    [KEY_CERTIFICATE] = CAUSE_KEY_NOT_PEM,
	    [KEY_OTHER_BLOCKS] = CAUSE_KEY_NOT_PEM,
	    [KEY_ENCRYPTED] = CAUSE_KEY_ENCRYPTED,
	    [KEY_UNSUPPORTED] = CAUSE_KEY_UNSUPPORTED,
	    [KEY_DAMAGED] = CAUSE_KEY_DAMAGED};
	const struct key *k = key->object ? object_key(s->m->arena, key->object) : NULL;
	if (!k || k->flaw == KEY_SOUND)
		return (struct failure){0};
	return fail(s, key, causes[k->flaw], k->go_error ? k->go_error : "not a private key that can be used");
}

/* x509.IsEncryptedPEMBlock, by which some programs tell that they need a passphrase; of the first block alone. */
static struct failure
check_unlocked(struct scope *s, const struct file *key)
{
	const struct object *o = key->object;
	if (!o || o->pem.n == 0 || !o->pem.blocks[0].cipher)
		return (struct failure){0};
	return fail(s, key, first_cause(o, CAUSE_KEY_ENCRYPTED), "the key is encrypted");
}

struct failure
check_key(struct scope *s, const struct step *step, const struct file *f)
{
	const struct file *key = f->key;
	struct failure out = {0};
	const struct key_mode *row;
	if (!key || key->entry->type == ENTRY_NOTHING) {
		if (step->check != CHECK_EXIST)
			return out;
		const char *words = errno_of(scope_stack(s), key ? check_errno(key->entry) : ENOENT);
		scope_give(s, "errno", words);
		out = fail(
		    s, f, CAUSE_KEY_MISSING, arena_printf(s->m->arena, "open %s: %s", file_path(s->m, f->key_name), words));
		out.name = f->key_name;
		return out;
	}
	switch (step->check) {
	case CHECK_BE_REGULAR:
		if (key->entry->type != ENTRY_FILE)
			out = fail(s, key, CAUSE_KEY_NOT_REGULAR, "not a regular file");
		return out;
	case CHECK_BE_OWNED:
		if (!mode_row(s, key->entry))
			out = fail(s, key, CAUSE_KEY_OWNER, "wrong owner");
		return out;
	case CHECK_BE_PRIVATE:
		row = mode_row(s, key->entry);
		if (row && (key->entry->mode & 0777 & ~row->at_most)) {
			scope_give(s, "mode", mode_words(s->m->arena, key->entry->mode));
			scope_give(s, "at-most", mode_words(s->m->arena, row->at_most));
			out = fail(s, key, CAUSE_KEY_MODE, "mode too open");
			out.detail = mode_words(s->m->arena, row->at_most);
		}
		return out;
	case CHECK_BE_READABLE:
		return check_readable(s, key, CAUSE_KEY_UNREADABLE);
	case CHECK_NOT_BE_EMPTY:
		return check_not_empty(s, key);
	case CHECK_PARSE:
		return check_parse(s, key);
	case CHECK_HOLD_PEM:
		return key->object && key->object->pem.n == 0 ? fail(s, key, CAUSE_KEY_NOT_PEM, "no PEM block") : out;
	case CHECK_BE_UNLOCKED:
		return check_unlocked(s, key);
	case CHECK_BE_OF_ITS_KIND:
		if (!f->object || !f->object->n_certs || !key->object ||
		    object_key(s->m->arena, key->object)->flaw != KEY_SOUND ||
		    key_match(object_key(s->m->arena, key->object), &f->object->certs[0]->spki) != KEY_OTHER_TYPE)
			return out;
		return check_key_pair(s, f, false);
	default: /* the binder lets no other check through */
		return out;
	}
}
