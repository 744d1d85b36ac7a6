#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/error.h"
#include "crtlint/limits.h"
#include "crtlint/text.h"

#define BYTES(s)                                                                                                                 \
	{                                                                                                                        \
		(const uint8_t *)(s), sizeof(s) - 1                                                                              \
	}

static const struct {
	const char *title;
	struct slice bytes;
	const char *as_name, *as_value; /* as_value NULL: the same */
} gate[] = {
    {"empty", BYTES(""), "", NULL},
    {"null", {NULL, 0}, "", NULL},
    {"plain", BYTES("client.root.crt"), "client.root.crt", NULL},
    {"all printable", BYTES(" !\"#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~"), " !\"#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~", NULL},
    {"backslash", BYTES("a\\b"), "a\\\\b", "a\\b"},
    {"looks escaped", BYTES("\\xff"), "\\\\xff", "\\xff"},
    {"newline", BYTES("a\nb"), "a\\u000ab", NULL},
    {"nul", BYTES("a\0b"), "a\\u0000b", NULL},
    {"escape", BYTES("\x1b[31m"), "\\u001b[31m", NULL},
    {"delete", BYTES("\x7f"), "\\u007f", NULL},
    {"C1", BYTES("\xc2\x9b"), "\\u009b", NULL},
    {"bare continuation", BYTES("\x9b"), "\\x9b", NULL},
    {"byte ff", BYTES("a\xff"), "a\\xff", NULL},
    {"Latin-1", BYTES("M\xfcller"), "M\\xfcller", NULL},
    {"two bytes", BYTES("M\xc3\xbcller"), "M\xc3\xbcller", NULL},
    {"three bytes", BYTES("\xe6\xa0\xaa\xe5\xbc\x8f"), "\xe6\xa0\xaa\xe5\xbc\x8f", NULL},
    {"ideographic space", BYTES("\xe3\x80\x80"), "\xe3\x80\x80", NULL},
    {"four bytes", BYTES("\xf0\x9f\x94\x91"), "\xf0\x9f\x94\x91", NULL},
    {"cut two", BYTES("\xc3"), "\\xc3", NULL},
    {"cut three", BYTES("\xe6\xa0"), "\\xe6\\xa0", NULL},
    {"cut four", BYTES("\xf0\x9f\x94"), "\\xf0\\x9f\\x94", NULL},
    {"broken three", BYTES("\xe6\xa0x"), "\\xe6\\xa0x", NULL},
    {"overlong slash", BYTES("\xc0\xaf"), "\\xc0\\xaf", NULL},
    {"overlong c1", BYTES("\xc1\xbf"), "\\xc1\\xbf", NULL},
    {"overlong three", BYTES("\xe0\x80\xaf"), "\\xe0\\x80\\xaf", NULL},
    {"overlong four", BYTES("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf", NULL},
    {"surrogate", BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80", NULL},
    {"below the surrogates", BYTES("\xed\x9f\xbb"), "\xed\x9f\xbb", NULL},
    {"above U+10FFFF", BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80", NULL},
    {"byte f5", BYTES("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80", NULL},
    {"line separator", BYTES("\xe2\x80\xa8\xe2\x80\xa9"), "\\u2028\\u2029", NULL},
    {"marks", BYTES("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c"), "\\u200e\\u200f\\u061c", NULL},
    {"embeddings", BYTES("\xe2\x80\xaa\xe2\x80\xae"), "\\u202a\\u202e", NULL},
    {"isolates", BYTES("\xe2\x81\xa6\xe2\x81\xa9"), "\\u2066\\u2069", NULL},
    {"zero width", BYTES("\xe2\x80\x8b\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf"), "\\u200b\\u200d\\u2060\\ufeff", NULL},
    {"no-break space", BYTES("CN\xc2\xa0=node"), "CN\\u00a0=node", NULL},
    {"soft hyphen",
        BYTES("no\xc2\xad"
              "de"),
        "no\\u00adde", NULL},
    {"dash and quotes stay", BYTES("\xe2\x80\x93\xe2\x80\x9c"), "\xe2\x80\x93\xe2\x80\x9c", NULL},
    {"noncharacters", BYTES("\xef\xb7\x90\xef\xbf\xbe\xef\xbf\xbf"), "\\ufdd0\\ufffe\\uffff", NULL},
    {"noncharacter of the last plane", BYTES("\xf4\x8f\xbf\xbf"), "\\U0010ffff", NULL},
    {"replacement character", BYTES("\xef\xbf\xbd"), "\xef\xbf\xbd", NULL},
    {"tag", BYTES("\xf3\xa0\x80\x81"), "\\U000e0001", NULL},
    {"last tag", BYTES("\xf3\xa0\x81\xbf"), "\\U000e007f", NULL},
};

START_TEST(through_the_gate)
{
	struct arena *a = arena_new();
	const char *value = gate[_i].as_value ? gate[_i].as_value : gate[_i].as_name;

	const char *s = text_safe(a, gate[_i].bytes, TEXT_NAME);
	ck_assert_msg(strcmp(s, gate[_i].as_name) == 0, "%s: as name %s", gate[_i].title, s);
	s = text_safe(a, gate[_i].bytes, TEXT_VALUE);
	ck_assert_msg(strcmp(s, value) == 0, "%s: as value %s", gate[_i].title, s);
	arena_free(a);
}
END_TEST

static size_t
encode(uint32_t c, uint8_t *out)
{
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (uint8_t)(0x80 | (c & 0x3f));
	out[0] = (uint8_t)(0xf00 >> n | c);
	return n;
}

/* The bytes that a name's text stands for: that this exists shows that no two names share a text. */
static size_t
decode(const char *s, uint8_t *out)
{
	uint8_t *p = out;
	char hex[9] = "";

	while (*s) {
		if (*s != '\\') {
			*p++ = (uint8_t)*s++;
			continue;
		}
		char kind = s[1];
		s += 2;
		if (kind == '\\') {
			*p++ = '\\';
			continue;
		}
		size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
		memcpy(hex, s, digits);
		hex[digits] = '\0';
		s += digits;
		uint32_t c = (uint32_t)strtoul(hex, NULL, 16);
		if (kind == 'x')
			*p++ = (uint8_t)c;
		else
			p += encode(c, p);
	}
	return (size_t)(p - out);
}

static void
check_properties(struct slice bytes)
{
	struct arena *a = arena_new();
	uint8_t back[4096];

	const char *name = text_safe(a, bytes, TEXT_NAME);
	ck_assert_uint_lt(strlen(name), sizeof back);
	size_t n = decode(name, back);
	ck_assert_msg(slice_eq(bytes, (struct slice){back, n}), "not to be told back: %s", name);
	for (const char *s = name; *s; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			ck_abort_msg("control character: %s", name);
	}
	/* What came out holds nothing that would have to be escaped. */
	const char *again = text_safe(a, slice_of(name), TEXT_VALUE);
	ck_assert_msg(strcmp(again, name) == 0, "not safe: %s", name);
	arena_free(a);
}

START_TEST(every_pair_of_bytes)
{
	for (unsigned first = 0; first < 256; first++) {
		uint8_t bytes[512];
		for (unsigned i = 0; i < 256; i++) {
			bytes[2 * i] = (uint8_t)first;
			bytes[2 * i + 1] = (uint8_t)i;
		}
		check_properties((struct slice){bytes, sizeof bytes});
	}
}
END_TEST

START_TEST(every_code_point)
{
	uint8_t bytes[128 * 4];

	for (uint32_t c = 0; c < 0x110000; c += 128) {
		size_t n = 0;
		for (uint32_t i = 0; i < 128; i++)
			n += encode(c + i, bytes + n);
		check_properties((struct slice){bytes, n});
	}
}
END_TEST

START_TEST(random_bytes)
{
	static const uint8_t letters[] = "\\\\\\xuU0018af\x1b\x7f\xff\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81\xed\xef\xbf\xbe";
	uint32_t state = 1;
	uint8_t bytes[64];

	for (int round = 0; round < 5000; round++) {
		size_t n = 0;
		do {
			state = state * 1664525 + 1013904223;
			bytes[n++] = letters[(state >> 16) % (sizeof letters - 1)];
		} while (n < sizeof bytes && (state >> 8 & 15) != 0);
		check_properties((struct slice){bytes, n});
	}
}
END_TEST

START_TEST(cut)
{
	struct arena *a = arena_new();
	uint8_t bytes[LIMIT_TEXT + 1];

	memset(bytes, 'a', sizeof bytes);
	const char *s = text_safe(a, (struct slice){bytes, LIMIT_TEXT}, TEXT_VALUE);
	ck_assert_uint_eq(strlen(s), LIMIT_TEXT);
	s = text_safe(a, (struct slice){bytes, LIMIT_TEXT + 1}, TEXT_VALUE);
	ck_assert_uint_eq(strlen(s), LIMIT_TEXT + 3);
	ck_assert_str_eq(s + LIMIT_TEXT - 1, "a...");

	memcpy(bytes + LIMIT_TEXT - 1, "\xc3\xbc", 2);
	s = text_safe(a, (struct slice){bytes, LIMIT_TEXT + 1}, TEXT_VALUE);
	ck_assert_uint_eq(strlen(s), LIMIT_TEXT - 1 + 3);
	ck_assert_str_eq(s + LIMIT_TEXT - 2, "a...");

	memset(bytes, 0xff, sizeof bytes);
	s = text_safe(a, (struct slice){bytes, LIMIT_TEXT + 1}, TEXT_VALUE);
	ck_assert_uint_eq(strlen(s), LIMIT_TEXT * 4 + 3);
	arena_free(a);
}
END_TEST

START_TEST(buffer)
{
	struct arena *a = arena_new();
	struct buf b = {.arena = a};

	ck_assert_str_eq(buf_text(&b), "");
	buf_add(&b, "");
	ck_assert_str_eq(buf_text(&b), "");
	buf_printf(&b, "%s", "");
	buf_add(&b, "node");
	buf_printf(&b, ".%s %d", "crt", 7);
	buf_bytes(&b, slice_of("\x1b\\"));
	ck_assert_str_eq(buf_text(&b), "node.crt 7\\u001b\\");
	buf_part(&b, (struct slice){(const uint8_t *)"ab", 1});
	ck_assert_str_eq(buf_text(&b), "node.crt 7\\u001b\\a");
	ck_assert_uint_eq(b.n, strlen(b.p));
	for (unsigned i = 0; i < 3000; i++) {
		buf_printf(&b, "%u,", i);
		if (b.n >= b.capacity || b.p[b.n] != '\0')
			ck_abort_msg("round %u", i);
	}
	ck_assert_uint_eq(b.n, strlen(b.p));
	ck_assert_msg(strcmp(b.p + b.n - 10, "2998,2999,") == 0, "%s", b.p + b.n - 10);
	arena_free(a);
}
END_TEST

START_TEST(errors)
{
	struct arena *a = arena_new();
	struct errors e = {.arena = a};

	for (unsigned i = 0; i < 20; i++)
		error_add(&e, i == 3 ? "profile.yaml" : NULL, (struct loc){i, 2}, "unknown key \"%s\" %u", "fils", i);
	ck_assert_uint_eq(e.n, 20);
	ck_assert_str_eq(e.list[3].path, "profile.yaml");
	ck_assert_ptr_null(e.list[4].path);
	ck_assert_uint_eq(e.list[3].loc.line, 3);
	ck_assert_uint_eq(e.list[3].loc.column, 2);
	ck_assert_str_eq(e.list[19].text, "unknown key \"fils\" 19");
	arena_free(a);
}
END_TEST

static const struct {
	const char *a, *b;
	unsigned exact, folded;
} distances[] = {
    {"", "", 0, 0},
    {"", "node", 4, 4},
    {"node", "node", 0, 0},
    {"node", "NODE", 4, 0},
    {"node", "ndoe", 1, 1},
    {"node", "nod", 1, 1},
    {"node", "nodes", 1, 1},
    {"node", "nude", 1, 1},
    {"kitten", "sitting", 3, 3},
    {"ca", "abc", 3, 3}, /* 2 only where an edit may fall between the transposed */
    {"server-version", "sevrer-versoin", 2, 2},
    {"abcdef", "badcfe", 3, 3},
    {"a cat", "an abct", 4, 4},
};

START_TEST(distance)
{
	const char *a = distances[_i].a, *b = distances[_i].b;

	ck_assert_msg(text_distance(a, b, false) == distances[_i].exact, "%s %s: %u", a, b, text_distance(a, b, false));
	ck_assert_msg(text_distance(b, a, false) == distances[_i].exact, "%s %s: %u", b, a, text_distance(b, a, false));
	ck_assert_msg(text_distance(a, b, true) == distances[_i].folded, "%s %s: %u folded", a, b, text_distance(a, b, true));
}
END_TEST

START_TEST(distance_of_long_words)
{
	char a[301], b[301];

	memset(a, 'a', 300);
	memset(b, 'b', 300);
	a[300] = b[300] = '\0';
	ck_assert_uint_eq(text_distance(a, b, false), 300);
	memset(b, 'a', 300);
	b[150] = 'x';
	ck_assert_uint_eq(text_distance(a, b, false), 1);
	a[100] = 'y';
	ck_assert_uint_eq(text_distance(a, b, false), 2);
	memset(a, 'a', 300);
	memset(b, 'b', 300);
	a[LIMIT_SUGGEST] = b[LIMIT_SUGGEST] = '\0';
	b[0] = 'a';
	b[10] = 'a';
	ck_assert_uint_eq(text_distance(a, b, false), LIMIT_SUGGEST - 2);
}
END_TEST

static const struct {
	const char *word, *nearest;
} slips[] = {
    {"sevrer-version", "server-version"},
    {"SERVER-VERSION", "server-version"},
    {"serverversion", "server-version"},
    {"go-versoin", "go-version"},
    {"ocps", "ocsp"},
    {"osp", "ocsp"},
    {"os", NULL},
    {"OCSP", "ocsp"},
    {"", NULL},
    {"banana", NULL},
    {"run-as", "run-as"},
    {"node-host", NULL},
};

START_TEST(nearest)
{
	static const char *const known[] = {"server-version", "go-version", "console-host", "components", "ocsp", "run-as"};
	const char *got = text_nearest(slips[_i].word, known, sizeof known / sizeof *known);

	if (slips[_i].nearest)
		ck_assert_msg(got && strcmp(got, slips[_i].nearest) == 0, "%s: %s", slips[_i].word, got ? got : "none");
	else
		ck_assert_msg(!got, "%s: %s", slips[_i].word, got ? got : "none");
}
END_TEST

START_TEST(nearest_of_long_words)
{
	char word[LIMIT_SUGGEST + 2];
	const char *same = word;

	memset(word, 'a', sizeof word - 1);
	word[LIMIT_SUGGEST + 1] = '\0';
	ck_assert_ptr_null(text_nearest(word, &same, 1));
	word[LIMIT_SUGGEST] = '\0';
	ck_assert_ptr_eq(text_nearest(word, &same, 1), same);
	ck_assert_ptr_null(text_nearest("node", NULL, 0));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("text");
	TCase *t = tcase_create("text");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, through_the_gate, 0, sizeof gate / sizeof *gate);
	tcase_add_test(t, every_pair_of_bytes);
	tcase_add_test(t, every_code_point);
	tcase_add_test(t, random_bytes);
	tcase_add_test(t, cut);
	tcase_add_test(t, buffer);
	tcase_add_test(t, errors);
	tcase_add_loop_test(t, distance, 0, sizeof distances / sizeof *distances);
	tcase_add_test(t, distance_of_long_words);
	tcase_add_loop_test(t, nearest, 0, sizeof slips / sizeof *slips);
	tcase_add_test(t, nearest_of_long_words);
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
