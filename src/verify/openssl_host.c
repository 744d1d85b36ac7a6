#include "openssl.h"

#include "crtlint/text.h"

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

static struct slice
without_dot(struct slice s)
{
	return s.n && s.p[s.n - 1] == '.' ? (struct slice){s.p, s.n - 1} : s;
}

static size_t
address(const char *host, uint8_t *ip)
{
	return ip_parse(host, ip);
}

bool
openssl_host_is_ip(const char *host)
{
	uint8_t ip[16];

	return address(host, ip) != 0;
}

static bool
ip_listed(const struct cert *c, const char *host)
{
	uint8_t ip[16];
	size_t n = address(host, ip);

	for (size_t i = 0; i < c->n_sans; i++)
		if (c->sans[i].kind == SAN_IP && slice_eq(c->sans[i].value, (struct slice){ip, n}))
			return n > 0;
	return false;
}

static bool
has_kind(const struct cert *c, enum san_kind kind)
{
	for (size_t i = 0; i < c->n_sans; i++)
		if (c->sans[i].kind == kind)
			return true;
	return false;
}

static bool
label_byte(uint8_t c)
{
	c = lower(c);
	return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-';
}

/* valid_star, v3_utl.c: one star, in the first label, at least two labels behind it, none of them of an international name. */
static bool
valid_star(struct slice p, size_t *star)
{
	size_t dots = 0, stars = 0;

	for (size_t i = 0; i < p.n; i++) {
		bool start = i == 0 || p.p[i - 1] == '.', end = i + 1 == p.n || p.p[i + 1] == '.';

		if (p.p[i] == '*') {
			if (stars++ || dots || !(start || end) || (start && !end && p.p[i + 1] == '*'))
				return false;
			*star = i;
		} else if (p.p[i] == '.') {
			if (start || end)
				return false;
			dots++;
		} else if (!label_byte(p.p[i])) {
			return false;
		}
		if (start && p.n - i >= 4 && same_folded((struct slice){p.p + i, 4}, slice_of("xn--")) && dots == 0 &&
		    memchr(p.p, '*', p.n))
			return false;
	}
	return stars == 1 && dots >= 2;
}

/* equal_wildcard and wildcard_match: the star stands for part of the first label, or all of it. */
static bool
match_wild(struct slice pattern, struct slice host)
{
	size_t star = 0, after;

	if (!valid_star(pattern, &star))
		return same_folded(pattern, host);
	after = pattern.n - star - 1;
	if (host.n < star + after || !same_folded((struct slice){pattern.p, star}, (struct slice){host.p, star}) ||
	    !same_folded((struct slice){pattern.p + star + 1, after}, (struct slice){host.p + host.n - after, after}))
		return false;
	if (star == 0 && pattern.p[1] == '.' && host.n == after)
		return false;
	if (!(star == 0 && pattern.p[1] == '.') && host.n >= 4 && same_folded((struct slice){host.p, 4}, slice_of("xn--")))
		return false;
	for (size_t i = star; i < host.n - after; i++)
		if (!label_byte(host.p[i]))
			return false;
	return true;
}

/* X509_check_host and X509_check_ip: the common name only where there is no DNS name. */
bool
openssl_host_plain(struct arena *arena, const struct cert *c, const char *host)
{
	if (openssl_host_is_ip(host))
		return ip_listed(c, host);
	for (size_t i = 0; i < c->n_sans; i++)
		if (c->sans[i].kind == SAN_DNS && match_wild(c->sans[i].value, slice_of(host)))
			return true;
	if (has_kind(c, SAN_DNS))
		return false;
	for (size_t i = 0; i < c->subject.n; i++) {
		const struct attribute *a = &c->subject.attributes[i];

		if (slice_is(a->oid, OID_CN) && match_wild(name_value(arena, a), slice_of(host)))
			return true;
	}
	return false;
}

/* The common name that a program gets which asks for the first. */
static struct slice
first_cn(struct arena *arena, const struct cert *c)
{
	for (size_t i = 0; i < c->subject.n; i++)
		if (slice_is(c->subject.attributes[i].oid, OID_CN))
			return name_value(arena, &c->subject.attributes[i]);
	return (struct slice){NULL, 0};
}

/* does_entry_match_name, ssl_transport_security.cc */
static bool
grpc_match(struct slice entry, struct slice name)
{
	const uint8_t *dot;
	struct slice rest;

	if (entry.n == 0)
		return false;
	name = without_dot(name);
	entry = without_dot(entry);
	if (same_folded(name, entry))
		return true;
	if (entry.n == 0 || entry.p[0] != '*')
		return false;
	if (entry.n < 3 || entry.p[1] != '.')
		return false;
	dot = name.n ? memchr(name.p, '.', name.n) : NULL;
	if (!dot || dot + 2 >= name.p + name.n)
		return false;
	rest = (struct slice){dot + 1, name.n - (size_t)(dot + 1 - name.p)};
	entry = (struct slice){entry.p + 2, entry.n - 2};
	dot = memchr(rest.p, '.', rest.n);
	if (!dot || dot + 1 == rest.p + rest.n)
		return false;
	return same_folded(rest, entry);
}

/* looks_like_ip_address: not whether it is one. */
static bool
grpc_like_ip(const char *host)
{
	size_t dots = 0, digits = 0;

	for (const char *p = host; *p; p++) {
		if (*p == ':')
			return true;
		if ('0' <= *p && *p <= '9') {
			if (digits++ > 3)
				return false;
		} else if (*p == '.') {
			if (dots++ > 3 || digits == 0)
				return false;
			digits = 0;
		} else {
			return false;
		}
	}
	return dots >= 3 && digits > 0;
}

