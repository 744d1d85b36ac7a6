#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/stack.h"

#define N(rows) (sizeof(rows) / sizeof *(rows))

enum { SANS = 4 };

/* Alternative names as they stand in the certificate; one that begins with "ip:" is an address. */
static const struct row {
	const char *name;
	const char *sans[SANS];
	const char *host;
	const char *error; /* NULL: it matches */
} rows[] = {
    {"same", {"a.example.com"}, "a.example.com", NULL},
    {"second", {"b.example.com", "a.example.com"}, "a.example.com", NULL},
    {"upper case host", {"a.example.com"}, "A.Example.COM", NULL},
    {"upper case name", {"A.EXAMPLE.com"}, "a.example.com", NULL},
    {"dot behind the host", {"a.example.com"}, "a.example.com.", NULL},
    {"two dots behind the host", {"a.example.com"}, "a.example.com..",
        "x509: certificate is valid for a.example.com, not a.example.com.."},
    {"dot behind the name", {"a.example.com."}, "a.example.com",
        "x509: certificate is valid for a.example.com., not a.example.com"},
    {"dot behind both", {"a.example.com."}, "a.example.com.", NULL},
    {"wildcard", {"*.example.com"}, "a.example.com", NULL},
    {"wildcard, upper case", {"*.EXAMPLE.com"}, "A.example.com", NULL},
    {"wildcard and two labels", {"*.example.com"}, "a.b.example.com",
        "x509: certificate is valid for *.example.com, not a.b.example.com"},
    {"wildcard and none", {"*.example.com"}, "example.com", "x509: certificate is valid for *.example.com, not example.com"},
    {"wildcard in part", {"a*.example.com"}, "ab.example.com",
        "x509: certificate is valid for a*.example.com, not ab.example.com"},
    {"wildcard inside", {"a.*.com"}, "a.example.com", "x509: certificate is valid for a.*.com, not a.example.com"},
    {"wildcard alone", {"*"}, "localhost", NULL},
    {"wildcard alone and two labels", {"*"}, "a.b", "x509: certificate is valid for *, not a.b"},
    {"wildcard written out", {"*.example.com"}, "*.example.com", NULL},
    {"underscore", {"node_1"}, "node_1", NULL},
    {"underscore below a wildcard", {"*.example.com"}, "node_1.example.com", NULL},
    {"hyphen first", {"-a.example.com"}, "-a.example.com", NULL},
    {"hyphen first below a wildcard", {"*.example.com"}, "-a.example.com",
        "x509: certificate is valid for *.example.com, not -a.example.com"},
    {"odd bytes, the same", {"a b"}, "a b", NULL},
    {"odd bytes, other case", {"a B"}, "A b", NULL},
    {"empty name", {""}, "a", "x509: certificate is not valid for any names, but wanted to match a"},
    {"only a dot", {"."}, ".", "x509: certificate is valid for ., not ."},
    {"no name", {NULL}, "a", "x509: certificate is not valid for any names, but wanted to match a"},
    {"only an address", {"ip:10.1.1.1"}, "a", "x509: certificate is not valid for any names, but wanted to match a"},
    {"several names", {"a", "ip:10.1.1.1", "b"}, "c", "x509: certificate is valid for a, b, not c"},
    {"address", {"ip:10.1.1.1"}, "10.1.1.1", NULL},
    {"address in brackets", {"ip:10.1.1.1"}, "[10.1.1.1]", NULL},
    {"mapped address dialed", {"ip:10.1.1.1"}, "::ffff:10.1.1.1", NULL},
    {"mapped address listed", {"ip:::ffff:10.1.1.1"}, "10.1.1.1", NULL},
    {"another address", {"ip:10.1.1.1", "ip:::1"}, "10.1.1.2", "x509: certificate is valid for 10.1.1.1, ::1, not 10.1.1.2"},
    {"another address in brackets", {"ip:10.1.1.1"}, "[::1]", "x509: certificate is valid for 10.1.1.1, not ::1"},
    {"address as name", {"10.1.1.1"}, "10.1.1.1",
        "x509: cannot validate certificate for 10.1.1.1 because it doesn't contain any IP SANs"},
    {"address below a wildcard", {"*.1.1.1"}, "10.1.1.1",
        "x509: cannot validate certificate for 10.1.1.1 because it doesn't contain any IP SANs"},
    {"long form of ::1", {"ip:::1"}, "0:0:0:0:0:0:0:1", NULL},
    {"zeros in front make a name", {"010.1.1.1"}, "010.1.1.1", NULL},
    {"a name in brackets", {"a"}, "[a]", "x509: certificate is valid for a, not [a]"},
};

static void
fill(struct arena *arena, struct cert *c, const struct row *row)
{
	uint8_t ip[16];

	c->sans = arena_array(arena, SANS, sizeof(*c->sans));
	for (; c->n_sans < SANS && row->sans[c->n_sans]; c->n_sans++) {
		const char *san = row->sans[c->n_sans];
		struct san *s = &c->sans[c->n_sans];

		*s = (struct san){SAN_DNS, slice_of(san)};
		if (strncmp(san, "ip:", 3) == 0) {
			size_t n = ip_parse(san + 3, ip);

			*s = (struct san){SAN_IP, {(const uint8_t *)arena_strndup(arena, (const char *)ip, n), n}};
		}
		c->has_san = true;
	}
}

START_TEST(host)
{
	const struct row *row = &rows[_i];
	struct arena *arena = arena_new();
	struct cert c = {0};
	struct refusal r;

	fill(arena, &c, row);
	r = go_verify_hostname(arena, &c, row->host);
	if (!row->error) {
		ck_assert_msg(r.cause == CAUSE_NONE, "%s: %s", row->name, r.error);
	} else {
		ck_assert_msg(r.cause == CAUSE_HOST, "%s: taken", row->name);
		ck_assert_msg(strcmp(r.error, row->error) == 0, "%s: %s", row->name, r.error);
	}
	arena_free(arena);
}
END_TEST

/* A hundred names and more are counted, not listed. */
START_TEST(many)
{
	struct arena *arena = arena_new();
	struct cert c = {.has_san = true, .n_sans = 100};

	c.sans = arena_array(arena, c.n_sans, sizeof(*c.sans));
	for (size_t i = 0; i < c.n_sans; i++)
		c.sans[i] = (struct san){SAN_DNS, slice_of("a")};
	ck_assert_str_eq(
	    go_verify_hostname(arena, &c, "b").error, "x509: certificate is valid for 100 names, but none matched b");
	arena_free(arena);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("host");
	TCase *t = tcase_create("go");

	tcase_add_loop_test(t, host, 0, (int)N(rows));
	tcase_add_test(t, many);
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
