/* Public keys: their strength, and who shares them. */
#include "explain.h"

static enum rule_id
strength_rule(const struct spki *k)
{
	if (k->type == KEY_RSA && k->bits > 0 && k->bits < 1024)
		return RULE_key_too_small;
	if (k->type == KEY_EC && k->curve == CURVE_P224)
		return RULE_key_too_small;
	if (k->type == KEY_RSA && k->bits < 2048 && k->bits > 0)
		return RULE_key_weak;
	return k->type == KEY_RSA && k->bits > 8192 ? RULE_key_too_large : RULE_COUNT;
}

static void
add_type(struct findings *fs, struct finding *x, const struct culprit *b, const struct outcome *o)
{
	(void)o;
	finding_value(fs, x, "type", spki_text(fs->arena, &b->cert->spki));
}

static void
check_strength(struct findings *fs, enum rule_id rule)
{
	const struct look *l = look_at(fs);

	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (look_is_judged(s->file) && strength_rule(&s->cert->spki) == rule)
			finding_value(fs, look_add(fs, rule, s->file, s->index), "type", spki_text(fs->arena, &s->cert->spki));
	}
	culprit_certs(fs, rule, add_type);
}

void
check_key_too_small(const struct facts *f, struct findings *fs)
{
	(void)f;
	check_strength(fs, RULE_key_too_small);
}

void
check_key_too_large(const struct facts *f, struct findings *fs)
{
	(void)f;
	check_strength(fs, RULE_key_too_large);
}

void
check_key_weak(const struct facts *f, struct findings *fs)
{
	(void)f;
	check_strength(fs, RULE_key_weak);
}

static bool
is_own_leaf(const struct seat *s)
{
	return s->index == 0 && look_is_leaf(s->file);
}

/* The first seat of this key that is another identity: another leaf, another subject. */
static const struct seat *
other_identity(struct seats all, const struct seat *s)
{
	enum { SHARERS_SEEN = 64 };

	for (size_t i = 0; i < all.n && i < SHARERS_SEEN; i++) {
		const struct seat *t = all.list[i];
		if (t->file != s->file && is_own_leaf(t) && !slice_eq(t->cert->subject.raw, s->cert->subject.raw))
			return t;
	}
	return NULL;
}

void
check_key_shared(const struct facts *f, struct findings *fs)
{
	const struct look *l = look_at(fs);

	(void)f;
	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		const struct seat *t = is_own_leaf(s) ? other_identity(look_spki(l, s->cert->spki.raw), s) : NULL;
		if (!t || t < s) /* told once, of the one that comes first */
			continue;
		struct finding *x = look_add(fs, RULE_key_shared, s->file, s->index);
		finding_value(fs, x, "other", t->file->name);
		finding_values(fs, x, "subjects", look_subject_text(fs, s->cert));
		finding_values(fs, x, "subjects", look_subject_text(fs, t->cert));
	}
}

void
check_key_same_as_ca(const struct facts *f, struct findings *fs)
{
	enum { SHARERS_SEEN = 64 };
	const struct look *l = look_at(fs);

	(void)f;
	for (size_t i = 0; i < l->n; i++) {
		const struct seat *s = &l->seats[i];
		if (!is_own_leaf(s))
			continue;
		struct seats all = look_spki(l, s->cert->spki.raw);
		for (size_t k = 0; k < all.n && k < SHARERS_SEEN; k++) {
			const struct seat *t = all.list[k];
			if (!look_is_ca(t->file) || look_no_issuer(t->cert) || slice_eq(t->cert->raw, s->cert->raw))
				continue;
			finding_value(fs, look_add(fs, RULE_key_same_as_ca, s->file, s->index), "other", t->file->name);
			break;
		}
	}
}
