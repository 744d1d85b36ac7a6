#include "openssl.h"

/* The loaders of files: ssl_rsa.c and pem_lib.c of OpenSSL 3.0, and what gRPC core makes of the same calls (ssl_transport_security.cc). */

static struct refusal
refuse(enum cause cause, const char *error, const struct cert *c)
{
	return (struct refusal){.cause = cause, .error = error, .cert = c};
}

/* decode_pem2der.c: the label says which decoders are asked. */
static bool
label_fits(const struct key *key)
{
	if (slice_is(key->label, "RSA PRIVATE KEY"))
		return key->type == KEY_RSA;
	if (slice_is(key->label, "EC PRIVATE KEY"))
		return key->type == KEY_EC;
	return key->form == KEY_FORM_PKCS8 &&
	       (slice_is(key->label, "PRIVATE KEY") || slice_is(key->label, "ENCRYPTED PRIVATE KEY"));
}

static struct refusal
key_refusal(const struct key *key, const struct cert *leaf, enum openssl_kind kind)
{
	static const char invalid[] = "Invalid private key.";
	bool grpc = kind == OPENSSL_GRPC;

	switch (key->flaw) {
	case KEY_NOT_PEM:
	case KEY_CERTIFICATE:
	case KEY_OTHER_BLOCKS:
		return refuse(CAUSE_KEY_NOT_PEM, grpc ? invalid : "unsupported", leaf);
	case KEY_ENCRYPTED:
		return refuse(CAUSE_KEY_ENCRYPTED, grpc ? invalid : "processing error", leaf);
	case KEY_UNSUPPORTED:
		return refuse(CAUSE_UNJUDGED, "OpenSSL may take a private key of this kind, which crtlint does not read", leaf);
	case KEY_DAMAGED:
		return refuse(CAUSE_UNJUDGED, "OpenSSL may take a damaged private key that Go refuses", leaf);
	case KEY_SOUND:
		break;
	}
	if (key->label.n > 0 && !label_fits(key))
		return refuse(CAUSE_KEY_LABEL, grpc ? invalid : "unsupported", leaf);
	if (key->lax)
		return refuse(CAUSE_KEY_DAMAGED, grpc ? invalid : "unsupported", leaf);
	/* The public point that the key carries is the one compared, and must lie on the curve. */
	if (key->type == KEY_EC && key->point.n > 0 && key_match(key, &leaf->spki) == KEY_MATCHES &&
	    !slice_eq(key->point, leaf->spki.point))
		return refuse(CAUSE_KEY_DAMAGED, grpc ? invalid : "unsupported", leaf);
	switch (key_match(key, &leaf->spki)) {
	case KEY_MATCHES:
	case KEY_UNKNOWN_PUBLIC:
		break;
	case KEY_DIFFERS:
		return refuse(CAUSE_KEY_MISMATCH, grpc ? invalid : "key values mismatch", leaf);
	case KEY_OTHER_TYPE:
		return refuse(CAUSE_KEY_MISMATCH, grpc ? invalid : "no certificate assigned", leaf);
	}
	return (struct refusal){0};
}

/* OpenSSL's decoders try a block by what it holds: a private key may go by the label of a public one. */
static struct refusal
hidden_key(struct arena *arena, const struct object *o, const struct key *key, const struct cert *leaf)
{
	for (size_t i = 0; key->flaw == KEY_OTHER_BLOCKS && i < o->pem.n; i++)
		if (key_block(arena, &o->pem.blocks[i], o->go)->flaw == KEY_SOUND)
			return refuse(CAUSE_UNJUDGED, "OpenSSL may take a private key whose label is not of its kind", leaf);
	return (struct refusal){0};
}

/* The first certificate of a file may have, behind it, what it is trusted for (PEM_read_bio_X509_AUX); others may have anything. */
static bool
readable(const struct object *o, size_t i, bool aux)
{
	const struct cert *c = o->certs[i];
	const struct pem_block *b = o->cert_blocks[i];

	if (!openssl_read_takes(c) || b->headers > 0)
		return false;
	return !aux || b->der.n <= c->raw.n || b->der.p[c->raw.n] == 0x30;
}

static bool
trusted_label(const struct object *o, size_t i)
{
	return slice_is(o->cert_blocks[i]->label, "TRUSTED CERTIFICATE");
}

static const char *
level_error(enum openssl_error e)
{
	return e == OPENSSL_EE_KEY ? "ee key too small" : e == OPENSSL_CA_KEY ? "ca key too small" : "ca md too weak";
}

/* ssl_security_cert: the security level, asked while loading; gRPC adds its further certificates without being asked. */
static struct refusal
check_levels(struct arena *arena, const struct certs *chain, bool grpc)
{
	size_t n = grpc ? 1 : chain->n;
	struct refusal later = {0};

	for (size_t i = 0; i < n; i++) {
		const struct cert *c = chain->list[i];
		bool top = openssl_self_signed(arena, c);
		enum openssl_error e = openssl_level(c, i == 0, top, 1);

		if (e)
			return refuse(e == OPENSSL_CA_MD ? CAUSE_WEAK_SIGNATURE : CAUSE_KEY_TOO_SMALL,
			    grpc ? "Invalid cert chain file." : level_error(e), c);
		if (!later.cause && openssl_level(c, i == 0, top, 2))
			later = refuse(CAUSE_UNJUDGED, openssl_level_matters, c);
	}
	return later;
}

