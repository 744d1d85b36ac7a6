#include <check.h>

#include "../../src/profile/tree.h"
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

static struct profile *
builtin(const char *name)
{
	size_t n;
	const struct builtin_profile *list = profile_builtin(&n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0) {
			struct profile *p = profile_read(arena, name, list[i].yaml, &errors);
			for (size_t j = 0; j < errors.n; j++)
				ck_abort_msg("%s:%u:%u: %s", name, errors.list[j].loc.line, errors.list[j].loc.column,
				    errors.list[j].text);
			return p;
		}
	ck_abort_msg("%s is not compiled in", name);
}

START_TEST(every_builtin_binds)
{
	size_t n;
	const struct builtin_profile *list = profile_builtin(&n);

	ck_assert_uint_ge(n, 2);
	for (size_t i = 0; i < n; i++) {
		const struct profile *p = builtin(list[i].name);
		ck_assert_msg(p && strcmp(p->name, list[i].name) == 0, "%s: its name within differs", list[i].name);
		ck_assert_msg(i == 0 || strcmp(list[i - 1].name, list[i].name) < 0, "%s: not sorted", list[i].name);
		ck_assert_uint_gt(p->n_files, 0);
		/* A directory of no particular program has no start. */
		ck_assert_msg(p->start.n > 0 || p->partial, "%s: asks nothing at a start and does not say why", list[i].name);
		ck_assert_uint_gt(p->n_connections, 0);
	}
}
END_TEST

static void
same_tree(const struct node *a, const struct node *b, const char *name)
{
	for (; a && b; a = a->next, b = b->next) {
		ck_assert_msg(a->kind == b->kind && a->quoted == b->quoted && memcmp(&a->loc, &b->loc, sizeof a->loc) == 0 &&
		                  memcmp(&a->key_loc, &b->key_loc, sizeof a->key_loc) == 0,
		    "%s:%u:%u: compiled in as something else", name, a->loc.line, a->loc.column);
		ck_assert_pstr_eq(a->text, b->text);
		ck_assert_pstr_eq(a->key, b->key);
		same_tree(a->first, b->first, name);
	}
	ck_assert_msg(!a && !b, "%s: a member more or less is compiled in", name);
}

START_TEST(builtin_trees_are_what_is_read)
{
	size_t n;
	const struct builtin_profile *list = profile_builtin(&n);

	for (size_t i = 0; i < n; i++) {
		struct errors none = {.arena = arena};
		same_tree(tree_read(arena, list[i].name, list[i].yaml, &none), list[i].tree, list[i].name);
	}
}
END_TEST

/* The kinds and ends that reports promise. */
static const struct {
	const char *profile, *kind, *from, *to, *except, *only;
} ends[] = {
    {"cockroachdb", "rpc", "node", "node", NULL, NULL},
    {"cockroachdb", "sql", "<user>", "node", "node", NULL},
    {"cockroachdb", "cli", "<user>", "node", NULL, "root"},
    {"cockroachdb", "console", "browser", "ui", NULL, NULL},
    {"cockroachdb", "console", "browser", "node", NULL, NULL},
    {"cockroachdb", "tenant", "tenant", "node", NULL, NULL},
    {"tidb", "mtls", "client", "tikv", NULL, NULL},
    {"tidb", "mtls", "tikv", "tikv", NULL, NULL},
    {"tidb", "mtls", "cdc", "tiflash", NULL, NULL},
};

static bool
has(const struct words *w, const char *word)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->list[i], word) == 0)
			return true;
	return false;
}

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

START_TEST(connection_ends)
{
	const struct profile *p = builtin(ends[_i].profile);
	bool found = false;

	for (size_t i = 0; i < p->n_connections; i++) {
		const struct connection_row *c = &p->connections[i];
		found = found ||
		        (strcmp(c->kind, ends[_i].kind) == 0 && has(&c->from, ends[_i].from) && has(&c->to, ends[_i].to) &&
		            same(c->except, ends[_i].except) && same(c->only, ends[_i].only));
		ck_assert_msg(strcmp(p->name, "tidb") != 0 || !has(&c->to, "client"), "the client is dialed");
	}
	ck_assert_msg(found, "%s: no %s %s>%s", ends[_i].profile, ends[_i].kind, ends[_i].from, ends[_i].to);
}
END_TEST

