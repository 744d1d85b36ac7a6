#include "crtlint/key.h"

#include <check.h>
#include <stdlib.h>
#include <time.h>

#include "crtlint/limits.h"
#include "crtlint/version.h"
#include "data_keys.h"

#define N(rows)      (sizeof(rows) / sizeof *(rows))
#define BLOCK(label) "-----BEGIN " label "-----\nAAEC\n-----END " label "-----\n"

static const char refused[] = "tls: failed to parse private key";

#define SKIPPED(list)                                                                                                            \
	"tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the "       \
	"following "                                                                                                             \
	"types: [" list "]"

enum { OLD = GO(19, 99), NEW = GO(25, 3) };

static const struct row {
	const char *name;
	const char *file;
	unsigned go; /* 0: both */
	enum key_flaw flaw;
	const char *go_error;
	enum key_form form;
	enum key_type type;
	enum curve curve;
	unsigned bits, line;
	const struct data_public *public; /* what it is matched with */
	enum key_match match;
} rows[] = {
#define TAKEN(f) KEY_SOUND, NULL, KEY_FORM_##f
#define NOT(why) KEY_##why, refused, KEY_FORM_NONE
    {"RSA PKCS#8", RSA_PKCS8, 0, TAKEN(PKCS8), KEY_RSA, CURVE_NONE, 1024, 1, &public_rsa, KEY_MATCHES},
    {"RSA PKCS#1", RSA_PKCS1, 0, TAKEN(PKCS1), KEY_RSA, CURVE_NONE, 1024, 1, &public_rsa, KEY_MATCHES},
    {"RSA, d damaged, 1.19", RSA_BAD_D, OLD, NOT(DAMAGED), KEY_RSA, CURVE_NONE, 1024, 1, NULL, KEY_MATCHES},
    {"RSA, d damaged, 1.23", RSA_BAD_D, GO(23, 99), NOT(DAMAGED), KEY_RSA, CURVE_NONE, 1024, 1, NULL, KEY_MATCHES},
    {"RSA, d damaged, 1.24", RSA_BAD_D, GO(24, 0), TAKEN(PKCS1), KEY_RSA, CURVE_NONE, 1024, 1, &public_rsa, KEY_MATCHES},
    {"RSA, p damaged", RSA_BAD_P, 0, NOT(DAMAGED), KEY_RSA, CURVE_NONE, 1024, 1, NULL, KEY_MATCHES},
    {"RSA, dp damaged, 1.22", RSA_BAD_DP, GO(22, 99), TAKEN(PKCS1), KEY_RSA, CURVE_NONE, 1024, 1, &public_rsa, KEY_MATCHES},
    {"RSA, dp damaged, 1.25", RSA_BAD_DP, NEW, NOT(DAMAGED), KEY_RSA, CURVE_NONE, 1024, 1, NULL, KEY_MATCHES},
    {"RSA, qinv damaged, 1.22", RSA_BAD_QINV, GO(22, 99), TAKEN(PKCS1), KEY_RSA, CURVE_NONE, 1024, 1, &public_rsa, KEY_MATCHES},
    {"RSA, qinv damaged, 1.25", RSA_BAD_QINV, NEW, NOT(DAMAGED), KEY_RSA, CURVE_NONE, 1024, 1, NULL, KEY_MATCHES},
    {"RSA, n damaged", RSA_BAD_N, 0, NOT(DAMAGED), KEY_RSA, CURVE_NONE, 1024, 1, NULL, KEY_MATCHES},
    {"RSA without CRT values", RSA_NO_CRT, 0, TAKEN(PKCS1), KEY_RSA, CURVE_NONE, 1024, 1, &public_rsa, KEY_MATCHES},
    {"RSA, version 2", RSA_VERSION_2, 0, NOT(DAMAGED), KEY_UNKNOWN, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"RSA, a byte behind", RSA_TRAILING, 0, NOT(DAMAGED), KEY_UNKNOWN, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"RSA, padded INTEGER", RSA_NOT_MINIMAL, 0, NOT(DAMAGED), KEY_UNKNOWN, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"RSA, three primes", RSA_THREE_PRIMES, 0, TAKEN(PKCS1), KEY_RSA, CURVE_NONE, 1024, 1, &public_rsa, KEY_DIFFERS},
    {"RSA for another type", RSA_PKCS1, 0, TAKEN(PKCS1), KEY_RSA, CURVE_NONE, 1024, 1, &public_p256, KEY_OTHER_TYPE},
    {"encrypted PKCS#8, empty passphrase", RSA_ENCRYPTED_PKCS8, 0, NOT(ENCRYPTED), KEY_UNKNOWN, CURVE_NONE, 0, 1, NULL,
        KEY_MATCHES},
    {"encrypted, traditional", RSA_ENCRYPTED_OLD, 0, NOT(ENCRYPTED), KEY_UNKNOWN, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"RSA-PSS", RSA_PSS, 0, NOT(UNSUPPORTED), KEY_RSA_PSS, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"P-224 SEC1", P224_SEC1, 0, TAKEN(SEC1), KEY_EC, CURVE_P224, 224, 1, &public_p224, KEY_MATCHES},
    {"P-224 PKCS#8", P224_PKCS8, 0, TAKEN(PKCS8), KEY_EC, CURVE_P224, 224, 1, &public_p224, KEY_MATCHES},
    {"P-256 SEC1", P256_SEC1, 0, TAKEN(SEC1), KEY_EC, CURVE_P256, 256, 1, &public_p256, KEY_MATCHES},
    {"P-256 PKCS#8", P256_PKCS8, 0, TAKEN(PKCS8), KEY_EC, CURVE_P256, 256, 1, &public_p256, KEY_MATCHES},
    {"P-384 SEC1", P384_SEC1, 0, TAKEN(SEC1), KEY_EC, CURVE_P384, 384, 1, &public_p384, KEY_MATCHES},
    {"P-384 PKCS#8", P384_PKCS8, 0, TAKEN(PKCS8), KEY_EC, CURVE_P384, 384, 1, &public_p384, KEY_MATCHES},
    {"P-521 SEC1", P521_SEC1, 0, TAKEN(SEC1), KEY_EC, CURVE_P521, 521, 1, &public_p521, KEY_MATCHES},
    {"P-521 PKCS#8", P521_PKCS8, 0, TAKEN(PKCS8), KEY_EC, CURVE_P521, 521, 1, &public_p521, KEY_MATCHES},
    {"EC PARAMETERS in front", P256_PARAMETERS, 0, TAKEN(SEC1), KEY_EC, CURVE_P256, 256, 4, &public_p256, KEY_MATCHES},
    {"EC without public part", P256_NO_PUBLIC, 0, TAKEN(SEC1), KEY_EC, CURVE_P256, 256, 1, &public_p256, KEY_MATCHES},
    {"EC, compressed public part", P256_COMPRESSED, 0, TAKEN(SEC1), KEY_EC, CURVE_P256, 256, 1, &public_p256, KEY_MATCHES},
    {"EC, wrong public part", P256_WRONG_POINT, 0, TAKEN(SEC1), KEY_EC, CURVE_P256, 256, 1, &public_p256, KEY_MATCHES},
    {"EC, wrong d", P256_WRONG_SCALAR, 0, TAKEN(SEC1), KEY_EC, CURVE_P256, 256, 1, &public_p256, KEY_DIFFERS},
    {"EC, zeros before d", P256_SCALAR_PADDED, 0, TAKEN(SEC1), KEY_EC, CURVE_P256, 256, 1, &public_p256, KEY_MATCHES},
    {"EC, d is the order", P256_SCALAR_N, 0, NOT(DAMAGED), KEY_EC, CURVE_P256, 256, 1, NULL, KEY_MATCHES},
    {"EC, d is 0", P256_SCALAR_ZERO, 0, TAKEN(SEC1), KEY_EC, CURVE_P256, 256, 1, &public_p256, KEY_DIFFERS},
    {"EC on another curve", P384_SEC1, 0, TAKEN(SEC1), KEY_EC, CURVE_P384, 384, 1, &public_p256, KEY_DIFFERS},
    {"EC for Ed25519", P256_SEC1, 0, TAKEN(SEC1), KEY_EC, CURVE_P256, 256, 1, &public_ed25519, KEY_OTHER_TYPE},
    {"EC, explicit parameters", P256_EXPLICIT, 0, NOT(UNSUPPORTED), KEY_EC, CURVE_OTHER, 0, 1, NULL, KEY_MATCHES},
    {"EC, no curve", P256_NO_CURVE, 0, NOT(UNSUPPORTED), KEY_EC, CURVE_OTHER, 0, 1, NULL, KEY_MATCHES},
    {"secp256k1", SECP256K1, 0, NOT(UNSUPPORTED), KEY_EC, CURVE_OTHER, 0, 1, NULL, KEY_MATCHES},
    {"Ed25519", ED25519, 0, TAKEN(PKCS8), KEY_ED25519, CURVE_NONE, 256, 1, &public_ed25519, KEY_MATCHES},
    {"Ed25519 of 31 bytes", ED25519_SHORT, 0, NOT(DAMAGED), KEY_ED25519, CURVE_NONE, 256, 1, NULL, KEY_MATCHES},
    {"Ed448", ED448, 0, NOT(UNSUPPORTED), KEY_ED448, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"X25519, 1.19", X25519, OLD, NOT(UNSUPPORTED), KEY_UNKNOWN, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"X25519, 1.20", X25519, GO(20, 0), KEY_UNSUPPORTED, "tls: found unknown private key type in PKCS#8 wrapping", KEY_FORM_NONE,
        KEY_UNKNOWN, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"DSA, traditional", DSA_OLD, 0, NOT(UNSUPPORTED), KEY_DSA, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"DSA, PKCS#8", DSA_PKCS8, 0, NOT(UNSUPPORTED), KEY_DSA, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"OpenSSH", OPENSSH, 0, NOT(UNSUPPORTED), KEY_UNKNOWN, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
    {"certificate first", CERTIFICATE_FIRST, 0, TAKEN(PKCS8), KEY_ED25519, CURVE_NONE, 256, 10, &public_ed25519, KEY_MATCHES},
    {"text first", "key:\n\n" ED25519, 0, TAKEN(PKCS8), KEY_ED25519, CURVE_NONE, 256, 3, &public_ed25519, KEY_MATCHES},
    {"nothing", "", 0, KEY_NOT_PEM, "tls: failed to find any PEM data in key input", KEY_FORM_NONE, KEY_UNKNOWN, CURVE_NONE, 0, 0,
        NULL, KEY_MATCHES},
    {"a certificate", CERTIFICATE_ONLY, 0, KEY_CERTIFICATE,
        "tls: found a certificate rather than a key in the PEM for the private key", KEY_FORM_NONE, KEY_UNKNOWN, CURVE_NONE, 0, 0,
        NULL, KEY_MATCHES},
    {"two certificates", CERTIFICATE_ONLY CERTIFICATE_ONLY, 0, KEY_CERTIFICATE, SKIPPED("CERTIFICATE CERTIFICATE"), KEY_FORM_NONE,
        KEY_UNKNOWN, CURVE_NONE, 0, 0, NULL, KEY_MATCHES},
    {"a public key", PUBLIC_ONLY, 0, KEY_OTHER_BLOCKS, SKIPPED("PUBLIC KEY"), KEY_FORM_NONE, KEY_UNKNOWN, CURVE_NONE, 0, 0, NULL,
        KEY_MATCHES},
    {"labels of others", BLOCK("a") BLOCK("") BLOCK("MYPRIVATE KEY"), 0, KEY_OTHER_BLOCKS, SKIPPED("a  MYPRIVATE KEY"),
        KEY_FORM_NONE, KEY_UNKNOWN, CURVE_NONE, 0, 0, NULL, KEY_MATCHES},
    {"label with an escape", BLOCK("\x1b[2J"), 0, KEY_OTHER_BLOCKS, SKIPPED("\\u001b[2J"), KEY_FORM_NONE, KEY_UNKNOWN, CURVE_NONE,
        0, 0, NULL, KEY_MATCHES},
    {"broken", BLOCK("PRIVATE KEY"), 0, NOT(DAMAGED), KEY_UNKNOWN, CURVE_NONE, 0, 1, NULL, KEY_MATCHES},
};

static struct key *
parse(struct arena *arena, const char *file, unsigned go)
{
	struct pem pem = pem_scan(arena, slice_of(file), PEM_GO);

	return key_parse(arena, &pem, go);
}

static struct spki
spki_of(const struct data_public *p)
{
	struct slice part = {p->der + p->at, p->n};
	struct spki s = {.raw = {p->der, p->size}, .type = p->type, .curve = p->curve};

	if (p->type == KEY_RSA)
		s.modulus = part;
	else
		s.point = part;
	return s;
}

static void
check_row(const struct row *row, unsigned go)
{
	struct arena *arena = arena_new();
	const struct key *k = parse(arena, row->file, go);

	ck_assert_msg(k->flaw == row->flaw, "%s, %u: flaw %d", row->name, go, (int)k->flaw);
	ck_assert_msg(!k->go_error == !row->go_error && (!k->go_error || strcmp(k->go_error, row->go_error) == 0),
	    "%s, %u: \"%s\"", row->name, go, k->go_error ? k->go_error : "(taken)");
	ck_assert_msg(k->form == row->form && k->type == row->type && k->curve == row->curve && k->bits == row->bits,
	    "%s, %u: form %d, type %d, curve %d, %u bits", row->name, go, (int)k->form, (int)k->type, (int)k->curve, k->bits);
	ck_assert_msg(k->line == row->line, "%s: line %u", row->name, k->line);
	ck_assert_msg(k->encrypted == (row->flaw == KEY_ENCRYPTED), "%s: encrypted", row->name);
	if (row->public) {
		struct spki spki = spki_of(row->public);
		enum key_match match = key_match(k, &spki);
		ck_assert_msg(match == row->match, "%s, %u: match %d", row->name, go, (int)match);
	}
	arena_free(arena);
}

START_TEST(files)
{
	const struct row *row = &rows[_i];

	check_row(row, row->go ? row->go : OLD);
	if (!row->go) {
		check_row(row, GO(23, 99));
		check_row(row, NEW);
	}
}
END_TEST

START_TEST(first_counts)
{
	struct arena *arena = arena_new();
	const struct key *k = parse(arena, P256_PARAMETERS ED25519 RSA_PKCS1, NEW);

	ck_assert_uint_eq(k->blocks, 3);
	ck_assert_int_eq(k->type, KEY_EC);
	ck_assert(slice_is(k->label, "EC PRIVATE KEY"));
	arena_free(arena);
}
END_TEST

START_TEST(bare_der)
{
	struct arena *arena = arena_new();
	struct pem pem = pem_scan(arena, slice_of(P256_PKCS8), PEM_GO);
	const struct key *k = key_parse_der(arena, pem.blocks[0].der, OLD);
	struct spki spki = spki_of(&public_p256);

	ck_assert_int_eq(k->flaw, KEY_SOUND);
	ck_assert_int_eq(key_match(k, &spki), KEY_MATCHES);
	pem = pem_scan(arena, slice_of(RSA_ENCRYPTED_PKCS8), PEM_GO);
	k = key_parse_der(arena, pem.blocks[0].der, OLD);
	ck_assert_int_eq(k->flaw, KEY_ENCRYPTED);
	ck_assert_str_eq(k->go_error, refused);
	k = key_parse_der(arena, (struct slice){0}, OLD);
	ck_assert_int_eq(k->flaw, KEY_DAMAGED);
	arena_free(arena);
}
END_TEST

static const struct {
	const char *name, *file;
	const struct data_public *public; /* NULL: none is carried */
} spki_rows[] = {
    {"RSA", RSA_PKCS8, &public_rsa},
    {"P-224", P224_SEC1, &public_p224},
    {"P-256", P256_SEC1, &public_p256},
    {"P-256 PKCS#8", P256_PKCS8, &public_p256},
    {"P-384", P384_SEC1, &public_p384},
    {"P-521", P521_PKCS8, &public_p521},
    {"no public part", P256_NO_PUBLIC, NULL},
    {"compressed public part", P256_COMPRESSED, NULL},
    {"Ed25519", ED25519, NULL},
    {"refused", RSA_BAD_P, NULL},
};

START_TEST(public_parts)
{
	struct arena *arena = arena_new();
	struct slice got = key_spki(arena, parse(arena, spki_rows[_i].file, OLD)), want = {0};

	if (spki_rows[_i].public)
		want = (struct slice){spki_rows[_i].public->der, spki_rows[_i].public->size};
	ck_assert_msg(slice_eq(got, want), "%s: %zu bytes", spki_rows[_i].name, got.n);
	arena_free(arena);
}
END_TEST

START_TEST(unknown_public)
{
	static const enum key_type types[] = {KEY_UNKNOWN, KEY_ED448, KEY_DSA, KEY_RSA_PSS};
	struct arena *arena = arena_new();
	const struct key *k = parse(arena, ED25519, OLD);

	for (size_t i = 0; i < N(types); i++) {
		struct spki spki = {.type = types[i]};
		ck_assert_int_eq(key_match(k, &spki), KEY_UNKNOWN_PUBLIC);
	}
	struct spki empty = {.type = KEY_ED25519};
	ck_assert_int_eq(key_match(k, &empty), KEY_DIFFERS);
	arena_free(arena);
}
END_TEST

/* A byte changed, dropped or doubled anywhere must not harm; the sanitizers watch. */
START_TEST(mutants)
{
	static const char *const originals[] = {RSA_PKCS8, RSA_THREE_PRIMES, P256_SEC1, P256_PKCS8, ED25519};
	struct arena *arena = arena_new();
	struct pem pem = pem_scan(arena, slice_of(originals[_i]), PEM_GO);
	struct slice der = pem.blocks[0].der;

	for (size_t at = 0; at < der.n; at++) {
		struct arena *inner = arena_new();
		uint8_t *copy = malloc(der.n);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, der.p, der.n);
		copy[at] ^= (uint8_t)(1u << at % 8);
		key_parse_der(inner, (struct slice){copy, der.n}, at % 2 ? OLD : NEW);
		free(copy);
		copy = malloc(at + 1);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, der.p, at);
		const struct key *k = key_parse_der(inner, (struct slice){copy, at}, OLD);
		ck_assert_msg(k->flaw != KEY_SOUND, "cut off at %zu", at);
		free(copy);
		arena_free(inner);
	}
	arena_free(arena);
}
END_TEST

