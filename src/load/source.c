/* An archive as listings: one for each directory in it that holds files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crtlint/limits.h"
#include "crtlint/load.h"
#include "crtlint/shape.h"
#include "crtlint/text.h"
#include "manifest.h"
#include "tree.h"

struct source {
	struct arena *arena;
	struct archive *archive;
	struct tar tar;
	struct tree tree;
	struct manifest manifest;
	bool snapshot;
	size_t room; /* for what shapes expand to */
	struct slice *paths; /* of the listings, sorted */
	size_t capacity, paths_capacity;
};

static void
put_back(struct source *s, struct entry *e, const struct node *node)
{
	const struct manifest_file *f = node->facts;
	struct slice shaped;
	size_t room = s->room < LIMIT_FILE ? s->room : LIMIT_FILE;

	e->type = f->has_type ? f->type : e->type;
	e->link = f->link;
	e->target = f->target;
	e->size = f->has_size ? f->size : e->size;
	e->error = f->error;
	e->too_large = f->too_large;
	e->changed = f->changed;
	if (f->unread) {
		e->read = false;
		e->data = (struct slice){0};
	} else if (f->has_shape && e->read && !shape_expand(s->arena, f->shape, e->data, room, &shaped)) {
		tar_note(&s->tar, ARCHIVE_DAMAGED, node->member->path, "it is not what the snapshot's list says");
		e->read = false;
		e->data = (struct slice){0};
	} else if (f->has_shape && e->read) {
		s->room -= shaped.n;
		e->substituted = true;
		e->key_facts = f->facts;
		e->content = e->data;
		e->data = shaped;
	}
}

static void
take_facts(struct entry *e, const struct node *node)
{
	const struct member *m = node->member;

	e->type = m->type;
	e->mode = m->mode;
	e->uid = m->uid;
	e->gid = m->gid;
	e->size = m->size;
	e->mtime = m->mtime;
	e->too_large = m->too_large;
	e->unknown = node->unknown;
}

static void
follow(struct source *s, struct entry *e, const struct node *node)
{
	struct reached to = tree_follow(&s->tree, node->parent, node->member->link);

	e->target = text_safe(s->arena, slice_of(node->member->link), TEXT_NAME);
	e->link = to.loop ? LINK_LOOP : to.outside ? LINK_OUTSIDE : to.node ? LINK_INSIDE : LINK_DANGLING;
	e->error = e->link == LINK_LOOP ? ELOOP : e->link == LINK_DANGLING ? ENOENT : 0;
	if (to.loop)
		return;
	if (to.node) {
		take_facts(e, to.node);
		if (!to.outside && to.node->member->read) {
			e->data = to.node->member->data;
			e->read = true;
		}
	} else if (to.outside) {
		/* Whether anything is there is known on that machine alone. */
		tar_note(&s->tar, ARCHIVE_ODD_ENTRY, node->member->path, "a link to what the archive does not hold");
		e->type = ENTRY_FILE;
		e->unknown = true;
		e->mode = 0;
	}
}

static void
fill_entry(struct source *s, struct entry *e, const struct node *node)
{
	const struct member *m = node->member;

	e->raw = (struct slice){(const uint8_t *)arena_strndup(s->arena, (const char *)node->name.p, node->name.n), node->name.n};
	e->name = text_safe(s->arena, e->raw, TEXT_NAME);
	take_facts(e, node);
	if (m->is_link) {
		follow(s, e, node);
	} else if (m->read) {
		e->data = m->data;
		e->read = true;
	}
	if (node->facts)
		put_back(s, e, node);
}

static struct listing *
add_listing(struct source *s, struct slice path)
{
	struct archive *a = s->archive;
	struct listing *l = arena_alloc(s->arena, sizeof *l);
	const struct node *self = tree_find(&s->tree, path);
	const char *inside = text_safe(s->arena, path.n ? path : slice_of("."), TEXT_NAME);
	const struct node *children = tree_children(&s->tree, path, &l->n);

	l->path = arena_printf(s->arena, "%s:%s", a->path, inside);
	l->archived = true;
	l->mode = 0755;
	if (self && !self->member->implied) {
		l->mode = self->member->mode;
		l->uid = self->member->uid;
		l->gid = self->member->gid;
	} else if (l->n > 0) {
		l->uid = children->member->uid;
		l->gid = children->member->gid;
	}
	l->entries = arena_array(s->arena, l->n, sizeof *l->entries);
	for (size_t i = 0; i < l->n; i++)
		fill_entry(s, &l->entries[i], &children[i]);
	s->paths = arena_grow(s->arena, s->paths, a->n, &s->paths_capacity, sizeof *s->paths);
	a->list = arena_grow(s->arena, a->list, a->n, &s->capacity, sizeof *a->list);
	s->paths[a->n] = path;
	a->list[a->n++] = l;
	return l;
}

