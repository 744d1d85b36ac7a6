/*
 * gunzip: the bytes of a tar, out of gzip or as they are, and never more of them than LIMIT_ARCHIVE.
 */
#ifndef LOAD_GUNZIP_H
#define LOAD_GUNZIP_H

#include <stdbool.h>

#include "crtlint/arena.h"
#include "crtlint/slice.h"

enum gunzip_end { /* why there are no more bytes; libarchive would forget it */
	GUNZIP_RUNS,
	GUNZIP_DONE,
	GUNZIP_LIMIT, /* above LIMIT_ARCHIVE, before or after unpacking */
	GUNZIP_DAMAGED, /* no deflate stream, or a wrong checksum */
	GUNZIP_SHORT, /* ended in the middle */
	GUNZIP_BEHIND, /* something that is no gzip follows the last member */
	GUNZIP_ERROR, /* reading failed: errno in error */
};

enum gunzip_kind { GUNZIP_FOREIGN, GUNZIP_TAR, GUNZIP_GZIP };

struct gunzip;

/* gunzip_open(arena, descriptor, &start): looks at the first bytes, which start shows. The descriptor stays the caller's. */
struct gunzip *gunzip_open(struct arena *, int, struct slice *);
void gunzip_close(struct gunzip *);

enum gunzip_kind gunzip_kind(const struct gunzip *);

/* gunzip_read(stream): the next bytes, valid until the next call; n 0 at the end, which gunzip_end() explains. */
struct slice gunzip_read(struct gunzip *);
enum gunzip_end gunzip_end(const struct gunzip *);
int gunzip_error(const struct gunzip *);

/* gunzip_zeros(stream): how many zero bytes the stream has ended with so far. */
size_t gunzip_zeros(const struct gunzip *);

#endif
