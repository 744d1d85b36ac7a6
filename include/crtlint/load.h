/*
 * load: reads one directory into a listing. It knows limits and the file system, not certificates.
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

#endif
