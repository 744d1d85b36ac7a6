#include <check.h>
#include <stdlib.h>

#include "crtlint/config.h"
#include "crtlint/limits.h"

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

static const char system_yaml[] = "profile: sys\ntitle: t\nsource: s\npeers: [{peer: a}]\n"
                                  "connections: [{kind: k, from: a, to: a}]\nvariables:\n"
                                  "- {name: mode, type: [on, off], help: 'h'}\n- {name: names, type: list, help: 'h'}\n";

static const struct profile *
no_file(struct arena *a, const char *path, struct errors *e)
{
	(void)a;
	error_add(e, path, (struct loc){0, 0}, "cannot be read");
	return NULL;
}

static struct config *
take(struct slice yaml)
{
	struct errors none = {.arena = arena};
	const struct profile *list[1] = {profile_read(arena, "sys.yaml", slice_of(system_yaml), &none)};
	struct config_profiles profiles = {list, 1, no_file};
	struct config_file file = {"c.yaml", "c.yaml", yaml};

	ck_assert_msg(list[0], "%s", none.n ? none.list[0].text : "");
	return config_read(arena, &file, &profiles, &errors);
}

static const char mistaken[] = "profil: sys\n"
                               "profile: syss\n"
                               "hosts: [good, 'a b']\n"
                               "set: {sys: {mod: on, mode: of}}\n"
                               "severity: {key-mod: note, key-mode: wraning}\n"
                               "suppressions:\n"
                               "- {rule: key-mode, file: a, until: soon, reason: 'x'}\n"
                               "- {rule: key-mode, file: a, until: 2027-01-01}\n";

static const struct {
	unsigned line, column;
	const char *text;
} mistakes[] = {
    {1, 1, "unknown key 'profil' in a configuration; did you mean 'profile'?"},
    {2, 10, "no profile 'syss'; did you mean 'sys'?"},
    {3, 15, "'a b' is no name"},
    {4, 13, "profile sys has no variable 'mod'; did you mean 'mode'?"},
    {4, 28, "mode: expected one of on, off"},
    {5, 12, "no rule 'key-mod'; did you mean 'key-mode'?"},
    {5, 37, "unknown severity 'wraning'; did you mean 'warning'?"},
    {7, 36, "until: expected a date"},
    {8, 3, "a suppression lacks 'reason'"},
};

START_TEST(mistakes_in_one_run)
{
	ck_assert_ptr_null(take(slice_of(mistaken)));
	for (size_t i = 0; i < COUNT(mistakes) && i < errors.n; i++) {
		const struct error *e = &errors.list[i];
		ck_assert_str_eq(e->path, "c.yaml");
		ck_assert_msg(
		    e->loc.line == mistakes[i].line && e->loc.column == mistakes[i].column && strstr(e->text, mistakes[i].text),
		    "%u:%u: %s", e->loc.line, e->loc.column, e->text);
	}
	ck_assert_uint_eq(errors.n, COUNT(mistakes));
}
END_TEST

#define ROW(row) "suppressions:\n- {" row "}\n"

