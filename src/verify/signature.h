/*
 * signature: whether a key made a signature. The only file that asks GnuTLS about signatures: numbers go in, yes or no comes out.
 */
#ifndef CRTLINT_VERIFY_SIGNATURE_H
#define CRTLINT_VERIFY_SIGNATURE_H

#include "crtlint/stack.h"

enum signature_answer { SIGNATURE_BAD, SIGNATURE_GOOD, SIGNATURE_UNJUDGED };

/* signature_check(memory, child, parent): whether the parent's key verifies the child's signature. Policy (weak hashes, small
 * keys, who may sign) is not looked at. SIGNATURE_UNJUDGED: GnuTLS cannot compute it, or the host's policy forbids it. */
enum signature_answer signature_check(struct signatures *, const struct cert *, const struct cert *);

/* signature_key_type(algorithm): the kind of key that makes such signatures. */
enum key_type signature_key_type(enum sig_algorithm);

#endif
