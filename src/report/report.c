#include "crtlint/report.h"

#include <string.h>

#include "formats.h"

enum { FORMAT_COUNT = 3 };

const struct format *
format_find(const char *name)
{
	static const struct format *const formats[FORMAT_COUNT] = {&report_text, &report_json, &report_junit};

	for (size_t i = 0; i < FORMAT_COUNT; i++) {
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	}
	return NULL;
}

const char *const *
format_names(size_t *count)
{
	static const char *const names[FORMAT_COUNT] = {"text", "json", "junit"};

	*count = FORMAT_COUNT;
	return names;
}

static void
count_finding(struct summary *summary, const struct finding *x)
{
	switch (x->severity) {
	case SEVERITY_NOTE:
		summary->notes++;
		break;
	case SEVERITY_WARNING:
		summary->warnings++;
		break;
	case SEVERITY_ERROR:
		summary->errors++;
		break;
	}
}

void
summary_add(struct summary *summary, const struct result *result)
{
	const struct facts *facts = result->facts;

	summary->directories++;
	summary->files += facts->n_files;
	for (size_t i = 0; i < facts->n_connections; i++) {
		const struct outcome *outcome = &facts->connections[i].outcome;
		if (facts->connections[i].lent) /* counted with the cluster */
			continue;
		summary->connections++;
		summary->failed += outcome->judged && !outcome->ok;
	}
	for (size_t i = 0; i < result->findings->n; i++) {
		if (result->findings->list[i]->suppressed)
			summary->suppressed++;
		else if (!result->findings->list[i]->absorbed_by)
			count_finding(summary, result->findings->list[i]);
	}
}

/* A roll-out's finding about old files alone is told nowhere else. */
static bool
is_old_alone(const struct cluster *c, const struct finding *x)
{
	for (size_t i = 0; i < x->members.n; i++) {
		for (size_t k = 0; k < c->n_members; k++) {
			if (c->members[k].name == x->members.list[i] && !c->members[k].old)
				return false;
		}
	}
	return true;
}

void
summary_add_cluster(struct summary *summary, const struct cluster *c)
{
	summary->connections += c->n_edges;
	summary->failed += c->n_failed;
	for (size_t i = 0; i < c->findings->n; i++) {
		const struct finding *x = c->findings->list[i];
		if (!rule_of_cluster(x->rule) && !(c->rollout && is_old_alone(c, x)))
			continue; /* counted with the directories */
		if (x->suppressed)
			summary->suppressed++;
		else
			count_finding(summary, x);
	}
}

void
summary_join(struct summary *s, const struct summary *other)
{
	s->directories += other->directories;
	s->connections += other->connections;
	s->failed += other->failed;
	s->errors += other->errors;
	s->warnings += other->warnings;
	s->notes += other->notes;
	s->suppressed += other->suppressed;
	s->files += other->files;
}
