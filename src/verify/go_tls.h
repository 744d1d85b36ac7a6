/*
 * go_tls: what crypto/tls adds to verification: keys that cannot sign, certificates that are not sent, and alerts.
 */
#ifndef CRTLINT_VERIFY_GO_TLS_H
#define CRTLINT_VERIFY_GO_TLS_H

#include "go.h"

/* The entries of struct stack of the same names. */
struct refusal go_tls_usable(struct arena *, const struct cert *, enum usage, unsigned);
bool go_tls_sends(const struct certs *, const struct certs *);
enum alert go_tls_alert(const struct refusal *, enum usage, unsigned);
const char *go_tls_hears(struct arena *, enum alert, enum usage, unsigned);
struct refusal go_tls_wants_certificate(struct arena *, unsigned);

#endif
