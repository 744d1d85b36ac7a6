/*
 * report_sample: one directory by hand for the tests of the reporters: a start that fails, a reload that breaks
 * handshakes, a connection that fails, many that do not, names that try to leave their format.
 */
#ifndef REPORT_SAMPLE_H
#define REPORT_SAMPLE_H

#include "crtlint/report.h"

#include <stdlib.h>
#include <string.h>

#include "crtlint/text.h"

#define N(a)     (sizeof(a) / sizeof *(a))
#define BYTES(s) ((struct slice){(const uint8_t *)(s), sizeof(s) - 1})

enum { USERS = 25, CONNECTIONS = USERS + 3, FILES = 4, FINDINGS = 4 };

static const int64_t AT = 1795213800; /* 2026-11-20T22:30:00Z */

struct sample {
	struct arena *arena;
	struct listing listing;
	struct settings settings;
	struct profile profile;
	struct step on;
	struct entry entries[FILES];
	struct file files[FILES];
	struct object crt, key_file;
	struct cert certs[2];
	struct cert *cert_list[2];
	struct pem_block blocks[2], key_block;
	const struct pem_block *block_list[2];
	struct key key;
	struct connection connections[CONNECTIONS];
	struct variable variable;
	struct value value;
	struct facts facts;
	struct finding finding[FINDINGS];
	struct finding *finding_list[FINDINGS];
	struct evidence evidence[2];
	const struct outcome *breaks[2], *start_breaks[1];
	const struct finding *related[1];
	struct command command;
	struct findings findings;
	struct result result;
};

static const char evil[] = "a<&>\"'b\n\033[31m";
static struct san sans[] = {
    {SAN_DNS, {(const uint8_t *)"db1.example.com", 15}},
    {SAN_DNS, {(const uint8_t *)"x\n\033<&>\"\xff", 8}},
    {SAN_IP, {(const uint8_t *)"\x7f\0\0\1", 4}},
    {SAN_URI, {(const uint8_t *)"crdb://tenant/1", 15}},
};
static struct slice ekus[] = {
    {(const uint8_t *)OID_EKU_SERVER, 8},
    {(const uint8_t *)"\x55\x1d\x25\0", 4},
    {(const uint8_t *)"\x2a\x03", 2},
};
static struct attribute cn[] = {{.oid = {(const uint8_t *)OID_CN, 3}, .tag = 0x0c, .value = {(const uint8_t *)"node", 4}}};
static const char *unchecked[] = {"browser trust not checked"};
static const char *unjudged[] = {"the browser's own trust store"};
static const char *values[] = {"localhost", "127.0.0.1"};
static const char *host[] = {"db1.example.com"};
static const char *argv[] = {"cockroach", "cert", "it's", "--ca-key=<CA.KEY>", "--certs-dir=a b", "\\xff.crt"};

static void
make_files(struct sample *s)
{
	static const char *const names[FILES] = {"node.crt", "node.key", "client.\xff<&>\"'\n.crt", "ca.crt"};

	for (size_t i = 0; i < FILES; i++) {
		s->entries[i] = (struct entry){
		    .raw = slice_of(names[i]), .mode = 0600, .uid = 1000, .gid = 1001, .size = 1234, .mtime = AT};
		s->entries[i].name = text_safe(s->arena, s->entries[i].raw, TEXT_NAME);
		s->files[i] = (struct file){.entry = &s->entries[i], .name = s->entries[i].name};
	}
	s->entries[3].type = ENTRY_NOTHING;
	s->entries[3].link = LINK_DANGLING;
	s->entries[3].target = "../gone";
	s->entries[3].error = 2;
	s->certs[0] = (struct cert){
	    .usable = true,
	    .raw = BYTES("abc"),
	    .serial = BYTES("\xff\x7f"),
	    .issuer = {.attributes = cn, .n = 1},
	    .subject = {.attributes = cn, .n = 1},
	    .not_before = 0,
	    .not_after = AT,
	    .spki = {.raw = BYTES("abc"), .type = KEY_RSA, .bits = 2048, .modulus = BYTES("\xc1\x03"), .exponent = BYTES("\x03")},
	    .sans = sans,
	    .n_sans = N(sans),
	    .eku = ekus,
	    .n_eku = N(ekus),
	};
	s->certs[1] = (struct cert){.go_error = "x509: malformed certificate"};
	s->blocks[0] = (struct pem_block){.label = BYTES("CERTIFICATE"), .der = BYTES("abc"), .line = 1};
	s->blocks[1] = (struct pem_block){.label = BYTES("CERTIFICATE"), .der = BYTES(""), .line = 20};
	for (size_t i = 0; i < 2; i++) {
		s->cert_list[i] = &s->certs[i];
		s->block_list[i] = &s->blocks[i];
	}
	s->crt = (struct object){
	    .pem = {.blocks = s->blocks, .n = 2}, .certs = s->cert_list, .cert_blocks = s->block_list, .n_certs = 2};
	s->key_block = (struct pem_block){.label = BYTES("RSA PRIVATE KEY"), .line = 1};
	s->key = (struct key){
	    .form = KEY_FORM_PKCS1, .type = KEY_RSA, .bits = 2048, .modulus = BYTES("\xc1\x03"), .exponent = BYTES("\x03")};
	s->key_file = (struct object){.pem = {.blocks = &s->key_block, .n = 1}, .key = &s->key};
	s->files[0].object = &s->crt;
	s->files[0].role = "Node";
	s->files[1].object = &s->key_file;
}

