/* What a reload does with these files, where it is known which ones the running service has. */
#include "explain.h"

#include <string.h>

void
check_reload_refused(const struct facts *facts, struct findings *fs)
{
	const struct outcome *o;

	(void)facts;
	for (size_t i = 0; (o = culprit_next(fs, RULE_reload_refused, &i)) != NULL;) {
		struct finding *x = finding_add(fs, RULE_reload_refused, o->failure.name, NULL);
		finding_value(fs, x, "file", o->failure.name);
		finding_value(fs, x, "error", o->failure.error);
		culprit_on(fs, x, o);
	}
}

static bool
worked(const struct facts *before, const char *id)
{
	for (size_t i = 0; i < before->n_connections; i++) {
		const struct outcome *o = &before->connections[i].outcome;
		if (o->judged && o->ok && strcmp(o->id, id) == 0)
			return true;
	}
	return false;
}

void
check_reload_breaks(const struct facts *facts, struct findings *fs)
{
	const struct facts *before = facts->settings ? facts->settings->previous : NULL;

	if (!before || !facts->reload.judged || !facts->reload.ok)
		return;
	for (size_t i = 0; i < facts->n_connections; i++) {
		const struct outcome *o = &facts->connections[i].outcome;
		if (o->ok || facts->connections[i].lent || !worked(before, o->id))
			continue;
		struct finding *x = finding_add(fs, RULE_reload_breaks, NULL, NULL);
		finding_values(fs, x, "connections", o->id);
		struct finding *cause = (struct finding *)finding_explaining(fs, o, 0);
		if (cause)
			finding_relate(fs, x, cause);
	}
}
