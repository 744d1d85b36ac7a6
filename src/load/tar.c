/* libarchive reads tar and nothing else, from a stream that counts; each of its other formats would be one more parser of hostile bytes. */
#include "tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

static la_ssize_t
feed(struct archive *a, void *stream, const void **p)
{
	struct slice s = gunzip_read(stream);

	*p = s.p;
	if (s.n > 0 || gunzip_end(stream) == GUNZIP_DONE)
		return (la_ssize_t)s.n;
	archive_set_error(a, EIO, "the stream ended");
	return ARCHIVE_FATAL;
}

void
tar_note(struct tar *t, enum archive_trouble trouble, const char *path, const char *text)
{
	struct archive_note note = {trouble, path ? text_safe(t->arena, slice_of(path), TEXT_NAME) : NULL, text};

	t->notes = arena_grow(t->arena, t->notes, t->n_notes, &t->notes_capacity, sizeof *t->notes);
	t->notes[t->n_notes++] = (struct tar_note){note, path};
}

const char *
tar_path(struct arena *arena, const char *name, bool *outside)
{
	char *out = arena_alloc(arena, strlen(name) + 1), *p = out;

	*outside = name[0] == '/';
	while (*name && !*outside) {
		size_t n = strcspn(name, "/");
		*outside = n == 2 && memcmp(name, "..", 2) == 0;
		if (n > 0 && !(n == 1 && *name == '.')) {
			if (p > out)
				*p++ = '/';
			memcpy(p, name, n);
			p += n;
		}
		name += n + (name[n] == '/');
	}
	return *outside ? NULL : out;
}

