#include "tree.h"

#include <yaml.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

enum { MAP_KEYS = 256 }; /* keys of one map: each new one is compared with those before it */

struct level { /* a list or map that is still open */
	struct node *node;
	struct node *last;
	const char *key; /* of a map: the key that waits for its value */
	struct loc key_loc;
	bool repeated; /* that key was here before: its value is read and dropped, so that the binder meets each key once */
	size_t keys;
};

struct reader {
	struct arena *arena;
	const char *path;
	struct errors *errors;
	struct node *root;
	struct level open[LIMIT_YAML_DEPTH];
	size_t depth;
	size_t enough; /* errors at which reading stops */
	bool stop;
};

static struct loc
place(yaml_mark_t m)
{
	return (struct loc){(unsigned)m.line + 1, (unsigned)m.column + 1};
}

static void
refuse(struct reader *r, struct loc loc, const char *text)
{
	error_add(r->errors, r->path, loc, "%s", text);
	r->stop = true;
}

/* What must be known before libyaml sees a byte: it takes UTF-16, and thousands of %TAG lines cost it quadratic time. */
static bool
refused_unread(struct reader *r, struct slice yaml)
{
	struct loc loc = {1, 1};
	bool blank = true;

	if (yaml.n > LIMIT_PROFILE) {
		error_add(
		    r->errors, r->path, (struct loc){0, 0}, "is larger than %d bytes, the most that is read", LIMIT_PROFILE);
		return true;
	}
	if (yaml.n >= 2 && ((yaml.p[0] == 0xff && yaml.p[1] == 0xfe) || (yaml.p[0] == 0xfe && yaml.p[1] == 0xff))) {
		refuse(r, loc, "is UTF-16; UTF-8 is expected");
		return true;
	}
	if (yaml.n >= 3 && memcmp(yaml.p, "\xef\xbb\xbf", 3) == 0) {
		refuse(r, loc, "begins with a byte order mark; save it as UTF-8 without one");
		return true;
	}
	for (size_t i = 0; i < yaml.n; i++) {
		uint8_t c = yaml.p[i];
		bool line_start = i == 0 || yaml.p[i - 1] == '\n' || yaml.p[i - 1] == '\r';

		if (c == 0) {
			refuse(r, loc, "holds a NUL byte; UTF-8 text is expected");
			return true;
		}
		if (c == '%' && line_start) {
			refuse(r, loc, "a line beginning with % is a YAML directive; none is taken here");
			return true;
		}
		blank = blank && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
		loc.column++;
		if (c == '\n')
			loc = (struct loc){loc.line + 1, 1};
	}
	if (blank)
		refuse(r, (struct loc){1, 1}, "is empty; expected keys and values such as 'profile: NAME'");
	return blank;
}

static void
add_node(struct reader *r, struct node *n)
{
	if (r->depth == 0) {
		r->root = n;
		return;
	}
	struct level *l = &r->open[r->depth - 1];
	if (l->node->kind == NODE_MAP) {
		n->key = l->key;
		n->key_loc = l->key_loc;
		l->key = NULL;
		if (l->repeated)
			return;
	}
	if (l->last)
		l->last->next = n;
	else
		l->node->first = n;
	l->last = n;
}

static void
add_key(struct reader *r, struct level *l, const char *key, struct loc loc)
{
	const struct node *m = l->node->first;

	while (m && strcmp(m->key, key) != 0)
		m = m->next;
	l->repeated = m != NULL;
	if (m)
		error_add(r->errors, r->path, loc, "key '%.64s' is here twice; it is at %u:%u too", key, m->key_loc.line,
		    m->key_loc.column);
	if (++l->keys > MAP_KEYS)
		refuse(r, loc, "has too many keys in one map");
	l->key = key;
	l->key_loc = loc;
}

static void
take_scalar(struct reader *r, const yaml_event_t *e)
{
	struct slice raw = {e->data.scalar.value, e->data.scalar.length};
	struct loc loc = place(e->start_mark);
	const char *text = text_safe(r->arena, raw, TEXT_VALUE);
	struct level *l = r->depth ? &r->open[r->depth - 1] : NULL;

	if (!slice_is(raw, text))
		error_add(
		    r->errors, r->path, loc, "this text is too long, or holds a character that cannot be shown: %.200s", text);
	if (l && l->node->kind == NODE_MAP && !l->key) {
		add_key(r, l, text, loc);
		return;
	}
	struct node *n = arena_alloc(r->arena, sizeof *n);
	*n = (struct node){
	    .kind = NODE_TEXT, .loc = loc, .text = text, .quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE};
	add_node(r, n);
}