static const struct {
	const char *yaml, *text;
} faults[] = {
    {"", "is empty"},
    {"# nothing\n", "is empty"},
    {"- a\n", "written as keys and values"},
    {"hosts: []\n", "empty list"},
    {"hosts: {a: {b: c}}\n", "one text was expected"},
    {"hosts: {b: x}\n", "nobody dials 'b'"},
    {"hosts: [b=x]\n", "nobody dials 'b'"},
    {"hosts: {a: a=x}\n", "is no name"},
    {"hosts: {a: []}\n", "empty list"},
    {"hosts: a,b\n", "is no name"},
    {"hosts: a\nhosts: b\n", "is here twice"},
    {"users: a/b\n", "is no name"},
    {"profile: ./x.yaml\n", "cannot be used"},
    {"profile: [a]\n", "one text was expected"},
    {"set: a\n", "is a map of profiles"},
    {"set: {sys: a}\n", "is a map of its variables"},
    {"set: {syss: {}}\n", "did you mean 'sys'?"},
    {"set: {sys: {mode: [on]}}\n", "one value, not a list"},
    {"set: {sys: {names: ['a,b']}}\n", "no comma"},
    {"set: {sys: {names: [[a]]}}\n", "one text was expected"},
    {"set: {sys: {run-as: bob}}\n", "UID:GID"},
    {"set: {sys: {run-as: 4294967296:1}}\n", "UID:GID"},
    {"set: {sys: {server-version: x}}\n", "expected a version"},
    {"expires-within: soon\n", "expected a span"},
    {"expires-within: 101%\n", "expected a span"},
    {"severity: note\n", "is a map"},
    {"severity: {key-mode: [note]}\n", "one text was expected"},
    {"severity: {key-mode: {breaking: note}}\n", "unknown key"},
    {"severity: {key-mode: {when-breaking: warnng}}\n", "did you mean 'warning'?"},
    {"directories: a\n", "is a list of rows"},
    {"directories: [{hosts: a}]\n", "lacks 'directory'"},
    {"directories: [{directory: '*/*/*/*'}]\n", "more than 3 stars"},
    {"directories: [{directory: a, profile: b}]\n", "no profile 'b'"},
    {ROW("file: a, reason: r, until: 2027-01-01"), "lacks 'rule'"},
    {ROW("rule: key-mode, reason: r, until: 2027-01-01"), "lacks 'file'"},
    {ROW("rule: key-mode, file: a, reason: r"), "lacks 'until'"},
    {ROW("rule: key-mode, file: a, reason: ' ', until: 2027-01-01"), "says why"},
    {ROW("rule: key-mode, file: a, reason: r, until: 2027-02-30"), "expected a date"},
    {ROW("rule: key-mode, file: a, reason: r, until: 2027-01-01, spki: ab"), "64 lower-case"},
    {ROW("rule: key-mode, file: &a b, reason: r, until: 2027-01-01"), "anchors"},
    {"%YAML 1.1\n---\nhosts: a\n", "directive"},
    {"hosts: a\n---\nhosts: b\n", "a second document"},
    {"\xff\xfeh", "UTF-16"},
    {"hosts: \xff\n", "no UTF-8"},
};

START_TEST(fault_rows)
{
	bool said = false;

	ck_assert_msg(!take(slice_of(faults[_i].yaml)), "taken: %s", faults[_i].yaml);
	ck_assert_uint_gt(errors.n, 0);
	for (size_t i = 0; i < errors.n; i++)
		said = said || strstr(errors.list[i].text, faults[_i].text);
	ck_assert_msg(said, "'%s' was wanted, '%s' said", faults[_i].text, errors.list[0].text);
}
END_TEST

static const struct {
	const char *name, *head, *unit;
	size_t bytes;
} floods[] = {
    {"lists", "", "[", LIMIT_PROFILE},
    {"directives", "", "%TAG ! tag:x\n", LIMIT_PROFILE - 12},
    {"hosts", "hosts: [a", ",a", LIMIT_PROFILE - 12},
    {"rows", "suppressions:\n", "- {rule: key-mod}\n", 20000},
    {"rules", "severity:\n", "  xxxxx: note\n", 3000},
    {"10 MB", "hosts: [", "a, ", 10 << 20},
};

START_TEST(flood_rows)
{
	size_t unit = strlen(floods[_i].unit), n = strlen(floods[_i].head);
	char *yaml = malloc(floods[_i].bytes + n + 32);

	memcpy(yaml, floods[_i].head, n);
	for (; n < floods[_i].bytes; n += unit)
		memcpy(yaml + n, floods[_i].unit, unit);
	ck_assert_msg(!take((struct slice){(uint8_t *)yaml, n}), "%s: taken", floods[_i].name);
	ck_assert_uint_gt(errors.n, 0);
	ck_assert_uint_le(errors.n, LIMIT_PROFILE_ERRORS * 2);
	free(yaml);
}
END_TEST

