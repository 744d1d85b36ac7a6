#include <stdint.h>
#include <string.h>

#include "words.h"

#define FIELDS(table) .fields = (table), .n = COUNT(table)
/* clang-format off */
#define GATE(type, gate)                                                    \
	{"since", value_version, .offset = offsetof(struct type, gate.since)},  \
	{"until", value_version, .offset = offsetof(struct type, gate.until)},  \
	{"when", value_when, .offset = offsetof(struct type, gate)}
/* clang-format on */
#define AT(type, member) offsetof(struct type, member)

enum { DIALECTS = 32 };

/* A type is a word or, in place of one, the list of allowed values. */
static void
read_variable_type(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	struct variable *v = at;
	unsigned type;

	if (node->kind == NODE_LIST) {
		v->type = VAR_ENUM;
		value_list(b, f, node, &v->values);
	} else if (schema_choose(b, &words_variable_types, node, &type))
		v->type = type;
}

static void
read_toml(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	const char *text = value_text(b, node), *blank = text ? strchr(text, ' ') : NULL;

	if (text && (!blank || blank == text || !blank[1] || strchr(blank + 1, ' ')))
		bind_error(b, node->loc, "'%s' is the name of a file and a key in it: 'server.toml security.allowed'", f->name);
	value_word(b, f, node, at);
}

static void
read_must(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	struct step *s = at;
	unsigned check;

	if (s->check != CHECK_NONE)
		bind_error(b, node->key_loc, "a row asks one thing: 'must' or 'key-must'");
	s->check = schema_choose(b, &words_checks, node, &check) ? check : CHECK_EXIST; /* so that one mistake is one error */
	s->of_key = f->name[0] == 'k';
}

static void
read_choice_words(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	unsigned value;

	if (node->kind == NODE_LIST) {
		for (const struct node *m = node->first; m; m = m->next)
			schema_choose(b, f->choices, m, &value);
	} else
		schema_choose(b, f->choices, node, &value);
	value_list(b, f, node, at);
}

static void
read_choice_word(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	unsigned value;

	if (schema_choose(b, f->choices, node, &value))
		memcpy(at, &node->text, sizeof node->text);
}

static void
read_sends(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	struct peer *p = at;
	unsigned value;

	if (schema_choose(b, f->choices, node, &value))
		*(value == 1 ? &p->sends_leaf : &p->sends_always) = true;
}

/* `<user>`: the brackets are for the reader, the struct holds the bare name. */
static void
read_capture_name(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	const char *text = value_text(b, node), *rest = text;
	struct token t;

	if (!text)
		return;
	if (!template_next(&rest, &t) || !t.is_name || *rest) {
		bind_error(b, node->loc, "'%s' is the name of a capture, written <name>", f->name);
		return;
	}
	char *name = arena_strndup(b->arena, (const char *)t.text.p, t.text.n);
	memcpy(at, &name, sizeof name);
	bind_use(b, f->use, name, node->loc);
}

static const struct field variable_fields[] = {
    {"name", value_word, .offset = AT(variable, name), .required = true},
    {"type", read_variable_type, .offset = 0, .required = true},
    {"default", value_defaults, .offset = 0},
    {"help", value_quoted, .offset = AT(variable, help), .required = true},
    {"toml", read_toml, .offset = AT(variable, toml)},
    GATE(variable, gate),
};

static const struct field file_fields[] = {
    {"file", value_list, .offset = AT(file_row, patterns), .use = USE_PATTERN, .required = true},
    {"is", value_choice, .offset = AT(file_row, is), .choices = &words_file_is},
    {"role", value_word, .offset = AT(file_row, role), .use = USE_ROLE},
    {"key", value_word, .offset = AT(file_row, key), .use = USE_KEY},
    {"required", value_true, .offset = AT(file_row, required)},
    {"principal", value_word, .offset = AT(file_row, principal), .use = USE_VALUE},
    {"signed-by", value_list, .offset = AT(file_row, signed_by), .use = USE_FILE},
    {"CN", value_word, .offset = AT(file_row, cn), .use = USE_VALUE},
    {"O", value_word, .offset = AT(file_row, o), .use = USE_VALUE},
    {"OU", value_word, .offset = AT(file_row, ou), .use = USE_VALUE},
    {"says", value_quoted, .offset = AT(file_row, says), .use = USE_TEMPLATE},
    {"why", value_quoted, .offset = AT(file_row, why), .use = USE_TEMPLATE},
    {"means", read_capture_name, .offset = AT(file_row, means), .use = USE_MEANS},
    GATE(file_row, gate),
};

