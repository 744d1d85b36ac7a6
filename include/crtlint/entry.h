/*
 * entry: one name of a scanned directory, with what the system said of it and its bytes. Facts only: whether a mode is too
 * open or a link is a fault is decided elsewhere.
 */
#ifndef CRTLINT_ENTRY_H
#define CRTLINT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

enum entry_type { /* of what opening the name reaches, links followed */
	ENTRY_FILE,
	ENTRY_DIRECTORY,
	ENTRY_FIFO,
	ENTRY_SOCKET,
	ENTRY_DEVICE,
	ENTRY_NOTHING, /* a dangling link, or one that cannot be followed */
};

enum entry_link {
	LINK_NONE,     /* not a link */
	LINK_INSIDE,   /* leads to something inside the directory (Kubernetes' ..data) */
	LINK_OUTSIDE,  /* leads out of it; the facts are those of the target, its bytes were not read */
	LINK_DANGLING, /* leads to nothing */
	LINK_LOOP,     /* ELOOP */
};

struct entry {
	struct slice raw;     /* the name as the directory holds it; also NUL-terminated at raw.p[raw.n] */
	const char *name;     /* the same as safe text (TEXT_NAME) */
	enum entry_type type;
	enum entry_link link;
	const char *target;   /* of a link: what it says, safe; else NULL */
	uint32_t mode;        /* permission bits and setuid, setgid, sticky (07777) of the opened file */
	uint32_t uid, gid;
	uint64_t size;        /* bytes, as stat said */
	int64_t mtime;        /* seconds */
	int error;            /* errno of opening or reading it ourselves, 0: none. ENOENT or ENOTDIR for a dangling link */
	bool read;            /* data holds the whole file */
	bool too_large;       /* above LIMIT_FILE or LIMIT_DIRECTORY: not read */
	bool changed;         /* size or mtime changed while it was read, and again on the second try: not read */
	struct slice data;    /* the bytes; may be a private key */
	bool unknown;         /* an archive names it and does not hold it: mode and owner are not known, type is a guess */
	bool substituted;     /* of a snapshot: data has the shape of what was read there, keys are blank; the two below are set */
	struct slice key_facts; /* what the snapshot says of its private keys; key.h reads it */
	struct slice content; /* what the archive really holds: certificates and public keys */
};

enum archive_trouble { /* see the rules of the same names */
	ARCHIVE_DAMAGED,
	ARCHIVE_LIMIT,
	ARCHIVE_OUTSIDE,
	ARCHIVE_DUPLICATE,
	ARCHIVE_ODD_ENTRY,
};

/* The first entry of a snapshot: what stands in it for what. */
#define SNAPSHOT_LIST ".crtlint-snapshot"

struct archive_note {
	enum archive_trouble trouble;
	const char *name; /* of the entry as the archive has it, safe; NULL: the archive as a whole */
	const char *text; /* what is wrong, safe; NULL: the trouble says all */
};

struct listing {
	const char *path;     /* as the user gave it, safe; trailing slashes dropped; in an archive ARCHIVE:DIRECTORY */
	int error;            /* errno of opening or listing the directory itself, 0: none */
	bool not_directory;   /* it exists and is something else */
	bool missing;         /* nothing is there */
	bool too_many;        /* above LIMIT_ENTRIES: the rest was not listed */
	uint32_t mode, uid, gid; /* of the directory */
	struct entry *entries;   /* sorted by raw bytes; "." and ".." left out */
	size_t n;
	bool archived;        /* it lies in an archive: owners are those of another machine, and nobody here runs the service */
	bool part;            /* of the directory above it in the archive, whose listing has these entries too */
	struct archive_note *notes; /* what is wrong with the archive, as far as it concerns this directory */
	size_t n_notes;
};

/* An identity that a program runs as. Supplementary groups are not known and not used. */
struct identity {
	uint32_t uid, gid;
};

/* entry_may(mode, owner, group, who, bits): whether who has all of these permission bits (4 read, 2 write, 1 search);
 * uid 0 has always. */
bool entry_may(uint32_t, uint32_t, uint32_t, struct identity, unsigned);

/* entry_path(arena, directory, name): the path of a file as it is shown: below the directory, or as it is where the name is a path of its own,
 * which begins with a slash or with dots and a slash (load_named). */
const char *entry_path(struct arena *, const char *, const char *);

/* listing_find(listing, name): the entry of that raw name, or NULL. */
const struct entry *listing_find(const struct listing *, const char *);

#endif
