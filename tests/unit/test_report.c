#include "report_sample.h"

#include <check.h>

static const struct look plain = {.utf8 = true};

static size_t
occurrences(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		n++;
	return n;
}

/* Columns of the longest line that does not hold the exception; one for each UTF-8 character. */
static size_t
longest(const char *text, const char *except)
{
	size_t most = 0;

	for (const char *line = text; *line != '\0';) {
		size_t n = strcspn(line, "\n"), width = 0;
		for (size_t i = 0; i < n; i++)
			width += (line[i] & 0xc0) != 0x80;
		if (!memmem(line, n, except, strlen(except)) && width > most)
			most = width;
		line += n + (line[n] == '\n');
	}
	return most;
}

/* clang-format off */
static const struct {
	const char *name;
	struct look look;
	const char *part;
	bool there;
} texts[] = {
    {"head", {.utf8 = true}, "certs  cockroachdb, split CA   ", true},
    {"time", {.utf8 = true}, "   at 2026-11-20 22:30 UTC\n", true},
    {"why the profile", {.utf8 = true}, "  profile    its file names\n", true},
    {"run-as", {.utf8 = true}, "run-as 1000:1001 (guess), server-version a<&>\"'b\\u000a\\u001b[31m (option)\n", true},
    {"start", {.utf8 = true}, "FAILS       tls: private key does not match public key  [2]\n", true},
    {"reload", {.utf8 = true},
        "the SIGHUP is taken, then every handshake fails: tls: private key does not match public key  [2]\n", true},
    {"reload's label", {.utf8 = true}, "  reload (SIGHUP)", true},
    {"connection", {.utf8 = true},
        "db1.example.com  FAILS       x509: certificate is valid for localhost, not db1.example.com  [1]\n", true},
    {"group", {.utf8 = true}, "  sql, 25 connections ", true},
    {"group's members", {.utf8 = true}, "user3 → node", false},
    {"group's members, -v", {.utf8 = true, .verbose = 1}, "user3 → node", true},
    {"small group", {.utf8 = true}, "  console browser → node ", true},
    {"unchecked", {.utf8 = true}, "(browser trust not checked)\n", true},
    {"not judged", {.utf8 = true}, "not judged\n", true},
    {"server's words", {.utf8 = true}, "remote error", false},
    {"server's words, -v", {.utf8 = true, .verbose = 1}, "server      remote error: tls: bad certificate\n", true},
    {"headline", {.utf8 = true}, "] certs/node.crt:7: is \"odd\" <&>  [1]\n", true},
    {"headline of the directory", {.utf8 = true}, "] certs: is \"odd\" <&>  [2]\n", true},
    {"evidence", {.utf8 = true}, "    it names    localhost, 127.0.0.1\n", true},
    {"breaks", {.utf8 = true}, "    breaks      rpc node → node\n", true},
    {"breaks the start", {.utf8 = true}, "    breaks      start\n", true},
    {"see also", {.utf8 = true}, "    see also    [2]\n", true},
    {"fix", {.utf8 = true}, "    fix         Make it anew.\n", true},
    {"command", {.utf8 = true},
        "    mend        cockroach cert 'it'\\''s' '--ca-key=<CA.KEY>' '--certs-dir=a b' $'\\xff.crt'\n", true},
    {"explain", {.utf8 = true}, "    explain     crtlint explain ", true},
    {"notes are short", {.utf8 = true}, "[4]\n    explain", false},
    {"notes are full, -v", {.utf8 = true, .verbose = 1}, "[4]\n    explain", true},
    {"unjudged", {.utf8 = true}, "not decided by this directory\n  - the browser's own trust store\n", true},
    {"summary", {.utf8 = true}, "2 errors · 1 warning · 1 note · 4 files · 28 connections, 1 fails\n", true},
    {"no control characters", {.utf8 = true}, "\033", false},
    {"colour", {.utf8 = true, .color = true}, "\033[1;31merror[", true},
    {"colour ends", {.utf8 = true, .color = true}, "]\033[0m certs/node.crt", true},
    {"arrow in ASCII", {0}, "browser -> node", true},
    {"summary in ASCII", {0}, "2 errors - 1 warning - 1 note", true},
    {"-q has no head", {.utf8 = true, .quiet = true}, "cockroachdb", false},
    {"-q has no table", {.utf8 = true, .quiet = true}, "SIGHUP", false},
    {"-q has errors", {.utf8 = true, .quiet = true}, "error[", true},
    {"-q has no warnings", {.utf8 = true, .quiet = true}, "warning[", false},
    {"-q has nothing unjudged", {.utf8 = true, .quiet = true}, "not decided", false},
    {"-q has the summary", {.utf8 = true, .quiet = true}, "2 errors · 1 warning", true},
};
/* clang-format on */

START_TEST(test_text)
{
	struct sample *s = sample_new();
	char *text = render(s, "text", texts[_i].look, 1);

	ck_assert_msg((strstr(text, texts[_i].part) != NULL) == texts[_i].there, "%s: %s", texts[_i].name, text);
	free(text);
	arena_free(s->arena);
}
END_TEST