static void
open_level(struct reader *r, const yaml_event_t *e, enum node_kind kind)
{
	struct loc loc = place(e->start_mark);

	if (r->depth && r->open[r->depth - 1].node->kind == NODE_MAP && !r->open[r->depth - 1].key) {
		refuse(r, loc, "a key must be a word");
		return;
	}
	if (r->depth == LIMIT_YAML_DEPTH) {
		refuse(r, loc, "is nested too deeply");
		return;
	}
	struct node *n = arena_alloc(r->arena, sizeof *n);
	*n = (struct node){.kind = kind, .loc = loc};
	add_node(r, n);
	r->open[r->depth++] = (struct level){.node = n};
}

static bool
decorated(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.anchor || e->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.anchor || e->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.anchor || e->data.mapping_start.tag;
	case YAML_ALIAS_EVENT:
		return true;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return false;
	}
	return false;
}

static void
take_event(struct reader *r, const yaml_event_t *e)
{
	if (decorated(e)) {
		refuse(r, place(e->start_mark), "anchors (&), aliases (*) and tags (!) have no meaning here; quote the text");
		return;
	}
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (r->root)
			refuse(r, place(e->start_mark), "a second document begins here; a file is one");
		break;
	case YAML_SCALAR_EVENT:
		take_scalar(r, e);
		break;
	case YAML_SEQUENCE_START_EVENT:
		open_level(r, e, NODE_LIST);
		break;
	case YAML_MAPPING_START_EVENT:
		open_level(r, e, NODE_MAP);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		r->depth--;
		break;
	case YAML_STREAM_END_EVENT:
		r->stop = true;
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_ALIAS_EVENT:
		break;
	}
}

/* The problem's own place is often the line after the fault; the context says where the list or map began. */
static void
syntax_error(struct reader *r, const yaml_parser_t *p)
{
	struct loc at = place(p->problem_mark), from = place(p->context_mark);
	const char *problem = p->problem ? p->problem : "cannot be read";

	r->stop = true;
	if (p->error == YAML_READER_ERROR)
		error_add(r->errors, r->path, (struct loc){0, 0}, "is no UTF-8 text (byte %zu: %s)", p->problem_offset, problem);
	else if (p->context && (from.line != at.line || from.column != at.column))
		error_add(
		    r->errors, r->path, at, "is no YAML: %s %s that began at %u:%u", problem, p->context, from.line, from.column);
	else
		error_add(r->errors, r->path, at, "is no YAML: %s", problem);
}

static void
read_events(struct reader *r, struct slice yaml)
{
	yaml_parser_t p;
	unsigned events = 0;

	if (!yaml_parser_initialize(&p)) {
		refuse(r, (struct loc){0, 0}, "cannot be read: out of memory");
		return;
	}
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p, yaml.p, yaml.n);
	while (!r->stop) {
		yaml_event_t e;

		if (!yaml_parser_parse(&p, &e)) {
			syntax_error(r, &p);
			break;
		}
		if (++events > LIMIT_YAML_EVENTS)
			refuse(r, place(e.start_mark), "has too many parts");
		else
			take_event(r, &e);
		yaml_event_delete(&e);
		r->stop = r->stop || r->errors->n >= r->enough;
	}
	yaml_parser_delete(&p);
}

struct node *
tree_read(struct arena *arena, const char *path, struct slice yaml, struct errors *errors)
{
	struct reader r = {.arena = arena, .path = path, .errors = errors, .enough = errors->n + LIMIT_PROFILE_ERRORS};
	size_t before = errors->n;

	if (refused_unread(&r, yaml))
		return NULL;
	read_events(&r, yaml);
	if (errors->n == before && !r.root)
		refuse(&r, (struct loc){1, 1}, "is empty; expected keys and values such as 'profile: NAME'");
	/* A key that is there twice is reported beside what the rows say; whatever stopped the reading leaves no whole tree. */
	return r.depth == 0 && r.root ? r.root : NULL;
}

size_t
tree_count(const struct node *n)
{
	size_t count = 0;

	for (const struct node *m = n->first; m; m = m->next)
		count++;
	return count;
}
