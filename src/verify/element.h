/*
 * element: walks DER that the certificate's reader keeps raw.
 */
#ifndef CRTLINT_VERIFY_ELEMENT_H
#define CRTLINT_VERIFY_ELEMENT_H

#include "crtlint/cert.h"

/* element_next(rest, tag): the contents of the next element, which is cut off the rest. Where there is none, or it is broken, the
 * rest becomes empty and tag 0. */
struct slice element_next(struct slice *, uint8_t *);

/* element_extension(cert, oid): the extension, NULL: it is not there. */
const struct extension *element_extension(const struct cert *, const char *);

#endif
