/*
 * wipe: what libraries leave of a secret below the stack pointer.
 */
#ifndef CRTLINT_PARSE_WIPE_H
#define CRTLINT_PARSE_WIPE_H

#include <stddef.h>

/* How deep libraries reach. Measured on a painted stack: GnuTLS with a key of any curve 4 kB; GMP with an RSA key of up to 3,072 bits
 * 10 kB, of 4,096 bits 21 kB, and it may take up to 64 kB at once before it asks malloc. */
enum { WIPE_SHALLOW = 32 << 10, WIPE_DEEP = 96 << 10 };

/* wipe_stack(bytes): overwrite what calls that have returned left there. Call it from the function that made them. */
void wipe_stack(size_t);

#endif
