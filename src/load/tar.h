/*
 * tar: the entries of an archive as the archive has them, before links, directories and substitutions are thought of.
 */
#ifndef LOAD_TAR_H
#define LOAD_TAR_H

#include <stdbool.h>
#include <stdint.h>

#include "crtlint/arena.h"
#include "crtlint/entry.h"
#include "gunzip.h"

struct member {
	const char *path; /* raw, without "." and doubled slashes; "" is the root */
	enum entry_type type;
	bool is_link;
	const char *link; /* of a symbolic link: its raw text */
	const char *hard; /* of a hard link: the path of the entry that it names; NULL */
	uint32_t mode, uid, gid;
	uint64_t size;
	int64_t mtime;
	struct slice data;
	bool read, too_large, unread;
	bool implied; /* a directory that only the paths of others tell */
	size_t order;
};

struct tar_note {
	struct archive_note note;
	const char *path; /* of the member it belongs to, raw; NULL: the archive */
};

struct tar {
	struct arena *arena;
	struct member *members;
	size_t n, capacity;
	struct tar_note *notes;
	size_t n_notes, notes_capacity;
};

/* tar_read(tar, stream): all entries of it, in file order. */
void tar_read(struct tar *, struct gunzip *);

/* tar_note(tar, trouble, path or NULL, text or NULL) */
void tar_note(struct tar *, enum archive_trouble, const char *, const char *);

/* tar_path(arena, name, &outside): the name without ".", doubled and trailing slashes; NULL and outside set for an absolute one and for
 * one that goes up. */
const char *tar_path(struct arena *, const char *, bool *);

#endif
