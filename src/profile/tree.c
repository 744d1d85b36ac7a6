#include "tree.h"

#include <yaml.h>

#include "alias.h"
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
	bool foreign; /* anchors and aliases have a meaning */
	struct anchors anchors;
	unsigned left; /* events that may still come */
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

static const char *
empty(const struct reader *r)
{
	return r->foreign ? "is empty" : "is empty; expected keys and values such as 'profile: NAME'";
}

/* What must be known before libyaml sees a byte: it takes UTF-16, and thousands of %TAG lines cost it quadratic time. */
static bool
refused_unread(struct reader *r, struct slice yaml)
{
	struct loc loc = {1, 1};
	bool blank = true;
	int most = r->foreign ? LIMIT_TOPOLOGY : LIMIT_PROFILE;

	if (yaml.n > (size_t)most) {
		error_add(r->errors, r->path, (struct loc){0, 0}, "is larger than %d bytes, the most that is read", most);
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
		refuse(r, (struct loc){1, 1}, empty(r));
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

static bool
wants_key(const struct reader *r)
{
	return r->depth && r->open[r->depth - 1].node->kind == NODE_MAP && !r->open[r->depth - 1].key;
}

static void
anchor(struct reader *r, const yaml_char_t *name, struct node *n)
{
	if (name && !r->stop &&
	    !anchors_add(r->arena, &r->anchors, text_safe(r->arena, slice_of((const char *)name), TEXT_VALUE), n))
		refuse(r, n->loc, "has too many anchors");
}

static void
take_scalar(struct reader *r, const yaml_event_t *e)
{
	struct slice raw = {e->data.scalar.value, e->data.scalar.length};
	struct loc loc = place(e->start_mark);
	const char *text = text_safe(r->arena, raw, TEXT_VALUE);
	struct node *n = arena_alloc(r->arena, sizeof *n);

	*n = (struct node){
	    .kind = NODE_TEXT, .loc = loc, .text = text, .quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE};
	anchor(r, e->data.scalar.anchor, n);
	if (!r->foreign && !slice_is(raw, text))
		error_add(
		    r->errors, r->path, loc, "this text is too long, or holds a character that cannot be shown: %.200s", text);
	if (wants_key(r))
		add_key(r, &r->open[r->depth - 1], text, loc);
	else
		add_node(r, n);
}

static bool
is_open(const struct reader *r, const struct node *n)
{
	for (size_t i = 0; i < r->depth; i++)
		if (r->open[i].node == n)
			return true;
	return false;
}

/* What the anchor named, once more, as if it stood here. */
static void
take_alias(struct reader *r, const yaml_event_t *e)
{
	const char *name = text_safe(r->arena, slice_of((const char *)e->data.alias.anchor), TEXT_VALUE);
	struct loc loc = place(e->start_mark);
	const struct node *named = anchors_find(&r->anchors, name);

	if (!named) {
		error_add(r->errors, r->path, loc, "no anchor &%.64s stands before this alias", name);
		r->stop = true;
	} else if (is_open(r, named)) {
		refuse(r, loc, "this alias stands in what it names");
	} else if (wants_key(r)) {
		if (named->kind == NODE_TEXT)
			add_key(r, &r->open[r->depth - 1], named->text, loc);
		else
			refuse(r, loc, "a key must be a word");
	} else {
		struct node *n = alias_copy(r->arena, named, LIMIT_YAML_DEPTH - r->depth, &r->left);
		if (n)
			add_node(r, n);
		else
			refuse(r, loc, "this alias makes it too large, or nested too deeply");
	}
}

static void
open_level(struct reader *r, const yaml_event_t *e, enum node_kind kind)
{
	struct loc loc = place(e->start_mark);

	if (wants_key(r)) {
		refuse(r, loc, "a key must be a word");
		return;
	}
	if (r->depth == LIMIT_YAML_DEPTH) {
		refuse(r, loc, "is nested too deeply");
		return;
	}
	struct node *n = arena_alloc(r->arena, sizeof *n);
	*n = (struct node){.kind = kind, .loc = loc};
	anchor(r, kind == NODE_LIST ? e->data.sequence_start.anchor : e->data.mapping_start.anchor, n);
	add_node(r, n);
	r->open[r->depth++] = (struct level){.node = n};
}

static void
close_level(struct reader *r, const yaml_event_t *e)
{
	struct node *n = r->open[--r->depth].node;

	if (r->foreign && n->kind == NODE_MAP && !alias_merge(r->arena, n, &r->left))
		refuse(r, place(e->start_mark), "what is merged here makes it too large");
}

static bool
decorated(const struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return (e->data.scalar.anchor && !r->foreign) || e->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		return (e->data.sequence_start.anchor && !r->foreign) || e->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT:
		return (e->data.mapping_start.anchor && !r->foreign) || e->data.mapping_start.tag;
	case YAML_ALIAS_EVENT:
		return !r->foreign;
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
	if (decorated(r, e)) {
		refuse(r, place(e->start_mark),
		    r->foreign ? "tags (!) have no meaning here"
		               : "anchors (&), aliases (*) and tags (!) have no meaning here; quote the text");
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
		close_level(r, e);
		break;
	case YAML_STREAM_END_EVENT:
		r->stop = true;
		break;
	case YAML_ALIAS_EVENT:
		take_alias(r, e);
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
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
		if (r->left-- == 0)
			refuse(r, place(e.start_mark), "has too many parts");
		else
			take_event(r, &e);
		yaml_event_delete(&e);
		r->stop = r->stop || r->errors->n >= r->enough;
	}
	yaml_parser_delete(&p);
}

static struct node *
read_tree(struct arena *arena, const char *path, struct slice yaml, struct errors *errors, bool foreign)
{
	struct reader r = {.arena = arena, .path = path, .errors = errors, .foreign = foreign, .left = LIMIT_YAML_EVENTS};
	size_t before = errors->n;

	r.enough = before + LIMIT_PROFILE_ERRORS;
	if (refused_unread(&r, yaml))
		return NULL;
	read_events(&r, yaml);
	if (errors->n == before && !r.root)
		refuse(&r, (struct loc){1, 1}, empty(&r));
	/* A key that is there twice is reported beside what the rows say; whatever stopped the reading leaves no whole tree. */
	return r.depth == 0 && r.root ? r.root : NULL;
}

struct node *
tree_read(struct arena *arena, const char *path, struct slice yaml, struct errors *errors)
{
	return read_tree(arena, path, yaml, errors, false);
}

struct node *
tree_read_foreign(struct arena *arena, const char *path, struct slice yaml, struct errors *errors)
{
	size_t before = errors->n;
	struct node *tree = read_tree(arena, path, yaml, errors, true);

	return errors->n == before ? tree : NULL;
}

size_t
tree_count(const struct node *n)
{
	size_t count = 0;

	for (const struct node *m = n->first; m; m = m->next)
		count++;
	return count;
}
