/*
 * redact: a file's bytes parted into what may be seen and the shape of what may not.
 */
#ifndef SNAPSHOT_REDACT_H
#define SNAPSHOT_REDACT_H

#include "public.h"

struct redacted {
	struct slice content; /* certificates and public keys */
	const char *shape; /* include/crtlint/shape.h; NULL: the content is the file */
	const char *facts; /* of its keys, lines; "" without */
};

/* redact(arena, data, proofs): everything that comes out is the arena's. */
struct redacted redact(struct arena *, struct slice, struct proofs *);

#endif
