/* The names under which a server can be dialed. */
#include "explain.h"

#include <string.h>

static bool
is_served(struct findings *fs, const struct seat *s)
{
	return s->index == 0 && look_is_leaf(s->file) && look_service(look_at(fs), fs->facts, s->file)->by_name;
}

static void
add_cn(struct findings *fs, struct finding *x, const struct cert *c)
{
	struct slice cn = cert_cn(fs->arena, c);

	if (cn.n > 0)
		finding_value(fs, x, "cn", look_value(fs, cn));
	look_mend(fs, x, x->file);
}

static void
fill_failed_host(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	finding_values(fs, x, "host", o->failure.wanted);
	look_names(fs, x, "names", b->cert);
	look_mend(fs, x, x->file);
}

static void
fill_failed_no_names(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	add_cn(fs, x, b->cert);
	finding_values(fs, x, "host", o->failure.wanted);
}

void
check_san_missing(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (!s->cert->has_san && f->go >= 1500 /* Go 1.15 */ && is_served(fs, s))
			add_cn(fs, look_add(fs, RULE_san_missing, s->file, 0), s->cert);
	}
	culprit_certs(fs, RULE_san_missing, fill_failed_no_names);
}

void
check_san_missing_host(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_san_missing_host, fill_failed_host);
}

static struct finding *
add_name(struct findings *fs, enum rule_id rule, const struct seat *s, const char *what, struct slice name)
{
	const char *text = look_value(fs, name);
	struct finding *x = look_add_key(fs, rule, s->file, s->index, text);

	finding_value(fs, x, what, text);
	look_mend(fs, x, x->file);
	return x;
}

static bool
is_address(struct slice s, uint8_t *out, size_t *n)
{
	char text[64];

	if (s.n == 0 || s.n >= sizeof text || memchr(s.p, '\0', s.n))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*n = ip_parse(text, out);
	return *n > 0;
}

/* Whether the address is there as an address too: then the DNS name does no harm. */
static bool
has_address(const struct cert *c, const uint8_t *address, size_t n)
{
	for (size_t i = 0; i < c->n_sans; i++) {
		const struct slice v = c->sans[i].value;
		if (c->sans[i].kind != SAN_IP || v.n < n)
			continue;
		if (v.n == n ? memcmp(v.p, address, n) == 0 : v.n == 16 && n == 4 && memcmp(v.p + 12, address, 4) == 0)
			return true;
	}
	return false;
}

static bool
bad_star(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '*' && (i > 0 || (s.n > 1 && s.p[1] != '.')))
			return true;
	}
	return false;
}

static const char *
name_flaw(struct slice s)
{
	if (s.n == 0)
		return "it is empty";
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ' ' || s.p[i] == '\t')
			return "it holds a blank";
		if (s.p[i] == '/' || (s.p[i] == ':' && i + 1 < s.n && s.p[i + 1] == '/'))
			return "it is a URL or has a path";
		if (s.p[i] == ':')
			return "it has a port";
	}
	return s.p[s.n - 1] == '.' ? "it ends in a dot" : NULL;
}

/* What is wrong with one DNS name of a leaf that a server presents. */
static void
judge_name(struct findings *fs, enum rule_id rule, const struct seat *s, struct slice name)
{
	uint8_t address[16];
	size_t n;

	if (is_address(name, address, &n)) {
		if (rule == RULE_san_ip_as_dns && !has_address(s->cert, address, n))
			add_name(fs, rule, s, "address", name);
	} else if (bad_star(name)) {
		if (rule == RULE_san_wildcard)
			add_name(fs, rule, s, "name", name);
	} else if (name_flaw(name) && rule == RULE_san_name_unusable) {
		finding_value(fs, add_name(fs, rule, s, "name", name), "flaw", name_flaw(name));
	}
}

static void
judge_names(struct findings *fs, enum rule_id rule)
{
	enum { NAMES_JUDGED = 1000 };
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (!is_served(fs, s))
			continue;
		for (size_t k = 0; k < s->cert->n_sans && k < NAMES_JUDGED; k++) {
			if (s->cert->sans[k].kind == SAN_DNS)
				judge_name(fs, rule, s, s->cert->sans[k].value);
		}
	}
}

static void
fill_failed_names(
    struct findings *fs, enum rule_id rule, const char *what, bool (*meant)(const struct cert *, const char *, struct slice *))
{
	const struct outcome *o;
	struct slice name;

	for (size_t i = 0; (o = culprit_next(fs, rule, &i)) != NULL;) {
		struct culprit b = culprit_cert(fs, &o->failure);
		struct seat s = {b.file, b.cert, b.index};
		struct finding *x;
		if (b.file && b.cert && meant(b.cert, o->failure.wanted, &name)) {
			x = add_name(fs, rule, &s, what, name);
			if (rule == RULE_san_name_unusable)
				finding_value(fs, x, "flaw", name_flaw(name) ? name_flaw(name) : "it is not what is dialed");
			finding_values(fs, x, "host", o->failure.wanted);
			look_names(fs, x, "names", b.cert);
		} else {
			x = finding_add(fs, rule, b.name, NULL);
		}
		culprit_on(fs, x, o);
	}
}

void
check_san_ip_as_dns(const struct facts *f, struct findings *fs)
{
	(void)f;
	judge_names(fs, RULE_san_ip_as_dns);
	fill_failed_names(fs, RULE_san_ip_as_dns, "address", explain_address);
}

void
check_san_wildcard(const struct facts *f, struct findings *fs)
{
	(void)f;
	judge_names(fs, RULE_san_wildcard);
	fill_failed_names(fs, RULE_san_wildcard, "name", explain_star);
}

void
check_san_name_unusable(const struct facts *f, struct findings *fs)
{
	(void)f;
	judge_names(fs, RULE_san_name_unusable);
	fill_failed_names(fs, RULE_san_name_unusable, "name", explain_unusable);
}

void
check_san_loopback_missing(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	(void)f;
	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (!s->cert->has_san || !is_served(fs, s))
			continue;
		if (go_verify_hostname(fs->arena, s->cert, "localhost").cause != CAUSE_NONE &&
		    go_verify_hostname(fs->arena, s->cert, "127.0.0.1").cause != CAUSE_NONE)
			look_names(fs, look_add(fs, RULE_san_loopback_missing, s->file, 0), "names", s->cert);
	}
}

static void
fill_failed_address(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	finding_values(fs, x, "wanted", o->failure.wanted);
	look_names(fs, x, "names", b->cert);
	look_mend(fs, x, x->file);
}

void
check_san_peer_address(const struct facts *f, struct findings *fs)
{
	(void)f;
	culprit_certs(fs, RULE_san_peer_address, fill_failed_address);
}