static const struct field key_mode_fields[] = {
    {"at-most", value_mode, .offset = AT(key_mode, at_most), .required = true},
    {"peer", value_list, .offset = AT(key_mode, peers), .use = USE_PEER},
    {"owner", read_choice_word, .offset = AT(key_mode, owner), .choices = &words_owner},
    {"group", read_choice_word, .offset = AT(key_mode, group), .choices = &words_group},
    GATE(key_mode, gate),
};

static const struct field step_fields[] = {
    {"peer", value_list, .offset = AT(step, peers), .use = USE_PEER},
    {"kind", value_list, .offset = AT(step, kinds), .use = USE_KIND},
    {"from", value_list, .offset = AT(step, from), .use = USE_PEER},
    {"to", value_list, .offset = AT(step, to), .use = USE_PEER},
    {"file", value_list, .offset = AT(step, files), .use = USE_FILE},
    {"is", value_choice, .offset = AT(step, is), .choices = &words_file_is},
    {"must", read_must, .offset = 0},
    {"key-must", read_must, .offset = 0},
    {"in", value_choice, .offset = AT(step, in), .choices = &words_in},
    {"then", value_choice, .offset = AT(step, then), .choices = &words_then},
    {"says", value_quoted, .offset = AT(step, says), .use = USE_TEMPLATE},
    {"tells", value_quoted, .offset = AT(step, tells), .use = USE_TEMPLATE},
    {"as", read_choice_word, .offset = AT(step, as), .choices = &words_as},
    {"on", value_quoted, .offset = AT(step, on)},
    {"among", read_choice_words, .offset = AT(step, among), .choices = &words_among},
    {"one-of", value_list, .offset = AT(step, one_of), .use = USE_VALUE},
    {"fold", read_choice_word, .offset = AT(step, fold), .choices = &words_fold},
    {"hosts", value_list, .offset = AT(step, hosts), .use = USE_VALUE},
    {"OU", value_word, .offset = AT(step, ou), .use = USE_VALUE},
    {"O", value_word, .offset = AT(step, o), .use = USE_VALUE},
    {"CN", value_word, .offset = AT(step, cn), .use = USE_VALUE},
    {"attributes", value_list, .offset = AT(step, attributes)},
    {"of", value_flag, .offset = AT(step, of_both), .choices = &words_both},
    {"during", value_flag, .offset = AT(step, during_handshake), .choices = &words_during},
    GATE(step, gate),
};

/* clang-format off */
#define CELLS(base)                                                                                      \
	{"stack", value_word, .offset = base + AT(peer, stack), .use = USE_STACK},                           \
	{"serves", value_list, .offset = base + AT(peer, serves), .use = USE_CELL},                          \
	{"dials-with", value_list, .offset = base + AT(peer, dials_with), .use = USE_CELL},                  \
	{"trusts-servers", value_list, .offset = base + AT(peer, trusts_servers), .use = USE_CELL},          \
	{"trusts-clients", value_list, .offset = base + AT(peer, trusts_clients), .use = USE_CELL},          \
	{"client-cert", value_choice, .offset = base + AT(peer, client_cert), .choices = &words_client_cert}, \
	{"checks-host", value_choice, .offset = base + AT(peer, checks_host), .choices = &words_checks_host}, \
	{"sends", read_sends, .offset = base, .choices = &words_sends}
/* clang-format on */

static const struct field peer_fields[] = {
    {"peer", value_list, .offset = AT(peer, names), .required = true},
    CELLS(0),
    GATE(peer, gate),
};

static const struct field connection_fields[] = {
    {"kind", value_word, .offset = AT(connection_row, kind), .required = true},
    {"from", value_list, .offset = AT(connection_row, from), .use = USE_PEER, .required = true},
    {"to", value_list, .offset = AT(connection_row, to), .use = USE_PEER, .required = true},
    {"except", value_word, .offset = AT(connection_row, except)},
    {"only", value_word, .offset = AT(connection_row, only)},
    {"host", value_list, .offset = AT(connection_row, host), .use = USE_VALUE},
    {"assumes", value_quoted, .offset = AT(connection_row, assumes), .use = USE_TEMPLATE},
    {"unchecked", value_quoted_list, .offset = AT(connection_row, unchecked), .use = USE_TEMPLATE},
    CELLS(AT(connection_row, own)),
    GATE(connection_row, gate),
};

