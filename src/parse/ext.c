#include "ext.h"

#include <limits.h>

#include "access.h"
#include "der.h"
#include "general.h"
#include "order.h"
#include "policy.h"

#include "crtlint/version.h"

/* Whether it is critical. BER has more than one true, which others than Go take: false if it is not even that. */
static bool
ext_critical(struct reader *r, struct slice *body, struct extension *e)
{
	struct slice again = *body, flag;
	if (!der_peek(*body, DER_BOOLEAN) || der_boolean(body, &e->critical))
		return true;
	reader_fail(r, "x509: malformed extension critical field");
	if (!der_get(&again, DER_BOOLEAN, &flag) || flag.n != 1)
		return false;
	e->critical = flag.p[0] != 0;
	*body = again;
	return true;
}

/* One extension; false when its element could not be read, so that nothing after it can be found. */
static bool
ext_read(struct reader *r, struct slice *list, struct extension *e, bool *sound)
{
	struct slice body;
	*sound = false;
	if (!der_get(list, DER_SEQUENCE, &body)) {
		reader_fail(r, "x509: malformed extension");
		return false;
	}
	if (!der_oid(r->arena, &body, r->go, &e->oid))
		reader_fail(r, "x509: malformed extension OID field");
	else if (ext_critical(r, &body, e) && !der_get(&body, DER_OCTETS, &e->value))
		reader_fail(r, "x509: malformed extension value field");
	else
		*sound = e->value.p != NULL;
	return true;
}

static void
ext_duplicate(struct reader *r, struct slice oid)
{
	if (r->go < GO(23, 0))
		reader_fail(r, "x509: certificate contains duplicate extensions");
	else
		reader_fail(r, arena_printf(r->arena, "x509: certificate contains duplicate extension with OID \"%s\"",
		                   oid_text(r->arena, oid)));
}

void
ext_list(struct reader *r, struct slice in)
{
	struct cert *c = r->cert;
	struct slice list, *oids;
	size_t capacity = 0, before_error = SIZE_MAX;
	const char *earlier = c->go_error;
	if (!der_get(&in, DER_SEQUENCE, &list)) {
		reader_fail(r, "x509: malformed extensions");
		return;
	}
	bool more = true, sound;
	while (more && list.n > 0) {
		struct extension e = {.critical = false};
		more = ext_read(r, &list, &e, &sound);
		if ((!sound || c->go_error != earlier) && before_error == SIZE_MAX)
			before_error = c->n_extensions;
		if (!sound)
			continue;
		c->extensions = arena_grow(r->arena, c->extensions, c->n_extensions, &capacity, sizeof(e));
		c->extensions[c->n_extensions++] = e;
	}
	oids = arena_array(r->arena, c->n_extensions, sizeof(*oids));
	for (size_t i = 0; i < c->n_extensions; i++)
		oids[i] = c->extensions[i].oid;
	size_t repeated = order_repeated(r->arena, oids, c->n_extensions);
	if (repeated == c->n_extensions)
		return;
	/* Go reads and compares one by one: a repetition before the first malformed extension comes first. */
	if (repeated < before_error)
		c->go_error = earlier;
	ext_duplicate(r, oids[repeated]);
}

static void
ext_key_usage(struct reader *r, const struct extension *e)
{
	struct slice in = e->value, bits;
	unsigned unused;
	if (!der_bits(&in, &bits, &unused)) {
		reader_fail(r, "x509: invalid key usage");
		return;
	}
	r->cert->has_key_usage = true;
	for (unsigned i = 0; i < 9 && i / 8 < bits.n; i++)
		if (bits.p[i / 8] & 0x80U >> i % 8)
			r->cert->key_usage |= 1U << i;
}

/* The words of each place differed up to Go 1.20; a negative path length is refused since 1.25. */
static void
ext_basic_constraints(struct reader *r, const struct extension *e)
{
	struct slice in = e->value, body, number;
	bool ca = false, old = r->go < GO(21, 0);
	int64_t length = -1;
	if (!der_get(&in, DER_SEQUENCE, &body)) {
		reader_fail(r, old ? "x509: invalid basic constraints a" : "x509: invalid basic constraints");
		return;
	}
	if (der_peek(body, DER_BOOLEAN) && !der_boolean(&body, &ca)) {
		reader_fail(r, old ? "x509: invalid basic constraints b" : "x509: invalid basic constraints");
		return;
	}
	r->cert->has_basic_constraints = true;
	r->cert->is_ca = ca;
	if (!der_peek(body, DER_INTEGER))
		return;
	if (!der_integer(&body, DER_INTEGER, &number) || !der_int64(number, &length) || (length < 0 && r->go >= GO(25, 0))) {
		reader_fail(r, old ? "x509: invalid basic constraints c" : "x509: invalid basic constraints");
		return;
	}
	r->cert->max_path_len = length < 0 ? -1 : length > INT_MAX ? INT_MAX : (int)length;
}

