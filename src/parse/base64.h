/*
 * base64: the two readings of base64 (RFC 4648 section 4) inside PEM blocks.
 */
#ifndef CRTLINT_PARSE_BASE64_H
#define CRTLINT_PARSE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crtlint/slice.h"

/* base64_go(text, out, &n): as encoding/pem reads a body. Blanks and line ends count nowhere, padding is required, bits left
 * over are ignored. out may be NULL: only judge and count. A body that is refused is read no further than its first fault. */
bool base64_go(struct slice, uint8_t *, size_t *);

/* base64_openssl(text, out, &n): as EVP_DecodeUpdate and EVP_DecodeFinal read it. A dash ends the text. */
bool base64_openssl(struct slice, uint8_t *, size_t *);

#endif
