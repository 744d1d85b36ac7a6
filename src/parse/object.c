#include "crtlint/object.h"

#include "crtlint/version.h"

/*
 * Go 1.25.2 and 1.24.8 read PEM anew for a security fix, 1.25.4 and 1.24.10 mended that (golang/go issues 75950, 76027). Only a
 * release named to the patch is taken to have those rules: the old ones are what most builds in use have, and sound files
 * read alike.
 */
static enum pem_dialect
dialect(unsigned go)
{
	unsigned fix = go >= GO(25, 0) ? GO(25, 2) : GO(24, 8);

	if (go < fix || go % 100 == 99)
		return PEM_GO;
	return go < fix + 2 ? PEM_GO_1253 : PEM_GO_1254;
}

/* A trusted certificate (OpenSSL's X509_AUX) is the certificate and then what its owner trusts it for. */
static struct slice
first_element(struct slice der)
{
	size_t bytes, length = 0;

	if (der.n < 2 || der.p[1] < 0x80)
		return der.n >= 2 && der.p[1] + (size_t)2 <= der.n ? (struct slice){der.p, der.p[1] + (size_t)2} : der;
	bytes = der.p[1] & 0x7f;
	if (bytes > 3 || bytes + 2 > der.n)
		return der;
	for (size_t i = 0; i < bytes; i++)
		length = length << 8 | der.p[2 + i];
	return length <= der.n - 2 - bytes ? (struct slice){der.p, 2 + bytes + length} : der;
}

static struct object *
collect(struct arena *arena, struct slice data, unsigned go, enum pem_dialect how)
{
	struct object *o = arena_alloc(arena, sizeof(*o));
	size_t capacity = 0, blocks = 0;

	o->data = data;
	o->go = go;
	o->pem = pem_scan(arena, data, how);
	for (size_t i = 0; i < o->pem.n; i++) {
		const struct pem_block *b = &o->pem.blocks[i];
		struct slice der = b->der;
		bool trusted = how == PEM_OPENSSL && slice_is(b->label, "TRUSTED CERTIFICATE");

		if (!slice_is(b->label, "CERTIFICATE") && !trusted &&
		    !(how == PEM_OPENSSL && slice_is(b->label, "X509 CERTIFICATE"))) {
			o->n_foreign++;
			continue;
		}
		if (trusted)
			der = first_element(der);
		o->certs = arena_grow(arena, o->certs, o->n_certs, &capacity, sizeof(*o->certs));
		o->cert_blocks = arena_grow(arena, o->cert_blocks, o->n_certs, &blocks, sizeof(*o->cert_blocks));
		o->certs[o->n_certs] = cert_parse(arena, der, go);
		o->cert_blocks[o->n_certs++] = b;
	}
	return o;
}

struct object *
object_parse(struct arena *arena, struct slice data, unsigned go)
{
	return collect(arena, data, go, dialect(go));
}

const struct key *
object_key(struct arena *arena, struct object *o)
{
	if (!o->key)
		o->key = key_parse_stand_in(arena, &o->pem, o->go, o->stand_in);
	return o->key;
}

/* The block that object_key() is about. */
static const struct pem_block *
key_block_of(const struct object *o)
{
	for (size_t i = 0; i < o->pem.n; i++)
		if (key_is_private(o->pem.blocks[i].label))
			return &o->pem.blocks[i];
	return NULL;
}

const struct key *
object_opened(struct arena *arena, struct object *o)
{
	const struct key *key = object_key(arena, o);

	if (o->tried || key->flaw != KEY_ENCRYPTED)
		return o->opened;
	o->tried = true;
	o->opened = key->substituted ? key_opened_stand_in(arena, key, o->go, o->stand_in)
	                             : key_opened(arena, key_block_of(o), o->go);
	return o->opened;
}

bool
object_holds_key(const struct object *o)
{
	return key_block_of(o) != NULL;
}

struct object *
object_openssl(struct arena *arena, struct object *o)
{
	if (!o->openssl) {
		o->openssl = collect(arena, o->data, o->go, PEM_OPENSSL);
		o->openssl->stand_in = o->stand_in;
	}
	return o->openssl;
}
