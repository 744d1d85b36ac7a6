/*
 * load: reads one directory, or those in an archive, into listings. It knows limits and the file system, not certificates.
 *
 * Every name is opened beneath the directory (openat2 with RESOLVE_BENEATH where the kernel has it) with O_NONBLOCK and
 * looked at by fstat on what was opened; only regular files are read. Nothing blocks, nothing outside is read,
 * subdirectories are entered on demand only, and no failure ends the listing: it becomes a fact of its entry.
 */
#ifndef CRTLINT_LOAD_H
#define CRTLINT_LOAD_H

#include "crtlint/arena.h"
#include "crtlint/entry.h"

/* load_directory(arena, path): what is there. Never NULL; see the flags of struct listing. */
struct listing *load_directory(struct arena *, const char *);

/* load_folders(arena, listing, path, folders, count): add what lies in these folders directly below, as "FOLDER/NAME". Links to folders
 * are not followed; a folder that cannot be listed adds nothing. */
void load_folders(struct arena *, struct listing *, const char *, const char *const *, size_t);

/* load_named(arena, listing, path, paths, count, entries): files that are named by their own path, and lie anywhere. Each is looked at as a file
 * of its own directory would be; its name is its path. One that lies in the directory at path is the entry of the listing. */
void load_named(struct arena *, const struct listing *, const char *, const char *const *, size_t, const struct entry **);

/* An archive: one directory, or a tree of them. */
struct archive {
	const char *path;      /* as given, safe */
	int error;             /* errno of opening or reading it, 0: none */
	bool foreign;          /* neither gzip nor tar: no archive */
	const char *begins;    /* of a foreign file: its first bytes, safe; "" when it is empty */
	struct listing **list; /* one for each directory that holds files, sorted by path; at least one when neither error nor foreign */
	size_t n;
	struct source *source; /* of src/load: where folders are looked up */
};

/* load_archive(arena, path): reads a tar or tar.gz, "-" for standard input, told by its contents. Nothing is unpacked: its entries are
 * facts and bytes like those of a directory, with the mode, owner and time that the archive says; links are followed in it alone; what a
 * snapshot replaced is put back as far as it can be known. What is wrong with it becomes notes. Never NULL. */
struct archive *load_archive(struct arena *, const char *);

/* load_archive_folders(archive, listing, folders, count): load_folders() for one of the archive's listings. Listings of these folders
 * themselves are marked as parts of it. In the archive's arena. */
void load_archive_folders(struct archive *, struct listing *, const char *const *, size_t);

#endif
