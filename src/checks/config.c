/* The configuration itself: suppressions that outlived their finding, or their date. */
#include "crtlint/finding.h"
#include "crtlint/text.h"

static bool
has_matched(const struct findings *fs, size_t i)
{
	return fs->matched[i] || fs->facts->settings->suppressions[i].matched;
}

static bool
has_lapsed(const struct settings *settings, size_t i)
{
	return settings->now >= settings->suppressions[i].until;
}

static void
tell(struct findings *fs, enum rule_id rule, const struct suppression *s)
{
	struct finding *x = finding_add(fs, rule, NULL, arena_printf(fs->arena, "%s %s", s->rule, s->file));

	finding_value(fs, x, "rule", s->rule);
	finding_value(fs, x, "suppressed_file", s->file);
	finding_value(fs, x, "until", s->until_text);
	finding_value(fs, x, "place", s->place);
	finding_value(fs, x, "reason", s->reason);
}

/* Where it would still suppress something; else, as it may be meant for another directory, after the last one. */
void
check_config_suppression_lapsed(const struct facts *f, struct findings *fs)
{
	const struct settings *s = f->settings;

	finding_suppress(fs);
	for (size_t i = 0; i < s->n_suppressions; i++)
		if (has_lapsed(s, i) && (fs->matched[i] || (s->last && !has_matched(fs, i))))
			tell(fs, RULE_config_suppression_lapsed, &s->suppressions[i]);
}

void
check_config_suppression_unused(const struct facts *f, struct findings *fs)
{
	const struct settings *s = f->settings;

	finding_suppress(fs);
	for (size_t i = 0; i < s->n_suppressions; i++)
		if (s->last && !has_lapsed(s, i) && !has_matched(fs, i))
			tell(fs, RULE_config_suppression_unused, &s->suppressions[i]);
}
