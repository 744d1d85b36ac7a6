#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "data_checks.h"

static const struct finding *
explaining(const char *row)
{
	struct findings *fs = findings_run(w.arena, &w.facts);
	const struct finding *x = finding_explaining(fs, &w.connection.outcome, 0);

	ck_assert_msg(x != NULL, "%s: the failure has no finding", row);
	ck_assert_msg(!finding_explaining(fs, &w.connection.outcome, 1), "%s: the failure has two findings", row);
	ck_assert_msg(x->severity == SEVERITY_ERROR, "%s: what breaks something is an error", row);
	return x;
}

/* ---- one failure, one rule ---- */

static const struct host_row {
	const char *name, *host, *rule;
	const struct cert *cert;
} hosts[] = {
    {"no names at all", "b.example.com", "san-missing", &node_bare},
    {"another name", "b.example.com", "san-missing-host", &node},
    {"an address", "10.0.0.1", "san-missing-host", &node},
    {"an address as a DNS name", "10.0.0.1", "san-ip-as-dns", &node_ip},
    {"another address as a DNS name", "10.0.0.2", "san-missing-host", &node_ip},
    {"a star one level too high", "a.b.example.com", "san-wildcard", &node_star},
    {"a star of another domain", "a.example.org", "san-missing-host", &node_star},
    {"a name with a port", "b.example.com", "san-name-unusable", &node_port},
    {"no name with a port", "c.example.com", "san-missing-host", &node_port},
};

START_TEST(host)
{
	const struct host_row *r = &hosts[_i];
	add_certs("ca.crt", &ca_row, &root, NULL);
	struct file *file = add_certs("node.crt", &node_row, r->cert, NULL);
	refuse(CAUSE_HOST, file, r->cert)->wanted = r->host;
	const struct finding *x = explaining(r->name);

	ck_assert_msg(strcmp(x->rule->id, r->rule) == 0, "%s: %s", r->name, x->rule->id);
	ck_assert_str_eq(x->file, "node.crt");
	ck_assert_str_eq(evidence(x, "host")->values.list[0], r->host);
	ck_assert_int_eq(x->certificate, 0);
	ck_assert_uint_eq(x->line, 1);
}
END_TEST

START_TEST(hosts_together)
{
	add_certs("ca.crt", &ca_row, &root, NULL);
	struct file *file = add_certs("node.crt", &node_row, &node, NULL);
	struct connection list[2];

	refuse(CAUSE_HOST, file, &node);
	list[0] = list[1] = w.connection;
	list[0].outcome.failure.wanted = "b.example.com";
	list[1].outcome.failure.wanted = "c.example.com";
	w.facts.connections = list;
	w.facts.n_connections = 2;
	struct findings *fs = findings_run(w.arena, &w.facts);
	const struct finding *x = find(fs, "san-missing-host");
	ck_assert_ptr_nonnull(x);
	ck_assert_uint_eq(x->n_breaks, 2);
	ck_assert_str_eq(x->message, "does not name b.example.com, c.example.com");
	ck_assert_ptr_eq(finding_explaining(fs, &list[1].outcome, 0), x);
}
END_TEST

static const struct issuer_row {
	const char *name, *rule;
	enum cause cause;
	const struct cert *leaf, *second, *pool, *elsewhere;
} issuers[] = {
    {"nobody of that name", "chain-unknown-authority", CAUSE_UNKNOWN_AUTHORITY, &node_of_middle, NULL, &root, NULL},
    {"the intermediate lies elsewhere", "chain-missing-intermediate", CAUSE_UNKNOWN_AUTHORITY, &node_of_middle, NULL, &root,
        &middle},
    {"a root lies elsewhere", "chain-unknown-authority", CAUSE_UNKNOWN_AUTHORITY, &node, NULL, &middle, &root},
    {"the intermediate is sent, its root unknown", "chain-unknown-authority", CAUSE_UNKNOWN_AUTHORITY, &node_of_middle, &middle,
        &stranger, NULL},
    {"a leaf in the CA file", "chain-leaf-as-anchor", CAUSE_UNKNOWN_AUTHORITY, &node, NULL, &user, NULL},
    {"the same name, another key", "chain-other-key", CAUSE_OTHER_KEY, &node, NULL, &root, NULL},
    {"not a CA", "chain-not-a-ca", CAUSE_NOT_A_CA, &node, NULL, &no_ca, NULL},
};

START_TEST(issuer)
{
	const struct issuer_row *r = &issuers[_i];
	struct file *ca = add_certs("ca.crt", &ca_row, r->pool, NULL);
	if (r->elsewhere)
		add_certs("middle.pem", NULL, r->elsewhere, NULL);
	struct file *file = add_certs("node.crt", &node_row, r->leaf, r->second);
	struct failure *x = refuse(r->cause, file, r->leaf);
	x->trust = ca;
	x->parent = r->cause == CAUSE_UNKNOWN_AUTHORITY ? NULL : r->pool;
	const struct finding *found = explaining(r->name);

	ck_assert_msg(strcmp(found->rule->id, r->rule) == 0, "%s: %s", r->name, found->rule->id);
	ck_assert_msg(!strchr(found->message, '?'), "%s: %s", r->name, found->message);
}
END_TEST

