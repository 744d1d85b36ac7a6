#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/stack.h"
#include "crtlint/version.h"
#include "crtlint/when.h"
#include "data_verify.h"

#define N(rows)   (sizeof(rows) / sizeof *(rows))
#define HOST      "node1.example.com"
#define EXPIRY    "x509: certificate has expired or is not yet valid: current time "
#define AUTHORITY "x509: certificate signed by unknown authority"
#define HINT(e)   AUTHORITY " (possibly because of \"" e "\" while trying to verify candidate authority certificate \"Test CA\")"
#define GO_119    GO(19, 8)
#define GO_122    GO(22, 8)
#define VERIFY    "tls: failed to verify certificate: "
#define OPENSSL   "certificate verify failed: "

enum { NOW_GOOD, NOW_EARLY, NOW_LATE, NOW_LAST, NOW_PAST };

static const char *const times[] = {
    "2027-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2200-01-01T00:00:00Z", "2125-06-15T01:22:10Z", "2125-06-15T01:22:10.005Z"};

static const struct row {
	const char *name, *stack;
	unsigned go;
	const char *chain, *pool, *host;
	enum usage usage;
	int now;
	enum cause cause;
	const char *error; /* how the text begins; NULL with CAUSE_NONE */
} rows[] = {
    {"good", "go", GO_119, LEAF, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"good as client", "go", GO_119, LEAF, ROOT, NULL, USAGE_CLIENT, NOW_GOOD, CAUSE_NONE, NULL},
    {"the leaf itself trusted", "go", GO_119, LEAF, LEAF, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"other CA of the name, first", "go", GO_119, LEAF, OTHER_ROOT ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"no CA of the name", "go", GO_119, LEAF, INTERMEDIATE, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_UNKNOWN_AUTHORITY, AUTHORITY},
    {"other key", "go", GO_119, LEAF, OTHER_ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_OTHER_KEY,
        HINT("x509: ECDSA verification failure")},
    {"prefix of 1.20", "go", GO_122, LEAF, INTERMEDIATE, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_UNKNOWN_AUTHORITY, VERIFY AUTHORITY},
    {"prefix of 1.19, client", "go", GO_119, LEAF, INTERMEDIATE, NULL, USAGE_CLIENT, NOW_GOOD, CAUSE_UNKNOWN_AUTHORITY,
        "tls: failed to verify client certificate: " AUTHORITY},
    {"too early", "go", GO_119, LEAF, ROOT, "other", USAGE_SERVER, NOW_EARLY, CAUSE_NOT_YET,
        EXPIRY "2020-01-01T00:00:00Z is before 2026-11-2"},
    {"too late", "go", GO_119, LEAF, ROOT, "other", USAGE_SERVER, NOW_LATE, CAUSE_EXPIRED,
        EXPIRY "2200-01-01T00:00:00Z is after 21"},
    {"the last second", "go", GO_119, LEAF, ROOT, HOST, USAGE_SERVER, NOW_LAST, CAUSE_NONE, NULL},
    {"a part of the second after the last", "go", GO_119, LEAF, ROOT, HOST, USAGE_SERVER, NOW_PAST, CAUSE_EXPIRED,
        EXPIRY "2125-06-15T01:22:10Z is after 2125-06-15T01:22:10Z"},
    {"the last second", "openssl", 0, LEAF, ROOT, HOST, USAGE_SERVER, NOW_LAST, CAUSE_EXPIRED, OPENSSL "certificate has expired"},
    {"a part of the second after the last", "gnutls", 0, LEAF, ROOT, HOST, USAGE_SERVER, NOW_PAST, CAUSE_NONE, NULL},
    {"host before authority", "go", GO_119, LEAF, OTHER_ROOT, "other", USAGE_SERVER, NOW_GOOD, CAUSE_HOST,
        "x509: certificate is valid for node1.example.com, *.wild.example.com, not other"},
    {"critical extension first", "go", GO_119, LEAF_CRITICAL, OTHER_ROOT, "other", USAGE_SERVER, NOW_LATE,
        CAUSE_CRITICAL_EXTENSION, "x509: unhandled critical extension"},
    {"usage", "go", GO_119, LEAF_SERVER_ONLY, ROOT, NULL, USAGE_CLIENT, NOW_GOOD, CAUSE_USAGE_CLIENT,
        "tls: failed to verify client certificate: x509: certificate specifies an incompatible key usage"},
    {"authority before usage", "go", GO_119, LEAF_SERVER_ONLY, OTHER_ROOT, NULL, USAGE_CLIENT, NOW_GOOD, CAUSE_OTHER_KEY,
        "tls: failed to verify client certificate: " AUTHORITY},
    {"SHA-1 up to 1.23", "go", GO_119, LEAF_SHA1, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_WEAK_SIGNATURE,
        HINT("x509: cannot verify signature: insecure algorithm ECDSA-SHA1 (temporarily override with GODEBUG=x509sha1=1)")},
    {"SHA-1 since 1.24", "go", GO(24, 0), LEAF_SHA1, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_WEAK_SIGNATURE,
        VERIFY HINT("x509: cannot verify signature: insecure algorithm ECDSA-SHA1")},
    {"SHA-1 in 1.17", "go", GO(17, 0), LEAF_SHA1, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"common name only", "go", GO_119, LEAF_CN_ONLY, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_HOST,
        "x509: certificate relies on legacy Common Name field, use SANs instead"},
    {"intermediate sent", "go", GO_119, LEAF_BELOW INTERMEDIATE, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"intermediate trusted", "go", GO_119, LEAF_BELOW, INTERMEDIATE, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"intermediate missing", "go", GO_119, LEAF_BELOW, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_UNKNOWN_AUTHORITY, AUTHORITY},
    {"subject of the CA", "go", GO_119, LEAF_SAME_NAME, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"name constraint", "go", GO_119, LEAF_CONSTRAINED, NAMED_CA, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NAME_CONSTRAINT,
        "x509: a root or intermediate certificate is not authorized to sign for this name: DNS name \"node1.example.com\" is not "
        "permitted by any constraint"},
    {"issuer no CA", "go", GO_119, LEAF_OF_NO_CA, NOT_A_CA, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NOT_A_CA,
        AUTHORITY
        " (possibly because of \"x509: invalid signature: parent certificate cannot sign this kind of certificate\" while "
        "trying to verify candidate authority certificate \"No CA\")"},

    {"good", "openssl", 0, LEAF, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"wildcard", "openssl", 0, LEAF, ROOT, "a.wild.example.com", USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"common name only", "openssl", 0, LEAF_CN_ONLY, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"host", "openssl", 0, LEAF, ROOT, "other", USAGE_SERVER, NOW_GOOD, CAUSE_HOST, OPENSSL "hostname mismatch"},
    {"address as name", "openssl", 0, LEAF_IP_AS_DNS, ROOT, "10.1.1.1", USAGE_SERVER, NOW_GOOD, CAUSE_HOST,
        OPENSSL "IP address mismatch"},
    {"key identifier", "openssl", 0, LEAF, OTHER_ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_KEY_ID,
        OPENSSL "unable to get local issuer certificate"},
    {"subject of the CA", "openssl", 0, LEAF_SAME_NAME, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_SELF_SIGNED,
        OPENSSL "self-signed certificate"},
    {"usage", "openssl", 0, LEAF_SERVER_ONLY, ROOT, NULL, USAGE_CLIENT, NOW_GOOD, CAUSE_USAGE_CLIENT,
        OPENSSL "unsuitable certificate purpose"},
    {"expired", "openssl", 0, LEAF, ROOT, HOST, USAGE_SERVER, NOW_LATE, CAUSE_EXPIRED, OPENSSL "certificate has expired"},
    {"not yet valid", "openssl", 0, LEAF, ROOT, HOST, USAGE_SERVER, NOW_EARLY, CAUSE_NOT_YET,
        OPENSSL "certificate is not yet valid"},
    {"SHA-1", "openssl", 0, LEAF_SHA1, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_WEAK_SIGNATURE,
        OPENSSL "CA signature digest algorithm too weak"},
    {"critical extension", "openssl", 0, LEAF_CRITICAL, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_CRITICAL_EXTENSION,
        OPENSSL "unhandled critical extension"},
    {"issuer no CA", "openssl", 0, LEAF_OF_NO_CA, NOT_A_CA, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NOT_A_CA,
        OPENSSL "invalid CA certificate"},
    {"intermediate alone", "openssl", 0, LEAF_BELOW, INTERMEDIATE, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NOT_ANCHORED,
        OPENSSL "unable to get issuer certificate"},
    {"name constraint", "openssl", 0, LEAF_CONSTRAINED, NAMED_CA, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NAME_CONSTRAINT,
        OPENSSL "permitted subtree violation"},

    {"intermediate alone", "grpc", 0, LEAF_BELOW, INTERMEDIATE, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"common name only", "grpc", 0, LEAF_CN_ONLY, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"address as name", "grpc", 0, LEAF_IP_AS_DNS, ROOT, "10.1.1.1", USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"host", "grpc", 0, LEAF, ROOT, "other", USAGE_SERVER, NOW_GOOD, CAUSE_HOST, "Peer name other is not in peer certificate"},
    {"subject of the CA", "grpc", 0, LEAF_SAME_NAME, ROOT, NULL, USAGE_CLIENT, NOW_GOOD, CAUSE_SELF_SIGNED, "Handshake failed"},

    {"good", "gnutls", 0, LEAF, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"usage is not looked at", "gnutls", 0, LEAF_SERVER_ONLY, ROOT, NULL, USAGE_CLIENT, NOW_GOOD, CAUSE_NONE, NULL},
    {"common name only", "gnutls", 0, LEAF_CN_ONLY, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"address as name", "gnutls", 0, LEAF_IP_AS_DNS, ROOT, "10.1.1.1", USAGE_SERVER, NOW_GOOD, CAUSE_HOST,
        "The certificate is NOT trusted. The name in the certificate does not match the expected."},
    {"host", "gnutls", 0, LEAF, ROOT, "other", USAGE_SERVER, NOW_GOOD, CAUSE_HOST, "The certificate is NOT trusted. The name in"},
    {"other key", "gnutls", 0, LEAF, OTHER_ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_OTHER_KEY,
        "The certificate is NOT trusted."},
    {"intermediate alone", "gnutls", 0, LEAF_BELOW, INTERMEDIATE, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"expired", "gnutls", 0, LEAF, ROOT, HOST, USAGE_SERVER, NOW_LATE, CAUSE_EXPIRED,
        "The certificate is NOT trusted. The certificate chain uses expired certificate."},
    {"not yet valid", "gnutls", 0, LEAF, ROOT, HOST, USAGE_SERVER, NOW_EARLY, CAUSE_NOT_YET, "The certificate is NOT trusted."},
    {"issuer no CA", "gnutls", 0, LEAF_OF_NO_CA, NOT_A_CA, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NOT_A_CA,
        "The certificate is NOT trusted."},
    {"name constraint", "gnutls", 0, LEAF_CONSTRAINED, NAMED_CA, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NAME_CONSTRAINT,
        "The certificate is NOT trusted."},

    {"address as name", "libpq", 0, LEAF_IP_AS_DNS, ROOT, "10.1.1.1", USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"common name only", "libpq", 0, LEAF_CN_ONLY, ROOT, HOST, USAGE_SERVER, NOW_GOOD, CAUSE_NONE, NULL},
    {"host", "libpq", 0, LEAF, ROOT, "other", USAGE_SERVER, NOW_GOOD, CAUSE_HOST,
        "server certificate for \"node1.example.com\" (and 2 other names) does not match host name \"other\""},
};

