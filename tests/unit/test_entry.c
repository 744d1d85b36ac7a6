#include <check.h>

#include "crtlint/entry.h"

static const struct {
	uint32_t mode, owner, group;
	struct identity who;
	unsigned bits;
	bool may;
} rights[] = {
    {0600, 100, 200, {100, 200}, 4, true},
    {0600, 100, 200, {100, 200}, 6, true},
    {0600, 100, 200, {101, 200}, 4, false},
    {0640, 100, 200, {101, 200}, 4, true},
    {0640, 100, 200, {101, 200}, 6, false},
    {0640, 100, 200, {101, 201}, 4, false},
    {0604, 100, 200, {101, 201}, 4, true},
    {0604, 100, 200, {101, 200}, 4, false}, /* the group's bits decide, not the others' */
    {0077, 100, 200, {100, 200}, 4, false}, /* the owner's bits decide */
    {0711, 100, 200, {101, 201}, 1, true},
    {0711, 100, 200, {101, 201}, 5, false},
    {0000, 100, 200, {0, 0}, 7, true},
    {0000, 0, 0, {0, 5}, 4, true},
    {0600, 0, 0, {100, 0}, 4, false},
    {06000, 100, 200, {100, 200}, 4, false},
    {0000, 100, 200, {100, 200}, 0, true},
};

START_TEST(may)
{
	bool got = entry_may(rights[_i].mode, rights[_i].owner, rights[_i].group, rights[_i].who, rights[_i].bits);

	ck_assert_msg(got == rights[_i].may, "row %d: mode %04o, bits %u", _i, rights[_i].mode, rights[_i].bits);
}
END_TEST

START_TEST(find)
{
	struct entry entries[] = {
	    {.raw = slice_of("..data")}, {.raw = slice_of("ca.crt")}, {.raw = slice_of("node.crt")}, {.raw = slice_of("\xff")}};
	static const char *const absent[] = {"", ".", "ca", "ca.crt2", "node.key", "\xfe", "\xff\xff"};
	struct listing list = {.entries = entries};

	for (list.n = 0; list.n <= 4; list.n++) {
		for (size_t i = 0; i < 4; i++) {
			const struct entry *e = listing_find(&list, (const char *)entries[i].raw.p);
			ck_assert_msg(e == (i < list.n ? &entries[i] : NULL), "%zu of %zu", i, list.n);
		}
		for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
			ck_assert_msg(!listing_find(&list, absent[i]), "found %s among %zu", absent[i], list.n);
	}
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("entry");
	TCase *t = tcase_create("entry");

	tcase_add_loop_test(t, may, 0, sizeof rights / sizeof *rights);
	tcase_add_test(t, find);
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
