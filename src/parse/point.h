/*
 * point: what a certificate's elliptic curve point is to libhogweed, Nettle's public-key half, in which GnuTLS computes too: without what
 * GnuTLS wraps around it, and whatever curves the host's policy disables.
 */
#ifndef CRTLINT_PARSE_POINT_H
#define CRTLINT_PARSE_POINT_H

#include <stdbool.h>
#include <stddef.h>

#include "crtlint/cert.h"

/* point_bytes(curve): the bytes of one coordinate, 0: not one of Go's curves. */
size_t point_bytes(enum curve);

/* point_curve(curve): as libhogweed knows it, NULL: not one of Go's curves. */
struct ecc_curve;
const struct ecc_curve *point_curve(enum curve);

/* point_valid(curve, bytes): an uncompressed X9.62 point of the right length on that curve. */
bool point_valid(enum curve, struct slice);

/* point_is(p, curve, bytes): the bytes are that point, uncompressed. */
struct ecc_point;
bool point_is(const struct ecc_point *, enum curve, struct slice);

#endif
