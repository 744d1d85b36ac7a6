#include <check.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "data_checks.h"

/* ---- the table of rules ---- */

static bool
is_id(const char *id)
{
	bool hyphen = false;

	for (const char *p = id; *p; p++) {
		if (*p == '-' && (p == id || p[1] == '\0' || p[1] == '-'))
			return false;
		if (*p != '-' && !islower((unsigned char)*p) && !isdigit((unsigned char)*p))
			return false;
		hyphen = hyphen || *p == '-';
	}
	return hyphen;
}

static bool
is_template(const char *t)
{
	int brace = 0, bracket = 0;

	for (; *t; t++) {
		brace += *t == '{' ? 1 : *t == '}' ? -1 : 0;
		bracket += *t == '[' ? 1 : *t == ']' ? -1 : 0;
		if (brace < 0 || brace > 1 || bracket < 0 || bracket > 1)
			return false;
	}
	return brace == 0 && bracket == 0;
}

static bool
is_sentence(const char *s)
{
	size_t n = strlen(s);

	return n > 10 && isupper((unsigned char)s[0]) && (s[n - 1] == '.' || s[n - 1] == ']') && !strstr(s, "  ");
}

START_TEST(rule_row)
{
	const struct rule *r = rule_get((enum rule_id)_i);

	ck_assert_msg(is_id(r->id), "%s: not area-problem in lower case", r->id);
	ck_assert_msg(r->number == (enum rule_id)_i && r->check != NULL, "%s: row", r->id);
	ck_assert_msg(rule_find(r->id) == r, "%s: its id is not unique", r->id);
	ck_assert_msg(*r->title && r->title[strlen(r->title) - 1] != '.', "%s: title", r->id);
	ck_assert_msg(*r->says && is_template(r->says) && r->says[strlen(r->says) - 1] != '.', "%s: says", r->id);
	ck_assert_msg(is_sentence(r->why), "%s: why", r->id);
	ck_assert_msg(*r->fix && is_template(r->fix) && isupper((unsigned char)*r->fix), "%s: fix", r->id);
	ck_assert_msg(*r->source, "%s: source", r->id);
}
END_TEST

START_TEST(rule_unknown)
{
	ck_assert_ptr_null(rule_find("san-missing-hosts"));
	ck_assert_ptr_null(rule_find(""));
}
END_TEST

/* ---- findings ---- */

static struct findings *
empty(void)
{
	struct findings *fs = arena_alloc(w.arena, sizeof *fs);

	fs->arena = w.arena;
	fs->facts = &w.facts;
	return fs;
}

START_TEST(added_once)
{
	struct findings *fs = empty();
	struct finding *x = finding_add(fs, RULE_san_missing, "node.crt", NULL);

	ck_assert_ptr_eq(finding_add(fs, RULE_san_missing, "node.crt", NULL), x);
	ck_assert_ptr_ne(finding_add(fs, RULE_san_missing, "node.crt", "certificate 1"), x);
	ck_assert_ptr_ne(finding_add(fs, RULE_san_missing, "ui.crt", NULL), x);
	ck_assert_ptr_ne(finding_add(fs, RULE_san_missing, NULL, NULL), x);
	ck_assert_ptr_ne(finding_add(fs, RULE_san_missing_host, "node.crt", NULL), x);
	ck_assert_uint_eq(fs->n, 5);
	for (int i = 0; i < 1000; i++) {
		const char *name = arena_printf(w.arena, "client.u%d.crt", i);
		ck_assert_ptr_eq(finding_add(fs, RULE_key_mode, name, NULL),
		    finding_add(fs, RULE_key_mode, arena_strdup(w.arena, name), NULL));
	}
	ck_assert_uint_eq(fs->n, 1005);
	ck_assert_ptr_eq(finding_add(fs, RULE_san_missing, "node.crt", NULL), x);
}
END_TEST

START_TEST(broken_once_in_order)
{
	struct findings *fs = empty();
	struct finding *x = finding_add(fs, RULE_san_missing, "node.crt", NULL);
	struct connection list[3];

	memset(list, 0, sizeof list);
	for (int i = 0; i < 3; i++)
		list[i].outcome.kind = OUTCOME_CONNECTION;
	w.facts.connections = list;
	w.facts.n_connections = 3;
	finding_breaks(fs, x, &list[2].outcome);
	finding_breaks(fs, x, &list[0].outcome);
	finding_breaks(fs, x, &w.facts.reload);
	finding_breaks(fs, x, &list[2].outcome);
	finding_breaks(fs, x, &w.facts.start);
	finding_breaks(fs, x, &list[1].outcome);
	finding_breaks(fs, x, &list[0].outcome);
	ck_assert_uint_eq(x->n_breaks, 5);
	ck_assert_ptr_eq(x->breaks[0], &w.facts.start);
	ck_assert_ptr_eq(x->breaks[1], &w.facts.reload);
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_eq(x->breaks[2 + i], &list[i].outcome);
	ck_assert_ptr_eq(finding_explaining(fs, &list[1].outcome, 0), x);
	ck_assert_ptr_null(finding_explaining(fs, &list[1].outcome, 1));
}
END_TEST