static struct certs
certs_of(struct arena *arena, const char *pem, unsigned go)
{
	struct object *o = object_parse(arena, slice_of(pem), go);
	struct certs certs = {arena_array(arena, o->n_certs, sizeof(*certs.list)), o->n_certs};

	for (size_t i = 0; i < o->n_certs; i++)
		certs.list[i] = o->certs[i];
	return certs;
}

static int64_t
at(int now, bool *part)
{
	int64_t t = 0;

	ck_assert(when_parse(times[now], &t, part));
	return t;
}

START_TEST(verify)
{
	const struct row *row = &rows[_i];
	struct arena *arena = arena_new();
	struct certs chain = certs_of(arena, row->chain, row->go), pool = certs_of(arena, row->pool, row->go);
	bool part;
	int64_t now = at(row->now, &part);
	struct verify_ask ask = {.arena = arena,
	    .signatures = signatures_new(arena),
	    .chain = &chain,
	    .pool = &pool,
	    .host = row->host,
	    .usage = row->usage,
	    .now = now,
	    .part = part,
	    .go = row->go};
	struct refusal r = stack_find(row->stack)->verify(&ask);
	size_t made = signatures_made(ask.signatures);

	ck_assert_msg(r.cause == row->cause, "%s, %s: cause %d, %s", row->stack, row->name, r.cause, r.error ? r.error : "taken");
	if (row->error)
		ck_assert_msg(
		    strncmp(r.error, row->error, strlen(row->error)) == 0, "%s, %s: %s", row->stack, row->name, r.error);
	stack_find(row->stack)->verify(&ask);
	ck_assert_msg(signatures_made(ask.signatures) == made, "%s, %s: a signature was computed twice", row->stack, row->name);
	arena_free(arena);
}
END_TEST