/* The certificate without what stands behind it in its block: that is not sent. */
static const struct cert *
alone(struct arena *arena, const struct object *o, size_t i)
{
	const struct cert *c = o->certs[i];

	return o->cert_blocks[i]->der.n > c->raw.n ? cert_parse(arena, c->raw, o->go) : c;
}

/* SSL_CTX_use_certificate_chain_file; ssl_ctx_use_certificate_chain, which takes what stands before a broken certificate. */
static struct refusal
read_chain(struct arena *arena, struct object *certs, struct certs *chain, bool grpc)
{
	static const char invalid[] = "Invalid cert chain file.";

	if (certs->n_certs == 0)
		return refuse(certs->data.n ? CAUSE_NO_CERTIFICATE : CAUSE_EMPTY, grpc ? invalid : "no start line", NULL);
	for (size_t i = 0; i < certs->n_certs; i++) {
		if (i > 0 && trusted_label(certs, i))
			continue;
		if (!readable(certs, i, i == 0)) {
			if (grpc && i > 0)
				return (struct refusal){0};
			return refuse(CAUSE_MALFORMED, grpc ? invalid : "ASN.1 lib", certs->certs[i]);
		}
		chain->list[chain->n++] = alone(arena, certs, i);
	}
	if (certs->pem.broken && !grpc)
		return refuse(CAUSE_MALFORMED, "PEM lib", NULL);
	if (!grpc && !openssl_extensions_valid(chain->list[0]))
		return refuse(CAUSE_MALFORMED, "invalid certificate", chain->list[0]);
	return (struct refusal){0};
}

struct refusal
openssl_load_pair(struct arena *arena, struct object *file, struct object *key_file, struct certs *chain, enum openssl_kind kind)
{
	struct object *certs = object_openssl(arena, file);
	struct refusal r, levels;
	const struct key *key;

	*chain = (struct certs){arena_array(arena, certs->n_certs, sizeof(*chain->list)), 0};
	r = read_chain(arena, certs, chain, kind == OPENSSL_GRPC);
	if (r.cause)
		return r;
	levels = check_levels(arena, chain, kind == OPENSSL_GRPC);
	if (levels.cause && levels.cause != CAUSE_UNJUDGED)
		return levels;
	if (!key_file)
		return refuse(CAUSE_KEY_MISSING, "there is no key file", NULL);
	key = object_key(arena, key_file);
	/* It gives an empty passphrase (ssl_transport_security.cc); the others ask on the terminal. */
	if (key->flaw == KEY_ENCRYPTED && kind == OPENSSL_GRPC && object_opened(arena, key_file))
		key = object_opened(arena, key_file);
	if (kind == OPENSSL_LIBPQ && key->flaw == KEY_NOT_PEM) { /* fe-secure-openssl.c, initialize_SSL: PEM, else DER */
		const struct key *der = key_parse_der(arena, key_file->data, key_file->go);
		key = der->flaw == KEY_SOUND ? der : key;
	}
	r = hidden_key(arena, key_file, key, chain->list[0]);
	if (r.cause == CAUSE_NONE)
		r = key_refusal(key, chain->list[0], kind);
	if (r.cause)
		return r;
	if (kind == OPENSSL_GRPC && trusted_label(certs, 0))
		return refuse(CAUSE_UNJUDGED,
		    "gRPC refuses the label TRUSTED CERTIFICATE when it listens and takes it when it dials", chain->list[0]);
	return levels;
}

static bool
key_label(struct slice label)
{
	return label.n >= 11 && memcmp(label.p + label.n - 11, "PRIVATE KEY", 11) == 0;
}

/* PEM_X509_INFO_read_bio reads keys and lists of revoked certificates too, and fails with them. */
static struct refusal
check_others(struct arena *arena, struct object *file, const struct object *o)
{
	size_t keys = 0;

	for (size_t i = 0; i < o->pem.n; i++) {
		if (slice_is(o->pem.blocks[i].label, "X509 CRL"))
			return refuse(CAUSE_UNJUDGED,
			    "the file holds a revocation list, and OpenSSL takes the file if it takes the list", NULL);
		keys += key_label(o->pem.blocks[i].label);
	}
	if (keys > 1 || (keys == 1 && object_key(arena, file)->flaw != KEY_SOUND))
		return refuse(
		    CAUSE_UNJUDGED, "the file holds a private key, and OpenSSL takes the file if it takes the key", NULL);
	return (struct refusal){0};
}

struct refusal
openssl_load_pool(struct arena *arena, struct object *file, struct certs *out, enum openssl_kind kind)
{
	struct object *o = object_openssl(arena, file);
	bool grpc = kind == OPENSSL_GRPC;
	size_t capacity = out->n, before = out->n;
	struct refusal others = {0};

	for (size_t i = 0; i < o->n_certs; i++) {
		if (!readable(o, i, grpc || trusted_label(o, i))) {
			if (grpc)
				break;
			return refuse(CAUSE_MALFORMED, "ASN.1 lib", o->certs[i]);
		}
		out->list = arena_grow(arena, out->list, out->n, &capacity, sizeof(*out->list));
		out->list[out->n++] = alone(arena, o, i);
	}
	if (!grpc && o->pem.broken)
		return refuse(CAUSE_MALFORMED, "PEM lib", NULL);
	if (!grpc)
		others = check_others(arena, file, o);
	if (out->n > before || others.cause)
		return others;
	return refuse(CAUSE_POOL_EMPTY, grpc ? "Could not load any root certificate." : "no certificate or crl found", NULL);
}
