#include <check.h>

#include "crtlint/shape.h"

static const struct {
	const char *shape, *content, *bytes; /* bytes NULL: refused */
	size_t room;
} rows[] = {
    {"", "", "", 9},
    {"k3", "abc", "abc", 9},
    {"k1 41 k2", "abc", "aAbc", 9},
    {"s2 k1", "abc", "c", 9},
    {"41*3 0a", "", "AAA\n", 9},
    {"w0", "", "-----BEGIN ", 99},
    {"w6", "", "CERTIFICATE", 99},
    {"41*9", "", "AAAAAAAAA", 9},
    {"41*10", "", NULL, 9},
    {"41*5 41*5", "", NULL, 9},
    {"41*99999999999999999999999", "", NULL, 9},
    {"k3", "ab", NULL, 9},
    {"k1", "ab", NULL, 9}, /* a byte is left over */
    {"", "ab", NULL, 9},
    {"s3", "ab", NULL, 9},
    {"k", "ab", NULL, 9},
    {"k2 ", "ab", "ab", 9},
    {"k2x", "ab", NULL, 9},
    {"k2 x", "ab", NULL, 9},
    {"4", "", NULL, 9},
    {"4A", "", NULL, 9},
    {"41*", "", NULL, 9},
    {"w999", "", NULL, 9},
    {"w", "", NULL, 9},
    {"-1", "", NULL, 9},
};

START_TEST(expand)
{
	struct arena *arena = arena_new();
	struct slice out = {0};
	bool ok = shape_expand(arena, slice_of(rows[_i].shape), slice_of(rows[_i].content), rows[_i].room, &out);

	ck_assert_msg(ok == (rows[_i].bytes != NULL), "'%s': %s", rows[_i].shape, ok ? "taken" : "refused");
	ck_assert_msg(!ok || slice_is(out, rows[_i].bytes), "'%s': %.*s", rows[_i].shape, (int)out.n, (const char *)out.p);
	arena_free(arena);
}
END_TEST

/* Snapshots name words by number: what stands here may never change. */
START_TEST(words)
{
	size_t n;
	const char *const *w = shape_words(&n);

	ck_assert(n >= 24);
	ck_assert_str_eq(w[2], "PRIVATE KEY");
	ck_assert_str_eq(w[4], "4,ENCRYPTED");
	ck_assert_str_eq(w[9], "RSA PRIVATE KEY");
	ck_assert_str_eq(w[15], "PUBLIC KEY");
	ck_assert_str_eq(w[23], "CMS");
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("shape");
	TCase *t = tcase_create("shape");

	tcase_add_loop_test(t, expand, 0, sizeof rows / sizeof *rows);
	tcase_add_test(t, words);
	suite_add_tcase(s, t);
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