START_TEST(encoding)
{
	struct file *ca = add_certs("ca.crt", &ca_row, &twin, NULL);
	refuse(CAUSE_UNKNOWN_AUTHORITY, add_certs("node.crt", &node_row, &node, NULL), &node)->trust = ca;
	const struct finding *x = explaining("encoding");

	ck_assert_str_eq(x->rule->id, "subject-encoding");
	ck_assert_str_eq(evidence(x, "difference")->values.list[0], "Root as UTF8String against PrintableString");
}
END_TEST

START_TEST(no_ca_file)
{
	struct file *file = add_certs("node.crt", &node_row, &node, NULL);
	refuse(CAUSE_UNKNOWN_AUTHORITY, file, &node);
	const struct finding *x = explaining("no CA file");

	ck_assert_str_eq(x->rule->id, "file-missing");
	ck_assert_str_eq(x->file, "ca.crt");
}
END_TEST

static const struct {
	const char *name, *modulus, *rule, *file, *owner;
} keys[] = {
    {"of nobody", "lost-modulus", "key-mismatch", "node.key", NULL},
    {"of the second certificate", "alice-modulus", "cert-not-first", "node.crt", NULL},
};

START_TEST(key)
{
	add_certs("ca.crt", &ca_row, &root, NULL);
	struct file *cert = add_certs("node.crt", &node_row, &node, &user);
	pair(cert, add_key("node.key", &node_row, keys[_i].modulus));
	refuse(CAUSE_KEY_MISMATCH, cert, NULL);
	const struct finding *x = explaining(keys[_i].name);

	ck_assert_msg(strcmp(x->rule->id, keys[_i].rule) == 0, "%s: %s", keys[_i].name, x->rule->id);
	ck_assert_str_eq(x->file, keys[_i].file);
}
END_TEST

static const struct {
	const char *name, *missing, *there, *rule, *file;
} absences[] = {
    {"nothing like it", "node.crt", "README.crt", "file-missing", "node.crt"},
    {"another case", "node.crt", "Node.crt", "file-missing", "node.crt"},
    {"another extension", "node.crt", "node.pem", "file-missing", "node.crt"},
    {"one letter more", "node.crt", "node1.crt", "file-missing", "node.crt"},
    {"another separator", "client.root.crt", "client-root.crt", "name-near-miss", "client-root.crt"},
    {"a user with capitals", "client.root.crt", "client.Root.crt", "name-user-case", "client.Root.crt"},
};

START_TEST(absence)
{
	add_certs(absences[_i].there, NULL, &node, NULL);
	refuse(CAUSE_MISSING, NULL, NULL)->name = absences[_i].missing;
	const struct finding *x = explaining(absences[_i].name);

	ck_assert_msg(strcmp(x->rule->id, absences[_i].rule) == 0, "%s: %s", absences[_i].name, x->rule->id);
	ck_assert_str_eq(x->file, absences[_i].file);
}
END_TEST

static const struct {
	const char *name, *rule;
	enum cause cause;
	const struct cert *cert;
} simple[] = {
    {"expired", "validity-expired", CAUSE_EXPIRED, &expired},
    {"ends before it begins", "validity-reversed", CAUSE_EXPIRED, &backwards},
    {"server", "usage-server", CAUSE_USAGE_SERVER, &client_only},
    {"client", "usage-client", CAUSE_USAGE_CLIENT, &server_only},
    {"principal", "subject-principal", CAUSE_PRINCIPAL, &user},
    {"scope", "subject-scope", CAUSE_SCOPE, &user},
    {"OU", "subject-tenant-ou", CAUSE_TENANT_OU, &user},
    {"DN", "subject-dn-flag", CAUSE_DN, &user},
    {"self-signed", "subject-equals-ca", CAUSE_SELF_SIGNED, &user},
    {"key identifier", "chain-key-id", CAUSE_KEY_ID, &node},
    {"withheld", "trust-certificate-withheld", CAUSE_WITHHELD, &user},
    {"weak signature", "chain-weak-signature", CAUSE_WEAK_SIGNATURE, &node},
    {"search", "chain-search-limit", CAUSE_SIGNATURE_LIMIT, &node},
    {"path length", "chain-path-length", CAUSE_PATH_LENGTH, &node},
    {"address", "san-peer-address", CAUSE_PEER_ADDRESS, &node},
};

START_TEST(others)
{
	add_certs("ca.crt", &ca_row, &root, NULL);
	refuse(simple[_i].cause, add_certs("node.crt", &node_row, simple[_i].cert, NULL), simple[_i].cert);
	const struct finding *x = explaining(simple[_i].name);

	ck_assert_msg(strcmp(x->rule->id, simple[_i].rule) == 0, "%s: %s", simple[_i].name, x->rule->id);
}
END_TEST

