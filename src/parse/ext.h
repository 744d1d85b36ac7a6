/*
 * ext: the extensions of a certificate (RFC 5280 4.2).
 */
#ifndef CRTLINT_PARSE_EXT_H
#define CRTLINT_PARSE_EXT_H

#include "reader.h"

/* ext_list(reader, contents): split what the [3] of tbsCertificate holds into the certificate's extensions and find duplicates. */
void ext_list(struct reader *, struct slice);

/* ext_decode(reader): Go's processExtensions. */
void ext_decode(struct reader *);

#endif
