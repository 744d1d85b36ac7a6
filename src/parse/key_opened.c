/* Keys that are encrypted with an empty passphrase: some programs give one where nobody gave them any. */
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "crtlint/key.h"
#include "key_facts.h"
#include "key_read.h"
#include "wipe.h"

enum { SALT = 8, MD5 = 16, KEY_MAX = 32, IV_MAX = 16, ROUNDS_MAX = 1000000 };

static const struct cipher {
	const char *name;
	gnutls_cipher_algorithm_t algorithm;
	unsigned key, iv; /* bytes */
} ciphers[] = {
    {"AES-128-CBC", GNUTLS_CIPHER_AES_128_CBC, 16, 16},
    {"AES-192-CBC", GNUTLS_CIPHER_AES_192_CBC, 24, 16},
    {"AES-256-CBC", GNUTLS_CIPHER_AES_256_CBC, 32, 16},
    {"DES-EDE3-CBC", GNUTLS_CIPHER_3DES_CBC, 24, 8},
};

static int
digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "AES-128-CBC,0123...": the cipher and its IV; NULL: another one, or no such thing. */
static const struct cipher *
read_dek(struct slice dek, uint8_t *iv)
{
	const struct cipher *c = NULL;
	struct slice name = slice_cut(&dek, ',');

	for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++)
		if (slice_is(name, ciphers[i].name))
			c = &ciphers[i];
	if (!c || dek.n < 2 * c->iv)
		return NULL;
	for (unsigned i = 0; i < c->iv; i++) {
		int high = digit(dek.p[2 * i]), low = digit(dek.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return NULL;
		iv[i] = (uint8_t)(high << 4 | low);
	}
	return c;
}

/* EVP_BytesToKey with MD5, one round and no passphrase: each digest is of the one before and the salt, which is the IV's beginning. */
static bool
derive(const uint8_t *salt, uint8_t *key, unsigned n)
{
	uint8_t block[MD5 + SALT];
	unsigned have = 0, before = 0;

	while (have < n) {
		memcpy(block + before, salt, SALT);
		if (gnutls_hash_fast(GNUTLS_DIG_MD5, block, before + SALT, block) < 0)
			return false;
		before = MD5;
		for (unsigned i = 0; i < MD5 && have < n; i++)
			key[have++] = block[i];
	}
	return true;
}

/* RFC 1421 as OpenSSL does it; what is behind the padding does not count. */
static struct slice
open_block(struct arena *arena, const struct pem_block *b)
{
	uint8_t iv[IV_MAX] = {0}, key[KEY_MAX];
	const struct cipher *c = read_dek(b->dek_info, iv);
	gnutls_cipher_hd_t handle;

	if (!c || b->headers != 2 || b->der.n == 0 || b->der.n % c->iv || !derive(iv, key, c->key))
		return (struct slice){0};
	gnutls_datum_t key_datum = {key, c->key}, iv_datum = {iv, c->iv};
	if (gnutls_cipher_init(&handle, c->algorithm, &key_datum, &iv_datum) < 0)
		return (struct slice){0};
	uint8_t *plain = arena_alloc(arena, b->der.n);
	int e = gnutls_cipher_decrypt2(handle, b->der.p, b->der.n, plain, b->der.n);
	gnutls_cipher_deinit(handle);
	uint8_t padding = plain[b->der.n - 1];
	if (e < 0 || padding == 0 || padding > c->iv)
		return (struct slice){0};
	for (unsigned i = 1; i <= padding; i++)
		if (plain[b->der.n - i] != padding)
			return (struct slice){0};
	return (struct slice){plain, b->der.n - padding};
}

/* Whoever wrote a key chose how many rounds it takes to find out. */
static bool
is_quick(const gnutls_datum_t *data, gnutls_x509_crt_fmt_t format)
{
	unsigned rounds = 0, salt_size = 0;
	char *oid = NULL;

	/* What it cannot read is refused before the first round. */
	gnutls_pkcs8_info(data, format, NULL, NULL, NULL, &salt_size, &rounds, &oid);
	gnutls_free(oid);
	return rounds <= ROUNDS_MAX;
}

/* RFC 5958. */
static struct slice
open_pkcs8(struct arena *arena, struct slice der)
{
	gnutls_datum_t data = {(uint8_t *)der.p, (unsigned)der.n}, plain = {0};
	gnutls_x509_privkey_t key;
	struct slice out = {0};

	if (!is_quick(&data, GNUTLS_X509_FMT_DER) || gnutls_x509_privkey_init(&key) < 0)
		return out;
	if (gnutls_x509_privkey_import_pkcs8(key, &data, GNUTLS_X509_FMT_DER, "", 0) == 0 &&
	    gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN, &plain) == 0) {
		uint8_t *copy = arena_alloc(arena, plain.size);
		memcpy(copy, plain.data, plain.size);
		out = (struct slice){copy, plain.size};
		gnutls_memset(plain.data, 0, plain.size);
		gnutls_free(plain.data);
	}
	gnutls_x509_privkey_deinit(key);
	return out;
}

unsigned
key_locked(struct slice file)
{
	gnutls_datum_t data = {(uint8_t *)file.p, (unsigned)file.n};
	gnutls_x509_privkey_t key;
	int e = GNUTLS_E_DECRYPTION_FAILED;

	if (is_quick(&data, GNUTLS_X509_FMT_PEM) && gnutls_x509_privkey_init(&key) == 0) {
		e = gnutls_x509_privkey_import2(key, &data, GNUTLS_X509_FMT_PEM, NULL, 0);
		gnutls_x509_privkey_deinit(key);
	}
	wipe_stack(WIPE_DEEP);
	return e < 0 ? (unsigned)-e : 0;
}

struct key *
key_opened(struct arena *arena, const struct pem_block *block, unsigned go)
{
	bool pkcs8 = slice_is(block->label, "ENCRYPTED PRIVATE KEY") && key_read_encrypted(block->der);
	struct slice der = block->encrypted ? open_block(arena, block)
	                   : pkcs8          ? open_pkcs8(arena, block->der)
	                                    : (struct slice){0};

	wipe_stack(WIPE_DEEP);
	if (der.n == 0)
		return NULL;
	struct key *k = key_parse_der(arena, der, go);
	if (k->flaw != KEY_SOUND)
		return NULL;
	k->inside = true;
	k->line = block->line;
	k->label = block->label;
	k->proof = key_proof_new(arena);
	return k;
}

struct key *
key_opened_stand_in(struct arena *arena, const struct key *outer, unsigned go, const struct key_stand_in *stand_in)
{
	struct key *k = arena_alloc(arena, sizeof *k);

	k->inside = true;
	k->line = outer->line;
	k->label = outer->label;
	k->proof = key_proof_new(arena);
	return stand_in && key_facts_read(arena, stand_in, k->line, go, k) && k->flaw == KEY_SOUND ? k : NULL;
}
