/*
 * gnutls: GnuTLS's own verdict. gnutls.c asks the library; gnutls_words.c knows what it does in a handshake without being asked.
 */
#ifndef CRTLINT_VERIFY_GNUTLS_H
#define CRTLINT_VERIFY_GNUTLS_H

#include "crtlint/stack.h"

extern const struct stack gnutls_stack;

/* The vtable's other functions (stack.h). */
struct refusal gnutls_words_usable(struct arena *, const struct cert *, enum usage, unsigned);
bool gnutls_words_sends(const struct certs *, const struct certs *);
enum alert gnutls_words_alert(const struct refusal *, enum usage, unsigned);
const char *gnutls_words_hears(struct arena *, enum alert, enum usage, unsigned);
struct refusal gnutls_words_wants(struct arena *, unsigned);

#endif
