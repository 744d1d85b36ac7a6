#include "crtlint/pem.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "crtlint/limits.h"

#define N(rows) (sizeof(rows) / sizeof *(rows))
#define BLOCK   "-----BEGIN X-----\nAAEC\n-----END X-----\n"
#define BEGIN_X "-----BEGIN X-----\n"
#define END_X   "-----END X-----\n"

/* Expected blocks as "LABEL:HEX" with "+" before the hex of one with headers, "!" before that of an encrypted one, "$" of one that names a cipher only, joined by a blank. */
static const struct read_row {
	const char *name;
	const char *file;
	const char *go, *go1253, *go1254, *openssl; /* NULL: as go */
} read_rows[] = {
    {"one block", BLOCK, "X:000102", NULL, NULL, NULL},
    {"two blocks", BLOCK BLOCK, "X:000102 X:000102", NULL, NULL, NULL},
    {"text around", "Bag Attributes\n" BLOCK "text\n" BLOCK "end", "X:000102 X:000102", NULL, NULL, NULL},
    {"CRLF", "-----BEGIN X-----\r\nAAEC\r\n-----END X-----\r\n", "X:000102", NULL, NULL, NULL},
    {"no newline at the end", "-----BEGIN X-----\nAAEC\n-----END X-----", "X:000102", NULL, NULL, NULL},
    {"CR at the very end", "-----BEGIN X-----\nAAEC\n-----END X-----\r", "", NULL, NULL, "X:000102"},
    {"blanks after the dashes", "-----BEGIN X----- \t\nAAEC\n-----END X----- \t\n", "X:000102", NULL, NULL, NULL},
    {"text after the END", "-----BEGIN X-----\nAAEC\n-----END X----- a\n", "", NULL, NULL, ""},
    {"blanks in the base64", BEGIN_X "A A\tE\n C\n" END_X, "X:000102", NULL, NULL, NULL},
    {"one pad", BEGIN_X "AAE=\n" END_X, "X:0001", NULL, NULL, NULL},
    {"two pads", BEGIN_X "AA==\n" END_X, "X:00", NULL, NULL, NULL},
    {"pads over two lines", BEGIN_X "AA=\n=\n" END_X, "X:00", NULL, NULL, NULL},
    {"bits left over", BEGIN_X "AB==\n" END_X, "X:00", NULL, NULL, NULL},
    {"no padding", BEGIN_X "AA\n" END_X, "", NULL, NULL, NULL},
    {"one pad too few", BEGIN_X "AA=\n" END_X, "", NULL, NULL, NULL},
    {"one pad too many", BEGIN_X "AAE==\n" END_X, "", NULL, NULL, NULL},
    {"three pads", BEGIN_X "A===\n" END_X, "", NULL, NULL, NULL},
    {"five pads", BEGIN_X "AA===\n" END_X, "", NULL, NULL, NULL},
    {"data after the pads", BEGIN_X "AA==AAEC\n" END_X, "", NULL, NULL, NULL},
    {"one character", BEGIN_X "A\n" END_X, "", NULL, NULL, NULL},
    {"foreign character", BEGIN_X "AA*C\n" END_X, "", NULL, NULL, NULL},
    {"NUL in the base64", BEGIN_X "AAEC\x01\n" END_X, "", NULL, NULL, "X:000102"},
    {"no base64", BEGIN_X END_X, "X:", NULL, NULL, ""},
    {"an empty line", BEGIN_X "\n" END_X, "X:", NULL, NULL, ""},
    {"headers", BEGIN_X "a: b\nProc-Type: 4,ENCRYPTED\n\nAAEC\n" END_X, "X:!000102", NULL, NULL, "X:+000102"},
    {"encrypted", BEGIN_X "Proc-Type: 4,ENCRYPTED\nDEK-Info: a\n\nAAEC\n" END_X, "X:!000102", NULL, NULL, NULL},
    {"a cipher alone", BEGIN_X "a: b\n DEK-Info : c\n\nAAEC\n" END_X, "X:$000102", NULL, NULL, "X:+000102"},
    {"a cipher in a value", BEGIN_X "a: DEK-Info\n\nAAEC\n" END_X, "X:+000102", NULL, NULL, NULL},
    {"headers without empty line", BEGIN_X "a: b\nAAEC\n" END_X, "X:+000102", NULL, NULL, ""},
    {"headers and END", BEGIN_X "a: b\n" END_X, "", NULL, NULL, ""},
    {"headers, empty line, END", BEGIN_X "a: b\n\n" END_X, "X:+", NULL, NULL, ""},
    {"file ends in the headers", BEGIN_X "a: b\n", "", NULL, NULL, NULL},
    {"BEGIN not at the line's start", "a" BLOCK, "", NULL, NULL, NULL},
    {"blank before BEGIN", " " BLOCK, "", NULL, NULL, NULL},
    {"byte order mark", "\xef\xbb\xbf" BLOCK, "", NULL, NULL, "X:000102"},
    {"CR alone", "-----BEGIN X-----\rAAEC\r-----END X-----\r", "", NULL, NULL, NULL},
    {"four dashes", "-----BEGIN X----\nAAEC\n" END_X, "", NULL, NULL, NULL},
    {"other label at the end", BEGIN_X "AAEC\n-----END Y-----\n", "", NULL, NULL, NULL},
    {"longer label at the end", BEGIN_X "AAEC\n-----END XX-----\n", "", NULL, NULL, NULL},
    {"empty label", "-----BEGIN -----\nAAEC\n-----END -----\n", ":000102", NULL, NULL, NULL},
    {"label of two words", "-----BEGIN a b-----\nAAEC\n-----END a b-----\n", "a b:000102", NULL, NULL, NULL},
    {"no END", BEGIN_X "AAEC\n", "", NULL, NULL, NULL},
    {"good after cut off", BEGIN_X "AAEC\n" BLOCK, "X:000102", NULL, NULL, "X:000102"},
    {"good after bad base64", BEGIN_X "A*\n" END_X BLOCK, "X:000102", "", NULL, ""},
    {"good after wrong label", BEGIN_X "AAEC\n-----END Y-----\n" BLOCK, "X:000102", "", NULL, ""},
    {"bad after good", BLOCK BEGIN_X "A*\n" END_X, "X:000102", NULL, NULL, NULL},
    {"END alone first", END_X "\n" BLOCK, "X:000102", NULL, NULL, NULL},
    {"END alone in between", "a\n" END_X BLOCK, "X:000102", "", NULL, NULL},
    {"two BEGIN lines", BEGIN_X BLOCK, "X:000102", NULL, NULL, ""},
    {"BEGIN in the text", "see -----BEGIN X----- there\n" BLOCK, "X:000102", NULL, NULL, NULL},
    {"END line with a colon", "-----BEGIN a:b-----\nAAEC\n-----END a:b-----\n", "a:b:000102", NULL, NULL, ""},
    {"END with a colon at once", "-----BEGIN a:b-----\n-----END a:b-----\n" BLOCK, "X:000102", NULL, "", ""},
    {"TRUSTED", "-----BEGIN TRUSTED CERTIFICATE-----\nAAEC\n-----END TRUSTED CERTIFICATE-----\n", "TRUSTED CERTIFICATE:000102",
        NULL, NULL, NULL},
    {"empty file", "", "", NULL, NULL, NULL},
};

