#include "go_subject.h"

#include "crtlint/text.h"

/* domainToReverseLabels: whether it is a domain. Up to Go 1.22 a leading dot went unnoticed. */
static bool
domain_valid(struct slice s, unsigned go)
{
	bool empty = go >= GO(23, 0);

	if (s.n > 0 && s.p[s.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 33 || s.p[i] > 126 || (s.p[i] == '.' && empty))
			return false;
		empty = s.p[i] == '.';
	}
	return true;
}

static bool
atext(uint8_t c)
{
	return ('0' <= c && c <= '9') || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') ||
	       (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

/* qtext, with the blank that the errata allow */
static bool
qtext(uint8_t c)
{
	return c == 11 || c == 12 || c == 32 || c == 33 || c == 127 || (1 <= c && c <= 8) || (14 <= c && c <= 31) ||
	       (35 <= c && c <= 91) || (93 <= c && c <= 126);
}

static bool
quotable(uint8_t c)
{
	return c == 11 || c == 12 || (1 <= c && c <= 9) || (14 <= c && c <= 127);
}

/* The local part between quotes; *at moves behind the closing one. */
static bool
quoted_local(struct slice in, size_t *at, uint8_t *out, size_t *n)
{
	for (size_t i = 1; i < in.n; i++) {
		uint8_t c = in.p[i];

		if (c == '"') {
			*at = i + 1;
			return true;
		}
		if (c == '\\') {
			if (++i == in.n || !quotable(in.p[i]))
				return false;
			c = in.p[i];
		} else if (!qtext(c)) {
			return false;
		}
		out[(*n)++] = c;
	}
	return false;
}

static bool
plain_local(struct slice in, size_t *at, uint8_t *out, size_t *n)
{
	size_t i = 0;

	while (i < in.n) {
		if (in.p[i] == '\\') {
			if (++i == in.n)
				return false;
		} else if (!atext(in.p[i])) {
			break;
		}
		out[(*n)++] = in.p[i++];
	}
	*at = i;
	if (*n == 0 || out[0] == '.' || out[*n - 1] == '.')
		return false;
	return memmem(out, *n, "..", 2) == NULL;
}

bool
go_subject_mailbox(struct arena *arena, struct slice in, unsigned go, struct slice *local, struct slice *domain)
{
	uint8_t *out = arena_alloc(arena, in.n);
	size_t at = 0, n = 0;

	if (in.n == 0)
		return false;
	if (!(in.p[0] == '"' ? quoted_local(in, &at, out, &n) : plain_local(in, &at, out, &n)))
		return false;
	if (at >= in.n || in.p[at] != '@')
		return false;
	*local = (struct slice){out, n};
	*domain = (struct slice){in.p + at + 1, in.n - at - 1};
	return domain_valid(*domain, go);
}

static bool
scheme_byte(uint8_t c, bool first)
{
	uint8_t l = c | 0x20;

	return ('a' <= l && l <= 'z') || (!first && (('0' <= c && c <= '9') || c == '+' || c == '-' || c == '.'));
}

static size_t
find(struct slice s, int c)
{
	const uint8_t *p = s.n ? memchr(s.p, c, s.n) : NULL;

	return p ? (size_t)(p - s.p) : s.n;
}

/* The Host of url.Parse, for a string that it takes: the certificate's reader has proved that. */
static struct slice
uri_host(struct slice s)
{
	size_t i = 0;
	const uint8_t *at;

	s.n = find(s, '#');
	while (i < s.n && scheme_byte(s.p[i], i == 0))
		i++;
	if (i > 0 && i < s.n && s.p[i] == ':')
		s = (struct slice){s.p + i + 1, s.n - i - 1};
	else if (s.n >= 3 && memcmp(s.p, "///", 3) == 0)
		return (struct slice){NULL, 0};
	s.n = find(s, '?');
	if (s.n < 2 || s.p[0] != '/' || s.p[1] != '/')
		return (struct slice){NULL, 0};
	s = (struct slice){s.p + 2, s.n - 2};
	s.n = find(s, '/');
	at = s.n ? memrchr(s.p, '@', s.n) : NULL;
	return at ? (struct slice){at + 1, s.n - (size_t)(at + 1 - s.p)} : s;
}

static bool
is_address(struct arena *arena, struct slice s, unsigned go)
{
	uint8_t ip[16];

	/* netip.ParseAddr takes a zone, net.ParseIP does not (CVE-2024-45341). */
	if (go >= GO(24, 0) || (go >= GO(23, 5) && go < GO(24, 0)) || (go >= GO(22, 11) && go < GO(23, 0)))
		s.n = find(s, '%');
	return memchr(s.p ? s.p : (const uint8_t *)"", 0, s.n) == NULL &&
	       ip_parse(arena_strndup(arena, (const char *)s.p, s.n), ip);
}

/* matchURIConstraint up to the comparison */
static void
uri_subject(struct arena *arena, struct go_subject *s, unsigned go)
{
	struct slice host = uri_host(s->name);
	size_t colon = find(host, ':');

	s->domain = host;
	if (host.n == 0) {
		s->error = arena_printf(
		    arena, "URI with empty host (%s) cannot be matched against constraints", go_quote(arena, s->name));
		return;
	}
	if (colon < host.n && host.p[host.n - 1] != ']') {
		const uint8_t *last = memrchr(host.p, ':', host.n);

		host.n = (size_t)(last - host.p);
		if (host.n && host.p[0] == '[' && host.p[host.n - 1] == ']') {
			host = (struct slice){host.p + 1, host.n - 2};
		} else if (memchr(host.p, ':', host.n)) {
			s->error = arena_printf(
			    arena, "address %s: too many colons in address", text_safe(arena, s->domain, TEXT_VALUE));
			return;
		}
		s->domain = host;
	}
	if ((host.n && host.p[0] == '[' && host.p[host.n - 1] == ']') || is_address(arena, host, go))
		s->error = arena_printf(
		    arena, "URI with IP (%s) cannot be matched against constraints", go_quote(arena, s->name));
}

const char *
go_subject_read(struct arena *arena, const struct san *san, unsigned go, struct go_subject *s)
{
	*s = (struct go_subject){.name = san->value, .domain = san->value};
	switch (san->kind) {
	case SAN_MAIL:
		s->kind = CONSTRAINT_MAIL;
		/* Go prints the empty mailbox instead of the name. */
		return go_subject_mailbox(arena, san->value, go, &s->local, &s->domain)
		           ? NULL
		           : "x509: cannot parse rfc822Name {\"\" \"\"}";
	case SAN_DNS:
		s->kind = CONSTRAINT_DNS;
		if (domain_valid(san->value, go))
			return NULL;
		return arena_printf(arena, "x509: cannot parse dnsName %s", go_quote(arena, san->value));
	case SAN_URI:
		s->kind = CONSTRAINT_URI;
		uri_subject(arena, s, go);
		return NULL;
	case SAN_IP:
	case SAN_OTHER:
		break;
	}
	s->kind = CONSTRAINT_IP;
	return NULL;
}
