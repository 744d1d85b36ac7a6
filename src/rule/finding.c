#include "crtlint/finding.h"

#include <string.h>

#include "crtlint/arena.h"
#include "crtlint/cluster.h"
#include "crtlint/digest.h"
#include "crtlint/text.h"

enum {
	VALUES_KEPT = 100, /* of one piece of evidence; a hostile certificate has 40,000 names */
	VALUES_SHOWN = 10, /* of them in a sentence */
};

struct finding_index { /* open addressing, size a power of two, at most half full */
	struct finding **slots;
	size_t n_slots;
};

static bool
same_text(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

static size_t
hash_text(size_t h, const char *s)
{
	/* FNV-1a */
	for (; s && *s; s++)
		h = (h ^ (unsigned char)*s) * (size_t)0x100000001b3u;
	return (h ^ 0xffu) * (size_t)0x100000001b3u;
}

static struct finding **
index_slot(const struct finding_index *ix, enum rule_id rule, const char *file, const char *key)
{
	size_t h = hash_text(hash_text((size_t)0xcbf29ce484222325u ^ (size_t)rule, file), key);

	for (size_t i = h & (ix->n_slots - 1);; i = (i + 1) & (ix->n_slots - 1)) {
		struct finding *x = ix->slots[i];
		if (!x || (x->rule->number == rule && same_text(x->file, file) && same_text(x->key, key)))
			return &ix->slots[i];
	}
}

static void
index_grow(struct findings *fs)
{
	struct finding_index *ix = arena_alloc(fs->arena, sizeof *ix);

	ix->n_slots = fs->index ? fs->index->n_slots * 2 : 64;
	ix->slots = arena_array(fs->arena, ix->n_slots, sizeof(struct finding *));
	for (size_t i = 0; i < fs->n; i++) {
		struct finding *x = fs->list[i];
		*index_slot(ix, x->rule->number, x->file, x->key) = x;
	}
	fs->index = ix;
}

struct finding *
finding_add(struct findings *fs, enum rule_id rule, const char *file, const char *key)
{
	if (!fs->index || (fs->n + 1) * 2 > fs->index->n_slots)
		index_grow(fs);

	struct finding **slot = index_slot(fs->index, rule, file, key);
	if (*slot)
		return *slot;

	struct finding *x = arena_alloc(fs->arena, sizeof *x);
	x->rule = rule_get(rule);
	x->file = file;
	x->key = key;
	x->certificate = -1;
	const struct file *f = file ? facts_file(fs->facts, file) : NULL;
	if (f)
		x->role = f->role;
	*slot = x;
	fs->list = arena_grow(fs->arena, fs->list, fs->n, &fs->capacity, sizeof(struct finding *));
	fs->list[fs->n++] = x;
	x->place = fs->n;
	return x;
}

static struct evidence *
evidence_named(struct findings *fs, struct finding *x, const char *name)
{
	for (size_t i = 0; i < x->n_evidence; i++) {
		if (strcmp(x->evidence[i].name, name) == 0)
			return &x->evidence[i];
	}

	/* Pieces of evidence are few: grown one at a time. */
	struct evidence *more = arena_array(fs->arena, x->n_evidence + 1, sizeof *more);
	if (x->n_evidence > 0)
		memcpy(more, x->evidence, x->n_evidence * sizeof *more);
	x->evidence = more;
	more[x->n_evidence].name = name;
	return &more[x->n_evidence++];
}

void
finding_value(struct findings *fs, struct finding *x, const char *name, const char *text)
{
	if (!text)
		return;

	struct words *w = &evidence_named(fs, x, name)->values;
	if (w->n > VALUES_KEPT)
		return;
	for (size_t i = 0; i < w->n; i++) {
		if (strcmp(w->list[i], text) == 0)
			return;
	}
	if (w->n == 0 || (w->n & (w->n - 1)) == 0) { /* full at every power of two */
		const char **more = arena_array(fs->arena, w->n ? w->n * 2 : 1, sizeof *more);
		if (w->n > 0)
			memcpy(more, w->list, w->n * sizeof *more);
		w->list = more;
	}
	w->list[w->n] = w->n == VALUES_KEPT ? "..." : text;
	w->n++;
}

void
finding_values(struct findings *fs, struct finding *x, const char *name, const char *text)
{
	evidence_named(fs, x, name)->list = true;
	finding_value(fs, x, name, text);
}

void
finding_words(struct findings *fs, struct finding *x, const char *name, struct words words)
{
	if (words.n == 0)
		return;
	struct evidence *e = evidence_named(fs, x, name);
	e->values = words;
	e->list = true;
}

void
finding_edge(struct findings *fs, struct finding *x, size_t edge)
{
	if (!fs->edges)
		fs->edges = arena_array(fs->arena, fs->facts->cluster->n_edges, sizeof *fs->edges);
	if (fs->edges[edge])
		return;
	fs->edges[edge] = (uint32_t)x->place;
	x->n_edges++;
}

/* The place of an outcome in facts_outcome()'s order. */
static size_t
outcome_rank(const struct facts *f, const struct outcome *o)
{
	if (o->kind != OUTCOME_CONNECTION)
		return o->kind == OUTCOME_START ? 0 : 1;
	return 2 + (size_t)(facts_connection(o) - f->connections);
}

/* The first place in a list, sorted by rank, whose rank is not below. */
static size_t
place_of(const struct facts *f, const struct outcome *const *list, size_t n, size_t rank)
{
	size_t low = 0, high = n;

	if (high > 0 && outcome_rank(f, list[high - 1]) < rank)
		return high;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (outcome_rank(f, list[mid]) < rank)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
is_in(const struct facts *f, const struct outcome *const *list, size_t n, const struct outcome *o)
{
	size_t at = place_of(f, list, n, outcome_rank(f, o));

	return at < n && list[at] == o;
}

static void
outcome_insert(struct findings *fs, const struct outcome ***list, size_t *n, const struct outcome *o)
{
	size_t at = place_of(fs->facts, *list, *n, outcome_rank(fs->facts, o));

	if ((*n & (*n - 1)) == 0) { /* 0 or full at a power of two */
		const struct outcome **more = arena_array(fs->arena, *n ? *n * 2 : 1, sizeof *more);
		if (*n > 0)
			memcpy(more, *list, *n * sizeof *more);
		*list = more;
	}
	memmove(*list + at + 1, *list + at, (*n - at) * sizeof **list);
	(*list)[at] = o;
	(*n)++;
}

void
finding_breaks(struct findings *fs, struct finding *x, const struct outcome *o)
{
	const struct outcome *whose = o->of ? o->of : o;

	if (is_in(fs->facts, x->breaks, x->n_breaks, whose))
		return;
	if (!o->of)
		outcome_insert(fs, &x->breaks, &x->n_breaks, whose);
	else if (!is_in(fs->facts, x->then, x->n_then, whose))
		outcome_insert(fs, &x->then, &x->n_then, whose);
}

static void
relate_once(struct findings *fs, struct finding *x, const struct finding *other)
{
	for (size_t i = 0; i < x->n_related; i++) {
		if (x->related[i] == other)
			return;
	}
	if (x->n_related >= VALUES_KEPT)
		return;

	const struct finding **more = arena_array(fs->arena, x->n_related + 1, sizeof *more);
	if (x->n_related > 0)
		memcpy(more, x->related, x->n_related * sizeof *more);
	x->related = more;
	more[x->n_related++] = other;
}

void
finding_relate(struct findings *fs, struct finding *a, struct finding *b)
{
	if (a == b)
		return;
	relate_once(fs, a, b);
	relate_once(fs, b, a);
}

const struct finding *
finding_explaining(const struct findings *fs, const struct outcome *o, size_t i)
{
	for (size_t k = 0; k < fs->n; k++) {
		const struct finding *x = fs->list[k];
		if (is_in(fs->facts, x->breaks, x->n_breaks, o) && i-- == 0)
			return x;
	}
	return NULL;
}

const char *
severity_name(enum severity s)
{
	switch (s) {
	case SEVERITY_NOTE:
		return "note";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_ERROR:
		return "error";
	}
	return "error";
}

static const struct evidence *
evidence_find(const struct finding *x, const char *name, size_t length)
{
	for (size_t i = 0; i < x->n_evidence; i++) {
		const struct evidence *e = &x->evidence[i];
		if (strlen(e->name) == length && memcmp(e->name, name, length) == 0)
			return e->values.n > 0 ? e : NULL;
	}
	return NULL;
}

static void
add_values(struct buf *out, const struct words *w)
{
	size_t shown = w->n > VALUES_SHOWN ? VALUES_SHOWN : w->n;

	for (size_t i = 0; i < shown; i++) {
		buf_add(out, i > 0 ? ", " : "");
		buf_add(out, w->list[i]);
	}
	if (shown < w->n)
		buf_add(out, ", ...");
}

/* Whether all evidence named in the bracketed part, which ends at end, is there. */
static bool
part_stands(const struct finding *x, const char *part, const char *end)
{
	for (const char *p = part; p < end; p++) {
		if (*p != '{')
			continue;
		size_t n = strcspn(p, "}");
		if (!evidence_find(x, p + 1, n - 1))
			return false;
		p += n;
	}
	return true;
}

const char *
finding_text(struct arena *arena, const char *template, const struct finding *x)
{
	struct buf out = {.arena = arena};

	for (const char *p = template; *p;) {
		size_t plain = strcspn(p, "{[]");
		if (plain > 0)
			buf_part(&out, (struct slice){(const uint8_t *)p, plain});
		p += plain;
		if (*p == '[') {
			const char *end = p + strcspn(p, "]");
			p = part_stands(x, p, end) ? p + 1 : end;
		} else if (*p == '{') {
			size_t n = strcspn(p, "}");
			const struct evidence *e = evidence_find(x, p + 1, n - 1);
			if (e)
				add_values(&out, &e->values);
			else
				buf_add(&out, "?");
			p += p[n] ? n + 1 : n;
		}
		if (*p == ']')
			p++;
	}
	return buf_text(&out);
}

/* By rule, role and key, so that two runs, and the same role on two hosts, can be compared. A file without a role, or whose role may
 * have several names, is told apart by its name; files of one role by what stands in their names. */
static const char *
fingerprint(const struct findings *fs, const struct finding *x)
{
	const struct file *f = x->file ? facts_file(fs->facts, x->file) : NULL;
	const char *part[] = {x->rule->id, x->role, f ? f->capture : NULL,
	    x->file && (!x->role || !f || !f->row || f->row->patterns.n > 1) ? x->file : NULL, x->key};
	struct buf all = {.arena = fs->arena};

	for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
		buf_add(&all, part[i] ? part[i] : "");
		buf_add(&all, "\n");
	}
	return arena_strndup(fs->arena, digest_hex(fs->arena, slice_of(buf_text(&all))), 16);
}

static enum severity
severity_of(const struct findings *fs, const struct finding *x)
{
	enum level own = fs->facts->mixed ? x->rule->mixed : x->rule->level;

	switch (finding_wish(fs, x)) {
	case WISH_NOTE:
		return SEVERITY_NOTE;
	case WISH_WARNING:
		return SEVERITY_WARNING;
	case WISH_ERROR:
		return SEVERITY_ERROR;
	case WISH_NONE:
	case WISH_OFF:
		break;
	}
	if (x->n_breaks > 0 || x->n_then > 0 || x->n_edges > 0 || x->grave)
		return SEVERITY_ERROR;
	switch (own) {
	case LEVEL_NOTE:
		return SEVERITY_NOTE;
	case LEVEL_WARNING:
		return SEVERITY_WARNING;
	case LEVEL_ERROR:
		return SEVERITY_ERROR;
	}
	return SEVERITY_ERROR;
}

void
finding_compose(const struct findings *fs, struct finding *x)
{
	x->severity = severity_of(fs, x);
	x->message = finding_text(fs->arena, x->rule->says, x);
	x->fix = finding_text(fs->arena, x->rule->fix, x);
	x->fingerprint = fingerprint(fs, x);
}
