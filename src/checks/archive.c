/* The archive in which the directory came. */
#include "explain.h"

static void
check(const struct facts *f, struct findings *fs, enum rule_id rule, enum archive_trouble trouble)
{
	for (size_t i = 0; i < f->listing->n_notes; i++) {
		const struct archive_note *n = &f->listing->notes[i];
		if (n->trouble != trouble)
			continue;
		struct finding *x = finding_add(fs, rule, NULL, NULL);
		if (rule == RULE_archive_damaged || rule == RULE_archive_limit)
			finding_value(fs, x, "what", n->text);
		else if (!n->name)
			finding_values(fs, x, "entries", n->text);
		if (!n->name)
			continue;
		bool why = n->text && rule == RULE_archive_odd_entry;
		finding_values(fs, x, "entries", why ? arena_printf(fs->arena, "%s (%s)", n->name, n->text) : n->name);
	}
}

void
check_archive_damaged(const struct facts *f, struct findings *fs)
{
	check(f, fs, RULE_archive_damaged, ARCHIVE_DAMAGED);
}

void
check_archive_limit(const struct facts *f, struct findings *fs)
{
	check(f, fs, RULE_archive_limit, ARCHIVE_LIMIT);
}

void
check_archive_outside(const struct facts *f, struct findings *fs)
{
	check(f, fs, RULE_archive_outside, ARCHIVE_OUTSIDE);
}

void
check_archive_duplicate(const struct facts *f, struct findings *fs)
{
	check(f, fs, RULE_archive_duplicate, ARCHIVE_DUPLICATE);
}

void
check_archive_odd_entry(const struct facts *f, struct findings *fs)
{
	check(f, fs, RULE_archive_odd_entry, ARCHIVE_ODD_ENTRY);
}