/* As inet_ntop prints it: an address of IPv4 inside one of IPv6 keeps its prefix. */
static const char *
inet_text(struct arena *arena, struct slice ip)
{
	static const uint8_t zero[10];
	bool mapped, compatible;

	if (ip.n != 16 || memcmp(ip.p, zero, sizeof(zero)) != 0)
		return ip_text(arena, ip);
	mapped = ip.p[10] == 0xff && ip.p[11] == 0xff;
	compatible = ip.p[10] == 0 && ip.p[11] == 0 && (ip.p[12] || ip.p[13]);
	if (!mapped && !compatible)
		return ip_text(arena, ip);
	return arena_printf(arena, "::%s%u.%u.%u.%u", mapped ? "ffff:" : "", ip.p[12], ip.p[13], ip.p[14], ip.p[15]);
}

/* tsi_ssl_peer_matches_name: addresses as texts; mail addresses and URIs are compared too; the common
 * name only where there is no alternative name of any kind. */
bool
openssl_host_grpc(struct arena *arena, const struct cert *c, const char *host)
{
	bool ip = grpc_like_ip(host), names = false;

	for (size_t i = 0; i < c->n_sans; i++) {
		struct slice text = c->sans[i].value;

		names = true;
		if (c->sans[i].kind == SAN_OTHER)
			continue;
		if (c->sans[i].kind == SAN_IP)
			text = slice_of(inet_text(arena, text));
		if (ip ? slice_is(text, host) : grpc_match(text, slice_of(host)))
			return true;
	}
	return !names && !ip && grpc_match(first_cn(arena, c), slice_of(host));
}

static bool
has_cn(const struct cert *c)
{
	for (size_t i = 0; i < c->subject.n; i++)
		if (slice_is(c->subject.attributes[i].oid, OID_CN))
			return true;
	return false;
}

static bool
ip_same(struct slice value, const char *host)
{
	uint8_t ip[16];
	size_t n = address(host, ip);

	return n > 0 && slice_eq(value, (struct slice){ip, n});
}

/* wildcard_certificate_match, fe-secure-common.c */
static bool
libpq_match(struct slice pattern, struct slice host)
{
	struct slice tail;

	if (same_folded(pattern, host))
		return true;
	if (pattern.n < 3 || pattern.p[0] != '*' || pattern.p[1] != '.' || pattern.n > host.n)
		return false;
	tail = (struct slice){pattern.p + 1, pattern.n - 1};
	if (!same_folded(tail, (struct slice){host.p + host.n - tail.n, tail.n}))
		return false;
	return memchr(host.p, '.', host.n - tail.n) == NULL;
}

/* What pgtls_verify_peer_name_matches_certificate_guts compares, in its order: names and addresses, then the common name where no
 * alternative name is of the host's kind. False: none fits; then first and n tell its words. */
struct libpq_names {
	struct slice first;
	bool first_is_ip;
	size_t n;
	bool has_nul;
};

static bool
libpq_compare(const struct cert *c, const char *host, struct libpq_names *names)
{
	bool ip = openssl_host_is_ip(host), check_cn = true;
	struct slice cn = {NULL, 0};

	for (size_t i = 0; i < c->n_sans; i++) {
		const struct san *san = &c->sans[i];

		if (san->kind != SAN_DNS && san->kind != SAN_IP)
			continue;
		check_cn = check_cn && (san->kind == SAN_IP) != ip;
		if (names->n++ == 0) {
			names->first = san->value;
			names->first_is_ip = san->kind == SAN_IP;
		}
		if (san->kind == SAN_IP ? ip && ip_same(san->value, host) : libpq_match(san->value, slice_of(host)))
			return true;
		names->has_nul = san->kind == SAN_DNS && san->value.n && memchr(san->value.p, 0, san->value.n);
		if (names->has_nul)
			return false;
	}
	if (!check_cn || !has_cn(c))
		return false;
	for (size_t i = c->subject.n; i-- > 0;) /* its bytes as they stand, whatever kind of string they are */
		if (slice_is(c->subject.attributes[i].oid, OID_CN))
			cn = c->subject.attributes[i].value;
	if (names->n++ == 0)
		names->first = cn;
	names->has_nul = cn.n && memchr(cn.p, 0, cn.n);
	return libpq_match(cn, slice_of(host));
}

bool
openssl_host_libpq(struct arena *arena, const struct cert *c, const char *host)
{
	struct libpq_names names = {0};

	(void)arena;
	return libpq_compare(c, host, &names);
}

const char *
openssl_host_libpq_error(struct arena *arena, const struct cert *c, const char *host)
{
	struct libpq_names names = {0};
	const char *wanted = text_safe(arena, slice_of(host), TEXT_VALUE), *first;

	libpq_compare(c, host, &names);
	if (names.has_nul)
		return "SSL certificate's name contains embedded null";
	if (names.n == 0)
		return "could not get server's host name from server certificate";
	first = names.first_is_ip ? inet_text(arena, names.first) : text_safe(arena, names.first, TEXT_VALUE);
	if (names.n == 1)
		return arena_printf(arena, "server certificate for \"%s\" does not match host name \"%s\"", first, wanted);
	return arena_printf(arena, "server certificate for \"%s\" (and %zu other name%s) does not match host name \"%s\"", first,
	    names.n - 1, names.n == 2 ? "" : "s", wanted);
}