static const struct pair_row {
	const char *name, *stack, *certs, *key;
	enum cause cause;
	const char *error;
} pair_rows[] = {
    {"good", "go", LEAF ROOT, LEAF_KEY, CAUSE_NONE, NULL},
    {"other key", "go", LEAF, OTHER_KEY, CAUSE_KEY_MISMATCH, "tls: private key does not match public key"},
    {"leaf not first", "go", ROOT LEAF, LEAF_KEY, CAUSE_KEY_MISMATCH, "tls: private key does not match public key"},
    {"empty", "go", "", LEAF_KEY, CAUSE_EMPTY, "tls: failed to find any PEM data in certificate input"},
    {"switched", "go", LEAF_KEY, LEAF, CAUSE_NO_CERTIFICATE,
        "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been "
        "switched"},
    {"other blocks", "go", "-----BEGIN A-----\nAAEC\n-----END A-----\n-----BEGIN B-----\nAAEC\n-----END B-----\n", LEAF_KEY,
        CAUSE_NO_CERTIFICATE,
        "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: [A "
        "B]"},
    {"certificate as key", "go", LEAF, LEAF, CAUSE_KEY_NOT_PEM,
        "tls: found a certificate rather than a key in the PEM for the private key"},
    {"key missing PEM before a bad leaf", "go", "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n", "",
        CAUSE_KEY_NOT_PEM, "tls: failed to find any PEM data in key input"},
    {"bad leaf", "go", "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n", LEAF_KEY, CAUSE_MALFORMED,
        "x509: malformed certificate"},
    {"good", "openssl", LEAF, LEAF_KEY, CAUSE_NONE, NULL},
    {"other key", "openssl", LEAF, OTHER_KEY, CAUSE_KEY_MISMATCH, "key values mismatch"},
    {"other key", "grpc", LEAF, OTHER_KEY, CAUSE_KEY_MISMATCH, "Invalid private key."},
};

