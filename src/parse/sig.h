/*
 * sig: which signature algorithm an AlgorithmIdentifier names (RFC 4055, RFC 5758, RFC 8410).
 */
#ifndef CRTLINT_PARSE_SIG_H
#define CRTLINT_PARSE_SIG_H

#include "crtlint/cert.h"

/* sig_known(oid, parameters): as Go's getSignatureAlgorithmFromAI tells them apart, and some that Go does not know. */
enum sig_algorithm sig_known(struct slice, struct slice);

#endif
