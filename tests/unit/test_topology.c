/* Topologies: which hosts are found, aliases and merged maps, mistakes at their place, and bounds. */
#include "crtlint/topology.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct arena *arena;
static struct errors errors;
static const struct profile *profile;

static const char system_yaml[] = "profile: sys\ntitle: t\nsource: s\npeers: [{peer: a}, {peer: b}]\n"
                                  "connections: [{kind: k, from: a, to: [a, b]}]\n"
                                  "topology:\n"
                                  "- {section: a_servers, peer: a, host: [client, host]}\n"
                                  "- {section: a_servers, peer: a, host: [peer, host]}\n"
                                  "- {section: b_servers, peer: b, host: host}\n";

static void
setup(void)
{
	arena = arena_new();
	errors = (struct errors){.arena = arena};
	profile = profile_read(arena, "sys.yaml", slice_of(system_yaml), &errors);
	ck_assert_msg(profile, "%s", errors.n ? errors.list[0].text : "");
}

static void
teardown(void)
{
	arena_free(arena);
}

/* "a=h1+h2 b=h3"; NULL: refused. */
static const char *
hosts(struct slice yaml)
{
	struct settings s = {0};
	struct buf out = {.arena = arena};
	struct topology *t = topology_read(arena, "t.yaml", yaml, &errors);

	if (t)
		topology_apply(arena, t, profile, &s, &errors);
	for (size_t i = 0; i < s.n_instances; i++) {
		buf_printf(&out, "%s%s", i ? " " : "", s.instances[i].peer);
		for (size_t k = 0; k < s.instances[i].hosts.n; k++)
			buf_printf(&out, "%s%s", k ? "+" : "=", s.instances[i].hosts.list[k]);
	}
	return errors.n ? NULL : buf_text(&out);
}

static const struct {
	const char *yaml, *found;
} good[] = {
    {"a_servers: [{host: h1}, {host: h2, port: 1}]\nb_servers:\n- host: h3\n", "a=h1 a=h2 b=h3"},
    {"b_servers: [{host: h1:2379}, {host: '[::1]:1'}, {host: '::1'}, {host: '[::2]'}]", "b=h1 b=[::1] b=::1 b=[::2]"},
    {"a_servers: [{host: h, client: 'https://c:2379'}]", "a=c+h"},
    {"a_servers: [{host: h, client: 'https://c:2379,http://d:1/x', peer: p}]", "a=c+d+p"},
    {"a_servers: [{host: h, client: ''}]", "a=h"},
    {"a_servers:\nb_servers: [{host: h}]", "b=h"},
    {"a_servers: ~\nb_servers: null\n", ""},
    {"a_servers: []\n", ""},
    {"x: &h h1\nb_servers: [{host: *h}]", "b=h1"},
    {"x: &l [{host: h1}, {host: h2}]\nb_servers: *l", "b=h1 b=h2"},
    {"x: &m {host: h1, port: 1}\nb_servers: [*m, {<<: *m, port: 2}, {<<: *m, host: h2}]", "b=h1 b=h1 b=h2"},
    {"x: &m {host: h1}\ny: &n {host: h2, client: c}\na_servers: [{<<: [*m, *n]}]", "a=c+h1"},
    {"b_servers: [&m {host: h1}, {<<: *m}]", "b=h1 b=h1"},
    {"x: &m {<<: {host: h1}}\nb_servers: [*m]", "b=h1"},
    {"x: &h h1\ny: &h h2\nb_servers: [{host: *h}]", "b=h2"},
    {"&k host: x\nb_servers: [{*k : h1}]", "b=h1"},
    {"note: \"a\\tb\\u200e\"\nb_servers: [{host: h1}]", "b=h1"},
};

START_TEST(good_rows)
{
	const char *found = hosts(slice_of(good[_i].yaml));

	ck_assert_msg(found, "%s: %s", good[_i].yaml, errors.n ? errors.list[0].text : "");
	ck_assert_str_eq(found, good[_i].found);
}
END_TEST

static const struct {
	const char *yaml;
	unsigned line, column; /* 0: the file as a whole */
	const char *text;
} faults[] = {
    {"x: 1\n", 1, 1, "holds none of the lists that profile sys knows: a_servers, b_servers"},
    {"- a\n", 1, 1, "no map"},
    {"", 1, 1, "is empty"},
    {"b_servers: x\n", 1, 12, "'b_servers' is a list of instances"},
    {"b_servers: [x]\n", 1, 13, "an instance of b_servers is written as keys and values"},
    {"b_servers:\n- {port: 1}\n", 2, 3, "an instance of b_servers lacks 'host'"},
    {"b_servers:\n- {host: [x]}\n", 2, 10, "'host': expected a name or address"},
    {"b_servers:\n- {host: 'x y'}\n", 2, 10, "'x y' is no name"},
    {"b_servers:\n- {host: a=b}\n", 2, 10, "'a=b' is no name"},
    {"b_servers:\n- {host: \"a\\x01\"}\n", 2, 10, "is no name"},
    {"b_servers: [{host: a}, {host: \n", 2, 1, "is no YAML"},
    {"b_servers: [{host: *h}]\n", 1, 20, "no anchor &h stands before this alias"},
    {"b_servers: &b [*b]\n", 1, 16, "this alias stands in what it names"},
    {"x: &x {y: {z: *x}}\n", 1, 15, "this alias stands in what it names"},
    {"x: &x [a]\n*x : y\n", 2, 1, "a key must be a word"},
    {"b_servers: [{host: !!str h}]\n", 1, 20, "tags"},
    {"b_servers: [{host: a, host: b}]\n", 1, 23, "is here twice"},
    {"%YAML 1.1\n---\nb_servers: []\n", 1, 1, "directive"},
    {"b_servers: []\n---\nb_servers: []\n", 2, 1, "a second document"},
    {"b_servers: \xff\n", 0, 0, "no UTF-8"},
};

