/*
 * certificate: which bytes of a file are a certificate's.
 */
#ifndef SNAPSHOT_CERTIFICATE_H
#define SNAPSHOT_CERTIFICATE_H

#include "crtlint/arena.h"
#include "crtlint/slice.h"

enum { CERTIFICATE_HEAD = 16 }; /* bytes by which one is known */

/* certificate_digits(head, n): of the base64 digits that begin with these bytes, how many belong to the certificate; 0: it is none. */
size_t certificate_digits(const uint8_t *, size_t);

/* certificate_map(arena, file): for each byte of the file 1 if it is a base64 digit of a certificate that some reader of PEM takes. */
const uint8_t *certificate_map(struct arena *, struct slice);

#endif