static uint32_t
number(la_int64_t n)
{
	return n < 0 ? 0 : n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static bool
take_type(struct tar *t, struct archive_entry *e, struct member *m)
{
	switch (archive_entry_filetype(e)) {
	case AE_IFREG:
		m->type = ENTRY_FILE;
		return true;
	case AE_IFDIR:
		m->type = ENTRY_DIRECTORY;
		return true;
	case AE_IFLNK:
		m->type = ENTRY_NOTHING;
		m->is_link = true;
		return true;
	case AE_IFIFO:
		m->type = ENTRY_FIFO;
		tar_note(t, ARCHIVE_ODD_ENTRY, m->path, "a FIFO");
		return true;
	case AE_IFCHR:
	case AE_IFBLK:
		m->type = ENTRY_DEVICE;
		tar_note(t, ARCHIVE_ODD_ENTRY, m->path, "a device");
		return true;
	case AE_IFSOCK:
		m->type = ENTRY_SOCKET;
		tar_note(t, ARCHIVE_ODD_ENTRY, m->path, "a socket");
		return true;
	default:
		break;
	}
	if (m->hard) {
		m->type = ENTRY_FILE;
		return true;
	}
	tar_note(t, ARCHIVE_ODD_ENTRY, m->path, "of a kind that is not known");
	return false;
}

/* What the declared size says is not believed: a sparse map of nothing delivers a tebibyte of zeros. */
static bool
take_data(struct tar *t, struct archive *a, uint8_t *room, struct member *m)
{
	bool manifest = t->n == 0 && strcmp(m->path, SNAPSHOT_LIST) == 0;
	size_t n = 0, most = manifest ? LIMIT_MANIFEST : LIMIT_FILE;
	la_ssize_t got = 0;

	if (manifest)
		room = arena_alloc(t->arena, most + 1);
	while (n <= most && (got = archive_read_data(a, room + n, most + 1 - n)) > 0)
		n += (size_t)got;
	if (got < 0) {
		m->unread = true;
		return false;
	}
	if (n > most) {
		m->too_large = true;
		tar_note(t, ARCHIVE_LIMIT, m->path, "larger than a file may be");
		return true;
	}
	uint8_t *copy = arena_alloc(t->arena, n);
	memcpy(copy, room, n);
	m->data = (struct slice){copy, n};
	m->size = n;
	m->read = true;
	return true;
}

static bool
take_member(struct tar *t, struct archive *a, struct archive_entry *e, uint8_t *room)
{
	const char *name = archive_entry_pathname(e), *hard = archive_entry_hardlink(e), *link = archive_entry_symlink(e);
	struct member m = {.order = t->n};
	bool outside, sound = true;

	if (!name) {
		tar_note(t, ARCHIVE_ODD_ENTRY, NULL, "an entry whose name cannot be read");
		return true;
	}
	if (strlen(name) > LIMIT_ARCHIVE_PATH || (link && strlen(link) > LIMIT_ARCHIVE_PATH) ||
	    (hard && strlen(hard) > LIMIT_ARCHIVE_PATH)) {
		tar_note(t, ARCHIVE_LIMIT, NULL, "a name is longer than names may be");
		return true;
	}
	m.path = tar_path(t->arena, name, &outside);
	if (outside) {
		tar_note(t, ARCHIVE_OUTSIDE, name, NULL);
		t->notes[t->n_notes - 1].path = NULL; /* it belongs to no directory */
		return true;
	}
	m.mode = archive_entry_mode(e) & 07777;
	m.uid = number(archive_entry_uid(e));
	m.gid = number(archive_entry_gid(e));
	m.mtime = archive_entry_mtime(e);
	m.size = archive_entry_size(e) > 0 ? (uint64_t)archive_entry_size(e) : 0;
	m.hard = hard ? arena_strdup(t->arena, hard) : NULL;
	m.link = link ? arena_strdup(t->arena, link) : "";
	if (!take_type(t, e, &m))
		return true;
	if (m.path[0] == '\0' && m.type != ENTRY_DIRECTORY) {
		tar_note(t, ARCHIVE_ODD_ENTRY, NULL, "an entry without a name");
		return true;
	}
	if (m.type == ENTRY_FILE && !m.hard && archive_entry_sparse_count(e) > 0) {
		tar_note(t, ARCHIVE_ODD_ENTRY, m.path, "a sparse file, not read");
		m.unread = true;
	} else if (m.type == ENTRY_FILE && !m.hard) {
		sound = take_data(t, a, room, &m);
	}
	t->members = arena_grow(t->arena, t->members, t->n, &t->capacity, sizeof *t->members);
	t->members[t->n++] = m;
	return sound;
}

static void
explain_end(struct tar *t, struct gunzip *g, bool sound)
{
	switch (gunzip_end(g)) {
	case GUNZIP_LIMIT:
		tar_note(t, ARCHIVE_LIMIT, NULL, "it is larger than an archive may be; what follows was not read");
		return;
	case GUNZIP_DAMAGED:
		tar_note(t, ARCHIVE_DAMAGED, NULL, "its compressed data or their checksum is wrong");
		return;
	case GUNZIP_SHORT:
		tar_note(t, ARCHIVE_DAMAGED, NULL, "it ends in the middle");
		return;
	case GUNZIP_BEHIND:
		tar_note(t, ARCHIVE_DAMAGED, NULL, "something that is no gzip follows its end");
		return;
	case GUNZIP_ERROR:
		tar_note(t, ARCHIVE_DAMAGED, NULL, "it could not be read to its end");
		return;
	case GUNZIP_RUNS:
	case GUNZIP_DONE:
		break;
	}
	if (!sound && t->n == 0)
		tar_note(t, ARCHIVE_DAMAGED, NULL, "it is no tar");
	else if (!sound)
		tar_note(t, ARCHIVE_DAMAGED, NULL, "a tar header or an entry's data is damaged; what follows was not read");
	else if (gunzip_zeros(g) < 512)
		tar_note(t, ARCHIVE_DAMAGED, NULL, "it lacks the blocks that end a tar: it may have been cut off");
}

/* A name that the locale cannot spell is none of our business: names are bytes. Anything else is a header of which a part was skipped. */
static void
take_warning(struct tar *t, struct archive *a, bool *warned)
{
	const char *why = archive_error_string(a);

	if (*warned || (why && strstr(why, "convert")))
		return;
	*warned = true;
	tar_note(t, ARCHIVE_DAMAGED, NULL, "a part of a tar header is malformed and was passed over");
}

void
tar_read(struct tar *t, struct gunzip *g)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	uint8_t *room = arena_alloc(t->arena, LIMIT_FILE + 1);
	int status = ARCHIVE_FATAL;
	bool sound = true, warned = false;
	size_t seen = 0;

	if (!a)
		abort();
	if (archive_read_support_format_tar(a) == ARCHIVE_OK && archive_read_open(a, g, NULL, feed, NULL) == ARCHIVE_OK) {
		while (sound && ((status = archive_read_next_header(a, &e)) == ARCHIVE_OK || status == ARCHIVE_WARN)) {
			if (seen++ == LIMIT_ENTRIES) {
				tar_note(t, ARCHIVE_LIMIT, NULL,
				    "it has more entries than an archive may have; what follows was not read");
				status = ARCHIVE_EOF;
				break;
			}
			if (status == ARCHIVE_WARN)
				take_warning(t, a, &warned);
			sound = take_member(t, a, e, room);
		}
	}
	sound = sound && status == ARCHIVE_EOF;
	/* The checksum stands at the very end, behind what tar asks for. */
	while (sound && seen <= LIMIT_ENTRIES && gunzip_end(g) == GUNZIP_RUNS)
		gunzip_read(g);
	if (seen <= LIMIT_ENTRIES)
		explain_end(t, g, sound);
	archive_read_free(a);
}