START_TEST(fault_rows)
{
	bool said = false;

	ck_assert_msg(!hosts(slice_of(faults[_i].yaml)), "taken: %s", faults[_i].yaml);
	for (size_t i = 0; i < errors.n; i++)
		said = said || (strstr(errors.list[i].text, faults[_i].text) && errors.list[i].loc.line == faults[_i].line &&
		                   errors.list[i].loc.column == faults[_i].column);
	ck_assert_msg(said, "'%s' was wanted, %u:%u '%s' said", faults[_i].text, errors.list[0].loc.line,
	    errors.list[0].loc.column, errors.list[0].text);
	ck_assert_str_eq(errors.list[0].path, "t.yaml");
}
END_TEST

START_TEST(no_topology)
{
	char yaml[sizeof system_yaml];

	strcpy(yaml, system_yaml);
	*strstr(yaml, "topology:") = '\0';
	profile = profile_read(arena, "sys.yaml", slice_of(yaml), &errors);
	ck_assert_ptr_null(hosts(slice_of("b_servers: []\n")));
	ck_assert_str_eq(errors.list[0].text, "--topology t.yaml: profile sys does not know such files");
}
END_TEST

/* Each line holds ten of the one before. */
static struct slice
bomb(const char *open, const char *close)
{
	struct buf out = {.arena = arena};

	buf_printf(&out, "x0: &x0 %sa%s\n", open, close);
	for (int i = 1; i < 12; i++) {
		buf_printf(&out, "x%d: &x%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_printf(&out, "%s*x%d", k ? ", " : "", i - 1);
		buf_add(&out, "]\n");
	}
	return slice_of(buf_text(&out));
}

static struct slice
flood(const char *head, const char *unit, size_t bytes)
{
	size_t n = strlen(head), m = strlen(unit);
	uint8_t *p = arena_alloc(arena, bytes + n + m);

	memcpy(p, head, n);
	for (; n < bytes; n += m)
		memcpy(p + n, unit, m);
	return (struct slice){p, n};
}

static struct slice
hostile(int i)
{
	const size_t most = LIMIT_TOPOLOGY - 64;

	switch (i) {
	case 0:
		return bomb("", "");
	case 1:
		return bomb("{", ": a}");
	case 2:
		return flood("x: ", "[", most);
	case 3:
		return flood("x: ", "{a: ", most);
	case 4:
		return flood("b_servers: [", "{host: h}, ", 10 << 20);
	case 5:
		return flood("b_servers:\n", "- host: h\n", most);
	case 6:
		return flood("x: &a {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8}\nb_servers:\n", "- <<: *a\n", most);
	case 7:
		return flood("x: &a {host: h}\nb_servers:\n", "- <<: [*a, *a, *a, *a, *a, *a, *a, *a]\n", most);
	case 8:
		return flood("b_servers:\n", "- &a b\n", most);
	case 9:
		return flood("b_servers: [", "*a, ", most);
	case 10:
		return flood("x: &a [[[[[[[[[a]]]]]]]]]\nb_servers: ", "[[[[[[[[*a]]]]]]]] #", 64);
	default:
		return flood("", "? ", most);
	}
}

/* Within 50 ms and their memory; the bound of the test is wider, for a loaded machine and sanitizers. */
START_TEST(hostile_rows)
{
	struct slice yaml = hostile(_i);
	clock_t before = clock();

	ck_assert_msg(!hosts(yaml), "taken: %d", _i);
	double took = (double)(clock() - before) / CLOCKS_PER_SEC;
	ck_assert_msg(took < 0.5, "%d took %.3f s", _i, took);
	ck_assert_uint_gt(errors.n, 0);
	ck_assert_uint_le(errors.n, LIMIT_PROFILE_ERRORS * 2);
}
END_TEST

START_TEST(many_instances)
{
	struct slice yaml = flood("b_servers:\n", "- host: h\n", 11 + LIMIT_HOSTS * 10);

	ck_assert_msg(hosts(yaml), "%s", errors.n ? errors.list[0].text : "");
	errors.n = 0;
	ck_assert_ptr_null(hosts(flood("b_servers:\n", "- host: h\n", 11 + (LIMIT_HOSTS + 1) * 10)));
	ck_assert_uint_eq(errors.n, 1);
	ck_assert_uint_eq(errors.list[0].loc.line, LIMIT_HOSTS + 2);
	ck_assert_ptr_nonnull(strstr(errors.list[0].text, "more than 1000 hosts"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("topology");
	TCase *t = tcase_create("topology");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, good_rows, 0, (int)COUNT(good));
	tcase_add_loop_test(t, fault_rows, 0, (int)COUNT(faults));
	tcase_add_loop_test(t, hostile_rows, 0, 12);
	tcase_add_test(t, no_topology);
	tcase_add_test(t, many_instances);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
