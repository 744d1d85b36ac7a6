/* The keys of a configuration, as tables. */
#include <stdlib.h>
#include <string.h>

#include "crtlint/limits.h"
#include "crtlint/rule.h"
#include "crtlint/text.h"
#include "crtlint/when.h"
#include "reading.h"

#define FIELDS(table)    .fields = (table), .n = COUNT(table)
#define AT(type, member) offsetof(struct type, member)

enum { STARS = 3 /* in a glob: matching takes time to that power of a name's length */ };

bool
config_expiry(const char *text, int64_t *seconds, int *percent)
{
	char *end;
	unsigned long share = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || strcmp(end, "%") != 0 || share > 100)
		return when_parse_span(text, seconds);
	*percent = (int)share;
	return true;
}

static void
read_glob(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	const char *text = value_text(b, node);
	size_t stars = 0;

	for (const char *p = text; p && *p; p++)
		stars += *p == '*';
	if (!text)
		return;
	if (stars > STARS)
		bind_error(b, node->loc, "'%s' holds more than %d stars", f->name, STARS);
	if (strncmp(text, "./", 2) == 0)
		text += 2;
	size_t n = strlen(text);
	text = n > 1 && text[n - 1] == '/' ? arena_strndup(b->arena, text, n - 1) : text;
	memcpy(at, &text, sizeof text);
}

/* Each member for itself, so that a mistake is reported at its own place. */
static void
read_names(struct binder *b, const struct field *f, const struct node *node, void *at, const char *barred, size_t most)
{
	const struct node *m = node->kind == NODE_LIST ? node->first : node;

	value_list(b, f, node, at);
	if (node->kind == NODE_LIST && tree_count(node) > most)
		bind_error(b, node->loc, "'%s' has more than %zu members", f->name, most);
	for (; m; m = node->kind == NODE_LIST ? m->next : NULL)
		if (m->kind == NODE_TEXT && m->text[0] && strpbrk(m->text, barred))
			bind_error(b, m->loc, "'%.64s' is no name; a list of names is written [a, b]", m->text);
}

static void
read_users(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	read_names(b, f, node, at, "/ ,\t\n", LIMIT_USERS);
}

static void
read_expires(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	struct config *c = at;
	const char *text = value_text(b, node);

	if (text && !config_expiry(text, &c->expires_seconds, &c->expires_percent))
		bind_error(b, node->loc, "%s: expected a span such as 30d, or a share such as 25%%, not '%.64s'", f->name, text);
}

static const struct rule *
find_rule(struct binder *b, struct loc loc, const char *id)
{
	const struct rule *r = rule_find(id);

	if (!r) {
		const char *names[RULE_COUNT];
		for (int i = 0; i < RULE_COUNT; i++)
			names[i] = rule_get((enum rule_id)i)->id;
		bind_error(b, loc, "no rule '%.64s'%s", id, bind_hint(b, id, names, RULE_COUNT));
	}
	return r;
}

static void
read_rule(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	const char *text = value_text(b, node);
	const struct rule *r = text ? find_rule(b, node->loc, text) : NULL;

	(void)f;
	if (r)
		memcpy(at, &r->id, sizeof r->id);
}

static const struct choice level_list[] = {
    {"error", WISH_ERROR}, {"warning", WISH_WARNING}, {"note", WISH_NOTE}, {"off", WISH_OFF}};
static const struct choices levels = {"severity", level_list, COUNT(level_list)};

static const struct field level_fields[] = {
    {"level", value_choice, .offset = AT(level_change, level), .choices = &levels},
    {"when-breaking", value_choice, .offset = AT(level_change, when_breaking), .choices = &levels},
};

/* A word is for findings that break nothing: that something fails is not made a detail in passing. */
static void
read_severity(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	static const struct shape shape = {"a severity", FIELDS(level_fields), sizeof(struct level_change), NO_LOC, NULL};
	struct config *c = at;

	(void)f;
	if (node->kind != NODE_MAP) {
		bind_error(b, node->loc, "'severity' is a map: {RULE: error, warning, note or off, ...}");
		return;
	}
	c->levels = arena_array(b->arena, tree_count(node), sizeof *c->levels);
	for (const struct node *m = node->first; m; m = m->next) {
		struct level_change *l = &c->levels[c->n_levels];
		const struct rule *r = find_rule(b, m->key_loc, m->key);
		unsigned level = WISH_NONE;

		if (m->kind == NODE_MAP)
			schema_row(b, &shape, m, l);
		else if (schema_choose(b, &levels, m, &level))
			l->level = (enum level_wish)level;
		l->rule = r ? r->id : NULL;
		c->n_levels += r != NULL;
	}
}