/* Every cause there is, with as little as a failure can have, has a rule. */
START_TEST(any_cause)
{
	add_certs("ca.crt", &ca_row, &root, NULL);
	struct file *file = add_certs("node.crt", &node_row, &node, NULL);
	refuse((enum cause)_i, _i % 2 ? file : NULL, NULL);
	explaining("with or without a file");
	refuse((enum cause)_i, NULL, NULL)->name = "node.crt";
	explaining("with a name");
	w.connection.outcome.ok = w.facts.n_connections == 0;
	w.facts.n_connections = 0;
	w.facts.start.ok = false;
	w.facts.start.failure = (struct failure){.cause = (enum cause)_i};
	struct findings *fs = findings_run(w.arena, &w.facts);
	ck_assert_ptr_nonnull(finding_explaining(fs, &w.facts.start, 0));
}
END_TEST

START_TEST(split_ca)
{
	struct file *client_ca = add_certs("ca-client.crt", &client_ca_row, &middle, NULL);
	add_certs("ca.crt", &ca_row, &root, NULL);
	struct file *file = add_certs("node.crt", &node_row, &node, NULL);
	refuse(CAUSE_WITHHELD, file, &node)->trust = client_ca;
	w.connection.presents = file;
	const struct finding *x = explaining("split CA");

	ck_assert_str_eq(x->rule->id, "trust-split-ca");
	ck_assert_str_eq(evidence(x, "ca_file")->values.list[0], "ca-client.crt");
}
END_TEST

/* ---- dates without a failure ---- */

static const struct {
	const char *name;
	int64_t begin, end, seconds;
	int percent;
	bool fires;
} soon[] = {
    {"31 days", 0, NOW + 31 * DAY, -1, -1, false},
    {"30 days", 0, NOW + 30 * DAY, -1, -1, true},
    {"a short life, more than a third left", NOW - 3 * DAY, NOW + 4 * DAY, -1, -1, false},
    {"a short life, less than a third left", NOW - 5 * DAY, NOW + 2 * DAY, -1, -1, true},
    {"as told, no", 0, NOW + 11 * DAY, 10 * DAY, -1, false},
    {"as told, yes", 0, NOW + 10 * DAY, 10 * DAY, -1, true},
    {"as told in percent, no", NOW - 70 * DAY, NOW + 30 * DAY, -1, 25, false},
    {"as told in percent, yes", NOW - 80 * DAY, NOW + 20 * DAY, -1, 25, true},
    {"expired already", 0, NOW - 1, -1, -1, false},
};

START_TEST(expires_soon)
{
	struct cert c = node;
	c.not_before = soon[_i].begin;
	c.not_after = soon[_i].end;
	w.settings.expires_seconds = soon[_i].seconds;
	w.settings.expires_percent = soon[_i].percent;
	add_certs("ca.crt", &ca_row, &root, NULL);
	add_certs("node.crt", &node_row, &c, NULL);
	const struct finding *x = find(findings_run(w.arena, &w.facts), "validity-expires-soon");

	ck_assert_msg((x != NULL) == soon[_i].fires, "%s", soon[_i].name);
}
END_TEST

START_TEST(old_ca_in_bundle)
{
	struct cert old = middle;
	old.not_after = NOW - DAY;
	add_certs("ca.crt", &ca_row, &root, &old);
	add_certs("node.crt", &node_row, &node, NULL);
	struct findings *fs = findings_run(w.arena, &w.facts);
	ck_assert_ptr_nonnull(find(fs, "validity-old-ca"));
	ck_assert_ptr_null(find(fs, "validity-expired"));
	ck_assert_int_eq(find(fs, "validity-old-ca")->certificate, 1);
	ck_assert_uint_eq(find(fs, "validity-old-ca")->line, 11);
}
END_TEST

START_TEST(good)
{
	add_certs("ca.crt", &ca_row, &root, NULL);
	struct file *cert = add_certs("node.crt", &node_row, &node, NULL);
	pair(cert, add_key("node.key", &node_row, "node-modulus"));
	refuse(CAUSE_NONE, cert, NULL);
	w.connection.outcome.ok = true;
	struct findings *fs = findings_run(w.arena, &w.facts);
	ck_assert_msg(fs->n == 0, "%s: %s", fs->n ? fs->list[0]->rule->id : "", fs->n ? fs->list[0]->message : "");
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("checks");
	TCase *t = tcase_create("checks");

	tcase_add_checked_fixture(t, begin, end);
	tcase_add_loop_test(t, host, 0, N(hosts));
	tcase_add_test(t, hosts_together);
	tcase_add_loop_test(t, issuer, 0, N(issuers));
	tcase_add_test(t, encoding);
	tcase_add_test(t, no_ca_file);
	tcase_add_loop_test(t, key, 0, N(keys));
	tcase_add_loop_test(t, absence, 0, N(absences));
	tcase_add_loop_test(t, others, 0, N(simple));
	tcase_add_loop_test(t, any_cause, CAUSE_NONE, CAUSE_PEER_ADDRESS + 1);
	tcase_add_test(t, split_ca);
	tcase_add_loop_test(t, expires_soon, 0, N(soon));
	tcase_add_test(t, old_ca_in_bundle);
	tcase_add_test(t, good);
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
