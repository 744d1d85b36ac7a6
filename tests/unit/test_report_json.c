#include "report_sample.h"

#include <check.h>
#include <jansson.h>

static json_t *
render_json(const struct sample *s, unsigned times)
{
	json_error_t error;
	char *text = render(s, "json", (struct look){0}, times);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	ck_assert_msg(root != NULL, "%s: %s", error.text, text);
	free(text);
	return root;
}

static const json_t *
at_path(const json_t *value, const char *path)
{
	char part[64];

	for (; value && *path != '\0'; path += *path == '.') {
		size_t n = strcspn(path, ".");
		snprintf(part, sizeof part, "%.*s", (int)n, path);
		value = json_is_array(value) ? json_array_get(value, strtoul(part, NULL, 10)) : json_object_get(value, part);
		path += n;
	}
	return value;
}

/* clang-format off */
static const struct {
	const char *path, *json;
} fields[] = {
    {"schema_version", "1"},
    {"tool", "{\"name\":\"crtlint\",\"version\":\"0.1\"}"},
    {"at", "\"2026-11-20T22:30:00Z\""},
    {"directories.0.path", "\"certs\""},
    {"directories.0.profile.name", "\"cockroachdb\""},
    {"directories.0.profile.chosen_because", "\"its file names\""},
    {"directories.0.variables",
        "[{\"name\":\"server-version\",\"value\":\"a<&>\\\"'b\\\\u000a\\\\u001b[31m\",\"from\":\"option\"}]"},
    {"directories.0.unjudged", "[\"the browser's own trust store\"]"},
    {"directories.0.files.0.name", "\"node.crt\""},
    {"directories.0.files.0.role", "\"Node\""},
    {"directories.0.files.0.type", "\"file\""},
    {"directories.0.files.0.mode", "\"0600\""},
    {"directories.0.files.0.uid", "1000"},
    {"directories.0.files.0.gid", "1001"},
    {"directories.0.files.0.size", "1234"},
    {"directories.0.files.0.mtime", "\"2026-11-20T22:30:00Z\""},
    {"directories.0.files.0.target", "null"},
    {"directories.0.files.0.key", "null"},
    {"directories.0.files.0.certificates.0.index", "0"},
    {"directories.0.files.0.certificates.0.subject", "\"CN=node\""},
    {"directories.0.files.0.certificates.0.issuer", "\"CN=node\""},
    {"directories.0.files.0.certificates.0.serial", "\"-81\""},
    {"directories.0.files.0.certificates.0.not_before", "\"1970-01-01T00:00:00Z\""},
    {"directories.0.files.0.certificates.0.not_after", "\"2026-11-20T22:30:00Z\""},
    {"directories.0.files.0.certificates.0.sha256", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""},
    {"directories.0.files.0.certificates.0.spki_sha256", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""},
    {"directories.0.files.0.certificates.0.key.type", "\"RSA\""},
    {"directories.0.files.0.certificates.0.key.bits", "2048"},
    {"directories.0.files.0.certificates.0.dns", "[\"db1.example.com\",\"x\\\\u000a\\\\u001b<&>\\\"\\\\xff\"]"},
    {"directories.0.files.0.certificates.0.ip", "[\"127.0.0.1\"]"},
    {"directories.0.files.0.certificates.0.uri", "[\"crdb://tenant/1\"]"},
    {"directories.0.files.0.certificates.0.is_ca", "false"},
    {"directories.0.files.0.certificates.0.eku", "[\"serverAuth\",\"anyExtendedKeyUsage\",\"1.2.3\"]"},
    {"directories.0.files.0.certificates.0.error", "null"},
    {"directories.0.files.0.certificates.1.index", "1"},
    {"directories.0.files.0.certificates.1.subject", "null"},
    {"directories.0.files.0.certificates.1.sha256", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""},
    {"directories.0.files.0.certificates.1.error", "\"x509: malformed certificate\""},
    {"directories.0.files.1.role", "null"},
    {"directories.0.files.1.key.type", "\"RSA\""},
    {"directories.0.files.1.key.bits", "2048"},
    {"directories.0.files.1.key.form", "\"PKCS#1\""},
    {"directories.0.files.1.key.encrypted", "false"},
    {"directories.0.files.1.key.matches", "\"node.crt\""},
    {"directories.0.files.2.name", "\"client.\\\\xff<&>\\\"'\\\\u000a.crt\""},
    {"directories.0.files.3.type", "\"nothing\""},
    {"directories.0.files.3.mode", "null"},
    {"directories.0.files.3.target", "\"../gone\""},
    {"directories.0.start.ok", "false"},
    {"directories.0.start.error", "\"tls: private key does not match public key\""},
    {"directories.0.start.findings", "[2]"},
    {"directories.0.reload.ok", "true"},
    {"directories.0.reload.breaks_handshakes", "true"},
    {"directories.0.reload.findings", "[2]"},
    {"directories.0.connections.0.error", "null"},
    {"directories.0.connections.0.stage", "null"},
    {"directories.0.connections.25.id", "\"rpc:node>node@db1.example.com\""},
    {"directories.0.connections.25.kind", "\"rpc\""},
    {"directories.0.connections.25.from", "\"node\""},
    {"directories.0.connections.25.to", "\"node\""},
    {"directories.0.connections.25.host", "\"db1.example.com\""},
    {"directories.0.connections.25.ok", "false"},
    {"directories.0.connections.25.stage", "\"handshake\""},
    {"directories.0.connections.25.error", "\"x509: certificate is valid for localhost, not db1.example.com\""},
    {"directories.0.connections.25.client_error", "\"x509: certificate is valid for localhost, not db1.example.com\""},
    {"directories.0.connections.25.server_error", "\"remote error: tls: bad certificate\""},
    {"directories.0.connections.25.findings", "[1]"},
    {"directories.0.connections.26.host", "null"},
    {"directories.0.connections.26.unchecked", "[\"browser trust not checked\"]"},
    {"directories.0.connections.27.judged", "false"},
    {"directories.0.findings.0.id", "1"},
    {"directories.0.findings.0.severity", "\"error\""},
    {"directories.0.findings.0.fingerprint", "\"0123456789abcdef\""},
    {"directories.0.findings.0.file", "\"node.crt\""},
    {"directories.0.findings.0.location", "{\"line\":7,\"certificate\":0}"},
    {"directories.0.findings.0.message", "\"is \\\"odd\\\" <&>\""},
    {"directories.0.findings.0.evidence", "{\"it_names\":[\"localhost\",\"127.0.0.1\"],\"asked\":\"db1.example.com\"}"},
    {"directories.0.findings.0.breaks", "[\"rpc:node>node@db1.example.com\"]"},
    {"directories.0.findings.0.related", "[2]"},
    {"directories.0.findings.0.fix", "\"Make it anew.\""},
    {"directories.0.findings.0.commands.0.2", "\"it's\""},
    {"directories.0.findings.0.suppressed", "null"},
    {"directories.0.findings.1.file", "null"},
    {"directories.0.findings.1.location", "{\"line\":null,\"certificate\":null}"},
    {"directories.0.findings.1.breaks", "[\"start\"]"},
    {"directories.0.findings.1.fix", "null"},
    {"directories.1.path", "\"certs\""},
    {"summary.directories", "2"},
    {"summary.connections", "56"},
    {"summary.failed", "2"},
    {"summary.errors", "4"},
    {"summary.warnings", "2"},
    {"summary.notes", "2"},
    {"summary.suppressed", "0"},
};
/* clang-format on */