START_TEST(pair)
{
	const struct pair_row *row = &pair_rows[_i];
	struct arena *arena = arena_new();
	struct certs chain = {0};
	struct refusal r = stack_find(row->stack)
	                       ->pair(arena, object_parse(arena, slice_of(row->certs), GO_119),
	                           object_parse(arena, slice_of(row->key), GO_119), GO_119, &chain);

	ck_assert_msg(r.cause == row->cause, "%s, %s: cause %d", row->stack, row->name, r.cause);
	if (row->error)
		ck_assert_msg(strcmp(r.error, row->error) == 0, "%s, %s: %s", row->stack, row->name, r.error);
	arena_free(arena);
}
END_TEST

static const struct pool_row {
	const char *name, *file;
	size_t n;
	enum cause cause;
} pool_rows[] = {
    {"one", ROOT, 1, CAUSE_NONE},
    {"one twice", ROOT ROOT, 1, CAUSE_NONE},
    {"a key between", ROOT LEAF_KEY INTERMEDIATE, 2, CAUSE_NONE},
    {"garbage between", ROOT "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n" INTERMEDIATE, 2, CAUSE_NONE},
    {"only a key", LEAF_KEY, 0, CAUSE_POOL_EMPTY},
    {"headers", "-----BEGIN CERTIFICATE-----\nA: b\n\nAAEC\n-----END CERTIFICATE-----\n", 0, CAUSE_POOL_EMPTY},
    {"empty", "", 0, CAUSE_POOL_EMPTY},
};

START_TEST(pool)
{
	const struct pool_row *row = &pool_rows[_i];
	struct arena *arena = arena_new();
	struct certs list = {0};
	struct refusal r = stack_find("go")->pool(arena, object_parse(arena, slice_of(row->file), GO_119), GO_119, &list);

	ck_assert_msg(r.cause == row->cause, "%s: cause %d", row->name, r.cause);
	ck_assert_msg(list.n == row->n, "%s: %zu", row->name, list.n);
	arena_free(arena);
}
END_TEST