static const struct {
	const char *profile, *name;
	enum variable_type type;
} variables[] = {
    {"cockroachdb", "server-version", VAR_VERSION},
    {"cockroachdb", "go-version", VAR_VERSION},
    {"cockroachdb", "run-as", VAR_TEXT},
    {"cockroachdb", "console-host", VAR_HOSTS},
    {"cockroachdb", "cert-principal-map", VAR_MAP},
    {"cockroachdb", "root-cert-distinguished-name", VAR_TEXT},
    {"cockroachdb", "node-cert-distinguished-name", VAR_TEXT},
    {"cockroachdb", "ocsp", VAR_ENUM},
    {"cockroachdb", "skip-key-permission-check", VAR_BOOL},
    {"tidb", "server-version", VAR_VERSION},
    {"tidb", "go-version", VAR_VERSION},
    {"tidb", "components", VAR_PEERS},
    {"tidb", "cluster-verify-cn", VAR_LIST},
    {"tidb", "pd-allowed-cn", VAR_LIST},
};

START_TEST(variable_types)
{
	const struct variable *v = profile_variable(builtin(variables[_i].profile), variables[_i].name);

	ck_assert_msg(v && v->type == variables[_i].type && v->help, "%s: %s", variables[_i].profile, variables[_i].name);
}
END_TEST

/* The Go that built a server: the last row that is not above its version. */
static const struct {
	const char *server, *go;
} releases[] = {{"19.1", "1.11"}, {"20.2.3", "1.13"}, {"21.2.0", "1.18"}, {"22.1.8", "1.17"}, {"22.1", "1.19"},
    {"23.1.0", "1.19"}, {"23.1", "1.22"}, {"24.3.21", "1.23"}, {"24.3", "1.25"}, {"25.2.0", "1.23"}, {"26.2", "1.25"}};

START_TEST(go_by_server_version)
{
	const struct variable *v = profile_variable(builtin("cockroachdb"), "go-version");
	const struct version none = {.n = 0};
	const char *go = NULL;
	struct version server;

	ck_assert(version_parse(releases[_i].server, &server));
	for (size_t i = 0; i < v->n_defaults; i++)
		if (version_in(&server, &v->defaults[i].from, &none))
			go = v->defaults[i].value;
	ck_assert_msg(same(go, releases[_i].go), "%s: %s", releases[_i].server, go ? go : "none");
}
END_TEST

static const struct {
	const char *name;
	const char *row; /* the first row that the file fits */
	const char *dialect, *capture;
} fits[] = {
    {"ca.crt", "ca.crt", NULL, NULL},
    {"node.crt", "node.crt", NULL, NULL},
    {"client.node.crt", "client.node.crt", NULL, NULL},
    {"client.root.crt", "client.<user>.crt", NULL, "root"},
    {"client.a.b.crt", "client.<user>.crt", NULL, "a.b"},
    {"client..a.crt", "client.<user>.crt", NULL, ".a"},
    {"client.MaxRoach.crt", "client.<name>.crt", NULL, "MaxRoach"},
    {"client.crt", "client.crt", NULL, NULL},
    {"client..crt", "client.crt", NULL, NULL},
    {"client-tenant.7.crt", "client-tenant.<tenantid>.crt", NULL, "7"},
    {"client-tenant.7x.crt", "client-tenant.<name>.crt", NULL, "7x"},
    {"client-tenant.99999999999999999999.crt", "client-tenant.<name>.crt", NULL, "99999999999999999999"},
    {"ca.old.crt", "ca.<text>.crt", NULL, "old"},
    {"tls.crt", "<prefix>.<text>.crt", NULL, "tls"},
    {"Node.crt", "<prefix>.<text>.crt", NULL, "Node"},
    {"node.key", NULL, NULL, NULL},
    {"client.root.crt~", NULL, NULL, NULL},
};