static void
describe(const struct pem *pem, char *out, size_t room)
{
	char *p = out;

	*p = 0;
	for (size_t i = 0; i < pem->n; i++) {
		const struct pem_block *b = &pem->blocks[i];
		p += snprintf(p, room - (size_t)(p - out), "%s%.*s:%s", i ? " " : "", (int)b->label.n, (const char *)b->label.p,
		    b->encrypted     ? "!"
		    : b->cipher      ? "$"
		    : b->headers > 0 ? "+"
		                     : "");
		for (size_t j = 0; j < b->der.n; j++)
			p += snprintf(p, room - (size_t)(p - out), "%02x", b->der.p[j]);
	}
}

static void
expect(const struct read_row *row, enum pem_dialect dialect, const char *want)
{
	struct arena *arena = arena_new();
	struct pem pem = pem_scan(arena, slice_of(row->file), dialect);
	char got[256];

	describe(&pem, got, sizeof got);
	ck_assert_msg(strcmp(got, want ? want : row->go) == 0, "%s, dialect %d: \"%s\" instead of \"%s\"", row->name,
	    (int)dialect, got, want ? want : row->go);
	arena_free(arena);
}

START_TEST(reads)
{
	const struct read_row *row = &read_rows[_i];

	expect(row, PEM_GO, row->go);
	expect(row, PEM_GO_1253, row->go1253);
	expect(row, PEM_GO_1254, row->go1254);
	expect(row, PEM_OPENSSL, row->openssl);
}
END_TEST

