/*
 * general: GeneralNames as they stand in subjectAltName (RFC 5280 4.2.1.6) and nameConstraints (4.2.1.10).
 */
#ifndef CRTLINT_PARSE_GENERAL_H
#define CRTLINT_PARSE_GENERAL_H

#include "reader.h"

/* general_san(reader, value): fills sans; whether any name was of a kind that Go handles. */
bool general_san(struct reader *, struct slice);

/* general_constraints(reader, value): fills constraints; whether all of them were of a kind that Go handles. */
bool general_constraints(struct reader *, struct slice);

#endif
