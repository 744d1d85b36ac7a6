#include <check.h>
#include <stdlib.h>

#include "crtlint/limits.h"
#include "crtlint/profile.h"

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

static const char mistaken[] = "profile: bad\n"
                               "title: eight mistakes\n"
                               "source: here\n"
                               "captures: {user: lower-csae}\n"
                               "files:\n"
                               "- {file: node.crt, key: node.key, requird: true}\n"
                               "- {file: client.<user>.crt, key: client.<usr>.key}\n"
                               "start:\n"
                               "- {file: nodee.crt, must: be-readable, says: 'no <erorr>'}\n"
                               "- {file: node.crt, must: exits, says: 'not found'}\n"
                               "peers:\n"
                               "- {peer: node, stack: goo, serves: [node.crt]}\n"
                               "connections:\n"
                               "- {kind: rpc, from: nodde, to: node, host: <hosts>}\n";

static const struct {
	unsigned line, column;
	const char *text;
} mistakes[] = {
    {4, 18, "unknown type 'lower-csae'; did you mean 'lower-case'?"},
    {6, 35, "unknown key 'requird' in a row of files; did you mean 'required'?"},
    {7, 34, "'<usr>' is not known here; did you mean 'user'?"},
    {9, 10, "no row of files has the name or role 'nodee.crt'; did you mean 'node.crt'?"},
    {9, 46, "'<erorr>' is not known here; did you mean 'error'?"},
    {10, 26, "unknown check 'exits'; did you mean 'exist'?"},
    {12, 23, "unknown stack 'goo'; did you mean 'go'?"},
    {14, 21, "unknown peer 'nodde'; did you mean 'node'?"},
};

START_TEST(eight_mistakes_in_one_run)
{
	ck_assert_ptr_null(profile_read(arena, "bad.yaml", slice_of(mistaken), &errors));
	ck_assert_uint_eq(errors.n, COUNT(mistakes));
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		const struct error *e = &errors.list[i];
		ck_assert_str_eq(e->path, "bad.yaml");
		ck_assert_msg(
		    e->loc.line == mistakes[i].line && e->loc.column == mistakes[i].column && strstr(e->text, mistakes[i].text),
		    "%u:%u: %s", e->loc.line, e->loc.column, e->text);
	}
}
END_TEST

#define HEAD              "profile: p\ntitle: t\nsource: s\npeers: [{peer: a}]\nconnections: [{kind: k, from: a, to: a}]\n"
#define ROW(section, row) HEAD section ":\n- {" row "}\n"

static const struct {
	const char *yaml, *text;
} faults[] = {
    {ROW("start", "must: exist"), "needs 'file'"},
    {ROW("load", "must: exist, says: not found"), "must be quoted"},
    {ROW("load", "must: exist, says: 'a', says: 'b'"), "is here twice; it is at 7:17 too"},
    {ROW("load", "must: exist, when: hosts set, when: [hosts set, hosts unset]"), "is here twice"},
    {ROW("load", "must: exist, key-must: exist"), "one thing"},
    {ROW("load", "must: stay"), "cannot be asked in load"},
    {ROW("load", "key-must: pool"), "cannot be asked of a key"},
    {ROW("load", "must: exist, since: 2.1, until: 1.0"), "ends before it begins"},
    {ROW("load", "must: exist, since: two"), "is no version"},
    {ROW("load", "must: exist, when: x"), "is no condition"},
    {ROW("load", "must: exist, when: x set"), "unknown variable 'x'"},
    {ROW("load", "must: exist, when: x.crt absent"), "no row of files"},
    {ROW("load", "must: exist, says: '<tenatn>'"), "did you mean 'tenant'?"},
    {ROW("load", "must: [exist]"), "one text was expected"},
    {ROW("load", "must"), "a text is missing"},
    {ROW("load", "on: 'x'"), "belongs to 'reload'"},
    {ROW("start", "as: start"), "cannot be as itself"},
    {ROW("dial", "kind: kk, as: start"), "unknown kind 'kk'"},
    {ROW("key-modes", "at-most: 700"), "is no mode"},
    {ROW("key-modes", "at-most: 01000"), "is no mode"},
    {ROW("files", "file: <a><b>"), "side by side"},
    {ROW("files", "file: <a>.<a>"), "same name twice"},
    {ROW("files", "file: <a>.<b>.<c>.<d>"), "too many parts"},
    {ROW("files", "file: ../x"), "outside the directory"},
    {ROW("files", "file: x, means: <y>"), "unknown capture 'y'"},
    {ROW("files", "role: x"), "lacks 'file'"},
    {ROW("files", "file: []"), "is an empty list"},
    {ROW("variables", "name: v, type: texts, help: 'h'"), "did you mean 'text'?"},
    {ROW("variables", "name: v, type: [a, b], default: c, help: 'h'"), "no value of its variable"},
    {ROW("variables", "name: v, type: text, default: {2.0: a, 1.0: b}, help: 'h'"), "must ascend"},
    {ROW("principals", "among: CNN"), "unknown kind of name"},
    {ROW("principals", "among: CN, map: m"), "unknown variable 'm'"},
    {ROW("log", "of: strat, says: 'x'"), "did you mean 'start'?"},
    {ROW("files", "file: x, why: \"a\\u202eb\""), "cannot be shown"},
    {ROW("topology", "section: s, peer: z, host: h"), "unknown peer 'z'"},
    {ROW("topology", "section: s, peer: a"), "lacks 'host'"},
    {ROW("toml", "file: f.toml, peer: z, ca: x"), "unknown peer 'z'"},
    {ROW("toml", "peer: a, ca: x"), "lacks 'file'"},
    {ROW("files", "file: &a x"), "anchors"},
    {ROW("files", "file: *a"), "aliases"},
    {ROW("files", "file: !!str x"), "tags"},
    {ROW("files", "<<: x"), "unknown key '<<'"},
    {ROW("files", "[a]: x"), "a key must be a word"},
    {HEAD "files: x\n", "is a list of rows"},
    {HEAD "files: [x]\n", "written as keys and values"},
    {HEAD "captures: [x]\n", "'captures' is a map"},
    {HEAD "---\n" HEAD, "a second document"},
    {HEAD "...\n---\nx: y\n", "a second document"},
    {"- a\n", "written as keys and values"},
    {"profile: p\n", "lacks 'connections'"},
    {"", "is empty"},
    {"\n \n", "is empty"},
    {"# only a comment\n", "is empty"},
    {"---\n", "written as keys and values"},
    {"profile: [p\n", "is no YAML"},
    {"%YAML 1.1\n---\n" HEAD, "directive"},
    {"\xef\xbb\xbf" HEAD, "byte order mark"},
    {"\xff\xfep", "UTF-16"},
    {"profile: \xff\n", "no UTF-8"},
};

