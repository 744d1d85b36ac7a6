#include "policy.h"

#include "crtlint/version.h"
#include "der.h"
#include "order.h"

/* Since 1.22 the arcs of a policy may be of any length, but minimal. */
static bool
policy_long_oid(struct slice *in, struct slice *oid)
{
	if (!der_get(in, DER_OID, oid) || oid->n == 0 || (oid->p[oid->n - 1] & 0x80))
		return false;
	for (size_t i = 0; i < oid->n; i++)
		if (oid->p[i] == 0x80 && (i == 0 || !(oid->p[i - 1] & 0x80)))
			return false;
	return true;
}

void
policy_list(struct reader *r, struct slice in)
{
	struct cert *c = r->cert;
	struct slice list, body, oid;
	size_t capacity = 0;
	if (!der_get(&in, DER_SEQUENCE, &list)) {
		reader_fail(r, "x509: invalid certificate policies");
		return;
	}
	while (list.n > 0) {
		if (!der_get(&list, DER_SEQUENCE, &body) ||
		    !(r->go >= GO(22, 0) ? policy_long_oid(&body, &oid) : der_oid(r->arena, &body, r->go, &oid))) {
			reader_fail(r, "x509: invalid certificate policies");
			return;
		}
		c->policies = arena_grow(r->arena, c->policies, c->n_policies, &capacity, sizeof(oid));
		c->policies[c->n_policies++] = oid;
	}
	if (r->go >= GO(24, 0) && order_repeated(r->arena, c->policies, c->n_policies) < c->n_policies)
		reader_fail(r, "x509: invalid certificate policies");
}

static bool
policy_mappings(struct slice in)
{
	struct slice list, body, oid;
	if (!der_get(&in, DER_SEQUENCE, &list))
		return false;
	while (list.n > 0)
		if (!der_get(&list, DER_SEQUENCE, &body) || !der_get(&body, DER_OID, &oid) || !der_get(&body, DER_OID, &oid))
			return false;
	return true;
}

static bool
policy_number(struct slice *in, uint8_t tag)
{
	struct slice number;
	int64_t value;
	return der_integer(in, tag, &number) && der_int64(number, &value);
}

static bool
policy_constraints(struct slice in)
{
	struct slice body;
	if (!der_get(&in, DER_SEQUENCE, &body))
		return false;
	for (uint8_t tag = DER_CONTEXT; tag <= (DER_CONTEXT | 1); tag++)
		if (der_peek(body, tag) && !policy_number(&body, tag))
			return false;
	return true;
}

bool
policy_rule(struct reader *r, unsigned id, struct slice value)
{
	switch (id) {
	case 33:
		if (!policy_mappings(value))
			reader_fail(r, "x509: invalid policy mappings extension");
		return true;
	case 36:
		if (!policy_constraints(value))
			reader_fail(r, "x509: invalid policy constraints extension");
		return true;
	case 54:
		if (!policy_number(&value, DER_INTEGER))
			reader_fail(r, "x509: invalid inhibit any policy extension");
		return true;
	default:
		return false;
	}
}
