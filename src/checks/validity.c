/* Dates. */
#include "explain.h"

#include <string.h>

enum { DAY = 24 * 60 * 60 };

static int64_t
now(const struct facts *f)
{
	return f->settings->now;
}

static bool
is_expired(const struct facts *f, const struct cert *c)
{
	return c->not_after < now(f) + f->settings->part;
}

static bool
is_reversed(const struct cert *c)
{
	return c->not_after < c->not_before;
}

static void
add_dates(struct findings *fs, struct finding *x, const struct cert *c)
{
	finding_value(fs, x, "not_before", when_format(fs->arena, c->not_before));
	finding_value(fs, x, "not_after", when_format(fs->arena, c->not_after));
	finding_value(fs, x, "subject", look_subject_text(fs, c));
}

static void
fill_dates(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)o;
	add_dates(fs, x, b->cert);
	if (look_is_leaf(b->file ? b->file : &(const struct file){0}))
		look_mend(fs, x, x->file);
}

/* One CA among several of a file does no harm by its dates while another of the file is in force. */
static bool
is_spare(const struct facts *f, const struct seat *s)
{
	const struct object *o = s->file->object;

	for (size_t i = 0; look_is_ca(s->file) && i < o->n_certs; i++) {
		const struct cert *c = o->certs[i];
		if (i != s->index && c->usable && !is_expired(f, c) && c->not_before <= now(f) && !slice_eq(c->raw, s->cert->raw))
			return true;
	}
	return false;
}

static enum rule_id
date_rule(const struct facts *f, const struct seat *s)
{
	if (is_reversed(s->cert))
		return RULE_validity_reversed;
	if (is_expired(f, s->cert))
		return is_spare(f, s) ? RULE_validity_old_ca : RULE_validity_expired;
	return s->cert->not_before > now(f) ? RULE_validity_not_yet : RULE_COUNT;
}

static struct finding *
add_date(struct findings *fs, enum rule_id rule, const struct seat *s)
{
	struct finding *x = look_add(fs, rule, s->file, s->index);

	add_dates(fs, x, s->cert);
	if (look_is_leaf(s->file) && s->index == 0)
		look_mend(fs, x, s->file->name);
	return x;
}

static void
check_dates(const struct facts *f, struct findings *fs, enum rule_id rule)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		if (look_is_judged(l->seats[i].file) && date_rule(f, &l->seats[i]) == rule)
			add_date(fs, rule, &l->seats[i]);
	}
	culprit_certs(fs, rule, fill_dates);
}

void
check_validity_expired(const struct facts *f, struct findings *fs)
{
	check_dates(f, fs, RULE_validity_expired);
}

void
check_validity_not_yet(const struct facts *f, struct findings *fs)
{
	check_dates(f, fs, RULE_validity_not_yet);
}

void
check_validity_reversed(const struct facts *f, struct findings *fs)
{
	check_dates(f, fs, RULE_validity_reversed);
}

/* Whether a failure already blames this expired CA. */
static bool
is_blamed(struct findings *fs, const struct seat *s)
{
	const struct outcome *o;

	for (size_t i = 0; (o = culprit_next(fs, RULE_validity_expired, &i)) != NULL;) {
		if (o->failure.cert == s->cert)
			return true;
	}
	return false;
}

void
check_validity_old_ca(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		if (look_is_judged(l->seats[i].file) && date_rule(f, &l->seats[i]) == RULE_validity_old_ca &&
		    !is_blamed(fs, &l->seats[i]))
			add_date(fs, RULE_validity_old_ca, &l->seats[i]);
	}
}

/* How long before its end the warning comes. */
static int64_t
warning_time(const struct facts *f, const struct cert *c)
{
	int64_t life = c->not_after - c->not_before;

	if (f->settings->expires_seconds >= 0)
		return f->settings->expires_seconds;
	if (f->settings->expires_percent >= 0)
		return life / 100 * f->settings->expires_percent;
	return life / 3 < 30 * DAY ? life / 3 : 30 * DAY;
}

static bool
ends_soon(const struct facts *f, const struct cert *c)
{
	return !is_reversed(c) && !is_expired(f, c) && c->not_before <= now(f) && c->not_after - now(f) <= warning_time(f, c);
}