static void
make_connections(struct sample *s)
{
	for (size_t i = 0; i < CONNECTIONS; i++) {
		struct connection *c = &s->connections[i];
		const char *from = arena_printf(s->arena, "user%zu", i);
		*c = (struct connection){.kind = "sql", .from = from, .to = "node", .host = "db1.example.com"};
		c->outcome = (struct outcome){.kind = OUTCOME_CONNECTION, .judged = true, .ok = true};
		c->outcome.id = arena_printf(s->arena, "sql:%s>node@db1.example.com", from);
	}
	struct connection *rpc = &s->connections[USERS], *console = rpc + 1, *other = rpc + 2;
	rpc->kind = "rpc", rpc->from = "node", rpc->outcome.id = "rpc:node>node@db1.example.com";
	rpc->outcome.ok = false;
	rpc->outcome.failure = (struct failure){
	    .cause = CAUSE_HOST, .error = "x509: certificate is valid for localhost, not db1.example.com", .name = "node.crt"};
	rpc->stage = STAGE_HANDSHAKE;
	rpc->client_error = rpc->outcome.failure.error;
	rpc->server_error = "remote error: tls: bad certificate";
	console->kind = "console", console->from = "browser", console->outcome.id = "console:browser>node";
	console->host = NULL;
	console->unchecked = (struct words){unchecked, 1};
	other->kind = "http", other->outcome.id = "http:x", other->outcome.judged = false;
}

static void
make_findings(struct sample *s)
{
	static const enum severity severities[FINDINGS] = {SEVERITY_ERROR, SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE};

	for (size_t i = 0; i < FINDINGS; i++) {
		s->finding[i] = (struct finding){.id = (int)i + 1,
		    .rule = rule_get(i == 0 ? 0 : 1),
		    .severity = severities[i],
		    .fingerprint = "0123456789abcdef",
		    .file = "node.crt",
		    .certificate = -1,
		    .message = "is \"odd\" <&>"};
		s->finding_list[i] = &s->finding[i];
	}
	struct finding *f = &s->finding[0];
	s->evidence[0] = (struct evidence){.name = "it_names", .values = {values, 2}};
	s->evidence[1] = (struct evidence){.name = "asked", .values = {host, 1}};
	s->breaks[0] = &s->connections[USERS].outcome;
	f->evidence = s->evidence, f->n_evidence = 2;
	f->breaks = s->breaks, f->n_breaks = 1;
	f->certificate = 0, f->line = 7;
	f->related = s->related, f->n_related = 1;
	s->related[0] = &s->finding[1];
	s->command.argv = (struct words){argv, N(argv)};
	f->commands = (struct commands){&s->command, 1};
	f->fix = "Make it anew.";
	s->start_breaks[0] = &s->facts.start;
	s->finding[1].breaks = s->start_breaks, s->finding[1].n_breaks = 1;
	s->finding[1].file = NULL;
	s->findings = (struct findings){.arena = s->arena, .facts = &s->facts, .list = s->finding_list, .n = FINDINGS};
}

static struct sample *
sample_new(void)
{
	struct arena *arena = arena_new();
	struct sample *s = arena_alloc(arena, sizeof *s);

	s->arena = arena;
	s->listing = (struct listing){.path = "certs", .entries = s->entries, .n = FILES};
	s->on = (struct step){.on = "SIGHUP"};
	s->profile = (struct profile){.name = "cockroachdb", .reload = {&s->on, 1}};
	s->variable = (struct variable){.name = "server-version"};
	s->value = (struct value){
	    .variable = &s->variable, .text = text_safe(arena, slice_of(evil), TEXT_VALUE), .from = FROM_OPTION};
	make_files(s);
	make_connections(s);
	s->facts = (struct facts){.arena = arena,
	    .listing = &s->listing,
	    .settings = &s->settings,
	    .profile = &s->profile,
	    .chosen_because = "its file names",
	    .dialect = "split CA",
	    .values = &s->value,
	    .n_values = 1,
	    .run_as = {1000, 1001},
	    .run_as_from = FROM_GUESS,
	    .files = s->files,
	    .n_files = FILES,
	    .connections = s->connections,
	    .n_connections = CONNECTIONS,
	    .unjudged = {unjudged, 1}};
	s->facts.start = (struct outcome){.kind = OUTCOME_START,
	    .id = "start",
	    .judged = true,
	    .failure = {.cause = CAUSE_KEY_MISMATCH, .error = "tls: private key does not match public key", .name = "node.crt"}};
	s->facts.reload = s->facts.start;
	s->facts.reload.kind = OUTCOME_RELOAD, s->facts.reload.id = "reload", s->facts.reload.ok = true;
	make_findings(s);
	s->result = (struct result){.path = "certs", .facts = &s->facts, .findings = &s->findings};
	return s;
}

/* The report of as many such directories. */
static char *
render(const struct sample *s, const char *format, struct look look, unsigned times)
{
	char *text = NULL;
	size_t n;
	struct summary summary = {0};
	struct report report = {
	    .format = format_find(format), .out = open_memstream(&text, &n), .look = look, .at = AT, .version = "0.1"};

	report.format->begin(&report);
	for (unsigned i = 0; i < times; i++) {
		if (report.format->front)
			report.format->front(&report);
		report.format->directory(&report, &s->result);
		summary_add(&summary, &s->result);
		report.directories++;
	}
	report.format->end(&report, &summary);
	fclose(report.out);
	return text;
}

#endif
