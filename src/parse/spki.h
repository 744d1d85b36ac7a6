/*
 * spki: SubjectPublicKeyInfo. spki_text() is declared in crtlint/cert.h.
 */
#ifndef CRTLINT_PARSE_SPKI_H
#define CRTLINT_PARSE_SPKI_H

#include "reader.h"

/* spki_read(reader, element): Go's reading of the key; fills the certificate's spki as far as it can be read. */
void spki_read(struct reader *, struct slice);

/* spki_algorithm(reader, contents, &oid, &parameters): an AlgorithmIdentifier; parameters are one whole element or n 0. */
bool spki_algorithm(struct reader *, struct slice, struct slice *, struct slice *);

#endif
