/*
 * name: distinguished names (RFC 5280 4.1.2.4). name_cn(), name_value() and name_text() are declared in crtlint/cert.h.
 */
#ifndef CRTLINT_PARSE_NAME_H
#define CRTLINT_PARSE_NAME_H

#include "reader.h"

/* name_read(reader, element, name): Go's parseName. Attributes are kept as far as they can be read. */
void name_read(struct reader *, struct slice, struct name *);

#endif