START_TEST(fault_rows)
{
	bool said = false;

	ck_assert_msg(!profile_read(arena, "f.yaml", slice_of(faults[_i].yaml), &errors), "taken: %s", faults[_i].yaml);
	ck_assert_uint_gt(errors.n, 0);
	for (size_t i = 0; i < errors.n; i++)
		said = said || strstr(errors.list[i].text, faults[_i].text);
	ck_assert_msg(said, "'%s' was wanted, '%s' said", faults[_i].text, errors.list[0].text);
}
END_TEST

START_TEST(head_alone_binds)
{
	ck_assert_ptr_nonnull(profile_read(arena, "h.yaml", slice_of(HEAD), &errors));
	ck_assert_uint_eq(errors.n, 0);
}
END_TEST

/* Files that libyaml alone would chew on for seconds, or for ever. The text tells which bound ended it: reaching that one means
 * that no later byte was read. */
static const struct {
	const char *name, *head, *unit;
	size_t bytes;
	const char *text;
} floods[] = {
    {"lists", "", "[", LIMIT_PROFILE, "nested too deeply"},
    {"maps", "", "{a: ", LIMIT_PROFILE - 3, "nested too deeply"},
    {"block lists", "", "- ", LIMIT_PROFILE, "nested too deeply"},
    {"explicit keys", "", "? ", LIMIT_PROFILE, "a key must be a word"},
    {"directives", "", "%TAG ! tag:x\n", LIMIT_PROFILE - 12, "directive"},
    {"late directives", HEAD, "\n%TAG ! tag:x", LIMIT_PROFILE - 200, "directive"},
    {"anchors", "", "&a ", LIMIT_PROFILE - 2, "anchors"},
    {"members", "source: [", "a,", LIMIT_PROFILE - 12, "too many parts"},
    {"rows", "files:\n", "- {file: a}\n", LIMIT_PROFILE - 20, "too many parts"},
    {"repeated keys", HEAD "load:\n", "- {a: b, a: b}\n", 20000, "is here twice"},
    {"unknown keys", HEAD "load:\n", "- {must: exits}\n", 20000, "mistakes more"},
    {"NUL", "profile: ", "\0", 20, "NUL"},
    {"10 MB of lists", "", "[", 10 << 20, "larger than"},
    {"10 MB of blanks", "", "   \n", 10 << 20, "larger than"},
};

START_TEST(flood_rows)
{
	size_t head = strlen(floods[_i].head), unit = strlen(floods[_i].unit), n = head;
	char *yaml = malloc(floods[_i].bytes + head + 32);
	bool said = false;

	memcpy(yaml, floods[_i].head, head);
	if (unit == 0)
		unit = 1;
	for (; n < floods[_i].bytes; n += unit)
		memcpy(yaml + n, floods[_i].unit, unit);
	ck_assert_msg(!profile_read(arena, "f.yaml", (struct slice){(uint8_t *)yaml, n}, &errors), "%s: taken", floods[_i].name);
	ck_assert_uint_le(errors.n, LIMIT_PROFILE_ERRORS + 1);
	for (size_t i = 0; i < errors.n; i++)
		said = said || strstr(errors.list[i].text, floods[_i].text);
	ck_assert_msg(said, "%s: %s", floods[_i].name, errors.n ? errors.list[0].text : "nothing said");
	free(yaml);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("profile_faults");
	TCase *t = tcase_create("profile_faults");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, eight_mistakes_in_one_run);
	tcase_add_test(t, head_alone_binds);
	tcase_add_loop_test(t, fault_rows, 0, COUNT(faults));
	tcase_add_loop_test(t, flood_rows, 0, COUNT(floods));
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