static void
read_reason(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	value_word(b, f, node, at);
	if (node->kind == NODE_TEXT && node->quoted && !node->text[strspn(node->text, " \n")])
		bind_error(b, node->loc, "a suppression says why: '%s' is empty", f->name);
}

static void
read_until(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	struct suppression *s = at;

	s->until_text = value_text(b, node);
	if (s->until_text && !when_parse(s->until_text, &s->until, NULL))
		bind_error(b, node->loc, "%s: expected a date such as 2027-01-31, not '%.64s'", f->name, s->until_text);
}

static void
read_spki(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	const char *text = value_text(b, node);

	if (!text)
		return;
	if (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64)
		bind_error(
		    b, node->loc, "%s: expected 64 lower-case hexadecimal digits (spki_sha256 of the JSON report)", f->name);
	memcpy(at, &text, sizeof text);
}

static const struct field suppression_fields[] = {
    {"rule", read_rule, .offset = AT(config_suppression, what.rule), .required = true},
    {"file", read_glob, .offset = AT(config_suppression, what.file), .required = true},
    {"reason", read_reason, .offset = AT(config_suppression, what.reason), .required = true},
    {"until", read_until, .offset = AT(config_suppression, what), .required = true},
    {"spki", read_spki, .offset = AT(config_suppression, what.spki)},
    {"directory", read_glob, .offset = AT(config_suppression, directory)},
};

static void
read_suppressions(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	static const struct shape shape = {
	    "a suppression", FIELDS(suppression_fields), sizeof(struct config_suppression), AT(config_suppression, loc), NULL};
	struct config *c = at;
	void *rows = NULL;

	(void)f;
	schema_rows(b, &shape, node, &rows, &c->n_suppressions);
	c->suppressions = rows;
	for (size_t i = 0; i < c->n_suppressions; i++)
		c->suppressions[i].what.place = arena_printf(
		    b->arena, "%s:%u:%u", b->path, c->suppressions[i].loc.line, c->suppressions[i].loc.column);
}

static const struct field directory_fields[] = {
    {"directory", read_glob, .offset = AT(config_directory, glob), .required = true},
    {"profile", profile_bind, .offset = AT(config_directory, profile)},
    {"hosts", hosts_bind, .offset = AT(config_directory, hosts)},
    {"users", read_users, .offset = AT(config_directory, users)},
    {"files", places_bind, .offset = AT(config_directory, files)},
};

static void
read_directories(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	static const struct shape shape = {
	    "a row of directories", FIELDS(directory_fields), sizeof(struct config_directory), AT(config_directory, loc), NULL};
	struct config *c = at;
	void *rows = NULL;

	(void)f;
	schema_rows(b, &shape, node, &rows, &c->n_directories);
	c->directories = rows;
}

static void
read_sets(struct binder *b, const struct field *f, const struct node *node, void *at)
{
	(void)f;
	(void)at;
	((struct reading *)b)->sets = node;
}

static const struct field config_fields[] = {
    {"profile", profile_bind, .offset = AT(config, profile)},
    {"set", read_sets, .offset = 0},
    {"hosts", hosts_bind, .offset = AT(config, hosts)},
    {"users", read_users, .offset = AT(config, users)},
    {"files", places_bind, .offset = AT(config, files)},
    {"directories", read_directories, .offset = 0},
    {"expires-within", read_expires, .offset = 0},
    {"severity", read_severity, .offset = 0},
    {"suppressions", read_suppressions, .offset = 0},
};

void
fields_bind(struct reading *r, const struct node *tree, struct config *c)
{
	static const struct shape shape = {"a configuration", FIELDS(config_fields), sizeof(struct config), NO_LOC, NULL};

	schema_row(&r->binder, &shape, tree, c);
	sets_bind(r, c);
	hosts_check(r, c);
}