START_TEST(cockroachdb_names)
{
	const struct profile *p = builtin("cockroachdb");
	const struct file_row *row = NULL;
	struct binds binds;

	for (size_t i = 0; i < p->n_files && !row; i++)
		for (size_t j = 0; j < p->files[i].patterns.n && !row && !p->files[i].gate.n_when;
		     j++) /* no variable is set here */
			if (pattern_match(p, p->files[i].patterns.list[j], slice_of(fits[_i].name), &binds))
				row = &p->files[i];
	ck_assert_msg(same(row ? row->patterns.list[0] : NULL, fits[_i].row), "%s fits %s", fits[_i].name,
	    row ? row->patterns.list[0] : "nothing");
	if (fits[_i].capture)
		ck_assert_msg(
		    binds.n && slice_is(binds.list[0].value, fits[_i].capture) && *binds.list[0].name, "%s", fits[_i].name);
}
END_TEST

static const struct {
	const char *pattern, *name, *first, *second;
	bool fits;
} patterns[] = {
    {"a.crt", "a.crt", NULL, NULL, true},
    {"a.crt", "a.crtx", NULL, NULL, false},
    {"a.crt", "", NULL, NULL, false},
    {"<x>", "", NULL, NULL, false},
    {"<x>", "a", "a", NULL, true},
    {"<x>", "a/b", NULL, NULL, false},
    {"<x>.crt", ".crt", NULL, NULL, false},
    {"<x>.crt", "a.crt.crt", "a.crt", NULL, true},
    {"<x>.<y>.crt", "a.b.c.crt", "a", "b.c", true},
    {"<x>.<y>", "..a", ".", "a", true},
    {"<tenantid>.<y>.crt", "1.2.crt", "1", "2", true},
    {"<tenantid>.<y>.crt", "x.2.crt", NULL, NULL, false},
    {"<prefix>-<y>", "a.b-c", NULL, NULL, false},
    {"<prefix>-<y>", "a-b-c", "a", "b-c", true},
    {"a<<b", "a<b", NULL, NULL, true},
    {"<user>", "root", "root", NULL, true},
    {"<user>", "Root", NULL, NULL, false},
    {"<user>", "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9", NULL, true},
    {"<user>", "\xc3\x89t\xc3\xa9", NULL, NULL, false},
    {"<user>", "\xff", "\xff", NULL, true},
    {"crdb://tenant/1/user/<name>", "crdb://tenant/1/user/root", "root", NULL, true},
    {"crdb://tenant/<tenantid>/user/<text>", "crdb://tenant/2/user/x/y", "2", "x/y", true},
    {"crdb://tenant/<tenantid>/user/<text>", "crdb://tenant/a/user/x", NULL, NULL, false},
    {"crdb://<text>", "crdb://tenant/a/user/x", "tenant/a/user/x", NULL, true},
};

START_TEST(pattern_rows)
{
	const struct profile *p = builtin("cockroachdb");
	struct binds b;
	bool fits_it = pattern_match(p, patterns[_i].pattern, slice_of(patterns[_i].name), &b);

	ck_assert_msg(fits_it == patterns[_i].fits, "%s against %s", patterns[_i].pattern, patterns[_i].name);
	if (patterns[_i].first)
		ck_assert_msg(b.n > 0 && slice_is(b.list[0].value, patterns[_i].first), "%s: first capture", patterns[_i].name);
	if (patterns[_i].second)
		ck_assert_msg(b.n > 1 && slice_is(b.list[1].value, patterns[_i].second), "%s: second capture", patterns[_i].name);
}
END_TEST

START_TEST(check_names)
{
	for (enum check c = CHECK_EXIST; c <= CHECK_REACH_ITSELF; c++)
		ck_assert_msg(*check_name(c), "check %d has no word", (int)c);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("profile");
	TCase *t = tcase_create("profile");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, every_builtin_binds);
	tcase_add_test(t, builtin_trees_are_what_is_read);
	tcase_add_test(t, check_names);
	tcase_add_loop_test(t, connection_ends, 0, COUNT(ends));
	tcase_add_loop_test(t, variable_types, 0, COUNT(variables));
	tcase_add_loop_test(t, go_by_server_version, 0, COUNT(releases));
	tcase_add_loop_test(t, cockroachdb_names, 0, COUNT(fits));
	tcase_add_loop_test(t, pattern_rows, 0, COUNT(patterns));
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
