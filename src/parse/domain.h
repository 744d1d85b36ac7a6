/*
 * domain: which host names and mailboxes Go takes in URIs and name constraints.
 */
#ifndef CRTLINT_PARSE_DOMAIN_H
#define CRTLINT_PARSE_DOMAIN_H

#include <stdbool.h>

#include "crtlint/slice.h"

/* domain_strict(go): Go 1.24.8 and 1.25.2 alone also refuse odd SANs (golang/go#75835, taken back by the next releases). */
bool domain_strict(unsigned);

/* domain_valid(name, constraint, go): a constraint may begin with a dot. */
bool domain_valid(struct slice, bool, unsigned);

/* domain_of_mailbox(mailbox, go, &domain): RFC 2821 4.1.2 as Go's parseRFC2821Mailbox reads it; false: no mailbox. */
bool domain_of_mailbox(struct slice, unsigned, struct slice *);

#endif
