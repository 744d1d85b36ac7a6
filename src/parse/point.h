/*
 * point: whether an elliptic curve point lies on its curve. The one question that the certificate reader asks GnuTLS.
 */
#ifndef CRTLINT_PARSE_POINT_H
#define CRTLINT_PARSE_POINT_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/cert.h"

/* point_bytes(curve): the bytes of one coordinate, 0: not one of Go's curves. */
size_t point_bytes(enum curve);

/* point_valid(curve, bytes): an uncompressed X9.62 point of the right length on that curve. */
bool point_valid(enum curve, struct slice);

#endif
