#include <check.h>
#include <string.h>

#include "crtlint/version.h"

static const struct {
	const char *text;
	bool ok;
	struct version v;
} parsed[] = {
    {"24.1", true, {{24, 1}, 2}},
    {"22.2.16", true, {{22, 2, 16}, 3}},
    {"v24.1.3", true, {{24, 1, 3}, 3}},
    {"24", true, {{24}, 1}},
    {"24.1.0-rc.1", true, {{24, 1}, 3}},
    {"v8.5.0+local", true, {{8, 5}, 3}},
    {"24.1-", true, {{24, 1}, 2}},
    {"24.01", true, {{24, 1}, 2}},
    {"1000000", true, {{1000000}, 1}},
    {"1000001", false, {{0}, 0}},
    {"99999999999999999999", false, {{0}, 0}},
    {"1.2.3.4", false, {{0}, 0}},
    {"24.1.2.", false, {{0}, 0}},
    {"24.", false, {{0}, 0}},
    {"24.-1", false, {{0}, 0}},
    {"24..1", false, {{0}, 0}},
    {".24", false, {{0}, 0}},
    {"24.1x", false, {{0}, 0}},
    {"24.x", false, {{0}, 0}},
    {"24.1 ", false, {{0}, 0}},
    {" 24.1", false, {{0}, 0}},
    {"-24", false, {{0}, 0}},
    {"v", false, {{0}, 0}},
    {"vv1", false, {{0}, 0}},
    {"", false, {{0}, 0}},
};

START_TEST(parse)
{
	struct version v = {{7, 7, 7}, 7};
	const char *text = parsed[_i].text;

	ck_assert_msg(version_parse(text, &v) == parsed[_i].ok, "%s: taken or not", text);
	if (!parsed[_i].ok)
		return;
	ck_assert_msg(v.n == parsed[_i].v.n, "%s: %u parts", text, v.n);
	for (unsigned i = 0; i < v.n; i++)
		ck_assert_msg(v.part[i] == parsed[_i].v.part[i], "%s: part %u is %u", text, i, v.part[i]);
}
END_TEST

static struct version
of(const char *text)
{
	struct version v = {.n = 0};

	ck_assert_msg(*text == '\0' || version_parse(text, &v), "%s", text);
	return v;
}

static const struct {
	const char *a, *b;
	int order;
} orders[] = {
    {"24.1", "24.1", 0},
    {"24.1.0", "24.1.0", 0},
    {"24.1.26", "24.1", -1},
    {"24.1", "24.2", -1},
    {"24.1", "24.2.0", -1},
    {"24", "24.99.99", 1},
    {"24", "25", -1},
    {"22.2.16", "22.2.9", 1},
    {"9.1", "22.1", -1},
};

START_TEST(order)
{
	struct version a = of(orders[_i].a), b = of(orders[_i].b);
	int got = version_cmp(&a, &b), back = version_cmp(&b, &a);

	ck_assert_msg((got > 0) - (got < 0) == orders[_i].order, "%s %s: %d", orders[_i].a, orders[_i].b, got);
	ck_assert_msg((back > 0) - (back < 0) == -orders[_i].order, "%s %s: %d", orders[_i].b, orders[_i].a, back);
}
END_TEST

static const struct {
	const char *v, *since, *until;
	bool in;
} bounds[] = {
    {"24.1.26", "", "24.1", true},
    {"24.1", "", "24.1", true},
    {"24.2.0", "", "24.1", false},
    {"24.1.3", "", "24.1.3", true},
    {"24.1.4", "", "24.1.3", false},
    {"24.1", "", "24.1.3", false},
    {"22.1", "22.1.9", "", true},
    {"22.1.8", "22.1.9", "", false},
    {"22.1.9", "22.1.9", "", true},
    {"24.2.0", "24.2", "", true},
    {"24.2", "24.2", "", true},
    {"24.1.99", "24.2", "", false},
    {"24", "24.3", "", true},
    {"24", "", "24.1", false},
    {"23.1.2", "22.1", "24.1", true},
    {"", "24.2", "", true},
    {"", "", "24.1", false},
    {"", "", "", true},
    {"2.0", "", "", true},
};

START_TEST(within)
{
	struct version v = of(bounds[_i].v), since = of(bounds[_i].since), until = of(bounds[_i].until);

	ck_assert_msg(version_in(&v, &since, &until) == bounds[_i].in, "%s since %s until %s", bounds[_i].v, bounds[_i].since,
	    bounds[_i].until);
}
END_TEST

static const struct {
	const char *text;
	unsigned number;
} releases[] = {
    {"1.25", GO(25, 99)},
    {"1.25.3", GO(25, 3)},
    {"1.23.0", GO(23, 0)},
    {"1.22.98", GO(22, 98)},
    {"1.22.500", GO(22, 99)},
    {"1.1000000.1", GO(1000000, 1)},
    {"1", GO_NEWEST},
    {"2.0", GO_NEWEST},
    {"0.9", 0},
    {"0", 0},
    {"", GO_NEWEST},
};

START_TEST(go)
{
	struct version v = of(releases[_i].text);

	ck_assert_msg(version_go(&v) == releases[_i].number, "%s: %u", releases[_i].text, version_go(&v));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("version");
	TCase *t = tcase_create("version");

	tcase_add_loop_test(t, parse, 0, sizeof parsed / sizeof *parsed);
	tcase_add_loop_test(t, order, 0, sizeof orders / sizeof *orders);
	tcase_add_loop_test(t, within, 0, sizeof bounds / sizeof *bounds);
	tcase_add_loop_test(t, go, 0, sizeof releases / sizeof *releases);
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
