#include "openssl.h"

#include "element.h"

#define OID_NAME_CONSTRAINTS "\x55\x1d\x1e"

enum { MAX_COMPARISONS = 1 << 20 }; /* NAME_CONSTRAINTS_check */

static uint8_t
lower(uint8_t c)
{
	return 'A' <= c && c <= 'Z' ? c | 0x20 : c;
}

static bool
same_folded(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

static bool
ends_in(struct slice s, struct slice end)
{
	return s.n >= end.n && same_folded((struct slice){s.p + s.n - end.n, end.n}, end);
}

static bool
has_dot(struct slice base)
{
	return base.n > 0 && base.p[0] == '.';
}

/* nc_dns */
static bool
match_dns(struct slice name, struct slice base)
{
	if (base.n == 0)
		return true;
	if (!ends_in(name, base))
		return false;
	return name.n == base.n || has_dot(base) || name.p[name.n - base.n - 1] == '.';
}

/* nc_email */
static bool
match_mail(struct slice name, struct slice base)
{
	const uint8_t *at = name.n ? memrchr(name.p, '@', name.n) : NULL;
	const uint8_t *base_at = base.n ? memchr(base.p, '@', base.n) : NULL;
	struct slice host;

	if (!at)
		return false;
	if (!base_at && has_dot(base))
		return name.n > base.n && ends_in(name, base);
	host = (struct slice){at + 1, name.n - (size_t)(at + 1 - name.p)};
	if (base_at) {
		struct slice local = {base.p, (size_t)(base_at - base.p)};

		if (local.n > 0 && !slice_eq(local, (struct slice){name.p, (size_t)(at - name.p)}))
			return false;
		base = (struct slice){base_at + 1, base.n - local.n - 1};
	}
	return same_folded(host, base);
}

/* Empty: it has none, or is no URI with one. */
static struct slice
uri_host(struct slice name)
{
	const uint8_t *colon = name.n ? memchr(name.p, ':', name.n) : NULL;
	struct slice host;
	size_t n = 0;

	if (!colon || name.p + name.n - colon < 3 || colon[1] != '/' || colon[2] != '/')
		return (struct slice){NULL, 0};
	host = (struct slice){colon + 3, (size_t)(name.p + name.n - colon) - 3};
	while (n < host.n && host.p[n] != ':' && host.p[n] != '/')
		n++;
	host.n = n;
	return host;
}

/* nc_uri */
static bool
match_uri(struct slice name, struct slice base)
{
	struct slice host = uri_host(name);

	return has_dot(base) ? host.n > base.n && ends_in(host, base) : same_folded(host, base);
}

static bool
match_ip(struct slice name, struct slice base)
{
	if (2 * name.n != base.n)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((name.p[i] ^ base.p[i]) & base.p[name.n + i])
			return false;
	return true;
}

static bool
matches(const struct san *san, const struct constraint *c)
{
	switch (san->kind) {
	case SAN_DNS:
		return c->kind == CONSTRAINT_DNS && match_dns(san->value, c->value);
	case SAN_MAIL:
		return c->kind == CONSTRAINT_MAIL && match_mail(san->value, c->value);
	case SAN_URI:
		return c->kind == CONSTRAINT_URI && match_uri(san->value, c->value);
	case SAN_IP:
		return c->kind == CONSTRAINT_IP && match_ip(san->value, c->value);
	case SAN_OTHER:
		break;
	}
	return false;
}

/* What makes a comparison fail by itself, whichever way it would go (X509_V_ERR_UNSUPPORTED_NAME_SYNTAX). */
static bool
malformed(const struct san *san)
{
	switch (san->kind) {
	case SAN_MAIL:
		return san->value.n == 0 || !memchr(san->value.p, '@', san->value.n);
	case SAN_URI:
		return uri_host(san->value).n == 0;
	case SAN_IP:
		return san->value.n != 4 && san->value.n != 16;
	case SAN_DNS:
	case SAN_OTHER:
		break;
	}
	return false;
}

static bool
same_kind(const struct san *san, const struct constraint *c)
{
	static const enum san_kind kinds[] = {
	    [CONSTRAINT_DNS] = SAN_DNS, [CONSTRAINT_IP] = SAN_IP, [CONSTRAINT_MAIL] = SAN_MAIL, [CONSTRAINT_URI] = SAN_URI};

	return kinds[c->kind] == san->kind;
}

/* nc_match: of the permitted ones of its kind, if any, one must fit; of the excluded none. */
static enum openssl_error
check(const struct cert *ca, const struct san *san)
{
	bool limited = false, permitted = false;

	for (size_t i = 0; i < ca->n_constraints; i++)
		if (same_kind(san, &ca->constraints[i]) && malformed(san))
			return OPENSSL_NAME_SYNTAX;
	for (size_t i = 0; i < ca->n_constraints; i++) {
		const struct constraint *c = &ca->constraints[i];

		if (c->excluded || !same_kind(san, c))
			continue;
		limited = true;
		permitted = permitted || matches(san, c);
	}
	if (limited && !permitted)
		return OPENSSL_PERMITTED;
	for (size_t i = 0; i < ca->n_constraints; i++)
		if (ca->constraints[i].excluded && matches(san, &ca->constraints[i]))
			return OPENSSL_EXCLUDED;
	return OPENSSL_OK;
}

/* cn2dnsid: a common name that can be a host name, with a dot in it. */
static bool
looks_like_host(struct slice cn)
{
	bool dotted = false;

	for (size_t i = 0; i < cn.n; i++) {
		uint8_t c = lower(cn.p[i]);
		bool inner = i > 0 && i + 1 < cn.n;

		if (('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_')
			continue;
		if (!inner || (c != '-' && c != '.') ||
		    (c == '.' && (cn.p[i + 1] == '.' || cn.p[i - 1] == '-' || cn.p[i + 1] == '-')))
			return false;
		dotted = dotted || c == '.';
	}
	return dotted;
}

/* Whether the reader kept every subtree of the extension; another kind (directoryName) OpenSSL enforces too. */
static bool
knows_all(const struct cert *ca)
{
	const struct extension *e = element_extension(ca, OID_NAME_CONSTRAINTS);
	size_t count = 0;
	struct slice rest, trees;
	uint8_t tag;

	if (!e)
		return true;
	rest = e->value;
	for (rest = element_next(&rest, &tag); rest.n > 0;)
		for (trees = element_next(&rest, &tag); trees.n > 0; count++)
			element_next(&trees, &tag);
	return count == ca->n_constraints;
}

enum openssl_error
openssl_constraints_check(struct arena *arena, const struct cert *ca, const struct cert *c, bool leaf, bool *unjudged)
{
	enum openssl_error e = OPENSSL_OK;
	size_t names = c->n_sans + c->subject.n;
	bool dns = false;

	if (names > 0 && ca->n_constraints > MAX_COMPARISONS / names)
		return OPENSSL_UNSPECIFIED;
	if (!knows_all(ca)) {
		*unjudged = true;
		return OPENSSL_OK;
	}
	for (size_t i = 0; i < c->n_sans && !e; i++) {
		dns = dns || c->sans[i].kind == SAN_DNS;
		e = check(ca, &c->sans[i]);
	}
	for (size_t i = 0; i < c->subject.n && !e && leaf && !dns; i++) {
		const struct attribute *a = &c->subject.attributes[i];
		struct san cn = {SAN_DNS, {NULL, 0}};

		if (!slice_is(a->oid, OID_CN))
			continue;
		cn.value = name_value(arena, a);
		while (cn.value.n > 0 && cn.value.p[cn.value.n - 1] == 0)
			cn.value.n--;
		if (cn.value.n > 0 && memchr(cn.value.p, 0, cn.value.n))
			return OPENSSL_NAME_SYNTAX;
		if (looks_like_host(cn.value))
			e = check(ca, &cn);
	}
	return e;
}
