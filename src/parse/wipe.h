/*
 * wipe: what libraries leave of a secret below the stack pointer.
 */
#ifndef CRTLINT_PARSE_WIPE_H
#define CRTLINT_PARSE_WIPE_H

/* wipe_stack(): overwrite what calls that have returned left there. Call it from the function that made them. */
void wipe_stack(void);

#endif
