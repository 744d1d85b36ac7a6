#include "show.h"

enum { PROOF = 1000 /* a scalar multiplication, in glances at a file */ };

/* Whether the numbers at hand leave it open that the key belongs to the certificate; the proof may cost a scalar
 * multiplication. */
static bool
may_own(const struct key *key, const struct spki *spki)
{
	if (key->type != spki->type || key->curve != spki->curve)
		return false;
	if (key->type == KEY_RSA)
		return slice_eq(key->modulus, spki->modulus);
	return key->point.n == 0 || slice_eq(key->point, spki->point);
}

static const struct spki *
leaf_key(const struct file *file)
{
	if (!file || !file->object || file->object->n_certs == 0 || !file->object->certs[0]->usable)
		return NULL;
	return &file->object->certs[0]->spki;
}

const char *
show_owner(const struct facts *facts, const struct file *file, size_t *effort)
{
	const struct key *key = object_key(facts->arena, file->object);
	const struct file *own = file->certificate ? file->certificate : file;

	if (key->flaw != KEY_SOUND)
		return NULL;
	if (leaf_key(own) && key_match(key, leaf_key(own)) == KEY_MATCHES)
		return own->name;
	for (size_t i = 0; i < facts->n_files; i++) {
		const struct spki *spki = leaf_key(&facts->files[i]);
		bool likely = spki && &facts->files[i] != own && may_own(key, spki);
		size_t cost = likely && key->type != KEY_RSA ? PROOF : 1;
		if (*effort < cost)
			return NULL;
		*effort -= cost;
		if (likely && key_match(key, spki) == KEY_MATCHES)
			return facts->files[i].name;
	}
	return NULL;
}
