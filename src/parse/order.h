/*
 * order: finds repetitions in long lists without comparing each with each.
 */
#ifndef CRTLINT_PARSE_ORDER_H
#define CRTLINT_PARSE_ORDER_H

#include "crtlint/arena.h"
#include "crtlint/slice.h"

/* order_repeated(arena, slices, count): the index of the first slice that an earlier one equals; count: none does. */
size_t order_repeated(struct arena *, const struct slice *, size_t);

#endif
