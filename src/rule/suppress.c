/* What the configuration says of single findings. */
#include "crtlint/finding.h"

#include <fnmatch.h>
#include <string.h>

#include "crtlint/arena.h"
#include "crtlint/digest.h"

enum level_wish
finding_wish(const struct findings *fs, const struct finding *x)
{
	const struct settings *s = fs->facts->settings;
	bool breaking = x->n_breaks > 0 || x->n_then > 0 || x->n_edges > 0 || x->grave;

	for (size_t i = 0; s && i < s->n_levels; i++)
		if (strcmp(s->levels[i].rule, x->rule->id) == 0)
			return breaking ? s->levels[i].when_breaking : s->levels[i].level;
	return WISH_NONE;
}

static bool
is_pinned(const struct findings *fs, struct slice spki, const char *pin)
{
	return spki.n > 0 && strcmp(digest_hex(fs->arena, spki), pin) == 0;
}

/* The certificate that the finding is about, any of the file's when it is about the file as a whole, or the file's own key. */
static bool
pin_holds(const struct findings *fs, const struct finding *x, const char *pin)
{
	const struct file *file = x->file ? facts_file(fs->facts, x->file) : NULL;
	struct object *o = file ? file->object : NULL;

	if (!o)
		return false;
	for (size_t i = 0; i < o->n_certs; i++) {
		if (x->certificate >= 0 && i != (size_t)x->certificate)
			continue;
		if (o->certs[i]->usable && is_pinned(fs, o->certs[i]->spki.raw, pin))
			return true;
	}
	if (x->certificate >= 0 || !object_holds_key(o))
		return false;
	const struct key *key = object_key(fs->facts->arena, o);
	return key && key->flaw == KEY_SOUND && is_pinned(fs, key_spki(fs->arena, key), pin);
}

static bool
covers(const struct findings *fs, const struct suppression *s, const struct finding *x)
{
	return strcmp(s->rule, x->rule->id) == 0 && fnmatch(s->file, x->file ? x->file : ".", FNM_NOESCAPE) == 0 &&
	       (!s->spki || pin_holds(fs, x, s->spki));
}

void
finding_suppress(struct findings *fs)
{
	const struct settings *settings = fs->facts->settings;

	if (!settings || fs->matched)
		return;
	fs->matched = arena_array(fs->arena, settings->n_suppressions, sizeof *fs->matched);
	for (size_t i = 0; i < settings->n_suppressions; i++) {
		const struct suppression *s = &settings->suppressions[i];
		for (size_t k = 0; k < fs->n; k++) {
			struct finding *x = fs->list[k];
			if (!covers(fs, s, x) ||
			    (fs->facts->cluster && !rule_of_cluster(x->rule))) /* a member's own is asked there */
				continue;
			fs->matched[i] = true;
			if (settings->now < s->until && !x->suppressed)
				x->suppressed = s;
		}
	}
}
