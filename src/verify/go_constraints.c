#include "go_subject.h"

static bool
fold_eq(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		uint8_t x = a.p[i], y = b.p[i];

		if ('A' <= x && x <= 'Z')
			x |= 0x20;
		if ('A' <= y && y <= 'Z')
			y |= 0x20;
		if (x != y)
			return false;
	}
	return true;
}

static struct slice
without_leading_dot(struct slice s)
{
	return s.n && s.p[0] == '.' ? (struct slice){s.p + 1, s.n - 1} : s;
}

/* Since the fix of CVE-2025-61727 (1.24.11, 1.25.5) an excluded name also excludes the wildcard that covers it. */
static bool
excludes_wildcards(unsigned go)
{
	return go >= GO(25, 5) || (go >= GO(24, 11) && go < GO(25, 0));
}

static bool
cut_label(struct slice *s)
{
	const uint8_t *dot = s->n ? memchr(s->p, '.', s->n) : NULL;

	if (!dot)
		return false;
	*s = (struct slice){dot + 1, s->n - (size_t)(dot + 1 - s->p)};
	return true;
}

/* matchDomainConstraint: the constraint's labels end the domain's. */
static bool
match_domain(struct slice domain, struct slice constraint, bool excluded, unsigned go)
{
	bool below = constraint.n && constraint.p[0] == '.';

	if (constraint.n == 0)
		return true;
	domain = without_leading_dot(domain);
	constraint = without_leading_dot(constraint);
	if (excluded && excludes_wildcards(go) && domain.n > 1 && domain.p[0] == '*' && domain.p[1] == '.') {
		struct slice d = domain, c = constraint;

		if (cut_label(&d) && cut_label(&c)) {
			domain = d;
			constraint = c;
		}
	}
	if (constraint.n == 0)
		return !below || domain.n > 0;
	if (domain.n < constraint.n || (below && domain.n == constraint.n))
		return false;
	if (!fold_eq((struct slice){domain.p + domain.n - constraint.n, constraint.n}, constraint))
		return false;
	return domain.n == constraint.n || domain.p[domain.n - constraint.n - 1] == '.';
}

static bool
match_ip(struct slice ip, struct slice constraint)
{
	if (2 * ip.n != constraint.n)
		return false;
	for (size_t i = 0; i < ip.n; i++)
		if ((ip.p[i] ^ constraint.p[i]) & constraint.p[ip.n + i])
			return false;
	return true;
}

/* matchEmailConstraint: an @ makes it one mailbox. */
static bool
match_mail(struct arena *arena, const struct go_subject *s, const struct constraint *c, unsigned go)
{
	struct slice local, domain;

	if (c->value.n == 0 || !memchr(c->value.p, '@', c->value.n))
		return match_domain(s->domain, c->value, c->excluded, go);
	return go_subject_mailbox(arena, c->value, go, &local, &domain) && slice_eq(s->local, local) &&
	       fold_eq(s->domain, domain);
}

static bool
matches(struct arena *arena, const struct go_subject *s, const struct constraint *c, unsigned go)
{
	switch (s->kind) {
	case CONSTRAINT_IP:
		return match_ip(s->name, c->value);
	case CONSTRAINT_MAIL:
		return match_mail(arena, s, c, go);
	case CONSTRAINT_DNS:
	case CONSTRAINT_URI:
		break;
	}
	return match_domain(s->domain, c->value, c->excluded, go);
}

static const char *const kind_names[] = {
    [CONSTRAINT_DNS] = "DNS name", [CONSTRAINT_IP] = "IP address", [CONSTRAINT_MAIL] = "email address", [CONSTRAINT_URI] = "URI"};

/* net.IPNet.String of address and contiguous mask */
static const char *
network_text(struct arena *arena, struct slice v)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	size_t half = v.n / 2, from = half == 16 && memcmp(v.p, mapped, 12) == 0 ? 12 : 0;
	unsigned ones = 0;

	for (size_t i = half + from; i < v.n; i++)
		ones += (unsigned)__builtin_popcount(v.p[i]);
	return arena_printf(arena, "%s/%u", ip_text(arena, (struct slice){v.p, half}), ones);
}

