/* What computing with a private number leaves in memory that is given back. */
#include <check.h>
#include <gmp.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/key.h"
#include "crtlint/version.h"
#include "data_keys.h"

/* In place of GMP's, which libhogweed uses, too: they look for the number, without its first bytes, in what is given back. */
static mp_limb_t watched[64 / sizeof(mp_limb_t)];
static size_t watched_bytes;
static unsigned given_back, left_behind;

static void
watch(struct slice number)
{
	watched_bytes = number.n / sizeof(mp_limb_t) * sizeof(mp_limb_t);
	for (size_t i = 0; i < watched_bytes / sizeof(mp_limb_t); i++) {
		watched[i] = 0;
		for (size_t k = 0; k < sizeof(mp_limb_t); k++)
			watched[i] |= (mp_limb_t)number.p[number.n - 1 - i * sizeof(mp_limb_t) - k] << 8 * k;
	}
}

static void
watched_free(void *p, size_t n)
{
	given_back++;
	left_behind += memmem(p, n, watched, watched_bytes) != NULL;
	free(p);
}

static void *
watched_realloc(void *p, size_t old, size_t n)
{
	void *to = malloc(n);

	ck_assert_ptr_nonnull(to);
	memcpy(to, p, old < n ? old : n);
	watched_free(p, old);
	return to;
}

static const struct {
	const char *file;
	const struct data_public *public;
} rows[] = {{P224_SEC1, &public_p224}, {P256_SEC1, &public_p256}, {P384_SEC1, &public_p384}, {P521_SEC1, &public_p521}};

START_TEST(wiped)
{
	struct arena *arena = arena_new();
	struct pem pem = pem_scan(arena, slice_of(rows[_i].file), PEM_GO);
	const struct key *k = key_parse(arena, &pem, GO(25, 3));
	const struct data_public *public = rows[_i].public;
	struct spki spki = {.type = KEY_EC, .curve = public->curve, .point = {public->der + public->at, public->n}};

	watch(k->scalar);
	ck_assert_uint_ge(watched_bytes, 24);
	mp_set_memory_functions(NULL, watched_realloc, watched_free);
	enum key_match match = key_match(k, &spki);
	mp_set_memory_functions(NULL, NULL, NULL);
	ck_assert_int_eq(match, KEY_MATCHES);
	ck_assert_uint_ge(given_back, 3); /* the number, the scalar, the point */
	ck_assert_msg(left_behind == 0, "d is in %u of %u blocks that were given back", left_behind, given_back);
	arena_free(arena);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("key_wiped");
	TCase *c = tcase_create("key_wiped");

	tcase_add_loop_test(c, wiped, 0, sizeof(rows) / sizeof(*rows));
	suite_add_tcase(s, c);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? 1 : 0;
}
