#include "go.h"

#include "crtlint/limits.h"
#include "crtlint/text.h"

static uint8_t
lower(uint8_t c)
{
	return 'A' <= c && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
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
	if (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

/* The first label, cut off the rest; rest->p is NULL after the last one. */
static struct slice
next_label(struct slice *rest)
{
	const uint8_t *dot = rest->n ? memchr(rest->p, '.', rest->n) : NULL;
	struct slice label = *rest;

	if (dot) {
		label.n = (size_t)(dot - rest->p);
		*rest = (struct slice){dot + 1, rest->n - label.n - 1};
	} else {
		*rest = (struct slice){NULL, 0};
	}
	return label;
}

static bool
host_byte(uint8_t c, bool first)
{
	return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || ('A' <= c && c <= 'Z') || (c == '-' && !first) || c == '_';
}

/* validHostname: RFC 6125 2.2 with Go's leniency for underscores. */
static bool
valid(struct slice host, bool pattern)
{
	bool first = true;

	if (!pattern)
		host = without_dot(host);
	if (host.n == 0)
		return false;
	while (host.p) {
		struct slice label = next_label(&host);

		if (label.n == 0)
			return false;
		if (!(pattern && first && slice_is(label, "*")))
			for (size_t i = 0; i < label.n; i++)
				if (!host_byte(label.p[i], i == 0))
					return false;
		first = false;
	}
	return true;
}

/* matchHostnames: a wildcard stands for exactly the left-most label. */
static bool
match(struct slice pattern, struct slice host)
{
	bool first = true;

	host = without_dot(host);
	if (pattern.n == 0 || host.n == 0)
		return false;
	while (pattern.p && host.p) {
		struct slice p = next_label(&pattern), h = next_label(&host);

		if (!(first && slice_is(p, "*")) && !same_folded(p, h))
			return false;
		first = false;
	}
	return !pattern.p && !host.p;
}

static bool
match_exactly(struct slice a, struct slice b)
{
	return a.n > 0 && !slice_is(a, ".") && b.n > 0 && !slice_is(b, ".") && same_folded(a, b);
}

static size_t
count(const struct cert *c, enum san_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_sans; i++)
		n += c->sans[i].kind == kind;
	return n;
}

/* HostnameError counts instead of listing since the fix of CVE-2025-61729 in 1.24.11 and 1.25.5. */
static bool
counts(unsigned go)
{
	return go >= GO(25, 5) || (go >= GO(24, 11) && go < GO(25, 0));
}

/* HostnameError.Error */
static const char *
describe(struct arena *arena, const struct cert *c, const char *host, bool is_ip, unsigned go)
{
	enum { MAX_NAMES = 100 };
	enum san_kind kind = is_ip ? SAN_IP : SAN_DNS;
	const char *wanted = text_safe(arena, slice_of(host), TEXT_VALUE);
	size_t n = count(c, kind);
	struct buf names = {.arena = arena};

	if (!c->has_san && match(cert_cn(arena, c), slice_of(host)))
		return "x509: certificate relies on legacy Common Name field, use SANs instead";
	if (is_ip && n == 0)
		return arena_printf(
		    arena, "x509: cannot validate certificate for %s because it doesn't contain any IP SANs", wanted);
	if (n >= MAX_NAMES && counts(go))
		return arena_printf(
		    arena, "x509: certificate is valid for %zu %s, but none matched %s", n, is_ip ? "IP SANs" : "names", wanted);
	for (size_t i = 0, listed = 0; i < c->n_sans; i++) {
		if (c->sans[i].kind != kind)
			continue;
		if (names.n > LIMIT_TEXT) {
			buf_add(&names, "...");
			break;
		}
		if (listed++)
			buf_add(&names, ", ");
		if (is_ip)
			buf_add(&names, ip_text(arena, c->sans[i].value));
		else
			buf_bytes(&names, c->sans[i].value);
	}
	if (*buf_text(&names) == '\0')
		return arena_printf(arena, "x509: certificate is not valid for any names, but wanted to match %s", wanted);
	return arena_printf(arena, "x509: certificate is valid for %s, not %s", buf_text(&names), wanted);
}

static struct refusal
refuse(struct arena *arena, const struct cert *c, const char *host, bool is_ip, unsigned go)
{
	struct refusal r = go_refuse(CAUSE_HOST, describe(arena, c, host, is_ip, go), c);

	r.detail = text_safe(arena, slice_of(host), TEXT_VALUE);
	return r;
}

/* net.IP.Equal: an IPv4 address equals its mapped form. */
static bool
same_ip(struct slice a, const uint8_t *b, size_t n)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (a.n == 16 && n == 4)
		return memcmp(a.p, mapped, 12) == 0 && memcmp(a.p + 12, b, 4) == 0;
	return a.n == n && memcmp(a.p, b, n) == 0;
}

struct refusal
go_host(struct arena *arena, const struct cert *c, const char *host, unsigned go)
{
	size_t n = strlen(host), ip_n;
	struct slice name = slice_of(host);
	const char *bare = host;
	uint8_t ip[16];
	bool valid_name;

	if (n >= 3 && host[0] == '[' && host[n - 1] == ']')
		bare = arena_strndup(arena, host + 1, n - 2);
	ip_n = ip_parse(bare, ip);
	if (ip_n) {
		for (size_t i = 0; i < c->n_sans; i++)
			if (c->sans[i].kind == SAN_IP && same_ip(c->sans[i].value, ip, ip_n))
				return (struct refusal){0};
		return refuse(arena, c, bare, true, go);
	}
	valid_name = valid(name, false);
	for (size_t i = 0; i < c->n_sans; i++) {
		struct slice san = c->sans[i].value;

		if (c->sans[i].kind != SAN_DNS)
			continue;
		if (valid_name && valid(san, true) ? match(san, name) : match_exactly(san, name))
			return (struct refusal){0};
	}
	return refuse(arena, c, host, false, go);
}

struct refusal
go_verify_hostname(struct arena *arena, const struct cert *c, const char *host)
{
	return go_host(arena, c, host, GO_NEWEST);
}
