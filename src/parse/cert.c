#include "crtlint/cert.h"

#include "crtlint/version.h"
#include "der.h"
#include "ext.h"
#include "name.h"
#include "sig.h"
#include "spki.h"
#include "stamp.h"

/* False: the number cannot be read, so nothing after it can be found. */
static bool
cert_version(struct reader *r, struct slice *tbs)
{
	struct slice body, number;
	bool present;
	int64_t version = 0;
	if (!der_optional(tbs, DER_CONTEXT_CONSTRUCTED | 0, &body, &present)) {
		reader_fail(r, "x509: malformed version");
		return false;
	}
	if (present && (!der_integer(&body, DER_INTEGER, &number) || !der_int64(number, &version) || body.n > 0 || version < 0))
		reader_fail(r, "x509: malformed version");
	/* Go adds one, and the largest number overflows to a negative one, which it takes. */
	else if (version > 2 && version != INT64_MAX)
		reader_fail(r, "x509: invalid version");
	r->cert->version = version == 0 || version == INT64_MAX ? 1 : version == 1 ? 2 : 3;
	return true;
}

/* The serial number may be malformed while its element is sound. */
static bool
cert_serial(struct reader *r, struct slice *tbs)
{
	struct slice checked = *tbs;
	bool minimal = der_integer(&checked, DER_INTEGER, &r->cert->serial);
	if (!minimal)
		reader_fail(r, "x509: malformed serial number");
	if (!minimal && !der_get(tbs, DER_INTEGER, &r->cert->serial))
		return false;
	if (minimal)
		*tbs = checked;
	if (r->cert->serial.n > 0 && (r->cert->serial.p[0] & 0x80) && r->go >= GO(23, 0))
		reader_fail(r, "x509: negative serial number");
	return true;
}

static bool
cert_algorithms(struct reader *r, struct slice *tbs, struct slice *outer)
{
	struct cert *c = r->cert;
	struct slice inside, outside, parameters;
	if (!der_get(tbs, DER_SEQUENCE, &inside)) {
		reader_fail(r, "x509: malformed signature algorithm identifier");
		return false;
	}
	if (!der_get(outer, DER_SEQUENCE, &outside)) {
		reader_fail(r, "x509: malformed algorithm identifier");
		return false;
	}
	if (!slice_eq(inside, outside))
		reader_fail(r, "x509: inner and outer signature algorithm identifiers don't match");
	if (spki_algorithm(r, outside, &c->sig_oid, &parameters))
		c->sig = sig_known(c->sig_oid, parameters);
	return true;
}

static bool
cert_validity(struct reader *r, struct slice *tbs)
{
	struct slice body;
	const char *error = "x509: malformed validity";
	if (der_get(tbs, DER_SEQUENCE, &body)) {
		r->cert->validity = body;
		error = stamp_read(&body, r->go, &r->cert->not_before);
		if (!error)
			error = stamp_read(&body, r->go, &r->cert->not_after);
	}
	if (error)
		reader_fail(r, error);
	return error == NULL;
}

static bool
cert_name(struct reader *r, struct slice *tbs, struct name *name)
{
	struct slice element;
	if (!der_get_element(tbs, DER_SEQUENCE, &element)) {
		/* Go says "issuer" of the subject too. */
		reader_fail(r, "x509: malformed issuer");
		return false;
	}
	name_read(r, element, name);
	return true;
}

/* From the unique identifiers on. */
static void
cert_tail(struct reader *r, struct slice tbs)
{
	struct slice body;
	bool present;
	if (r->cert->version < 2)
		return;
	if (!der_optional(&tbs, DER_CONTEXT | 1, &body, &present)) {
		reader_fail(r, "x509: malformed issuerUniqueID");
		return;
	}
	if (!der_optional(&tbs, DER_CONTEXT | 2, &body, &present)) {
		reader_fail(r, "x509: malformed subjectUniqueID");
		return;
	}
	if (r->cert->version < 3)
		return;
	if (!der_optional(&tbs, DER_CONTEXT_CONSTRUCTED | 3, &body, &present)) {
		reader_fail(r, "x509: malformed extensions");
		return;
	}
	if (!present)
		return;
	ext_list(r, body);
	ext_decode(r);
}

/* Everything inside tbsCertificate; false: Go stops in it and nothing else can be found. */
static bool
cert_tbs(struct reader *r, struct slice tbs, struct slice *outer)
{
	struct cert *c = r->cert;
	struct slice spki;
	if (!cert_version(r, &tbs) || !cert_serial(r, &tbs) || !cert_algorithms(r, &tbs, outer) ||
	    !cert_name(r, &tbs, &c->issuer))
		return false;
	bool dated = cert_validity(r, &tbs);
	if (!cert_name(r, &tbs, &c->subject))
		return false;
	if (!der_get_element(&tbs, DER_SEQUENCE, &spki)) {
		reader_fail(r, "x509: malformed spki");
		return false;
	}
	spki_read(r, spki);
	c->usable = dated;
	c->undated = !dated;
	cert_tail(r, tbs);
	return true;
}

struct cert *
cert_parse(struct arena *arena, struct slice der, unsigned go)
{
	struct cert *c = arena_alloc(arena, sizeof(*c));
	struct reader r = {.arena = arena, .go = go, .cert = c};
	struct slice in = der, body, element, tbs, bits;
	unsigned unused;
	c->max_path_len = -1;
	c->sent = der;
	if (!der_get_element(&in, DER_SEQUENCE, &c->raw)) {
		reader_fail(&r, "x509: malformed certificate");
		return c;
	}
	element = c->raw;
	if (!der_get(&element, DER_SEQUENCE, &body) || !der_get_element(&body, DER_SEQUENCE, &c->tbs)) {
		reader_fail(&r, "x509: malformed tbs certificate");
		return c;
	}
	element = c->tbs;
	if (!der_get(&element, DER_SEQUENCE, &tbs) || !cert_tbs(&r, tbs, &body))
		return c;
	if (der_bits(&body, &bits, &unused))
		c->signature = der_right_align(arena, bits, unused);
	else
		reader_fail(&r, "x509: malformed signature");
	if (in.n > 0)
		reader_fail(&r, "x509: trailing data");
	return c;
}

bool
cert_has_eku(const struct cert *c, const char *oid)
{
	for (size_t i = 0; i < c->n_eku; i++)
		if (slice_is(c->eku[i], oid))
			return true;
	return false;
}
