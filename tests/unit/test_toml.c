#include <check.h>
#include <stdlib.h>

#include "crtlint/limits.h"
#include "crtlint/toml.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct arena *arena;
static struct errors errors;

static void
setup(void)
{
	arena = arena_new();
	errors = (struct errors){.arena = arena};
}

static void
teardown(void)
{
	arena_free(arena);
}

/* What variable `names` (a list, of s.toml's security.names) becomes; NULL: it stays unset. */
static const struct {
	const char *toml, *names;
} taken[] = {
    {"[security]\nnames = ['a', \"b\"]\n", "a,b"},
    {"security.names = 'a'", "a"},
    {"[security]\r\n\"names\" = [\r\n 'a', # one\r\n 'b',\r\n]\r\n", "a,b"},
    {"[ security ]\nnames=\"\"\"\na\"\"\"\n", "a"},
    {"[security]\nnames = \"\\u0061\\x\"\n", NULL},
    {"[security]\nnames = \"\\u0061\"", "a"},
    {"[security]\nnames = []\n", NULL},
    {"[security]\nother = ['a']\n[more.security]\nnames = 'b'\n", NULL},
    {"#names = 'x'\n[security] # names = 'y'\nother = '''\nnames = 'z'\n'''\n", NULL},
    {"s = \"a \\\" b\"\nt = 'c:\\'\n[security]\nnames = 'a'\n", "a"},
    {"a = 1\nb = -0.5e+3\nc = true\nd = 1979-05-27 07:32:00.5Z\ne = [[1, 2], ['x', 'y'], {a = 'b', c = [1]}]\n[security]\nnames "
     "= 'a'\n",
        "a"},
    {"x = {a = 1}\n[[security]]\nnames = 'a'\n", NULL},
    {"'security.names' = 'a'\n", NULL},
    {"s = \"\"\"two \"\" quotes\"\"\"\"\"\nsecurity.names = 'a'\n", "a"},
    {"s = \"\"\"a \\\n   b\"\"\"\nsecurity.names = 'a'\n", "a"},
    {"", NULL},
};

static const struct {
	const char *toml;
	unsigned line, column;
	const char *text;
} faults[] = {
    {"[security\nx = 1\n", 1, 10, "not ended by ]"},
    {"a = 1\nb 2\n", 2, 3, "'=' was expected"},
    {"a =\n", 1, 4, "a value was expected"},
    {"a = b c\n", 1, 7, "one key stands on a line"},
    {"a = 'x\ny'\n", 1, 7, "not ended"},
    {"a = \"\\q\"\n", 1, 7, "unknown escape"},
    {"a = \"\\ud800\"\n", 1, 8, "no character"},
    {"a = ['x'\n", 2, 1, "not closed"},
    {"a = ['x'}\n", 1, 9, "closes none"},
    {"a = [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]\n", 1, 21, "nested too deeply"},
    {"= 1\n", 1, 1, "a key was expected"},
    {"[security]\nnames = 1\n", 2, 9, "expected a text or a list"},
    {"[security]\nnames = ['a', 1]\n", 2, 9, "expected a text or a list"},
    {"[security]\nnames = ['a,b']\n", 2, 9, "comma"},
    {"[security]\nnames = \"a\\u202e\"\n", 2, 9, "expected a text or a list"},
    {"security = {names = ['a']}\n", 1, 12, "write [security]"},
    {"security.names = 'a'\n[security]\nnames = 'b'\n", 3, 9, "is here twice; it is at 1:18"},
};

static struct settings
apply(const char *text, const char *file)
{
	static const struct variable variables[] = {
	    {.name = "names", .type = VAR_LIST, .toml = "s.toml security.names"}, {.name = "other", .type = VAR_TEXT}};
	struct profile p = {.name = "p", .variables = (struct variable *)variables, .n_variables = COUNT(variables)};
	struct settings s = {.now = 0};
	struct toml *t = toml_read(arena, "s.toml", slice_of(text), &errors);

	if (t)
		toml_apply(arena, file, t, &p, &s, &errors);
	return s;
}

START_TEST(taken_rows)
{
	struct settings s = apply(taken[_i].toml, "s.toml");
	const char *names = s.n_sets ? s.sets[0].value : NULL;

	if (strstr(taken[_i].toml, "\\x")) { /* no escape of TOML 1.0 */
		ck_assert_uint_eq(errors.n, 1);
		return;
	}
	ck_assert_msg(errors.n == 0, "%s: %s", taken[_i].toml, errors.n ? errors.list[0].text : "");
	ck_assert_msg((names == NULL) == (taken[_i].names == NULL), "%s: %s", taken[_i].toml, names ? names : "nothing");
	if (names)
		ck_assert_str_eq(names, taken[_i].names);
}
END_TEST

START_TEST(fault_rows)
{
	apply(faults[_i].toml, "s.toml");
	ck_assert_msg(errors.n == 1, "%s: %zu", faults[_i].toml, errors.n);
	const struct error *e = &errors.list[0];
	ck_assert_msg(e->loc.line == faults[_i].line && e->loc.column == faults[_i].column && strstr(e->text, faults[_i].text),
	    "%s: %u:%u: %s", faults[_i].toml, e->loc.line, e->loc.column, e->text);
}
END_TEST

START_TEST(other_file)
{
	apply("a = 1\n", "t.toml");
	ck_assert_uint_eq(errors.n, 1);
	ck_assert_ptr_nonnull(strstr(errors.list[0].text, "it knows s.toml"));
}
END_TEST

/* Every prefix and every byte changed: taken or refused, never read beyond its end. */
START_TEST(cut_and_changed)
{
	static const char text[] = "a = [1, 'x', \"\"\"y\"\"\", {b = '''z'''}]\n[security]\nnames = [\"\\u00e9\", 'b'] # c\n";
	const size_t n = sizeof text - 1;

	for (size_t i = 0; i <= n; i++) {
		uint8_t *copy = malloc(i ? i : 1);
		memcpy(copy, text, i);
		toml_read(arena, "s.toml", (struct slice){copy, i}, &errors);
		free(copy);
	}
	for (size_t i = 0; i < n; i++) {
		for (unsigned c = 0; c < 256; c++) {
			uint8_t *copy = malloc(n);
			memcpy(copy, text, n);
			copy[i] = (uint8_t)c;
			toml_read(arena, "s.toml", (struct slice){copy, n}, &errors);
			free(copy);
		}
	}
}
END_TEST

START_TEST(flood)
{
	static const char *const units[] = {"[", "''\n", "a.", "a=''\n", "a=[", "{", "'", "#", "\n", "['',", "\"\\u0061\""};

	for (size_t k = 0; k < COUNT(units); k++) {
		size_t unit = strlen(units[k]), n = LIMIT_PROFILE / unit * unit;
		char *text = malloc(n);
		for (size_t i = 0; i < n; i += unit)
			memcpy(text + i, units[k], unit);
		toml_read(arena, "s.toml", (struct slice){(uint8_t *)text, n}, &errors);
		free(text);
	}
	errors.n = 0;
	ck_assert_ptr_null(toml_read(arena, "s.toml", (struct slice){(const uint8_t *)"", LIMIT_PROFILE + 1}, &errors));
	ck_assert_uint_eq(errors.n, 1);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("toml");
	TCase *t = tcase_create("toml");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, taken_rows, 0, COUNT(taken));
	tcase_add_loop_test(t, fault_rows, 0, COUNT(faults));
	tcase_add_test(t, other_file);
	tcase_add_test(t, cut_and_changed);
	tcase_add_test(t, flood);
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