static const struct flaw_row {
	const char *name;
	const char *file;
	size_t n; /* 0: strlen */
	enum pem_flaw flaw;
	size_t blocks, skipped;
	unsigned line;
} flaw_rows[] = {
    {"sound", BLOCK, 0, PEM_SOUND, 1, 0, 0},
    {"empty", "", 0, PEM_EMPTY, 0, 0, 0},
    {"blanks", " \r\n\t\n", 0, PEM_EMPTY, 0, 0, 0},
    {"DER", "\x30\x03\x02\x01\x01", 0, PEM_IS_DER, 0, 0, 0},
    {"DER with bytes behind", "\x30\x03\x02\x01\x01z", 0, PEM_GARBAGE, 0, 0, 0},
    {"UTF-16 with mark", "\xff\xfe-\0-\0", 6, PEM_UTF16, 0, 0, 0},
    {"UTF-16 without", "\0-\0-\0-\0-\0-", 10, PEM_UTF16, 0, 0, 0},
    {"mark", "\xef\xbb\xbf" BLOCK, 0, PEM_BOM, 0, 1, 1},
    {"mark, second block good", "\xef\xbb\xbf" BLOCK BLOCK, 0, PEM_BOM, 1, 1, 1},
    {"indented", "a\n  " BLOCK, 0, PEM_INDENTED, 0, 1, 2},
    {"CR only", "-----BEGIN X-----\rAAEC\r-----END X-----\r", 0, PEM_CR_ONLY, 0, 1, 1},
    {"CR only behind text", "a\r-----BEGIN X-----\rAAEC\r-----END X-----\r", 0, PEM_CR_ONLY, 0, 0, 0},
    {"cut off at the end", BLOCK BEGIN_X "AAEC\n", 0, PEM_CUT_OFF, 1, 1, 4},
    {"cut off by the next", BEGIN_X "AAEC\n" BLOCK, 0, PEM_CUT_OFF, 1, 1, 1},
    {"labels", BEGIN_X "AAEC\n-----END Y-----\n", 0, PEM_LABELS, 0, 1, 1},
    {"dashes missing", "-----BEGIN X--\nAAEC\n" END_X, 0, PEM_LABELS, 0, 1, 1},
    {"base64", BEGIN_X "A*\n" END_X BLOCK, 0, PEM_BASE64, 1, 1, 1},
    {"two bad ones", BEGIN_X "A*\n" END_X " " BLOCK, 0, PEM_BASE64, 0, 2, 1},
    {"garbage", "hello\nworld\n", 0, PEM_GARBAGE, 0, 0, 0},
};

START_TEST(flaws)
{
	const struct flaw_row *row = &flaw_rows[_i];
	struct arena *arena = arena_new();
	struct slice file = {(const uint8_t *)row->file, row->n ? row->n : strlen(row->file)};
	struct pem pem = pem_scan(arena, file, PEM_GO);

	ck_assert_msg(
	    pem.flaw == row->flaw, "%s: %s instead of %s", row->name, pem_flaw_text(pem.flaw), pem_flaw_text(row->flaw));
	ck_assert_msg(
	    pem.n == row->blocks && pem.skipped == row->skipped, "%s: %zu blocks, %zu skipped", row->name, pem.n, pem.skipped);
	ck_assert_msg(pem.flaw_line == row->line, "%s: line %u", row->name, pem.flaw_line);
	arena_free(arena);
}
END_TEST

START_TEST(lines)
{
	struct arena *arena = arena_new();
	struct pem pem = pem_scan(arena, slice_of("a\n\n" BLOCK BLOCK "b\r\n" BLOCK), PEM_GO);

	ck_assert_uint_eq(pem.n, 3);
	ck_assert_uint_eq(pem.blocks[0].line, 3);
	ck_assert_uint_eq(pem.blocks[1].line, 6);
	ck_assert_uint_eq(pem.blocks[2].line, 10);
	arena_free(arena);
}
END_TEST

