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

void
summary_add(struct summary *summary, const struct result *result)
{
	const struct facts *facts = result->facts;

	summary->directories++;
	summary->files += facts->n_files;
	summary->connections += facts->n_connections;
	for (size_t i = 0; i < facts->n_connections; i++) {
		const struct outcome *outcome = &facts->connections[i].outcome;
		summary->failed += outcome->judged && !outcome->ok;
	}
	for (size_t i = 0; i < result->findings->n; i++) {
		if (result->findings->list[i]->suppressed) {
			summary->suppressed++;
			continue;
		}
		switch (result->findings->list[i]->severity) {
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
