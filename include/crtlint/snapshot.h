/*
 * snapshot: a directory as an ordinary tar.gz that may leave the machine: certificates as they are, each private key replaced by its
 * public half under the same name, mode, owner and time; of all else, name and what stat says.
 *
 * Nothing is copied for being harmless: what is copied is a certificate, what is written of a key was computed from its public numbers.
 * The first entry lists what stands for what (src/load/manifest.h), so that checking the snapshot says what checking the directory says.
 * The same directory gives the same bytes.
 */
#ifndef CRTLINT_SNAPSHOT_H
#define CRTLINT_SNAPSHOT_H

#include <stdbool.h>

#include "crtlint/arena.h"
#include "crtlint/entry.h"

struct snapshot;

/* snapshot_new(arena): an empty one. The arena takes nothing secret. */
struct snapshot *snapshot_new(struct arena *);

/* snapshot_add(snapshot, listing, path): that directory, under that raw path in the archive; the listing may go afterwards. */
void snapshot_add(struct snapshot *, const struct listing *, const char *);

/* snapshot_write(snapshot, descriptor): whether all was written; else errno is set, EFBIG when it is larger than would be read (limits.h). */
bool snapshot_write(struct snapshot *, int);

#endif