static const struct handshake_row {
	const char *name;
	const char *client, *client_stack; /* what it presents */
	const char *client_pool, *server, *server_stack, *server_pool;
	unsigned go;
	enum client_auth auth;
	bool skip, always;
	const char *client_error, *server_error; /* NULL: that end notices nothing */
	bool sent, withheld;
} handshake_rows[] = {
    {"good", LEAF, "go", ROOT, LEAF, "go", ROOT, GO_119, CLIENT_AUTH_ASKED, false, false, NULL, NULL, true, false},
    {"nobody asks", LEAF, "go", ROOT, LEAF, "go", ROOT, GO_119, CLIENT_AUTH_NONE, false, false, NULL, NULL, false, false},
    {"withheld", LEAF, "go", ROOT, LEAF, "go", INTERMEDIATE, GO_119, CLIENT_AUTH_ASKED, false, false, NULL, NULL, false, true},
    {"withheld and required", LEAF, "go", ROOT, LEAF, "go", INTERMEDIATE, GO_122, CLIENT_AUTH_REQUIRED, false, false,
        "remote error: tls: certificate required", "tls: client didn't provide a certificate", false, true},
    {"no client certificate", "", "go", ROOT, LEAF, "go", ROOT, GO_119, CLIENT_AUTH_REQUIRED, false, false,
        "remote error: tls: bad certificate", "tls: client didn't provide a certificate", false, false},
    {"always sent", LEAF, "go", ROOT, LEAF, "go", INTERMEDIATE, GO_122, CLIENT_AUTH_ASKED, false, true,
        "remote error: tls: unknown certificate authority", VERIFY AUTHORITY, true, false},
    {"client refuses", LEAF, "go", INTERMEDIATE, LEAF, "go", ROOT, GO_119, CLIENT_AUTH_ASKED, false, false, AUTHORITY,
        "remote error: tls: bad certificate", false, false},
    {"trust of the client unknown", LEAF, "go", "", LEAF, "go", ROOT, GO_119, CLIENT_AUTH_ASKED, true, false, NULL, NULL, true,
        false},
    {"server refuses OpenSSL", LEAF, "openssl", ROOT, LEAF, "go", INTERMEDIATE, GO_122, CLIENT_AUTH_ASKED, false, false,
        "error:0A000418:SSL routines::tlsv1 alert unknown ca", VERIFY AUTHORITY, true, false},
    {"gRPC says nothing", LEAF, "go", ROOT, LEAF, "grpc", INTERMEDIATE, GO_122, CLIENT_AUTH_REQUIRED, false, true, "EOF",
        "Handshake failed with fatal error SSL_ERROR_SSL: error:0A000086:SSL routines::certificate verify failed.", true, false},
};

static void
same(const char *name, const char *what, const char *got, const char *want)
{
	ck_assert_msg(!got == !want && (!got || strcmp(got, want) == 0), "%s: the %s says %s", name, what, got ? got : "nothing");
}

START_TEST(shake)
{
	const struct handshake_row *row = &handshake_rows[_i];
	struct arena *arena = arena_new();
	struct handshake_ask ask = {.arena = arena,
	    .signatures = signatures_new(arena),
	    .auth = row->auth,
	    .host = HOST,
	    .skip_server_trust = row->skip,
	    .now = at(NOW_GOOD, NULL)};
	struct handshake_answer a;

	ask.client = (struct tls_end){stack_find(row->client_stack), certs_of(arena, row->client, row->go),
	    certs_of(arena, row->client_pool, row->go), row->go, row->always};
	ask.server = (struct tls_end){stack_find(row->server_stack), certs_of(arena, row->server, row->go),
	    certs_of(arena, row->server_pool, row->go), row->go, false};
	a = handshake(&ask);
	same(row->name, "client", a.client_error, row->client_error);
	same(row->name, "server", a.server_error, row->server_error);
	ck_assert_msg(a.ok == (!row->client_error && !row->server_error), "%s: ok %d", row->name, a.ok);
	ck_assert_msg(a.client_sent == row->sent, "%s: sent %d", row->name, a.client_sent);
	ck_assert_msg(a.client_withheld == row->withheld, "%s: withheld %d", row->name, a.client_withheld);
	ck_assert_msg(!a.unjudged == !row->skip, "%s: unjudged %s", row->name, a.unjudged);
	arena_free(arena);
}
END_TEST

START_TEST(signed_by)
{
	struct arena *arena = arena_new();
	struct signatures *memory = signatures_new(arena);
	struct certs leaf = certs_of(arena, LEAF, GO_119), cas = certs_of(arena, ROOT OTHER_ROOT, GO_119);

	ck_assert(chain_signed_by(memory, leaf.list[0], cas.list[0]));
	ck_assert(!chain_signed_by(memory, leaf.list[0], cas.list[1]));
	ck_assert(chain_signed_by(memory, cas.list[0], cas.list[0]));
	ck_assert_uint_eq(signatures_made(memory), 3);
	arena_free(arena);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("verify");
	TCase *t = tcase_create("verify");

	tcase_add_loop_test(t, verify, 0, (int)N(rows));
	tcase_add_loop_test(t, pair, 0, (int)N(pair_rows));
	tcase_add_loop_test(t, pool, 0, (int)N(pool_rows));
	tcase_add_loop_test(t, shake, 0, (int)N(handshake_rows));
	tcase_add_test(t, signed_by);
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