START_TEST(severity)
{
	struct findings *fs = empty();
	struct finding *note = finding_add(fs, RULE_chain_key_id, "node.crt", NULL);
	struct finding *always = finding_add(fs, RULE_file_missing, "node.crt", NULL);
	struct finding *grave = finding_add(fs, RULE_key_exposed, "ca.key", NULL);

	finding_compose(fs, note);
	ck_assert_int_eq(note->severity, SEVERITY_NOTE);
	w.facts.mixed = true;
	finding_compose(fs, note);
	ck_assert_int_eq(note->severity, SEVERITY_WARNING);
	finding_breaks(fs, note, &w.facts.start);
	finding_compose(fs, note);
	ck_assert_int_eq(note->severity, SEVERITY_ERROR);
	finding_compose(fs, always);
	ck_assert_int_eq(always->severity, SEVERITY_ERROR);
	finding_compose(fs, grave);
	ck_assert_int_eq(grave->severity, SEVERITY_WARNING);
	grave->grave = true;
	finding_compose(fs, grave);
	ck_assert_int_eq(grave->severity, SEVERITY_ERROR);
}
END_TEST

static const struct {
	const char *template, *text;
} sentences[] = {
    {"plain", "plain"},
    {"names {host}", "names a, b"},
    {"{host}", "a, b"},
    {"mode {mode}[, at most {allowed} is allowed]", "mode 0644"},
    {"mode {mode}[, has {host}]!", "mode 0644, has a, b!"},
    {"[{host} but {allowed}]", ""},
    {"[a {mode}][b {allowed}][c {mode}]", "a 0644c 0644"},
    {"lost {allowed}", "lost ?"},
    {"open {mode", "open 0644"},
};

START_TEST(sentence)
{
	struct findings *fs = empty();
	struct finding *x = finding_add(fs, RULE_key_mode, "node.key", NULL);

	finding_value(fs, x, "mode", "0644");
	finding_value(fs, x, "allowed", NULL);
	finding_values(fs, x, "host", "a");
	finding_values(fs, x, "host", "b");
	finding_values(fs, x, "host", "a");
	ck_assert_msg(strcmp(finding_text(w.arena, sentences[_i].template, x), sentences[_i].text) == 0, "%s: %s",
	    sentences[_i].template, finding_text(w.arena, sentences[_i].template, x));
	ck_assert(evidence(x, "host")->list && !evidence(x, "mode")->list && !evidence(x, "allowed"));
}
END_TEST

START_TEST(evidence_is_bounded)
{
	struct findings *fs = empty();
	struct finding *x = finding_add(fs, RULE_san_missing_host, "node.crt", NULL);

	for (int i = 0; i < 5000; i++)
		finding_values(fs, x, "names", arena_printf(w.arena, "h%d", i));
	const struct words *v = &evidence(x, "names")->values;
	ck_assert_uint_eq(v->n, 101);
	ck_assert_str_eq(v->list[99], "h99");
	ck_assert_str_eq(v->list[100], "...");
	ck_assert_str_eq(finding_text(w.arena, "{names}", x), "h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, ...");
}
END_TEST

START_TEST(fingerprints)
{
	struct findings *fs = empty();
	add("client.a.crt", &client_row)->capture = "a";
	add("client.b.crt", &client_row)->capture = "b";
	struct finding *a = finding_add(fs, RULE_key_missing, "client.a.crt", NULL);
	struct finding *b = finding_add(fs, RULE_key_missing, "client.b.crt", NULL);
	struct finding *c = finding_add(fs, RULE_key_missing, "client.a.crt", "x");

	finding_compose(fs, a);
	finding_compose(fs, b);
	finding_compose(fs, c);
	ck_assert_uint_eq(strlen(a->fingerprint), 16);
	ck_assert_uint_eq(strspn(a->fingerprint, "0123456789abcdef"), 16);
	ck_assert_str_ne(a->fingerprint, b->fingerprint);
	ck_assert_str_ne(a->fingerprint, c->fingerprint);
	const char *before = a->fingerprint;
	finding_value(fs, a, "expected", "client.a.key");
	finding_compose(fs, a);
	ck_assert_str_eq(a->fingerprint, before);
}
END_TEST

START_TEST(sorted_numbered_filtered)
{
	add_certs("ca.crt", &ca_row, &root, NULL);
	add_certs("node.crt", &node_row, &backwards, NULL);
	add("tls.crt", NULL);
	struct findings *fs = findings_run(w.arena, &w.facts);

	ck_assert_uint_ge(fs->n, 2);
	for (size_t i = 0; i < fs->n; i++) {
		ck_assert_int_eq(fs->list[i]->id, (int)i + 1);
		ck_assert(i == 0 || !fs->list[i - 1]->file || strcmp(fs->list[i - 1]->file, fs->list[i]->file) <= 0);
	}
	ck_assert_ptr_nonnull(find(fs, "validity-reversed"));
	ck_assert_ptr_nonnull(find(fs, "name-unknown"));
	w.settings.only = (struct words)WORDS("validity-*", "name-*");
	w.settings.except = (struct words)WORDS("*-unknown");
	fs = findings_run(w.arena, &w.facts);
	ck_assert_uint_eq(fs->n, 1);
	ck_assert_str_eq(fs->list[0]->rule->id, "validity-reversed");
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("finding");
	TCase *t = tcase_create("finding");

	tcase_add_checked_fixture(t, begin, end);
	tcase_add_loop_test(t, rule_row, 0, RULE_COUNT);
	tcase_add_test(t, rule_unknown);
	tcase_add_test(t, added_once);
	tcase_add_test(t, broken_once_in_order);
	tcase_add_test(t, severity);
	tcase_add_loop_test(t, sentence, 0, N(sentences));
	tcase_add_test(t, evidence_is_bounded);
	tcase_add_test(t, fingerprints);
	tcase_add_test(t, sorted_numbered_filtered);
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
