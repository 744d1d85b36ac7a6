#include "general.h"

#include "der.h"
#include "domain.h"
#include "ip.h"
#include "quote.h"
#include "uri.h"

#include "crtlint/version.h"

/* Context tags of GeneralName. */
enum { GENERAL_MAIL = 0x81, GENERAL_DNS = 0x82, GENERAL_URI = 0x86, GENERAL_IP = 0x87 };

static void
general_mail(struct reader *r, struct slice mail)
{
	struct slice domain;
	bool strict = domain_strict(r->go);
	if (!der_seven_bit(mail) || (strict && (!domain_of_mailbox(mail, r->go, &domain) || !domain_valid(domain, false, r->go))))
		reader_fail(r, "x509: SAN rfc822Name is malformed");
}

static void
general_dns(struct reader *r, struct slice name)
{
	if (!der_seven_bit(name) || (domain_strict(r->go) && !domain_valid(name, false, r->go)))
		reader_fail(r, "x509: SAN dNSName is malformed");
}

static void
general_uri(struct reader *r, struct slice uri)
{
	struct slice host;
	if (reader_failed(r))
		return;
	if (!der_seven_bit(uri)) {
		reader_fail(r, "x509: SAN uniformResourceIdentifier is malformed");
		return;
	}
	const char *error = uri_read(r->arena, uri, r->go, &host);
	/* The strict releases format an error that is not there. */
	if (!error && host.n > 0 && !domain_valid(host, false, r->go))
		error = domain_strict(r->go) ? "%!s(<nil>)" : "invalid domain";
	if (error)
		reader_fail_raw(r, arena_printf(r->arena, "x509: cannot parse URI %s: %s", quote_go(r->arena, uri), error));
}

static enum san_kind
general_kind(struct reader *r, uint8_t tag, struct slice value)
{
	switch (tag) {
	case GENERAL_MAIL:
		general_mail(r, value);
		return SAN_MAIL;
	case GENERAL_DNS:
		general_dns(r, value);
		return SAN_DNS;
	case GENERAL_URI:
		general_uri(r, value);
		return SAN_URI;
	case GENERAL_IP:
		if (value.n != 4 && value.n != 16 && !reader_failed(r))
			reader_fail(r, arena_printf(r->arena, "x509: cannot parse IP address of length %zu", value.n));
		return SAN_IP;
	default:
		return SAN_OTHER;
	}
}

bool
general_san(struct reader *r, struct slice value)
{
	struct cert *c = r->cert;
	struct slice list;
	size_t capacity = 0;
	bool handled = false;
	if (!der_get(&value, DER_SEQUENCE, &list)) {
		reader_fail(r, "x509: invalid subject alternative names");
		return false;
	}
	while (list.n > 0) {
		struct san san;
		uint8_t tag;
		if (!der_any(&list, &tag, &san.value)) {
			reader_fail(r, "x509: invalid subject alternative name");
			break;
		}
		san.kind = general_kind(r, tag, san.value);
		handled = handled || san.kind != SAN_OTHER;
		c->sans = arena_grow(r->arena, c->sans, c->n_sans, &capacity, sizeof(san));
		c->sans[c->n_sans++] = san;
	}
	return handled;
}

/* Ones, then zeros. */
static bool
general_mask(struct slice mask)
{
	bool zero = false;
	for (size_t i = 0; i < mask.n; i++) {
		unsigned inverse = ~(unsigned)mask.p[i] & 0xff;
		if (zero ? mask.p[i] != 0 : (inverse & (inverse + 1)) != 0)
			return false;
		zero = zero || inverse != 0;
	}
	return true;
}

