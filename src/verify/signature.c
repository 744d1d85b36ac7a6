#include "crtlint/stack.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "signature.h"

/* One computed check. The certificates outlive the memory: both belong to the arena of the directory. */
struct made {
	const struct cert *child, *parent;
	uint64_t hash;
	enum signature_answer answer;
	struct made *next;
};

enum { BUCKETS = 256 };

struct signer { /* a public key that GnuTLS has taken, or not */
	uint8_t *raw; /* of its SubjectPublicKeyInfo */
	size_t n;
	uint64_t hash;
	gnutls_pubkey_t key;
	bool taken;
};

enum { SIGNERS = 16 };

struct signers {
	struct signer list[SIGNERS];
	unsigned next; /* the one that is replaced */
};

struct signatures {
	struct arena *arena;
	struct signers *signers;
	size_t made;
	struct made *buckets[BUCKETS];
};

static const gnutls_sign_algorithm_t algorithms[] = {
    [SIG_MD5_RSA] = GNUTLS_SIGN_RSA_MD5,
    [SIG_SHA1_RSA] = GNUTLS_SIGN_RSA_SHA1,
    [SIG_SHA224_RSA] = GNUTLS_SIGN_RSA_SHA224,
    [SIG_SHA256_RSA] = GNUTLS_SIGN_RSA_SHA256,
    [SIG_SHA384_RSA] = GNUTLS_SIGN_RSA_SHA384,
    [SIG_SHA512_RSA] = GNUTLS_SIGN_RSA_SHA512,
    [SIG_PSS_SHA256] = GNUTLS_SIGN_RSA_PSS_SHA256,
    [SIG_PSS_SHA384] = GNUTLS_SIGN_RSA_PSS_SHA384,
    [SIG_PSS_SHA512] = GNUTLS_SIGN_RSA_PSS_SHA512,
    [SIG_ECDSA_SHA1] = GNUTLS_SIGN_ECDSA_SHA1,
    [SIG_ECDSA_SHA224] = GNUTLS_SIGN_ECDSA_SHA224,
    [SIG_ECDSA_SHA256] = GNUTLS_SIGN_ECDSA_SHA256,
    [SIG_ECDSA_SHA384] = GNUTLS_SIGN_ECDSA_SHA384,
    [SIG_ECDSA_SHA512] = GNUTLS_SIGN_ECDSA_SHA512,
    [SIG_ED25519] = GNUTLS_SIGN_EDDSA_ED25519,
    [SIG_ED448] = GNUTLS_SIGN_EDDSA_ED448,
    [SIG_PSS_OTHER] = GNUTLS_SIGN_UNKNOWN,
};

static const struct {
	gnutls_ecc_curve_t curve;
	unsigned bytes;
} curves[] = {
    [CURVE_P224] = {GNUTLS_ECC_CURVE_SECP224R1, 28},
    [CURVE_P256] = {GNUTLS_ECC_CURVE_SECP256R1, 32},
    [CURVE_P384] = {GNUTLS_ECC_CURVE_SECP384R1, 48},
    [CURVE_P521] = {GNUTLS_ECC_CURVE_SECP521R1, 66},
    [CURVE_OTHER] = {GNUTLS_ECC_CURVE_INVALID, 0},
};

static gnutls_datum_t
datum(struct slice s)
{
	return (gnutls_datum_t){(unsigned char *)s.p, (unsigned)s.n};
}

static int
import_key(gnutls_pubkey_t key, const struct spki *spki)
{
	gnutls_datum_t first, second;

	switch (spki->type) {
	case KEY_RSA:
		first = datum(spki->modulus);
		second = datum(spki->exponent);
		return gnutls_pubkey_import_rsa_raw(key, &first, &second);
	case KEY_EC: {
		unsigned bytes = curves[spki->curve].bytes;

		if (bytes == 0 || spki->point.n != 1 + 2 * (size_t)bytes || spki->point.p[0] != 4)
			return GNUTLS_E_ECC_UNSUPPORTED_CURVE;
		first = datum((struct slice){spki->point.p + 1, bytes});
		second = datum((struct slice){spki->point.p + 1 + bytes, bytes});
		return gnutls_pubkey_import_ecc_raw(key, curves[spki->curve].curve, &first, &second);
	}
	case KEY_ED25519:
		first = datum(spki->point);
		return gnutls_pubkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_ED25519, &first, NULL);
	case KEY_ED448:
		if (spki->point.n != 57)
			return GNUTLS_E_ECC_UNSUPPORTED_CURVE;
		first = datum(spki->point);
		return gnutls_pubkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_ED448, &first, NULL);
	case KEY_UNKNOWN:
	case KEY_DSA:
	case KEY_RSA_PSS:
		break;
	}
	return GNUTLS_E_UNIMPLEMENTED_FEATURE;
}