/* Seconds for a megabyte; sanitizers and valgrind ask for more time by libcheck's variable. */
static double
bound(void)
{
	const char *factor = getenv("CK_TIMEOUT_MULTIPLIER");

	return factor ? atof(factor) : 1;
}

/* An RSA key of a megabyte: header, then the numbers given, each repeated to its share. */
static void
put_header(uint8_t **p, uint8_t tag, size_t n)
{
	*(*p)++ = tag;
	*(*p)++ = 0x83;
	*(*p)++ = (uint8_t)(n >> 16);
	*(*p)++ = (uint8_t)(n >> 8);
	*(*p)++ = (uint8_t)n;
}

static const struct {
	const char *name;
	size_t n, d, p, q; /* bytes of the numbers */
	unsigned primes; /* further ones of three bytes */
} huge_rows[] = {
    {"large modulus", 400000, 70000, 70000, 70000, 0},
    {"large primes", 1000, 1000, 350000, 350000, 0},
    {"many primes", 70000, 300000, 70000, 70000, 30000},
    {"large d, many primes", 70000, 450000, 70000, 70000, 25000},
};

START_TEST(huge)
{
	uint8_t *der = malloc(LIMIT_FILE), *p = der + 5;
	const size_t sizes[] = {huge_rows[_i].n, 0, huge_rows[_i].d, huge_rows[_i].p, huge_rows[_i].q};

	ck_assert_ptr_nonnull(der);
	memcpy(p, "\x02\x01\x00", 3);
	p += 3;
	for (size_t i = 0; i < N(sizes); i++) {
		if (sizes[i] == 0) {
			memcpy(p, "\x02\x03\x01\x00\x01", 5);
			p += 5;
			continue;
		}
		put_header(&p, 0x02, sizes[i]);
		memset(p, 0x5b + (int)i, sizes[i]);
		p += sizes[i];
	}
	if (huge_rows[_i].primes > 0)
		put_header(&p, 0x30, huge_rows[_i].primes * (size_t)13);
	for (unsigned i = 0; i < huge_rows[_i].primes; i++) {
		memcpy(p, "\x30\x0b\x02\x03\x41\x01\x01\x02\x01\x01\x02\x01\x01", 13);
		p[5] = (uint8_t)(i >> 8);
		p[6] = (uint8_t)(i | 1);
		p += 13;
	}
	uint8_t *start = der;
	put_header(&start, 0x30, (size_t)(p - der) - 5);
	ck_assert_uint_le((size_t)(p - der), LIMIT_FILE);
	for (unsigned i = 0; i < 2; i++) {
		struct arena *arena = arena_new();
		clock_t begin = clock();
		key_parse_der(arena, (struct slice){der, (size_t)(p - der)}, i ? NEW : OLD);
		double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
		ck_assert_msg(seconds < bound(), "%s, %s: %.1f s", huge_rows[_i].name, i ? "new" : "old", seconds);
		arena_free(arena);
	}
	free(der);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("key");
	TCase *c = tcase_create("key");

	tcase_add_loop_test(c, files, 0, N(rows));
	tcase_add_test(c, first_counts);
	tcase_add_test(c, bare_der);
	tcase_add_loop_test(c, public_parts, 0, N(spki_rows));
	tcase_add_test(c, unknown_public);
	tcase_add_loop_test(c, mutants, 0, 5);
	tcase_add_loop_test(c, huge, 0, N(huge_rows));
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	SRunner *r = srunner_create(suite());

	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? 1 : 0;
}
