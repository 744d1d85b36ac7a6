/*
 * reader: the state of reading one certificate. Go stops at the first error; here it is kept and reading goes on.
 */
#ifndef CRTLINT_PARSE_READER_H
#define CRTLINT_PARSE_READER_H

#include "crtlint/cert.h"

struct reader {
	struct arena *arena;
	unsigned go; /* version.h */
	struct cert *cert;
};

/* reader_fail(reader, text): what Go says here, safe text; it counts when nothing was said before. */
void reader_fail(struct reader *, const char *);

/* reader_fail_raw(reader, text): the same for a text that quotes bytes of the certificate. */
void reader_fail_raw(struct reader *, const char *);

/* reader_failed(reader): something was said; composing another text would be in vain. */
bool reader_failed(const struct reader *);

#endif