static const struct field principal_fields[] = {
    {"among", read_choice_words, .offset = AT(principal_row, among), .choices = &words_among, .required = true},
    {"map", value_word, .offset = AT(principal_row, map), .use = USE_MAP},
    {"like", value_quoted, .offset = AT(principal_row, like), .use = USE_LIKE},
    {"alone", value_true, .offset = AT(principal_row, alone)},
    {"shown", value_quoted, .offset = AT(principal_row, shown), .use = USE_TEMPLATE},
    {"says", value_quoted, .offset = AT(principal_row, says), .use = USE_TEMPLATE},
    GATE(principal_row, gate),
};

static const struct field log_fields[] = {
    {"of", value_word, .offset = AT(log_row, of), .use = USE_OF, .required = true},
    {"to", value_list, .offset = AT(log_row, to), .use = USE_PEER},
    {"says", value_quoted, .offset = AT(log_row, says), .use = USE_TEMPLATE, .required = true},
};

static const struct field mend_fields[] = {
    {"file", value_list, .offset = AT(mend_row, files), .use = USE_FILE, .required = true},
    {"run", value_quoted, .offset = AT(mend_row, run), .use = USE_TEMPLATE, .required = true},
};

static const struct field undecided_fields[] = {
    {"what", value_quoted, .offset = AT(undecided_row, what), .use = USE_TEMPLATE, .required = true},
    {"assumed", value_quoted, .offset = AT(undecided_row, assumed), .use = USE_TEMPLATE, .required = true},
    {"tell", value_quoted, .offset = AT(undecided_row, tell), .use = USE_TEMPLATE},
    GATE(undecided_row, gate),
};

static const struct field topology_fields[] = {
    {"section", value_word, .offset = AT(topology_row, section), .required = true},
    {"peer", value_word, .offset = AT(topology_row, peer), .use = USE_PEER, .required = true},
    {"host", value_list, .offset = AT(topology_row, host), .required = true},
};

static const struct field toml_fields[] = {
    {"file", value_word, .offset = AT(toml_row, file), .required = true},
    {"peer", value_word, .offset = AT(toml_row, peer), .use = USE_PEER, .required = true},
    {"ca", value_word, .offset = AT(toml_row, ca)},
    {"cert", value_word, .offset = AT(toml_row, cert)},
    {"key", value_word, .offset = AT(toml_row, key)},
};

static const struct step no_step = {.is = -1};

