/* Why a name that was dialed is not in the certificate. */
#include "explain.h"

#include <string.h>

static bool
host_equal(struct slice name, const char *host)
{
	size_t n = strlen(host);

	while (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	while (n > 0 && host[n - 1] == '.')
		n--;
	if (name.n != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int a = name.p[i], b = (unsigned char)host[i];
		if (a >= 'A' && a <= 'Z')
			a += 'a' - 'A';
		if (b >= 'A' && b <= 'Z')
			b += 'a' - 'A';
		if (a != b)
			return false;
	}
	return true;
}

/* The bare host inside of a URL, a name with a port, or one with blanks. */
static struct slice
bare_host(struct slice s)
{
	for (size_t i = 0; i + 2 < s.n; i++) {
		if (s.p[i] == ':' && s.p[i + 1] == '/' && s.p[i + 2] == '/') {
			s = (struct slice){s.p + i + 3, s.n - i - 3};
			break;
		}
	}
	while (s.n > 0 && s.p[0] == ' ')
		s = (struct slice){s.p + 1, s.n - 1};
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ':' || s.p[i] == '/' || s.p[i] == ' ')
			s.n = i;
	}
	return s;
}

/* Whether the star was meant for this host but stands at another level, or inside of a label. */
static bool
star_meant(struct slice name, const char *host)
{
	size_t star = 0, n = strlen(host);

	while (star < name.n && name.p[star] != '*')
		star++;
	if (star == name.n)
		return false;
	size_t tail = name.n - star - 1;
	if (n <= star + tail || tail == 0)
		return false;
	struct slice behind = {name.p + star + 1, tail}, before = {name.p, star};
	char head[256];
	if (star >= sizeof head)
		return false;
	memcpy(head, host, star);
	head[star] = '\0';
	return host_equal(behind, host + n - tail) && host_equal(before, head);
}

bool
explain_star(const struct cert *c, const char *host, struct slice *name)
{
	for (size_t i = 0; i < c->n_sans; i++) {
		if (c->sans[i].kind == SAN_DNS && star_meant(c->sans[i].value, host)) {
			*name = c->sans[i].value;
			return true;
		}
	}
	return false;
}

bool
explain_unusable(const struct cert *c, const char *host, struct slice *name)
{
	for (size_t i = 0; i < c->n_sans; i++) {
		struct slice v = c->sans[i].value;
		if (c->sans[i].kind == SAN_DNS && (host_equal(v, host) || host_equal(bare_host(v), host))) {
			*name = v;
			return true;
		}
	}
	return false;
}

bool
explain_address(const struct cert *c, const char *host, struct slice *name)
{
	uint8_t wanted[16], given[16];
	size_t n = ip_parse(host, wanted);

	for (size_t i = 0; n > 0 && i < c->n_sans; i++) {
		struct slice v = c->sans[i].value;
		char text[64];
		if (c->sans[i].kind != SAN_DNS || v.n >= sizeof text)
			continue;
		memcpy(text, v.p, v.n);
		text[v.n] = '\0';
		if (strlen(text) == v.n && ip_parse(text, given) == n && memcmp(given, wanted, n) == 0) {
			*name = v;
			return true;
		}
	}
	return false;
}

enum rule_id
explain_host(const struct failure *x)
{
	struct slice name;

	if (!x->cert || !x->wanted)
		return RULE_san_missing_host;
	if (!x->cert->has_san)
		return RULE_san_missing;
	if (explain_address(x->cert, x->wanted, &name))
		return RULE_san_ip_as_dns;
	if (explain_star(x->cert, x->wanted, &name))
		return RULE_san_wildcard;
	if (explain_unusable(x->cert, x->wanted, &name))
		return RULE_san_name_unusable;
	return RULE_san_missing_host;
}