/* "..2026_01_02" is where Kubernetes keeps what "..data" and the links beside it lead to: no directory that is read by itself. */
static bool
is_hidden(struct slice path)
{
	const uint8_t *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	struct slice name = slash ? (struct slice){slash + 1, path.n - (size_t)(slash + 1 - path.p)} : path;

	return name.n > 2 && name.p[0] == '.' && name.p[1] == '.';
}

static void
list_by_files(struct source *s)
{
	struct tree *t = &s->tree;
	size_t n;

	for (size_t i = 0; i < t->n;) {
		struct slice parent = t->nodes[i].parent;
		bool files = false;
		for (; i < t->n && slice_eq(t->nodes[i].parent, parent); i++)
			files = files || t->nodes[i].member->type != ENTRY_DIRECTORY;
		if (files && !is_hidden(parent))
			add_listing(s, parent);
	}
	for (size_t i = 0; i < t->n && s->archive->n == 0; i++)
		if (!tree_children(t, t->nodes[i].path, &n))
			add_listing(s, t->nodes[i].path);
	if (s->archive->n == 0)
		add_listing(s, (struct slice){0})->path = s->archive->path;
}

static int
compare_directories(const void *a, const void *b)
{
	const struct manifest_directory *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void
list_by_manifest(struct source *s)
{
	struct manifest *m = &s->manifest;

	for (size_t i = 0; i < m->n_files; i++) {
		struct node *node = tree_find(&s->tree, slice_of(m->files[i].path));
		if (node && node != &s->tree.root)
			node->facts = &m->files[i];
		else
			tar_note(&s->tar, ARCHIVE_DAMAGED, m->files[i].path, "the snapshot lists it and does not hold it");
	}
	if (m->n_directories > 0)
		qsort(m->directories, m->n_directories, sizeof *m->directories, compare_directories);
	for (size_t i = 0; i < m->n_directories; i++) {
		if (i > 0 && strcmp(m->directories[i].path, m->directories[i - 1].path) == 0)
			continue;
		struct listing *l = add_listing(s, slice_of(m->directories[i].path));
		l->error = m->directories[i].error;
		l->too_many = m->directories[i].too_many;
	}
}

/* The listing to which a note belongs, by the directory of what it is about; the first one when that is not reported. */
static size_t
home(const struct source *s, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct slice parent = {(const uint8_t *)path, slash ? (size_t)(slash - path) : 0};
	size_t low = 0, high = s->archive->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (slice_compare(s->paths[middle], parent) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->archive->n && slice_eq(s->paths[low], parent) ? low : 0;
}

static void
give_note(struct source *s, struct listing *l, size_t *capacity, struct archive_note note)
{
	l->notes = arena_grow(s->arena, l->notes, l->n_notes, capacity, sizeof note);
	l->notes[l->n_notes++] = note;
}

/* What concerns the archive as a whole is told in every directory: each may lack what was lost. */
static void
give_notes(struct source *s)
{
	struct archive *a = s->archive;
	size_t *capacities = arena_array(s->arena, a->n, sizeof *capacities);

	for (size_t i = 0; i < s->tar.n_notes; i++) {
		const struct tar_note *n = &s->tar.notes[i];
		bool all = !n->path && (n->note.trouble == ARCHIVE_DAMAGED || n->note.trouble == ARCHIVE_LIMIT);
		size_t at = n->path ? home(s, n->path) : 0;
		for (size_t k = 0; all && k < a->n; k++)
			give_note(s, a->list[k], &capacities[k], n->note);
		if (!all)
			give_note(s, a->list[at], &capacities[at], n->note);
	}
}

/* The list of substitutions is the first entry, or there is none: a file of that name elsewhere is a file. */
static void
take_manifest(struct source *s)
{
	struct tar *t = &s->tar;

	if (t->n == 0 || strcmp(t->members[0].path, SNAPSHOT_LIST) != 0 || !t->members[0].read)
		return;
	s->snapshot = manifest_read(s->arena, t->members[0].data, &s->manifest);
	if (!s->snapshot)
		tar_note(t, ARCHIVE_DAMAGED, NULL, "it is a snapshot whose list cannot be read, or one of a later version");
	t->members++;
	t->n--;
}

static int
open_source(const char *path, int *fd)
{
	struct stat st;

	*fd = STDIN_FILENO;
	if (strcmp(path, "-") == 0)
		return 0;
	*fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*fd < 0 || fstat(*fd, &st) < 0)
		return errno;
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return S_ISDIR(st.st_mode) ? EISDIR : ENOTSUP;
	return fcntl(*fd, F_SETFL, O_RDONLY) < 0 ? errno : 0;
}

struct archive *
load_archive(struct arena *arena, const char *path)
{
	struct archive *a = arena_alloc(arena, sizeof *a);
	struct source *s = arena_alloc(arena, sizeof *s);
	struct slice start;
	int fd;

	s->arena = s->tar.arena = arena;
	s->archive = a;
	s->room = LIMIT_ARCHIVE;
	a->source = s;
	a->path = text_safe(arena, slice_of(path), TEXT_NAME);
	a->error = open_source(path, &fd);
	if (a->error == 0) {
		struct gunzip *g = gunzip_open(arena, fd, &start);
		a->error = gunzip_end(g) == GUNZIP_ERROR ? gunzip_error(g) : 0;
		a->foreign = gunzip_kind(g) == GUNZIP_FOREIGN;
		a->begins = text_safe(arena, (struct slice){start.p, start.n < 16 ? start.n : 16}, TEXT_VALUE);
		if (!a->foreign && !a->error) {
			tar_read(&s->tar, g);
			take_manifest(s);
			s->tree.tar = &s->tar;
			tree_build(&s->tree);
			if (s->snapshot && s->manifest.n_directories > 0)
				list_by_manifest(s);
			else
				list_by_files(s);
			give_notes(s);
		}
		gunzip_close(g);
	}
	if (fd > STDIN_FILENO)
		close(fd);
	return a;
}

/* As names are compared in a directory. */
static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp((const char *)x->raw.p, (const char *)y->raw.p);
}