enum key_type
signature_key_type(enum sig_algorithm sig)
{
	switch (sig) {
	case SIG_MD2_RSA:
	case SIG_MD5_RSA:
	case SIG_SHA1_RSA:
	case SIG_SHA224_RSA:
	case SIG_SHA256_RSA:
	case SIG_SHA384_RSA:
	case SIG_SHA512_RSA:
	case SIG_PSS_SHA256:
	case SIG_PSS_SHA384:
	case SIG_PSS_SHA512:
	case SIG_PSS_OTHER:
		return KEY_RSA;
	case SIG_DSA_SHA1:
	case SIG_DSA_SHA256:
		return KEY_DSA;
	case SIG_ECDSA_SHA1:
	case SIG_ECDSA_SHA224:
	case SIG_ECDSA_SHA256:
	case SIG_ECDSA_SHA384:
	case SIG_ECDSA_SHA512:
		return KEY_EC;
	case SIG_ED25519:
		return KEY_ED25519;
	case SIG_ED448:
		return KEY_ED448;
	case SIG_UNKNOWN:
		break;
	}
	return KEY_UNKNOWN;
}

/* One positive INTEGER in minimal DER at *p; NULL: it is none. */
static const uint8_t *
skip_integer(const uint8_t *p, const uint8_t *end)
{
	if (end - p < 3 || p[0] != 2 || p[1] > 0x7f || p[1] == 0 || end - p - 2 < p[1])
		return NULL;
	if (p[2] & 0x80 || (p[2] == 0 && p[1] > 1 && !(p[3] & 0x80)))
		return NULL;
	return p + 2 + p[1];
}

/* ECDSA-Sig-Value in strict DER (SEC 1 C.5): GnuTLS takes BER, Go and OpenSSL do not. */
static bool
ecdsa_strict(struct slice s)
{
	const uint8_t *p = s.p, *end = s.p + s.n;
	size_t length;

	if (s.n < 8 || p[0] != 0x30)
		return false;
	if (p[1] < 0x80) {
		length = p[1];
		p += 2;
	} else {
		if (p[1] != 0x81 || p[2] < 0x80)
			return false;
		length = p[2];
		p += 3;
	}
	if ((size_t)(end - p) != length)
		return false;
	p = skip_integer(p, end);
	if (p)
		p = skip_integer(p, end);
	return p == end;
}

