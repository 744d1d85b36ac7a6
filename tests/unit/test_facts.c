/* What is judged of a directory that could not be listed, which no fixture can make for whoever runs the tests; and name folding. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "crtlint/facts.h"
#include "crtlint/text.h"

static const struct {
	const char *profile; /* NULL: none */
	const char *error; /* of the start */
} unlisted[] = {
    {"cockroachdb", "problem loading certs directory certs: open certs: permission denied"},
    {"tidb", "open certs: permission denied"},
    {NULL, "open certs: permission denied"},
};

static const struct profile *
builtin(struct arena *a, const char *name)
{
	size_t n;
	const struct builtin_profile *list = profile_builtin(&n);
	struct errors errors = {.arena = a};

	for (size_t i = 0; name && i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return profile_read(a, name, list[i].yaml, &errors);
	return NULL;
}

START_TEST(directory_that_cannot_be_listed)
{
	struct arena *a = arena_new();
	struct listing listing = {.path = "certs", .error = EACCES, .mode = 0700};
	struct settings settings = {.caller = {1000, 1000}, .expires_seconds = -1, .expires_percent = -1};
	struct errors errors = {.arena = a};
	const char *name = unlisted[_i].profile;
	struct facts *f = facts_build(a, &listing, builtin(a, name), "test", &settings, &errors);

	ck_assert_msg(f != NULL, "%s", name ? name : "no profile");
	ck_assert_msg(
	    !f->start.ok && f->start.judged && f->start.failure.cause == CAUSE_DIRECTORY, "%s", name ? name : "no profile");
	ck_assert_str_eq(f->start.failure.error, unlisted[_i].error);
	ck_assert_msg(!f->reload.ok, "%s", name ? name : "no profile");
	arena_free(a);
}
END_TEST

START_TEST(directory_that_is_not_listed_to_its_end)
{
	struct arena *a = arena_new();
	struct listing listing = {.path = "certs", .too_many = true, .mode = 0755};
	struct settings settings = {.caller = {1000, 1000}, .expires_seconds = -1, .expires_percent = -1};
	struct errors errors = {.arena = a};
	struct facts *f = facts_build(a, &listing, builtin(a, "cockroachdb"), "test", &settings, &errors);

	ck_assert(f && f->start.ok && !f->start.judged && f->reload.ok && !f->reload.judged && f->n_connections == 0);
	arena_free(a);
}
END_TEST

static const struct {
	const char *name, *lower;
} folds[] = {
    {"MaxRoach", "maxroach"},
    {"\xc3\x9cnal \xc3\x97 \xc3\x9f \xc3\x96", "\xc3\xbcnal \xc3\x97 \xc3\x9f \xc3\xb6"},
    {"\xce\x91\xce\xa0\xce\xa9 \xce\xa2", "\xce\xb1\xcf\x80\xcf\x89 \xce\xa2"},
    {"\xd0\x81\xd0\x90\xd0\xaf", "\xd1\x91\xd0\xb0\xd1\x8f"},
    {"\xc3", "\xc3"},
    {"", ""},
};

START_TEST(names_are_folded)
{
	struct arena *a = arena_new();
	struct slice s = text_lower(a, slice_of(folds[_i].name));

	ck_assert_str_eq((const char *)s.p, folds[_i].lower);
	ck_assert_uint_eq(s.n, strlen(folds[_i].lower));
	arena_free(a);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("facts");
	TCase *t = tcase_create("facts");

	tcase_add_loop_test(t, directory_that_cannot_be_listed, 0, sizeof unlisted / sizeof unlisted[0]);
	tcase_add_test(t, directory_that_is_not_listed_to_its_end);
	tcase_add_loop_test(t, names_are_folded, 0, sizeof folds / sizeof folds[0]);
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
