#include "access.h"

#include "der.h"

void
access_info(struct reader *r, struct slice in)
{
	struct cert *c = r->cert;
	struct slice list, body, method, url;
	size_t capacity = 0;
	bool present;
	if (!der_get(&in, DER_SEQUENCE, &list)) {
		reader_fail(r, "x509: invalid authority info access");
		return;
	}
	while (list.n > 0) {
		if (!der_get(&list, DER_SEQUENCE, &body) || !der_oid(r->arena, &body, r->go, &method) ||
		    !der_optional(&body, DER_CONTEXT | 6, &url, &present)) {
			reader_fail(r, "x509: invalid authority info access");
			return;
		}
		if (!present || !slice_is(method, "\x2b\x06\x01\x05\x05\x07\x30\x01"))
			continue;
		c->ocsp = arena_grow(r->arena, c->ocsp, c->n_ocsp, &capacity, sizeof(url));
		c->ocsp[c->n_ocsp++] = url;
	}
}

static bool
access_crl_point(struct slice body)
{
	struct slice point, names, uri;
	bool present;
	if (!der_optional(&body, DER_CONTEXT_CONSTRUCTED | 0, &point, &present))
		return false;
	if (!present)
		return true;
	if (!der_get(&point, DER_CONTEXT_CONSTRUCTED | 0, &names))
		return false;
	while (der_peek(names, DER_CONTEXT | 6))
		if (!der_get(&names, DER_CONTEXT | 6, &uri))
			return false;
	return true;
}

void
access_crl_points(struct reader *r, struct slice in)
{
	struct slice list, body;
	if (!der_get(&in, DER_SEQUENCE, &list)) {
		reader_fail(r, "x509: invalid CRL distribution points");
		return;
	}
	while (list.n > 0) {
		if (!der_get(&list, DER_SEQUENCE, &body) || !access_crl_point(body)) {
			reader_fail(r, "x509: invalid CRL distribution point");
			return;
		}
	}
}
