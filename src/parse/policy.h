/*
 * policy: certificatePolicies and the extensions that steer them (RFC 5280 4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14).
 */
#ifndef CRTLINT_PARSE_POLICY_H
#define CRTLINT_PARSE_POLICY_H

#include "reader.h"

/* policy_list(reader, value): fills policies. */
void policy_list(struct reader *, struct slice);

/* policy_rule(reader, id, value): policyMappings, policyConstraints or inhibitAnyPolicy, which Go reads since 1.24; false: id, the
 * last arc under id-ce, is none of them. */
bool policy_rule(struct reader *, unsigned, struct slice);

#endif