static void
general_constraint_ip(struct reader *r, struct slice value)
{
	if (reader_failed(r))
		return;
	if (value.n != 8 && value.n != 32) {
		reader_fail(r, arena_printf(r->arena, "x509: IP constraint contained value of length %zu", value.n));
		return;
	}
	struct slice mask = {value.p + value.n / 2, value.n / 2};
	if (general_mask(mask))
		return;
	char hex[2 * 16 + 1];
	for (size_t i = 0; i < mask.n; i++) {
		hex[2 * i] = "0123456789abcdef"[mask.p[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[mask.p[i] & 15];
	}
	hex[2 * mask.n] = '\0';
	reader_fail(r, arena_printf(r->arena, "x509: IP constraint contained invalid mask %s", hex));
}

static void
general_constraint_text(struct reader *r, enum constraint_kind kind, struct slice value)
{
	static const char *const words[] = {
	    [CONSTRAINT_DNS] = "dnsName", [CONSTRAINT_MAIL] = "rfc822Name", [CONSTRAINT_URI] = "URI"};
	if (reader_failed(r))
		return;
	if (!der_seven_bit(value)) {
		reader_fail_raw(
		    r, arena_printf(r->arena, "x509: invalid constraint value: x509: %s cannot be encoded as an IA5String",
		           quote_go(r->arena, value)));
		return;
	}
	struct slice domain;
	const char *detail = "";
	bool valid;
	if (kind == CONSTRAINT_MAIL && value.n > 0 && memchr(value.p, '@', value.n)) {
		valid = domain_of_mailbox(value, r->go, &domain);
	} else {
		valid = domain_valid(value, true, r->go);
		if (kind == CONSTRAINT_URI) {
			/* net.ParseIP goes through netip since 1.21. */
			struct ip_parsed ip = ip_read(value, r->go < GO(21, 0));
			if (ip.n > 0 && !ip.zone) {
				valid = false;
				detail = ": cannot be IP address";
			}
		}
	}
	if (!valid)
		reader_fail_raw(r, arena_printf(r->arena, "x509: failed to parse %s constraint %s%s", words[kind],
		                       quote_go(r->arena, value), detail));
}

/* One list of subtrees; whether all were handled. */
static bool
general_subtrees(struct reader *r, struct slice list, bool excluded, size_t *capacity)
{
	static const struct {
		uint8_t tag;
		enum constraint_kind kind;
	} kinds[] = {{GENERAL_DNS, CONSTRAINT_DNS}, {GENERAL_IP, CONSTRAINT_IP}, {GENERAL_MAIL, CONSTRAINT_MAIL},
	    {GENERAL_URI, CONSTRAINT_URI}};
	struct cert *c = r->cert;
	bool all = true;
	while (list.n > 0) {
		struct slice body;
		struct constraint constraint = {.excluded = excluded};
		uint8_t tag;
		if (!der_get(&list, DER_SEQUENCE, &body) || !der_any(&body, &tag, &constraint.value)) {
			reader_fail(r, "x509: invalid NameConstraints extension");
			break;
		}
		size_t k = 0;
		while (k < 4 && kinds[k].tag != tag)
			k++;
		if (k == 4) {
			all = false;
			continue;
		}
		constraint.kind = kinds[k].kind;
		if (constraint.kind == CONSTRAINT_IP)
			general_constraint_ip(r, constraint.value);
		else
			general_constraint_text(r, constraint.kind, constraint.value);
		c->constraints = arena_grow(r->arena, c->constraints, c->n_constraints, capacity, sizeof(constraint));
		c->constraints[c->n_constraints++] = constraint;
	}
	return all;
}

bool
general_constraints(struct reader *r, struct slice value)
{
	struct slice top, permitted = {NULL, 0}, excluded = {NULL, 0};
	bool has_permitted, has_excluded;
	size_t capacity = 0;
	if (!der_get(&value, DER_SEQUENCE, &top) || value.n > 0 ||
	    !der_optional(&top, DER_CONTEXT_CONSTRUCTED | 0, &permitted, &has_permitted) ||
	    !der_optional(&top, DER_CONTEXT_CONSTRUCTED | 1, &excluded, &has_excluded) || top.n > 0) {
		reader_fail(r, "x509: invalid NameConstraints extension");
		return true;
	}
	if (permitted.n == 0 && excluded.n == 0)
		reader_fail(r, "x509: empty name constraints extension");
	bool all = general_subtrees(r, permitted, false, &capacity);
	return general_subtrees(r, excluded, true, &capacity) && all;
}