/* clang-format off */
#define SHAPE(section, name, type, locus) {"a row of " section, FIELDS(name##_fields), sizeof(struct type), locus, NULL}
#define ROWS(list, row, type, locus) SHAPE(#list, row, type, locus), AT(profile, list), AT(profile, n_##list)
#define STEPS(name) \
	{"a row of " #name, FIELDS(step_fields), sizeof(struct step), AT(step, loc), &no_step}, AT(profile, name.list), AT(profile, name.n)

static const struct shape file_shape = SHAPE("files", file, file_row, AT(file_row, loc));

static const struct section {
	const char *name;
	struct shape shape;
	size_t list, n; /* in struct profile */
} sections[] = {
    {"variables", ROWS(variables, variable, variable, AT(variable, loc))},
    {"files", ROWS(files, file, file_row, AT(file_row, loc))},
    {"key-modes", ROWS(key_modes, key_mode, key_mode, AT(key_mode, loc))},
    {"load", STEPS(load)},
    {"start", STEPS(start)},
    {"reload", STEPS(reload)},
    {"dial", STEPS(dial)},
    {"peers", ROWS(peers, peer, peer, AT(peer, loc))},
    {"connections", ROWS(connections, connection, connection_row, AT(connection_row, loc))},
    {"principals", ROWS(principals, principal, principal_row, AT(principal_row, loc))},
    {"admission", STEPS(admission)},
    {"log", ROWS(logs, log, log_row, NO_LOC)},
    {"mend", ROWS(mends, mend, mend_row, AT(mend_row, loc))},
    {"undecided", ROWS(undecided, undecided, undecided_row, NO_LOC)},
    {"topology", ROWS(topology, topology, topology_row, AT(topology_row, loc))},
    {"toml", ROWS(toml, toml, toml_row, AT(toml_row, loc))},
};
/* clang-format on */

static void
read_section(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	char *profile = at;

	for (size_t i = 0; i < COUNT(sections); i++) {
		const struct section *s = &sections[i];
		void *rows;
		size_t n;

		if (strcmp(s->name, f->name) != 0)
			continue;
		memcpy(&rows, profile + s->list, sizeof rows);
		memcpy(&n, profile + s->n, sizeof n);
		schema_rows(b, &s->shape, node, &rows, &n);
		memcpy(profile + s->list, &rows, sizeof rows);
		memcpy(profile + s->n, &n, sizeof n);
	}
}

static void
read_captures(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	static const struct field values = {"captures", value_list, .offset = 0};
	struct profile *p = at;

	(void)f;
	if (node->kind != NODE_MAP) {
		bind_error(b, node->loc, "'captures' is a map: {user: lower-case, ...}");
		return;
	}
	p->captures = arena_array(b->arena, tree_count(node), sizeof *p->captures);
	for (const struct node *m = node->first; m; m = m->next) {
		struct capture *c = &p->captures[p->n_captures++];
		unsigned type;

		c->name = m->key;
		if (m->kind == NODE_LIST) {
			c->type = CAPTURE_ENUM;
			value_list(b, &values, m, &c->values);
		} else if (schema_choose(b, &words_capture_types, m, &type))
			c->type = type;
	}
}

struct dialect {
	struct loc loc;
	const char *name;
	const struct node *files;
};

static void
read_node(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	(void)b;
	(void)f;
	memcpy(at, &node, sizeof node);
}

static void
read_dialects(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	static const struct field fields[] = {
	    {"dialect", value_word, .offset = AT(dialect, name), .required = true},
	    {"files", read_node, .offset = AT(dialect, files), .required = true},
	};
	static const struct shape shape = {"a dialect", FIELDS(fields), sizeof(struct dialect), AT(dialect, loc), NULL};
	struct profile *p = at;
	void *list = NULL;
	size_t n = 0;

	(void)f;
	schema_rows(b, &shape, node, &list, &n);
	if (n > DIALECTS) {
		bind_error(b, node->loc, "has too many dialects");
		return;
	}
	p->dialects.list = arena_array(b->arena, n, sizeof *p->dialects.list);
	for (const struct dialect *d = list; n > 0; d++, n--) {
		void *rows = p->files;
		size_t before = p->n_files;

		if (!d->name || !d->files)
			continue;
		for (size_t i = 0; i < p->dialects.n; i++)
			if (strcmp(p->dialects.list[i], d->name) == 0)
				bind_error(b, d->loc, "dialect '%.64s' is here twice", d->name);
		schema_rows(b, &file_shape, d->files, &rows, &p->n_files);
		p->files = rows;
		for (size_t i = before; i < p->n_files; i++)
			p->files[i].dialect = d->name;
		p->dialects.list[p->dialects.n++] = d->name;
	}
}

static const struct field profile_fields[] = {
    {"profile", value_word, .offset = AT(profile, name), .required = true},
    {"title", value_word, .offset = AT(profile, title), .required = true},
    {"source", value_list, .offset = AT(profile, source), .required = true},
    {"partial", value_quoted, .offset = AT(profile, partial)},
    {"variables", read_section, .offset = 0},
    {"captures", read_captures, .offset = 0},
    {"files", read_section, .offset = 0},
    {"dialects", read_dialects, .offset = 0},
    {"key-modes", read_section, .offset = 0},
    {"load", read_section, .offset = 0},
    {"start", read_section, .offset = 0},
    {"reload", read_section, .offset = 0},
    {"dial", read_section, .offset = 0},
    {"peers", read_section, .offset = 0, .required = true},
    {"connections", read_section, .offset = 0, .required = true},
    {"principals", read_section, .offset = 0},
    {"admission", read_section, .offset = 0},
    {"log", read_section, .offset = 0},
    {"mend", read_section, .offset = 0},
    {"undecided", read_section, .offset = 0},
    {"topology", read_section, .offset = 0},
    {"toml", read_section, .offset = 0},
};

void
bind_sections(struct binder *b, const struct node *tree)
{
	static const struct shape shape = {"a profile", FIELDS(profile_fields), sizeof(struct profile), NO_LOC, NULL};

	schema_row(b, &shape, tree, b->profile);
}