/* Eight bytes at a time, as one at a time costs more than the certificate's parsing. */
static uint64_t
mix(uint64_t hash, struct slice s)
{
	size_t i = 0;

	for (uint64_t word; s.n - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	for (; i < s.n; i++)
		hash = (hash ^ s.p[i]) * 0x100000001b3;
	return hash;
}

static void
signer_drop(struct signer *s)
{
	if (s->key)
		gnutls_pubkey_deinit(s->key);
	free(s->raw);
	*s = (struct signer){.raw = NULL};
}

/* False: no memory, or no library. */
static bool
signer_make(struct signer *s, const struct spki *spki, uint64_t hash)
{
	*s = (struct signer){.raw = malloc(spki->raw.n), .n = spki->raw.n, .hash = hash};
	if (!s->raw || gnutls_pubkey_init(&s->key) != 0) {
		s->key = NULL;
		signer_drop(s);
		return false;
	}
	memcpy(s->raw, spki->raw.p, s->n);
	s->taken = import_key(s->key, spki) == 0;
	return true;
}

struct signers *
signers_new(void)
{
	return calloc(1, sizeof(struct signers));
}

void
signers_free(struct signers *s)
{
	for (unsigned i = 0; s && i < SIGNERS; i++)
		signer_drop(&s->list[i]);
	free(s);
}

/* own: where a key is held that nobody keeps. NULL: no memory. */
static const struct signer *
signer_of(struct signers *s, const struct spki *spki, struct signer *own)
{
	uint64_t hash = mix(0xcbf29ce484222325, spki->raw);
	struct signer *into = own;

	for (unsigned i = 0; s && i < SIGNERS; i++)
		if (s->list[i].hash == hash && slice_eq((struct slice){s->list[i].raw, s->list[i].n}, spki->raw))
			return &s->list[i];
	if (s) {
		into = &s->list[s->next++ % SIGNERS];
		signer_drop(into);
	}
	return signer_make(into, spki, hash) ? into : NULL;
}

static enum signature_answer
compute(struct signers *signers, const struct cert *child, const struct spki *parent)
{
	gnutls_sign_algorithm_t algorithm = (size_t)child->sig < sizeof(algorithms) / sizeof(*algorithms) ? algorithms[child->sig]
	                                                                                                  : GNUTLS_SIGN_UNKNOWN;
	gnutls_datum_t tbs = datum(child->tbs), signature = datum(child->signature);
	enum signature_answer answer = SIGNATURE_UNJUDGED;
	struct signer own = {.raw = NULL};
	int e;

	if (parent->type != KEY_UNKNOWN && parent->type != KEY_RSA_PSS && child->sig != SIG_UNKNOWN &&
	    parent->type != signature_key_type(child->sig))
		return SIGNATURE_BAD;
	if (algorithm == GNUTLS_SIGN_UNKNOWN)
		return SIGNATURE_UNJUDGED;
	if (parent->type == KEY_EC && !ecdsa_strict(child->signature))
		return SIGNATURE_BAD;
	/* RFC 8017 8.1.2 and 8.2.2, step 1: the signature has the length of the modulus. */
	if (parent->type == KEY_RSA && child->signature.n != parent->modulus.n)
		return SIGNATURE_BAD;
	/* OpenSSL's limit against keys that take seconds (rsa_ossl_public_decrypt); Go reads no such exponent. */
	if (parent->type == KEY_RSA && parent->exponent.n > 8 && parent->modulus.n > 384)
		return SIGNATURE_BAD;
	const struct signer *signer = signer_of(signers, parent, &own);
	if (signer && signer->taken) {
		e = gnutls_pubkey_verify_data2(signer->key, algorithm, GNUTLS_VERIFY_ALLOW_BROKEN, &tbs, &signature);
		if (e >= 0)
			answer = SIGNATURE_GOOD;
		else if (e != GNUTLS_E_INSUFFICIENT_SECURITY && e != GNUTLS_E_ECC_UNSUPPORTED_CURVE &&
		         e != GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM)
			answer = SIGNATURE_BAD;
	}
	signer_drop(&own);
	return answer;
}

static bool
same(const struct made *m, const struct cert *child, const struct cert *parent)
{
	return slice_eq(m->child->signature, child->signature) && m->child->sig == child->sig &&
	       slice_eq(m->child->sig_oid, child->sig_oid) && slice_eq(m->child->tbs, child->tbs) &&
	       slice_eq(m->parent->spki.raw, parent->spki.raw);
}

struct signatures *
signatures_with(struct arena *arena, struct signers *signers)
{
	struct signatures *s = arena_alloc(arena, sizeof(*s));

	s->arena = arena;
	s->signers = signers;
	return s;
}

struct signatures *
signatures_new(struct arena *arena)
{
	return signatures_with(arena, NULL);
}

size_t
signatures_made(const struct signatures *s)
{
	return s->made;
}

enum signature_answer
signature_check(struct signatures *s, const struct cert *child, const struct cert *parent)
{
	uint64_t hash = mix(mix(0xcbf29ce484222325, child->signature), parent->spki.raw);
	struct made **bucket = &s->buckets[(hash ^ hash >> 32) % BUCKETS];
	struct made *m;

	if (child->signature.n == 0 || child->tbs.n == 0 || parent->spki.raw.n == 0)
		return SIGNATURE_BAD;
	for (m = *bucket; m; m = m->next)
		if (m->hash == hash && same(m, child, parent))
			return m->answer;
	m = arena_alloc(s->arena, sizeof(*m));
	*m = (struct made){child, parent, hash, compute(s->signers, child, &parent->spki), *bucket};
	*bucket = m;
	s->made++;
	return m->answer;
}

bool
chain_signed_by(struct signatures *s, const struct cert *child, const struct cert *parent)
{
	return child->usable && parent->usable && signature_check(s, child, parent) == SIGNATURE_GOOD;
}
