/*
 * Rows that go by content: what a file holds says what it is, and a key belongs to the certificate whose public key it has. For
 * directories whose names say nothing.
 */
#include "model.h"

#include <string.h>

enum { MATCHES_MAX = 4000 }; /* of a key with a certificate; each may cost a point on a curve */

static bool
is_usable(const struct file *f)
{
	return f->object && f->object->n_certs && f->object->certs[0]->usable;
}

/* One row of files becomes one for each file, of the kind that the file is. */
static const struct file_row *
variant(struct arena *a, const struct file_row *row, enum file_is is)
{
	struct file_row *out = arena_alloc(a, sizeof(*out));
	*out = *row;
	out->is = is;
	out->role = is == IS_CA ? "CA" : "Certificate";
	out->key = "";
	return out;
}

void
content_rows(struct model *m)
{
	for (size_t i = 0; i < m->facts->n_files; i++) {
		struct file *f = &m->facts->files[i];
		if (!f->row || f->row->is != IS_BY_CONTENT)
			continue;
		if (f->entry->link == LINK_OUTSIDE && !f->object) { /* not read: there, and nothing is claimed of it */
			f->row = variant(m->arena, f->row, IS_CERTIFICATE);
			f->role = f->row->role;
			continue;
		}
		if (!is_usable(f)) { /* a key, or nothing that counts here */
			f->row = NULL;
			f->role = f->capture = NULL;
			f->binds.n = 0;
			continue;
		}
		f->row = variant(m->arena, f->row, f->object->certs[0]->is_ca ? IS_CA : IS_CERTIFICATE);
		f->role = f->row->role;
	}
}

static bool
belongs(struct model *m, const struct file *key, const struct file *f, size_t *left)
{
	const struct key *k = key->object && object_holds_key(key->object) ? object_key(m->arena, key->object) : NULL;
	if (!k || k->flaw != KEY_SOUND || !*left)
		return false;
	(*left)--;
	return key_match(k, &f->object->certs[0]->spki) == KEY_MATCHES;
}

static bool
same_stem(struct arena *a, const struct file *key, const struct file *f)
{
	const char *x = name_stem(a, (const char *)key->entry->raw.p), *y = name_stem(a, (const char *)f->entry->raw.p);
	size_t n = strlen(y);
	return strncmp(x, y, n) == 0 && (x[n] == '\0' || strcmp(x + n, "-key") == 0 || strcmp(x + n, "_key") == 0);
}

static void
pair(struct file *f, struct file *key, struct arena *a)
{
	f->key = key;
	f->key_name = key->name;
	f->key_path = key->path;
	if (key->certificate)
		return;
	key->certificate = f;
	key->key_row = f->row;
	if (key != f && !key->row)
		key->role = arena_printf(a, "%s key", f->role);
}

/* By content; where no key fits, by name, so that the one that was meant can be named. */
void
content_pairs(struct model *m)
{
	struct facts *facts = m->facts;
	size_t left = MATCHES_MAX;
	for (size_t i = 0; i < facts->n_files; i++) {
		struct file *f = &facts->files[i], *found = NULL, *named = NULL;
		if (!f->row || !is_usable(f) || (f->row->is != IS_CERTIFICATE && f->row->is != IS_CA) || f->key_name)
			continue;
		if (belongs(m, f, f, &left))
			found = f;
		for (size_t k = 0; k < facts->n_files && !found; k++) {
			struct file *key = &facts->files[k];
			if (!key->object || !object_holds_key(key->object))
				continue;
			if (!named && key != f && same_stem(m->arena, key, f) && f->row->is == IS_CERTIFICATE)
				named = key;
			if (belongs(m, key, f, &left))
				found = key;
		}
		if (found || named)
			pair(f, found ? found : named, m->arena);
	}
}

/* Whether a certificate found by its content may be a server's. */
bool
content_serves(const struct file *f)
{
	const struct cert *c = is_usable(f) ? f->object->certs[0] : NULL;
	static const char any[] = "\x55\x1d\x25"; /* anyExtendedKeyUsage, 2.5.29.37.0, ends in a zero byte */
	if (!c || c->n_eku == 0)
		return c != NULL;
	for (size_t i = 0; i < c->n_eku; i++)
		if (c->eku[i].n == 4 && memcmp(c->eku[i].p, any, 4) == 0)
			return true;
	return cert_has_eku(c, OID_EKU_SERVER);
}
