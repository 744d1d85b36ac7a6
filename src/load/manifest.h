/*
 * manifest: the first entry of a snapshot, which says what stands in it for what.
 *
 * Lines of text; a name's bytes outside printable ASCII, "%" and blanks are %XX.
 *
 *     crtlint-snapshot 1
 *     dir PATH [error=N] [more]                    a directory; it could not be listed; it has more entries
 *     file NAME [is=fifo|socket|device|nothing|directory|file] [link=inside|outside|dangling|loop] [target=TEXT]
 *          [size=N] [error=N] [unread] [large] [changed]
 *     shape WORDS                                  of that file: shape.h
 *     key ...                                      of that file: key.h
 */
#ifndef LOAD_MANIFEST_H
#define LOAD_MANIFEST_H

#include "crtlint/arena.h"
#include "crtlint/entry.h"

struct manifest_file {
	const char *path; /* with its directory's, raw */
	bool has_type, has_size, has_shape;
	enum entry_type type;
	enum entry_link link;
	const char *target; /* safe; NULL */
	uint64_t size;
	int error;
	bool unread, too_large, changed;
	struct slice shape, facts;
};

struct manifest_directory {
	const char *path;
	int error;
	bool too_many;
};

struct manifest {
	struct manifest_directory *directories;
	size_t n_directories, directories_capacity;
	struct manifest_file *files;
	size_t n_files, files_capacity;
};

/* manifest_read(arena, bytes, manifest): false: malformed, or of a later version. */
bool manifest_read(struct arena *, struct slice, struct manifest *);

#endif