static void
ext_eku(struct reader *r, const struct extension *e)
{
	struct cert *c = r->cert;
	struct slice in = e->value, list, oid;
	size_t capacity = 0;
	if (!der_get(&in, DER_SEQUENCE, &list)) {
		reader_fail(r, "x509: invalid extended key usages");
		return;
	}
	while (list.n > 0) {
		if (!der_oid(r->arena, &list, r->go, &oid)) {
			reader_fail(r, "x509: invalid extended key usages");
			return;
		}
		c->eku = arena_grow(r->arena, c->eku, c->n_eku, &capacity, sizeof(oid));
		c->eku[c->n_eku++] = oid;
	}
}

/* RFC 5280 wants these three not critical; Go insists since 1.23. */
static void
ext_not_critical(struct reader *r, const struct extension *e, const char *text)
{
	if (e->critical && r->go >= GO(23, 0))
		reader_fail(r, text);
}

static void
ext_aki(struct reader *r, const struct extension *e)
{
	struct slice in = e->value, body;
	ext_not_critical(r, e, "x509: authority key identifier incorrectly marked critical");
	if (!der_get(&in, DER_SEQUENCE, &body))
		reader_fail(r, "x509: invalid authority key identifier");
	else if (der_peek(body, DER_CONTEXT) && !der_get(&body, DER_CONTEXT, &r->cert->aki))
		reader_fail(r, "x509: invalid authority key identifier");
}

static void
ext_ski(struct reader *r, const struct extension *e)
{
	struct slice in = e->value;
	ext_not_critical(r, e, "x509: subject key identifier incorrectly marked critical");
	if (!der_get(&in, DER_OCTETS, &r->cert->ski))
		reader_fail(r, "x509: invalid subject key identifier");
}

/* The extensions of id-ce, by their last arc; false: Go does not handle this one. */
static bool
ext_handle(struct reader *r, unsigned id, const struct extension *e)
{
	struct cert *c = r->cert;
	switch (id) {
	case 14:
		ext_ski(r, e);
		return true;
	case 15:
		ext_key_usage(r, e);
		return true;
	case 17:
		c->has_san = true;
		return general_san(r, e->value);
	case 19:
		ext_basic_constraints(r, e);
		return true;
	case 30:
		c->has_constraints = true;
		return general_constraints(r, e->value);
	case 31:
		access_crl_points(r, e->value);
		return true;
	case 32:
		c->has_policies = true;
		policy_list(r, e->value);
		return true;
	case 35:
		ext_aki(r, e);
		return true;
	case 37:
		ext_eku(r, e);
		return true;
	default:
		return r->go >= GO(24, 0) && policy_rule(r, id, e->value);
	}
}

void
ext_decode(struct reader *r)
{
	struct cert *c = r->cert;
	uint64_t seen = 0;
	for (size_t i = 0; i < c->n_extensions; i++) {
		const struct extension *e = &c->extensions[i];
		bool handled = false;
		unsigned id = 0;
		if (slice_is(e->oid, "\x2b\x06\x01\x05\x05\x07\x01\x01"))
			id = 1;
		else if (e->oid.n == 3 && e->oid.p[0] == 0x55 && e->oid.p[1] == 0x1d && e->oid.p[2] > 1 && e->oid.p[2] < 64)
			id = e->oid.p[2];
		/* Of a repeated extension, which Go refuses above, the first counts. */
		if (seen >> id & 1)
			continue;
		if (id == 1) {
			ext_not_critical(r, e, "x509: authority info access incorrectly marked critical");
			access_info(r, e->value);
			handled = true;
		} else if (id > 1) {
			handled = ext_handle(r, id, e);
		}
		if (id > 0)
			seen |= (uint64_t)1 << id;
		if (e->critical && !handled && !c->unhandled_critical) {
			c->unhandled_critical = true;
			c->unhandled_oid = e->oid;
		}
	}
}