/* Whether what is here hangs on this CA: in a bundle under rotation, only one whose issue has no other way up does. */
static bool
is_needed(struct findings *fs, const struct seat *s)
{
	enum { TRIED = 200 };
	const struct facts *f = fs->facts;
	const struct look *l = look_at(fs);
	const struct object *o = s->file->object;
	size_t tried = 0;

	if (o->n_certs == 1)
		return true;
	for (size_t i = 0; i < o->n_certs; i++) { /* renewed with the same key: the other one takes its place */
		const struct cert *c = o->certs[i];
		if (i != s->index && c->usable && slice_eq(c->subject.raw, s->cert->subject.raw) &&
		    slice_eq(c->spki.raw, s->cert->spki.raw) && !is_expired(f, c) && !ends_soon(f, c))
			return false;
	}
	for (size_t i = 0; i < l->n && tried < TRIED; i++) {
		const struct seat *t = &l->seats[i];
		if (!look_is_leaf(t->file) || !slice_eq(t->cert->issuer.raw, s->cert->subject.raw))
			continue;
		tried++;
		if (look_issued(f, t->cert, s->cert))
			return true;
	}
	return false;
}

static const char *
span_text(struct findings *fs, int64_t seconds)
{
	if (seconds >= 2 * DAY)
		return arena_printf(fs->arena, "%lld days", (long long)(seconds / DAY));
	if (seconds >= 2 * 3600)
		return arena_printf(fs->arena, "%lld hours", (long long)(seconds / 3600));
	return arena_printf(fs->arena, "%lld minutes", (long long)(seconds / 60));
}

void
check_validity_expires_soon(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (!look_is_judged(s->file) || !ends_soon(f, s->cert) || (look_is_ca(s->file) && !is_needed(fs, s)))
			continue;
		finding_value(
		    fs, add_date(fs, RULE_validity_expires_soon, s), "left", span_text(fs, s->cert->not_after - now(f)));
	}
}

/* The last-lived CA of a CA file that issued it; NULL: none, or its end is told by another rule. */
static const struct seat *
last_ca(struct findings *fs, const struct cert *c)
{
	enum { CAS_TRIED = 20 };
	struct seats s = look_subject(look_at(fs), c->issuer.raw);
	const struct seat *last = NULL;

	for (size_t i = 0; i < s.n && i < CAS_TRIED; i++) {
		if (look_is_ca(s.list[i]->file) && look_issued(fs->facts, c, s.list[i]->cert) &&
		    (!last || s.list[i]->cert->not_after > last->cert->not_after))
			last = s.list[i];
	}
	return last;
}

void
check_validity_outlives_ca(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (!look_is_leaf(s->file) || cert_self_issued(s->cert) || is_expired(f, s->cert))
			continue;
		const struct seat *ca = last_ca(fs, s->cert);
		/* Made one after the other with the same number of days, as documentation does, they end minutes apart. */
		if (!ca || s->cert->not_after <= ca->cert->not_after + DAY || is_expired(f, ca->cert) || ends_soon(f, ca->cert))
			continue;
		struct finding *x = look_add(fs, RULE_validity_outlives_ca, s->file, s->index);
		add_dates(fs, x, s->cert);
		finding_value(fs, x, "ca_file", ca->file->name);
		finding_value(fs, x, "ca_not_after", when_format(fs->arena, ca->cert->not_after));
	}
}

/* Whether a browser is shown this file: a connection whose dialer's own trust decides. */
static bool
is_shown(const struct facts *f, const struct file *file)
{
	for (size_t i = 0; f->profile && i < f->profile->n_connections; i++) {
		const struct connection_row *row = &f->profile->connections[i];
		for (size_t k = 0; row->assumes && k < f->n_connections; k++) {
			if (f->connections[k].serves == file && strcmp(f->connections[k].kind, row->kind) == 0)
				return true;
		}
	}
	return false;
}

void
check_validity_browser_limit(const struct facts *f, struct findings *fs)
{
	enum { LIMIT_DAYS = 825 };
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		int64_t days = (s->cert->not_after - s->cert->not_before) / DAY;
		if (s->index != 0 || days <= LIMIT_DAYS || !look_is_leaf(s->file) || s->file->row->principal ||
		    s->file->row->required)
			continue;
		if (look_service(l, f, s->file)->serves && is_shown(f, s->file))
			finding_value(
			    fs, look_add(fs, RULE_validity_browser_limit, s->file, 0), "days", look_number(fs, (uint64_t)days));
	}
}