START_TEST(too_many)
{
	struct arena *arena = arena_new();
	size_t n = strlen(BLOCK);
	char *file = malloc((LIMIT_BLOCKS + 2) * n);

	ck_assert_ptr_nonnull(file);
	for (size_t i = 0; i < LIMIT_BLOCKS + 2; i++)
		memcpy(file + i * n, BLOCK, n);
	for (enum pem_dialect d = PEM_GO; d <= PEM_OPENSSL; d++) {
		struct pem all = pem_scan(arena, (struct slice){(uint8_t *)file, LIMIT_BLOCKS * n}, d);
		struct pem more = pem_scan(arena, (struct slice){(uint8_t *)file, (LIMIT_BLOCKS + 2) * n}, d);
		ck_assert(!all.too_many && more.too_many);
		ck_assert_uint_eq(all.n, LIMIT_BLOCKS);
		ck_assert_uint_eq(more.n, LIMIT_BLOCKS);
		ck_assert_uint_eq(more.skipped, 0);
	}
	free(file);
	arena_free(arena);
}
END_TEST

/* Seconds for a megabyte; sanitizers and valgrind ask for more time by libcheck's variable. */
static double
bound(void)
{
	const char *factor = getenv("CK_TIMEOUT_MULTIPLIER");

	return factor ? atof(factor) : 1;
}

/* Files of a megabyte that make a reader which starts anew at each BEGIN look at everything again and again. */
static const struct hostile_row {
	const char *name;
	const char *head, *middle, *tail;
} hostile_rows[] = {
    {"BEGIN lines", "", BEGIN_X, ""},
    {"BEGIN lines, one END", "", BEGIN_X, "\n" END_X},
    {"BEGIN lines with base64, one END", "", BEGIN_X "AAEC\n", "\n" END_X},
    {"BEGIN lines with headers, one END", "", BEGIN_X "a:\n", "\n" END_X},
    {"END lines", "", "\n" END_X, ""},
    {"END lines behind one BEGIN", BEGIN_X, "\n-----END Y-----\n", ""},
    {"bad blocks", "", BEGIN_X "A\n" END_X, ""},
    {"empty BEGIN lines", "", "-----BEGIN -----\n", "\n-----END -----\n"},
    {"dashes", "", "-", ""},
    {"indented", "", " -----BEGIN X-----\n", END_X},
    {"newlines", BEGIN_X, "\n", "\n" END_X},
    {"blanks behind END", BEGIN_X BEGIN_X "AAEC\n-----END X-----", " ", "x\n"},
    {"headers", BEGIN_X, "a:\n", "\n" END_X},
};

START_TEST(hostile)
{
	const struct hostile_row *row = &hostile_rows[_i];
	size_t head = strlen(row->head), middle = strlen(row->middle), tail = strlen(row->tail), n = head;
	char *file = malloc(LIMIT_FILE);

	ck_assert_ptr_nonnull(file);
	memcpy(file, row->head, head);
	for (; n + middle + tail <= LIMIT_FILE; n += middle)
		memcpy(file + n, row->middle, middle);
	memcpy(file + n, row->tail, tail);
	n += tail;
	for (enum pem_dialect d = PEM_GO; d <= PEM_OPENSSL; d++) {
		struct arena *arena = arena_new();
		clock_t start = clock();
		pem_scan(arena, (struct slice){(uint8_t *)file, n}, d);
		double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
		ck_assert_msg(seconds < bound(), "%s, dialect %d: %.1f s", row->name, (int)d, seconds);
		arena_free(arena);
	}
	free(file);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pem");
	TCase *c = tcase_create("pem");

	tcase_add_loop_test(c, reads, 0, N(read_rows));
	tcase_add_loop_test(c, flaws, 0, N(flaw_rows));
	tcase_add_test(c, lines);
	tcase_add_test(c, too_many);
	tcase_add_loop_test(c, hostile, 0, N(hostile_rows));
	suite_add_tcase(s, c);
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
