/*
 * key_facts: what a snapshot says of a key that it does not hold; key_facts() itself is declared in crtlint/key.h.
 */
#ifndef CRTLINT_PARSE_KEY_FACTS_H
#define CRTLINT_PARSE_KEY_FACTS_H

#include "crtlint/key.h"

/* key_facts_read(arena, stand-in, line, go, key): fill in the key of the block at that line; false: nothing is said of it. */
bool key_facts_read(struct arena *, const struct key_stand_in *, unsigned, unsigned, struct key *);

#endif