START_TEST(test_json)
{
	struct sample *s = sample_new();
	json_t *root = render_json(s, 2);
	const json_t *value = at_path(root, fields[_i].path);

	ck_assert_msg(value != NULL, "%s is not there", fields[_i].path);
	char *got = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	ck_assert_msg(strcmp(got, fields[_i].json) == 0, "%s: got %s, want %s", fields[_i].path, got, fields[_i].json);
	free(got);
	json_decref(root);
	arena_free(s->arena);
}
END_TEST

START_TEST(test_json_without_anything)
{
	struct sample *s = sample_new();

	s->facts = (struct facts){.arena = s->arena, .listing = &s->listing, .settings = &s->settings};
	s->facts.start.id = "start";
	s->facts.reload = (struct outcome){.kind = OUTCOME_RELOAD, .id = "reload"};
	s->findings.n = 0;
	json_t *root = render_json(s, 1);
	ck_assert(json_is_null(at_path(root, "directories.0.profile.name")));
	json_decref(root);
	root = render_json(s, 0);
	ck_assert_uint_eq(json_array_size(at_path(root, "directories")), 0);
	json_decref(root);
	free(render(s, "text", (struct look){0}, 1));
	free(render(s, "junit", (struct look){0}, 1));
	arena_free(s->arena);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("report_json");
	TCase *t = tcase_create("json");

	tcase_add_loop_test(t, test_json, 0, N(fields));
	tcase_add_test(t, test_json_without_anything);
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
