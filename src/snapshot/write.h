/*
 * write: a tar (POSIX ustar, pax records where ustar has no room), gzipped, the same bytes for the same entries.
 */
#ifndef SNAPSHOT_WRITE_H
#define SNAPSHOT_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "crtlint/slice.h"

struct writer;

/* writer_open(descriptor): NULL and errno. writer_close(writer): ends the archive; false and errno if anything could not be written. */
struct writer *writer_open(int);
bool writer_close(struct writer *);

struct written {
	const char *path; /* raw */
	bool directory;
	uint32_t mode, uid, gid;
	int64_t mtime;
	struct slice content;
};

void writer_add(struct writer *, const struct written *);

#endif