static void
add_folder(struct source *s, struct listing *l, struct slice directory, const char *folder)
{
	const char *path = directory.n ? arena_printf(s->arena, "%.*s/%s", (int)directory.n, (const char *)directory.p, folder)
	                               : folder;
	const struct node *self = tree_find(&s->tree, slice_of(path));
	size_t n = 0;
	const struct node *inside = self && self->member->type == ENTRY_DIRECTORY && !self->member->is_link
	                                ? tree_children(&s->tree, slice_of(path), &n)
	                                : NULL;
	if (!inside)
		return;
	if (n > LIMIT_ENTRIES - l->n) {
		n = LIMIT_ENTRIES - l->n;
		l->too_many = true;
	}
	struct entry *all = arena_array(s->arena, l->n + n, sizeof *all);
	if (l->n > 0)
		memcpy(all, l->entries, l->n * sizeof *all);
	for (size_t i = 0; i < n; i++) {
		struct entry *e = &all[l->n + i];
		fill_entry(s, e, &inside[i]);
		char *raw = arena_printf(s->arena, "%s/%s", folder, (const char *)e->raw.p);
		e->raw = slice_of(raw);
		e->name = text_safe(s->arena, e->raw, TEXT_NAME);
	}
	l->entries = all;
	l->n += n;
	for (size_t i = 0; i < s->archive->n; i++)
		if (slice_is(s->paths[i], path))
			s->archive->list[i]->part = true;
}

void
load_archive_folders(struct archive *a, struct listing *l, const char *const *folders, size_t n)
{
	struct source *s = a->source;
	size_t at = 0;

	while (at < a->n && a->list[at] != l)
		at++;
	for (size_t i = 0; i < n && at < a->n; i++)
		if (!strchr(folders[i], '/') && strcmp(folders[i], "..") && strcmp(folders[i], "."))
			add_folder(s, l, s->paths[at], folders[i]);
	if (n > 0 && l->n > 0)
		qsort(l->entries, l->n, sizeof *l->entries, compare_entries);
}
