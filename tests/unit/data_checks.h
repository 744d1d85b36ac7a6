/* A directory put together from literals, with one connection that fails: what the tests of findings and of checks stand on. */
#ifndef DATA_CHECKS_H
#define DATA_CHECKS_H

#include <string.h>

#include "crtlint/finding.h"
#include "crtlint/rule.h"

#define N(rows) (sizeof(rows) / sizeof *(rows))
#define BYTES(s)                                                                                                                 \
	{                                                                                                                        \
		(const uint8_t *)(s), sizeof(s) - 1                                                                              \
	}
#define WORDS(...)                                                                                                               \
	{                                                                                                                        \
		(const char *[]){__VA_ARGS__}, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)                            \
	}

enum { DAY = 86400, NOW = 1000 * DAY, FILES = 8 };

static const struct file_row ca_row = {.patterns = WORDS("ca.crt"), .is = IS_CA, .role = "CA", .key = "ca.key", .required = true};
static const struct file_row client_ca_row = {.patterns = WORDS("ca-client.crt"), .is = IS_CA, .role = "Client CA", .key = ""};
static const struct file_row node_row = {
    .patterns = WORDS("node.crt"), .role = "Node", .key = "node.key", .principal = "node", .required = true};
static const struct file_row client_row = {
    .patterns = WORDS("client.<user>.crt"), .role = "Client", .key = "client.<user>.key", .principal = "<user>"};

static struct capture captures[] = {{.name = "user", .type = CAPTURE_LOWER_CASE}};

#define NAME(text)                                                                                                               \
	{                                                                                                                        \
		.raw = BYTES(text),                                                                                              \
		.attributes = (struct attribute[]){{.oid = BYTES(OID_CN), .tag = 0x0c, .value = BYTES(text)}}, .n = 1            \
	}
#define FOREVER .not_before = 0, .not_after = 2000 * DAY
#define COMMON  .usable = true, .version = 3, .max_path_len = -1, .sig = SIG_SHA256_RSA

static const struct cert root = {COMMON, FOREVER, .raw = BYTES("root"), .subject = NAME("Root"), .issuer = NAME("Root"),
    .ski = BYTES("root-id"), .has_basic_constraints = true, .is_ca = true,
    .spki = {.raw = BYTES("root-key"), .type = KEY_RSA, .bits = 2048}};
static const struct cert middle = {COMMON, FOREVER, .raw = BYTES("middle"), .subject = NAME("Middle"), .issuer = NAME("Root"),
    .ski = BYTES("middle-id"), .aki = BYTES("root-id"), .has_basic_constraints = true, .is_ca = true,
    .spki = {.raw = BYTES("middle-key"), .type = KEY_RSA, .bits = 2048}};
static const struct cert stranger = {COMMON, FOREVER, .raw = BYTES("stranger"), .subject = NAME("Stranger"),
    .issuer = NAME("Stranger"), .has_basic_constraints = true, .is_ca = true,
    .spki = {.raw = BYTES("stranger-key"), .type = KEY_RSA, .bits = 2048}};
static const struct cert no_ca = {COMMON, FOREVER, .raw = BYTES("no-ca"), .subject = NAME("Root"), .issuer = NAME("Root"),
    .spki = {.raw = BYTES("no-ca-key"), .type = KEY_RSA, .bits = 2048}};
static const struct cert twin = {COMMON, FOREVER, .raw = BYTES("twin"),
    .subject = {.raw = BYTES("<Root>"),
        .attributes = (struct attribute[]){{.oid = BYTES(OID_CN), .tag = 0x13, .value = BYTES("ROOT")}},
        .n = 1},
    .issuer = NAME("<Root>"), .has_basic_constraints = true, .is_ca = true,
    .spki = {.raw = BYTES("twin-key"), .type = KEY_RSA, .bits = 2048}};