static struct refusal
not_authorised(struct arena *arena, const struct cert *ca, const char *detail)
{
	struct refusal r = go_refuse(CAUSE_NAME_CONSTRAINT,
	    arena_printf(arena, "x509: a root or intermediate certificate is not authorized to sign for this name: %s", detail),
	    ca);

	r.detail = detail;
	return r;
}

static const char *
subject_text(struct arena *arena, const struct go_subject *s)
{
	return go_quote(arena, s->kind == CONSTRAINT_IP ? slice_of(ip_text(arena, s->name)) : s->name);
}

/* A CA's constraints by kind, permitted and excluded apart. */
struct groups {
	struct {
		const struct constraint **list;
		size_t n;
	} of[4][2];
};

static void
group(struct arena *arena, const struct cert *ca, struct groups *g)
{
	*g = (struct groups){0};
	for (size_t i = 0; i < ca->n_constraints; i++)
		g->of[ca->constraints[i].kind][ca->constraints[i].excluded].n++;
	for (unsigned kind = 0; kind < 4; kind++)
		for (unsigned excluded = 0; excluded < 2; excluded++) {
			g->of[kind][excluded].list = arena_array(arena, g->of[kind][excluded].n, sizeof(struct constraint *));
			g->of[kind][excluded].n = 0;
		}
	for (size_t i = 0; i < ca->n_constraints; i++) {
		const struct constraint *c = &ca->constraints[i];

		g->of[c->kind][c->excluded].list[g->of[c->kind][c->excluded].n++] = c;
	}
}

static struct refusal
excluded_by(struct arena *arena, const struct cert *ca, const struct go_subject *s, const struct constraint *c)
{
	struct slice text = c->kind == CONSTRAINT_IP ? slice_of(network_text(arena, c->value)) : c->value;

	return not_authorised(arena, ca,
	    arena_printf(
	        arena, "%s %s is excluded by constraint %s", kind_names[s->kind], subject_text(arena, s), go_quote(arena, text)));
}

/* checkNameConstraints */
static struct refusal
check(const struct verify_ask *ask, const struct cert *ca, const struct groups *g, const struct go_subject *s, size_t *count)
{
	struct arena *arena = ask->arena;
	bool permitted = g->of[s->kind][false].n == 0;

	*count += g->of[s->kind][true].n;
	if (*count > GO_MAX_COMPARISONS)
		return go_refuse(CAUSE_NAME_CONSTRAINT, "x509: unknown error", ca);
	if (s->error && g->of[s->kind][true].n > 0)
		return not_authorised(arena, ca, s->error);
	for (size_t i = 0; i < g->of[s->kind][true].n; i++)
		if (matches(arena, s, g->of[s->kind][true].list[i], ask->go))
			return excluded_by(arena, ca, s, g->of[s->kind][true].list[i]);
	*count += g->of[s->kind][false].n;
	if (*count > GO_MAX_COMPARISONS)
		return go_refuse(CAUSE_NAME_CONSTRAINT, "x509: unknown error", ca);
	if (s->error && !permitted)
		return not_authorised(arena, ca, s->error);
	for (size_t i = 0; i < g->of[s->kind][false].n && !permitted; i++)
		permitted = matches(arena, s, g->of[s->kind][false].list[i], ask->go);
	if (permitted)
		return (struct refusal){0};
	return not_authorised(arena, ca,
	    arena_printf(arena, "%s %s is not permitted by any constraint", kind_names[s->kind], subject_text(arena, s)));
}

struct refusal
go_constraints(const struct verify_ask *ask, const struct cert *ca, const struct cert *named, size_t *count)
{
	struct groups groups;

	group(ask->arena, ca, &groups);
	for (size_t i = 0; i < named->n_sans; i++) {
		struct go_subject subject;
		struct refusal r;
		const char *error;

		if (named->sans[i].kind == SAN_OTHER)
			continue;
		error = go_subject_read(ask->arena, &named->sans[i], ask->go, &subject);
		r = error ? go_refuse(CAUSE_NAME_CONSTRAINT, error, ca) : check(ask, ca, &groups, &subject, count);
		if (r.cause)
			return r;
	}
	return (struct refusal){0};
}
