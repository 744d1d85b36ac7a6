/*
 * access: where to ask about a certificate: authorityInfoAccess (RFC 5280 4.2.2.1) and cRLDistributionPoints (4.2.1.13).
 */
#ifndef CRTLINT_PARSE_ACCESS_H
#define CRTLINT_PARSE_ACCESS_H

#include "reader.h"

/* access_info(reader, value): fills ocsp. */
void access_info(struct reader *, struct slice);

/* access_crl_points(reader, value): only read for its faults. */
void access_crl_points(struct reader *, struct slice);

#endif
