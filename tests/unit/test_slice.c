#include <check.h>

#include "crtlint/slice.h"

static const struct {
	const char *text;
	uint64_t most, value;
	bool ok;
} numbers[] = {
    {"0", 0, 0, true},
    {"1", 0, 0, false},
    {"007", 9, 7, true},
    {"10", 9, 0, false},
    {"4294967295", UINT32_MAX, UINT32_MAX, true},
    {"4294967296", UINT32_MAX, 0, false},
    {"4294967299", UINT32_MAX, 0, false}, /* the last digit alone passes the bound */
    {"9223372036854775807", INT64_MAX, INT64_MAX, true},
    {"9223372036854775808", INT64_MAX, 0, false},
    {"18446744073709551617", INT64_MAX, 0, false}, /* 1 in 64 bits */
    {"99999999999999999999", INT64_MAX, 0, false},
    {"", 9, 0, false},
    {"+1", 9, 0, false},
    {"-1", 9, 0, false},
    {" 1", 9, 0, false},
    {"1 ", 9, 0, false},
    {"0x1", 99, 0, false},
};

START_TEST(number)
{
	uint64_t value;
	bool ok = slice_number(slice_of(numbers[_i].text), numbers[_i].most, &value);

	ck_assert_msg(ok == numbers[_i].ok, "'%s': %s", numbers[_i].text, ok ? "taken" : "refused");
	ck_assert_msg(!ok || value == numbers[_i].value, "'%s' is read as %llu", numbers[_i].text, (unsigned long long)value);
}
END_TEST

START_TEST(cut)
{
	struct slice rest = slice_of("a::bc:");

	ck_assert(slice_is(slice_cut(&rest, ':'), "a"));
	ck_assert(slice_is(slice_cut(&rest, ':'), ""));
	ck_assert(slice_is(slice_cut(&rest, ':'), "bc"));
	ck_assert_uint_eq(rest.n, 0);
	ck_assert(slice_is(slice_cut(&rest, ':'), ""));
	rest = slice_of("abc");
	ck_assert(slice_is(slice_cut(&rest, ':'), "abc"));
	ck_assert_uint_eq(rest.n, 0);
	rest = (struct slice){NULL, 0};
	ck_assert_uint_eq(slice_cut(&rest, ':').n, 0);
	ck_assert_ptr_null(rest.p);
}
END_TEST

START_TEST(compare)
{
	ck_assert_int_lt(slice_compare(slice_of("a"), slice_of("b")), 0);
	ck_assert_int_lt(slice_compare(slice_of("a"), slice_of("a\xff")), 0);
	ck_assert_int_gt(slice_compare(slice_of("\xff"), slice_of("a")), 0); /* as bytes */
	ck_assert_int_eq(slice_compare((struct slice){NULL, 0}, slice_of("")), 0);
	ck_assert_int_eq(slice_compare(slice_of("ab"), slice_of("ab")), 0);
}
END_TEST

START_TEST(one_of)
{
	static const char *const words[] = {"key", "certificate"};

	ck_assert_int_eq(slice_one_of(slice_of("certificate"), words, 2), 1);
	ck_assert_int_eq(slice_one_of(slice_of("certificates"), words, 2), -1);
	ck_assert_int_eq(slice_one_of(slice_of("ke"), words, 2), -1);
	ck_assert_int_eq(slice_one_of(slice_of(""), words, 2), -1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("slice");
	TCase *tc = tcase_create("slice");
	SRunner *runner = srunner_create(suite);

	tcase_add_loop_test(tc, number, 0, sizeof numbers / sizeof *numbers);
	tcase_add_test(tc, cut);
	tcase_add_test(tc, compare);
	tcase_add_test(tc, one_of);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
