#include "../../src/report/xml.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *text, *element, *attribute;
} escapes[] = {
    {"plain", "node.crt", "node.crt", "node.crt"},
    {"empty", "", "", ""},
    {"five", "<a href=\"x\" b='y'>&", "&lt;a href=&quot;x&quot; b=&apos;y&apos;&gt;&amp;",
        "&lt;a href=&quot;x&quot; b=&apos;y&apos;&gt;&amp;"},
    {"end of CDATA", "]]>", "]]&gt;", "]]&gt;"},
    {"entity", "&lt;", "&amp;lt;", "&amp;lt;"},
    {"white space", "a\tb\nc\rd", "a\tb\nc&#13;d", "a&#9;b&#10;c&#13;d"},
    {"UTF-8", "z\xc3\xbcrich \xe2\x86\x92 \xf0\x9f\x94\x91", "z\xc3\xbcrich \xe2\x86\x92 \xf0\x9f\x94\x91",
        "z\xc3\xbcrich \xe2\x86\x92 \xf0\x9f\x94\x91"},
    {"delete is a character", "\x7f", "\x7f", "\x7f"},
    {"control",
        "a\x01"
        "b\x1b[0m",
        "a\xef\xbf\xbd"
        "b\xef\xbf\xbd[0m",
        "a\xef\xbf\xbd"
        "b\xef\xbf\xbd[0m"},
    {"stray byte", "\xff.crt", "\xef\xbf\xbd.crt", "\xef\xbf\xbd.crt"},
    {"cut off", "a\xe2\x86", "a\xef\xbf\xbd\xef\xbf\xbd", "a\xef\xbf\xbd\xef\xbf\xbd"},
    {"overlong", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"noncharacter", "\xef\xbf\xbe", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"above Unicode", "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
};

START_TEST(test_escape)
{
	char *got = NULL, want[512];
	size_t n;
	FILE *out = open_memstream(&got, &n);
	struct xml x = {.out = out};

	xml_open(&x, "e");
	xml_attribute(&x, "a", escapes[_i].text);
	xml_text(&x, escapes[_i].text);
	xml_close(&x);
	fclose(out);
	snprintf(want, sizeof want, "\n<e a=\"%s\">%s</e>", escapes[_i].attribute, escapes[_i].element);
	ck_assert_msg(strcmp(got, want) == 0, "%s: got %s, want %s", escapes[_i].name, got, want);
	free(got);
}
END_TEST

START_TEST(test_nesting)
{
	char *got = NULL;
	size_t n;
	FILE *out = open_memstream(&got, &n);
	struct xml x = {.out = out, .indent = 1};

	xml_open(&x, "a");
	xml_open(&x, "b");
	xml_attribute(&x, "n", "1");
	xml_attribute(&x, "m", "2");
	xml_close(&x);
	xml_open(&x, "c");
	xml_text(&x, "t");
	xml_text(&x, "u");
	xml_close(&x);
	xml_close(&x);
	fclose(out);
	ck_assert_str_eq(got, "\n  <a>\n    <b n=\"1\" m=\"2\"/>\n    <c>tu</c>\n  </a>");
	ck_assert_uint_eq(x.depth, 0);
	free(got);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("xml");
	TCase *t = tcase_create("xml");

	tcase_add_loop_test(t, test_escape, 0, sizeof escapes / sizeof *escapes);
	tcase_add_test(t, test_nesting);
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