START_TEST(test_text_ascii)
{
	struct sample *s = sample_new();

	s->finding[0].message = "z\xc3\xbcrich \xf0\x9f\x94\x91";
	char *text = render(s, "text", (struct look){.width = 60}, 1);
	for (const char *p = text; *p != '\0'; p++)
		ck_assert_msg(((unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7f) || *p == '\n', "%s", text);
	ck_assert_ptr_nonnull(strstr(text, "z\\u00fcrich"));
	ck_assert_ptr_nonnull(strstr(text, "\\U0001f511"));
	free(text);
	arena_free(s->arena);
}
END_TEST

/* Every word of the wide report is in the narrow one, in which only commands may be wide. */
START_TEST(test_text_width)
{
	static const unsigned widths[] = {60, 72, 80, 100, 132};
	struct sample *s = sample_new();
	char *wide = render(s, "text", plain, 1);
	char *text = render(s, "text", (struct look){.utf8 = true, .width = widths[_i]}, 1);

	ck_assert_msg(longest(text, "mend  ") <= widths[_i], "%u: %s", widths[_i], text);
	ck_assert(longest(wide, "mend  ") > 132);
	for (char *rest, *word = strtok_r(wide, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest))
		ck_assert_msg(strstr(text, word) != NULL, "%u: %s is not in %s", widths[_i], word, text);
	free(wide);
	free(text);
	arena_free(s->arena);
}
END_TEST

START_TEST(test_text_many)
{
	struct sample *s = sample_new();
	char *text = render(s, "text", plain, 2);

	ck_assert_ptr_nonnull(
	    strstr(text, "\n2 directories · 4 errors · 2 warnings · 2 notes · 8 files · 56 connections, 2 fail\n"));
	free(text);
	arena_free(s->arena);
}
END_TEST

/* A number that stands in quotes directly behind the first place of name. */
static size_t
number_after(const char *text, const char *name)
{
	const char *p = strstr(text, name);

	ck_assert_msg(p != NULL, "%s: %s", name, text);
	return strtoul(p + strlen(name), NULL, 10);
}

/* The rules that have something to say of a directory. */
static unsigned
rules_of_directory(void)
{
	unsigned n = 0;

	for (int i = 0; i < RULE_COUNT; i++)
		n += !rule_of_cluster(rule_get((enum rule_id)i));
	return n;
}

START_TEST(test_junit)
{
	struct sample *s = sample_new();
	char *text = render(s, "junit", plain, 2);

	ck_assert_uint_eq(number_after(text, " tests=\""), rules_of_directory() + 2 + CONNECTIONS);
	ck_assert_uint_eq(number_after(text, " failures=\""), 5); /* two rules, start, reload, rpc */
	ck_assert_uint_eq(number_after(text, " skipped=\""), 1);
	ck_assert_uint_eq(occurrences(text, "<testcase "), 2 * (rules_of_directory() + 2 + CONNECTIONS));
	ck_assert_uint_eq(occurrences(text, "<failure "), 2 * 5);
	ck_assert_uint_eq(occurrences(text, "<skipped "), 2);
	ck_assert_uint_eq(occurrences(text, "<testsuite "), 2);
	ck_assert_uint_eq(occurrences(text, " id=\"1\""), 1);
	ck_assert_ptr_nonnull(strstr(text, " timestamp=\"2026-11-20T22:30:00\" hostname=\"localhost\""));
	ck_assert_ptr_nonnull(strstr(text, "certs/node.crt: is &quot;odd&quot; &lt;&amp;&gt;"));
	ck_assert_ptr_nonnull(strstr(text, "<system-out>warning["));
	ck_assert_ptr_nonnull(strstr(text, "value=\"a&lt;&amp;&gt;&quot;&apos;b\\u000a\\u001b[31m\""));
	for (const char *p = text; *p != '\0'; p++)
		ck_assert((unsigned char)*p >= 0x20 || *p == '\n');
	free(text);
	arena_free(s->arena);
}
END_TEST

START_TEST(test_junit_only)
{
	struct sample *s = sample_new();
	const char *only[] = {rule_get(0)->id, rule_get(1)->id}, *except[] = {rule_get(1)->id};

	s->settings.only = (struct words){only, 2};
	s->settings.except = (struct words){except, 1};
	s->findings.n = 1;
	char *text = render(s, "junit", plain, 1);
	ck_assert_uint_eq(occurrences(text, "certs.rules\""), 1);
	ck_assert_uint_eq(number_after(text, " tests=\""), 1 + 2 + CONNECTIONS);
	free(text);
	arena_free(s->arena);
}
END_TEST

START_TEST(test_formats)
{
	size_t n;
	const char *const *names = format_names(&n);

	ck_assert_uint_eq(n, 3);
	for (size_t i = 0; i < n; i++)
		ck_assert_str_eq(format_find(names[i])->name, names[i]);
	ck_assert_ptr_null(format_find("xml"));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("report");

	tcase_add_loop_test(t, test_text, 0, N(texts));
	tcase_add_test(t, test_text_ascii);
	tcase_add_loop_test(t, test_text_width, 0, 5);
	tcase_add_test(t, test_text_many);
	tcase_add_test(t, test_junit);
	tcase_add_test(t, test_junit_only);
	tcase_add_test(t, test_formats);
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