#define SANS(...)                                                                                                                \
	.has_san = true, .sans = (struct san[]){__VA_ARGS__}, .n_sans = sizeof((struct san[]){__VA_ARGS__}) / sizeof(struct san)
#define DNS(text)                                                                                                                \
	{                                                                                                                        \
		SAN_DNS, BYTES(text)                                                                                             \
	}
#define LEAF(name, from)                                                                                                         \
	COMMON, .raw = BYTES("leaf " name), .subject = NAME(name), .issuer = NAME(from),                                         \
	        .spki = {.raw = BYTES(name "-key"), .type = KEY_RSA, .bits = 2048, .modulus = BYTES(name "-modulus")}

static const struct cert node = {
    LEAF("node", "Root"), FOREVER, .aki = BYTES("root-id"), SANS(DNS("localhost"), DNS("a.example.com"))};
static const struct cert node_of_middle = {LEAF("node", "Middle"), FOREVER, .aki = BYTES("middle-id"), SANS(DNS("localhost"))};
static const struct cert node_bare = {LEAF("node", "Root"), FOREVER, .aki = BYTES("root-id")};
static const struct cert node_ip = {
    LEAF("node", "Root"), FOREVER, .aki = BYTES("root-id"), SANS(DNS("localhost"), DNS("10.0.0.1"))};
static const struct cert node_star = {
    LEAF("node", "Root"), FOREVER, .aki = BYTES("root-id"), SANS(DNS("localhost"), DNS("*.example.com"))};
static const struct cert node_port = {
    LEAF("node", "Root"), FOREVER, .aki = BYTES("root-id"), SANS(DNS("localhost"), DNS("b.example.com:26257"))};
static const struct cert user = {LEAF("alice", "Root"), FOREVER, .aki = BYTES("root-id")};
static const struct cert expired = {
    LEAF("node", "Root"), .aki = BYTES("root-id"), SANS(DNS("localhost")), .not_before = 0, .not_after = NOW - DAY};
static const struct cert backwards = {
    LEAF("node", "Root"), .aki = BYTES("root-id"), SANS(DNS("localhost")), .not_before = NOW - DAY, .not_after = NOW - 2 * DAY};
static const struct cert client_only = {LEAF("node", "Root"), FOREVER, .aki = BYTES("root-id"), SANS(DNS("localhost")),
    .eku = (struct slice[]){BYTES(OID_EKU_CLIENT)}, .n_eku = 1};
static const struct cert server_only = {LEAF("node", "Root"), FOREVER, .aki = BYTES("root-id"), SANS(DNS("localhost")),
    .eku = (struct slice[]){BYTES(OID_EKU_SERVER)}, .n_eku = 1};

struct world {
	struct arena *arena;
	struct listing listing;
	struct entry entries[FILES];
	struct file files[FILES];
	struct settings settings;
	struct profile profile;
	struct facts facts;
	struct connection connection;
};

static struct world w;

static inline void
begin(void)
{
	memset(&w, 0, sizeof w);
	w.arena = arena_new();
	w.listing = (struct listing){.path = "certs", .mode = 0755, .entries = w.entries};
	w.settings = (struct settings){.now = NOW, .expires_seconds = -1, .expires_percent = -1};
	w.profile = (struct profile){.name = "test", .captures = captures, .n_captures = N(captures)};
	w.profile.n_files = 4;
	struct file_row *rows = arena_array(w.arena, 4, sizeof *rows);
	memcpy(rows, (const struct file_row[]){ca_row, client_ca_row, node_row, client_row}, 4 * sizeof *rows);
	w.profile.files = rows;
	w.facts = (struct facts){.arena = w.arena,
	    .listing = &w.listing,
	    .settings = &w.settings,
	    .profile = &w.profile,
	    .files = w.files,
	    .go = GO_NEWEST,
	    .connections = &w.connection};
	w.facts.start = (struct outcome){.kind = OUTCOME_START, .id = "start", .judged = true, .ok = true};
	w.facts.reload = (struct outcome){.kind = OUTCOME_RELOAD, .id = "reload", .judged = true, .ok = true};
}

