#include "go.h"

#include "crtlint/text.h"

static bool
ends_in(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* X509KeyPair's first loop: what it says of a file without a CERTIFICATE block. */
static struct refusal
no_certificate(struct arena *arena, const struct object *o)
{
	struct buf list = {.arena = arena};

	if (o->pem.n == 0)
		return go_refuse(o->data.n ? CAUSE_NO_CERTIFICATE : CAUSE_EMPTY,
		    "tls: failed to find any PEM data in certificate input", NULL);
	if (o->pem.n == 1 && ends_in(o->pem.blocks[0].label, "PRIVATE KEY"))
		return go_refuse(CAUSE_NO_CERTIFICATE,
		    "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may "
		    "have "
		    "been switched",
		    NULL);
	for (size_t i = 0; i < o->pem.n; i++) {
		buf_add(&list, i ? " " : "");
		buf_bytes(&list, o->pem.blocks[i].label);
	}
	return go_refuse(CAUSE_NO_CERTIFICATE,
	    arena_printf(arena,
	        "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the "
	        "following types: [%s]",
	        buf_text(&list)),
	    NULL);
}

static struct refusal
bad_key(const struct key *key, const struct cert *leaf)
{
	enum cause cause = CAUSE_KEY_DAMAGED;

	switch (key->flaw) {
	case KEY_NOT_PEM:
	case KEY_CERTIFICATE:
	case KEY_OTHER_BLOCKS:
		cause = CAUSE_KEY_NOT_PEM;
		break;
	case KEY_ENCRYPTED:
		cause = CAUSE_KEY_ENCRYPTED;
		break;
	case KEY_UNSUPPORTED:
		cause = CAUSE_KEY_UNSUPPORTED;
		break;
	case KEY_DAMAGED:
	case KEY_SOUND:
		break;
	}
	return go_refuse(cause, key->go_error, leaf);
}

static struct refusal
match(const struct key *key, const struct cert *leaf)
{
	if (leaf->spki.type != KEY_RSA && leaf->spki.type != KEY_EC && leaf->spki.type != KEY_ED25519)
		return go_refuse(CAUSE_KEY_UNSUPPORTED, "tls: unknown public key algorithm", leaf);
	switch (key_match(key, &leaf->spki)) {
	case KEY_MATCHES:
		break;
	case KEY_DIFFERS:
		return go_refuse(CAUSE_KEY_MISMATCH, "tls: private key does not match public key", leaf);
	case KEY_OTHER_TYPE:
		return go_refuse(CAUSE_KEY_MISMATCH, "tls: private key type does not match public key type", leaf);
	case KEY_UNKNOWN_PUBLIC:
		return go_refuse(CAUSE_KEY_UNSUPPORTED, "tls: unknown public key algorithm", leaf);
	}
	return (struct refusal){0};
}

/* tls.X509KeyPair: PEM of both files first, then the leaf, then the key, then both together. */
struct refusal
go_pair(struct arena *arena, struct object *certs, struct object *key_file, unsigned go, struct certs *chain)
{
	const struct key *key = key_file ? object_key(arena, key_file) : NULL;

	(void)go;
	*chain = (struct certs){0};
	if (certs->n_certs == 0)
		return no_certificate(arena, certs);
	chain->list = arena_array(arena, certs->n_certs, sizeof(*chain->list));
	for (; chain->n < certs->n_certs; chain->n++)
		chain->list[chain->n] = certs->certs[chain->n];
	if (!key)
		return go_refuse(CAUSE_KEY_MISSING, "there is no key file", NULL);
	if (key->go_error && (key->flaw == KEY_NOT_PEM || key->flaw == KEY_CERTIFICATE || key->flaw == KEY_OTHER_BLOCKS))
		return bad_key(key, chain->list[0]);
	if (chain->list[0]->go_error)
		return go_refuse(CAUSE_MALFORMED, chain->list[0]->go_error, chain->list[0]);
	if (key->go_error)
		return bad_key(key, chain->list[0]);
	return match(key, chain->list[0]);
}

static bool
holds(const struct certs *pool, const struct cert *c)
{
	for (size_t i = 0; i < pool->n; i++)
		if (slice_eq(pool->list[i]->raw, c->raw))
			return true;
	return false;
}

/* CertPool.AppendCertsFromPEM: blocks with headers, other labels and what does not parse are passed over in silence. */
struct refusal
go_pool(struct arena *arena, struct object *o, unsigned go, struct certs *pool)
{
	size_t capacity = pool->n;
	bool ok = false;

	(void)go;
	for (size_t i = 0; i < o->n_certs; i++) {
		if (o->cert_blocks[i]->headers || o->certs[i]->go_error)
			continue;
		ok = true;
		if (holds(pool, o->certs[i]))
			continue;
		pool->list = arena_grow(arena, pool->list, pool->n, &capacity, sizeof(*pool->list));
		pool->list[pool->n++] = o->certs[i];
	}
	return ok ? (struct refusal){0} : go_refuse(CAUSE_POOL_EMPTY, "failed to parse PEM data to pool", NULL);
}
