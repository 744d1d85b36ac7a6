#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "crtlint/limits.h"

enum { DEPTH_MAX = 32 };

static int
compare_names(const struct node *a, const struct node *b)
{
	int order = slice_compare(a->parent, b->parent);

	return order ? order : slice_compare(a->name, b->name);
}

/* A later entry of the same name goes behind the earlier one. */
static int
compare_nodes(const void *x, const void *y)
{
	const struct node *a = x, *b = y;
	int order = compare_names(a, b);

	return order ? order : (a->member->order > b->member->order) - (a->member->order < b->member->order);
}

static void
split(struct node *node, struct slice path)
{
	const uint8_t *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	size_t parent = slash ? (size_t)(slash - path.p) : 0, name = slash ? parent + 1 : 0;

	node->path = path;
	node->parent = (struct slice){path.p, parent};
	node->name = (struct slice){path.p + name, path.n - name};
}

static void
add(struct tree *t, struct slice path, struct member *m)
{
	struct node node = {.member = m};

	split(&node, path);
	t->nodes = arena_grow(t->tar->arena, t->nodes, t->n, &t->capacity, sizeof node);
	t->nodes[t->n++] = node;
}

static unsigned
depth(const char *path)
{
	unsigned n = 1;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* One of each name: the last, as unpacking leaves it. */
static void
drop_duplicates(struct tree *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct node *last = kept > 0 ? &t->nodes[kept - 1] : NULL;
		if (!last || compare_names(last, &t->nodes[i])) {
			t->nodes[kept++] = t->nodes[i];
			continue;
		}
		bool both = last->member->type == ENTRY_DIRECTORY && t->nodes[i].member->type == ENTRY_DIRECTORY;
		if (!both)
			tar_note(t->tar, ARCHIVE_DUPLICATE, t->nodes[i].member->path, NULL);
		*last = t->nodes[i];
	}
	t->n = kept;
}

static void
sort(struct tree *t)
{
	if (t->n > 0)
		qsort(t->nodes, t->n, sizeof *t->nodes, compare_nodes);
}

/* Directories that no entry names. Their number counts against the limit too: one deep name implies many. */
static void
imply_directories(struct tree *t)
{
	static struct member none = {.type = ENTRY_DIRECTORY, .mode = 0755, .implied = true};
	size_t named = t->n;

	for (size_t i = 0; i < named; i++) {
		struct slice previous = i > 0 ? t->nodes[i - 1].parent : (struct slice){0};
		struct slice parent = t->nodes[i].parent;
		if (i > 0 && slice_compare(previous, parent) == 0)
			continue;
		while (parent.n > 0) {
			struct tree sorted = *t;
			struct node up;
			sorted.n = named;
			const struct node *there = tree_find(&sorted, parent);
			if (there && there->member->type != ENTRY_DIRECTORY)
				tar_note(t->tar, ARCHIVE_DUPLICATE, there->member->path, "a directory for other entries, too");
			if (there)
				break;
			if (t->n == LIMIT_ENTRIES) {
				tar_note(
				    t->tar, ARCHIVE_LIMIT, NULL, "its names imply more directories than an archive may have");
				sort(t);
				drop_duplicates(t);
				return;
			}
			struct member *m = arena_alloc(t->tar->arena, sizeof *m);
			*m = none;
			m->uid = t->nodes[i].member->uid;
			m->gid = t->nodes[i].member->gid;
			add(t, parent, m);
			split(&up, parent);
			parent = up.parent;
		}
	}
	sort(t);
	drop_duplicates(t);
}

/* The inode is that of the entry named, whatever the link's own header says. */
static void
resolve_hard_links(struct tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct member *m = t->nodes[i].member;
		const struct node *to = &t->nodes[i];
		for (int links = 0; to && to->member->hard && links <= LIMIT_LINKS; links++) {
			bool outside;
			const char *path = tar_path(t->tar->arena, to->member->hard, &outside);
			to = path ? tree_find(t, slice_of(path)) : NULL;
		}
		if (!m->hard)
			continue;
		if (!to || to->member->hard || to->member->type != ENTRY_FILE) {
			tar_note(t->tar, ARCHIVE_ODD_ENTRY, m->path, "a hard link to what the archive does not hold");
			m->unread = t->nodes[i].unknown = true;
			continue;
		}
		struct member found = *to->member;
		found.path = m->path;
		found.hard = m->hard;
		found.order = m->order;
		*m = found;
	}
}

void
tree_build(struct tree *t)
{
	struct tar *tar = t->tar;
	static struct member root = {.path = "", .type = ENTRY_DIRECTORY, .mode = 0755, .implied = true};

	t->root.member = &root;
	for (size_t i = 0; i < tar->n; i++) {
		struct member *m = &tar->members[i];
		if (m->path[0] == '\0')
			t->root.member = m;
		else if (depth(m->path) > DEPTH_MAX)
			tar_note(tar, ARCHIVE_LIMIT, m->path, "in more directories than are followed");
		else
			add(t, slice_of(m->path), m);
	}
	sort(t);
	drop_duplicates(t);
	imply_directories(t);
	resolve_hard_links(t);
}

/* The first node that is not before the key. */
static size_t
lower_bound(const struct tree *t, const struct node *key)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_names(&t->nodes[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct node *
tree_find(struct tree *t, struct slice path)
{
	struct node key;

	if (path.n == 0)
		return &t->root;
	split(&key, path);
	size_t at = lower_bound(t, &key);
	return at < t->n && compare_names(&t->nodes[at], &key) == 0 ? &t->nodes[at] : NULL;
}

struct node *
tree_children(struct tree *t, struct slice directory, size_t *n)
{
	struct node key = {.parent = directory};
	size_t at = lower_bound(t, &key);

	for (*n = 0; at + *n < t->n && slice_eq(t->nodes[at + *n].parent, directory);)
		(*n)++;
	return *n > 0 ? &t->nodes[at] : NULL;
}