static inline void
end(void)
{
	arena_free(w.arena);
}

/* Files have to be added in the order of their names. */
static inline struct file *
add(const char *name, const struct file_row *row)
{
	size_t i = w.facts.n_files++;

	w.listing.n = w.facts.n_files;
	w.entries[i] = (struct entry){.raw = slice_of(name),
	    .name = name,
	    .type = ENTRY_FILE,
	    .mode = 0600,
	    .size = 1,
	    .read = true,
	    .data = slice_of("x")};
	w.files[i] = (struct file){
	    .entry = &w.entries[i], .name = name, .row = row, .role = row ? row->role : NULL, .readable = true};
	return &w.files[i];
}

static inline struct file *
add_certs(const char *name, const struct file_row *row, const struct cert *first, const struct cert *second)
{
	struct file *f = add(name, row);
	struct object *o = arena_alloc(w.arena, sizeof *o);
	struct pem_block *blocks = arena_array(w.arena, 2, sizeof *blocks);

	o->data = slice_of("x");
	o->certs = arena_array(w.arena, 2, sizeof *o->certs);
	o->cert_blocks = arena_array(w.arena, 2, sizeof *o->cert_blocks);
	o->pem.blocks = blocks;
	for (int i = 0; i < 2; i++) {
		const struct cert *c = i == 0 ? first : second;
		if (!c)
			break;
		blocks[i] = (struct pem_block){.label = slice_of("CERTIFICATE"), .line = (unsigned)(1 + 10 * i)};
		o->certs[o->n_certs] = (struct cert *)c;
		o->cert_blocks[o->n_certs++] = &blocks[i];
		o->pem.n = o->n_certs;
	}
	f->object = o;
	return f;
}

static inline struct file *
add_key(const char *name, const struct file_row *row, const char *modulus)
{
	struct file *f = add(name, NULL);
	struct object *o = arena_alloc(w.arena, sizeof *o);
	struct pem_block *block = arena_alloc(w.arena, sizeof *block);

	*block = (struct pem_block){.label = slice_of("PRIVATE KEY"), .line = 1};
	o->data = slice_of("x");
	o->pem = (struct pem){.blocks = block, .n = 1};
	o->n_foreign = 1;
	o->key = arena_alloc(w.arena, sizeof *o->key);
	*o->key = (struct key){
	    .type = KEY_RSA, .bits = 2048, .modulus = slice_of(modulus), .exponent = slice_of("\x01\x00\x01"), .blocks = 1};
	f->object = o;
	f->key_row = row;
	return f;
}

static inline void
pair(struct file *cert, struct file *key)
{
	cert->key = key;
	cert->key_name = key->name;
	key->certificate = cert;
}

/* The one connection fails so. */
static inline struct failure *
refuse(enum cause cause, struct file *file, const struct cert *cert)
{
	w.facts.n_connections = 1;
	w.connection = (struct connection){.kind = "rpc", .from = "node", .to = "node", .serves = file};
	w.connection.outcome = (struct outcome){.kind = OUTCOME_CONNECTION, .id = "rpc:node>node", .judged = true};
	w.connection.outcome.failure = (struct failure){
	    .cause = cause, .error = "refused", .file = file, .name = file ? file->name : NULL, .cert = cert};
	return &w.connection.outcome.failure;
}

static inline const struct finding *
find(const struct findings *fs, const char *rule)
{
	for (size_t i = 0; i < fs->n; i++) {
		if (strcmp(fs->list[i]->rule->id, rule) == 0)
			return fs->list[i];
	}
	return NULL;
}

static inline const struct evidence *
evidence(const struct finding *x, const char *name)
{
	for (size_t i = 0; i < x->n_evidence; i++) {
		if (strcmp(x->evidence[i].name, name) == 0)
			return &x->evidence[i];
	}
	return NULL;
}

#endif