static const char good[] = "profile: sys\n"
                           "set: {sys: {mode: 'on', names: [x, y]}}\n"
                           "hosts: {a: [lb, both]}\n"
                           "directories:\n"
                           "- {directory: 'node*', hosts: [n, a=both]}\n"
                           "- {directory: a/b, hosts: ab, users: u}\n"
                           "expires-within: 10%\n"
                           "severity: {key-mode: off, key-missing: {when-breaking: warning}}\n"
                           "suppressions:\n"
                           "- {rule: key-mode, file: a, reason: 'r', until: 2027-01-01, directory: node1}\n";

static struct settings
apply(const struct config *c, const char *place, struct settings s)
{
	config_apply(arena, c, place, config_profile(c, place), &s);
	return s;
}

static const struct {
	const char *place;
	const char *hosts[4];
	size_t users, suppressions;
} places[] = {
    {"node1", {"a=lb", "a=both", "n"}, 0, 1},
    {"x/node2", {"a=lb", "a=both", "n"}, 0, 0},
    {"node1/x", {"a=lb", "a=both"}, 0, 0},
    {"a/b", {"a=lb", "a=both", "ab"}, 1, 0},
    {"x/a/b", {"a=lb", "a=both"}, 0, 0},
    {"/abs/node1", {"a=lb", "a=both", "n"}, 0, 1},
    {".", {"a=lb", "a=both"}, 0, 0},
};

START_TEST(place_rows)
{
	struct config *c = take(slice_of(good));
	ck_assert_msg(c, "%s", errors.n ? errors.list[0].text : "");
	struct settings s = apply(c, places[_i].place, (struct settings){.expires_seconds = -1, .expires_percent = -1});
	size_t n = 0;

	for (; n < COUNT(places[_i].hosts) && places[_i].hosts[n]; n++) {
		ck_assert_uint_lt(n, s.hosts.n);
		ck_assert_str_eq(s.hosts.list[n], places[_i].hosts[n]);
	}
	ck_assert_uint_eq(s.hosts.n, n);
	ck_assert_int_eq(s.hosts_from, FROM_CONFIG);
	ck_assert_uint_eq(s.users.n, places[_i].users);
	ck_assert_uint_eq(s.n_suppressions, places[_i].suppressions);
	ck_assert_int_eq(s.expires_percent, 10);
	ck_assert_int_eq(s.levels[0].level, WISH_OFF);
	ck_assert_int_eq(s.levels[0].when_breaking, WISH_NONE);
	ck_assert_int_eq(s.levels[1].when_breaking, WISH_WARNING);
	ck_assert_uint_eq(s.n_sets, 2);
	ck_assert_str_eq(s.sets[1].value, "x,y");
}
END_TEST

START_TEST(options_win)
{
	struct config *c = take(slice_of(good));
	ck_assert_ptr_nonnull(c);
	const char *host[] = {"given"};
	struct setting set = {"mode", "off", FROM_OPTION};
	struct settings s = apply(c, "node1",
	    (struct settings){.hosts = {host, 1}, .sets = &set, .n_sets = 1, .expires_seconds = 5, .expires_percent = -1});

	ck_assert_uint_eq(s.hosts.n, 1);
	ck_assert_int_eq(s.expires_seconds, 5);
	ck_assert_int_eq(s.expires_percent, -1);
	ck_assert_uint_eq(s.n_sets, 3);
	ck_assert_str_eq(s.sets[2].value, "off"); /* the last one holds */
}
END_TEST

START_TEST(search_is_refused)
{
	struct words paths = {0};

	ck_assert(config_may_search(&(struct config_search){.paths = &paths}));
	ck_assert(!config_may_search(&(struct config_search){.paths = &paths, .found = true}));
	ck_assert(!config_may_search(&(struct config_search){.paths = &paths, .off = true}));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("config");
	TCase *t = tcase_create("config");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, mistakes_in_one_run);
	tcase_add_loop_test(t, fault_rows, 0, COUNT(faults));
	tcase_add_loop_test(t, flood_rows, 0, COUNT(floods));
	tcase_add_loop_test(t, place_rows, 0, COUNT(places));
	tcase_add_test(t, options_win);
	tcase_add_test(t, search_is_refused);
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
