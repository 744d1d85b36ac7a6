/*
 * file: one entry's facts and bytes.
 */
#ifndef LOAD_FILE_H
#define LOAD_FILE_H

#include "crtlint/arena.h"
#include "crtlint/entry.h"
#include "open.h"

/* A directory that is being loaded. */
struct loading {
	struct arena *arena;
	struct opener opener;
	uint64_t id_device, id_inode; /* of the directory */
	uint64_t bytes; /* read so far, against LIMIT_DIRECTORY */
};

/* file_load(loading, entry): fill in what the system says of entry->raw, and its bytes when it is a regular file. entry->type and
 * entry->link hold what listing the directory said: ENTRY_NOTHING and LINK_NONE when it did not say, LINK_INSIDE for any link. */
void file_load(struct loading *, struct entry *);

#endif
