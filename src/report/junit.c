/*
 * JUnit: a suite for each directory, in the layout that both the Jenkins and the Ant schema take: no counters on
 * <testsuites>, so that it can be written as it comes; warnings and notes, for which JUnit has no word, stand in the
 * suite's system-out.
 */
#include "crtlint/report.h"

#include <fnmatch.h>
#include <string.h>

#include "crtlint/text.h"
#include "crtlint/when.h"

#include "blame.h"
#include "formats.h"
#include "show.h"
#include "xml.h"

struct suite {
	struct xml xml;
	struct arena *arena;
	const struct result *result;
	const struct blame *blame;
	size_t errors[RULE_COUNT]; /* findings of that severity, by rule */
};

static bool
matches_any(const struct words *globs, const char *id)
{
	for (size_t i = 0; i < globs->n; i++) {
		if (fnmatch(globs->list[i], id, 0) == 0)
			return true;
	}
	return false;
}

/* --only and --except leave the other rules out of the run, but for what is told in any case. */
static bool
is_active(const struct suite *s, unsigned number)
{
	const struct settings *settings = s->result->facts->settings;
	const struct rule *rule = rule_get(number);

	if (rule_of_cluster(rule))
		return false;
	if (!settings || s->errors[number] > 0)
		return true;
	return (settings->only.n == 0 || matches_any(&settings->only, rule->id)) && !matches_any(&settings->except, rule->id);
}

static bool
fails(const struct outcome *o)
{
	return o->judged && (!o->ok || blame_reload_breaks(o));
}

static const struct outcome *
outcome_at(const struct facts *facts, size_t i)
{
	return i == 0 ? &facts->start : i == 1 ? &facts->reload : &facts->connections[i - 2].outcome;
}

static bool
counts_as_error(const struct finding *f)
{
	return f->severity == SEVERITY_ERROR && !f->suppressed;
}

/* Somebody answers for all that explains it. */
static bool
is_suppressed(const struct suite *s, const struct outcome *o)
{
	struct blamed blamed = blame_of(s->blame, o);
	size_t i = 0;

	while (i < blamed.n && blamed.list[i]->suppressed)
		i++;
	return fails(o) && blamed.n > 0 && i == blamed.n;
}

static const char *
headline(const struct suite *s, const struct finding *f)
{
	return arena_printf(s->arena, "%s%s[%s] %s: %s", f->suppressed ? "suppressed " : "", severity_name(f->severity),
	    f->rule->id, show_place(s->arena, s->result->path, f->file), f->message ? f->message : "");
}

static void
add_finding(const struct suite *s, struct buf *text, const struct finding *f)
{
	buf_printf(text, "%s\n", headline(s, f));
	for (size_t i = 0; i < f->n_evidence; i++)
		buf_printf(text, "    %s: %s\n", f->evidence[i].name, show_joined(s->arena, &f->evidence[i].values, ", "));
	for (size_t i = 0; i < f->n_breaks; i++)
		buf_printf(text, "    breaks: %s\n", f->breaks[i]->id);
	for (size_t i = 0; i < f->n_then; i++)
		buf_printf(text, "    and then: %s\n", f->then[i]->id);
	if (f->fix)
		buf_printf(text, "    fix: %s\n", f->fix);
	if (f->suppressed)
		buf_printf(text, "    suppressed until %s: %s\n", f->suppressed->until_text, f->suppressed->reason);
	for (size_t i = 0; i < f->commands.n; i++)
		buf_printf(text, "    %s\n", show_command(s->arena, &f->commands.list[i].argv, false));
}

static void
open_case(struct suite *s, const char *group, const char *name)
{
	xml_open(&s->xml, "testcase");
	xml_attribute(&s->xml, "classname", arena_printf(s->arena, "%s.%s", s->result->path, group));
	xml_attribute(&s->xml, "name", name);
	xml_attribute(&s->xml, "time", "0");
}

static void
write_failure(struct suite *s, const char *type, const char *message, const struct buf *text)
{
	xml_open(&s->xml, "failure");
	xml_attribute(&s->xml, "message", message);
	xml_attribute(&s->xml, "type", type);
	xml_text(&s->xml, buf_text(text));
	xml_close(&s->xml);
}

static void
write_rule(struct suite *s, const struct rule *rule)
{
	const struct findings *findings = s->result->findings;
	struct buf text = {.arena = s->arena};
	const char *first = NULL;

	open_case(s, "rules", rule->id);
	for (size_t i = 0; s->errors[rule->number] > 0 && i < findings->n; i++) {
		const struct finding *f = findings->list[i];
		if (!counts_as_error(f) || f->rule->number != rule->number)
			continue;
		add_finding(s, &text, f);
		if (!first)
			first = headline(s, f);
	}
	if (first && s->errors[rule->number] > 1)
		first = arena_printf(s->arena, "%s (and %zu more)", first, s->errors[rule->number] - 1);
	if (first)
		write_failure(s, rule->id, first, &text);
	xml_close(&s->xml);
}

static void
write_outcome(struct suite *s, const struct outcome *o)
{
	const struct connection *c = o->kind == OUTCOME_CONNECTION ? facts_connection(o) : NULL;
	const char *stage = c ? show_stage(c->stage) : o->id;
	struct blamed blamed = blame_of(s->blame, o);
	struct buf text = {.arena = s->arena};

	open_case(s, c ? "connections" : "server", o->id);
	if (!o->judged || is_suppressed(s, o)) {
		xml_open(&s->xml, "skipped");
		xml_attribute(&s->xml, "message", !o->judged ? "not judged" : headline(s, blamed.list[0]));
		xml_close(&s->xml);
	} else if (fails(o)) {
		if (blame_reload_breaks(o))
			buf_add(&text, "The reload is taken, and then every handshake fails.\n");
		if (c && c->client_error)
			buf_printf(&text, "client: %s\n", c->client_error);
		if (c && c->server_error)
			buf_printf(&text, "server: %s\n", c->server_error);
		for (size_t i = 0; i < blamed.n; i++)
			buf_printf(&text, "%s\n", headline(s, blamed.list[i]));
		write_failure(s, stage ? stage : "connection", o->failure.error ? o->failure.error : "fails", &text);
	}
	xml_close(&s->xml);
}

static void
write_property(struct suite *s, const char *name, const char *value)
{
	if (!value)
		return;
	xml_open(&s->xml, "property");
	xml_attribute(&s->xml, "name", name);
	xml_attribute(&s->xml, "value", value);
	xml_close(&s->xml);
}

static void
write_properties(struct suite *s, int64_t at)
{
	const struct facts *facts = s->result->facts;

	xml_open(&s->xml, "properties");
	write_property(s, "at", when_format(s->arena, at));
	write_property(s, "profile", facts->profile ? facts->profile->name : NULL);
	write_property(s, "dialect", facts->dialect);
	write_property(s, "chosen-because", facts->chosen_because);
	write_property(s, "config", facts->settings ? facts->settings->config : NULL);
	for (size_t i = 0; i < facts->n_values; i++)
		write_property(s, facts->values[i].variable->name, facts->values[i].text);
	xml_close(&s->xml);
}

static void
write_output(struct suite *s)
{
	const struct findings *findings = s->result->findings;
	const struct words *unjudged = &s->result->facts->unjudged;
	struct buf text = {.arena = s->arena};

	for (size_t i = 0; i < findings->n; i++) {
		if (!counts_as_error(findings->list[i]))
			add_finding(s, &text, findings->list[i]);
	}
	for (size_t i = 0; i < unjudged->n; i++)
		buf_printf(&text, "not decided by this directory: %s\n", unjudged->list[i]);
	xml_open(&s->xml, "system-out");
	xml_text(&s->xml, buf_text(&text));
	xml_close(&s->xml);
	xml_open(&s->xml, "system-err");
	xml_close(&s->xml);
}

static void
write_counts(struct suite *s)
{
	const struct facts *facts = s->result->facts;
	size_t tests = 0, failures = 0, skipped = 0;

	for (unsigned i = 0; i < RULE_COUNT; i++) {
		tests += is_active(s, i);
		failures += s->errors[i] > 0;
	}
	for (size_t i = 0; i < facts->n_connections + 2; i++) {
		tests++;
		bool suppressed = is_suppressed(s, outcome_at(facts, i));
		failures += fails(outcome_at(facts, i)) && !suppressed;
		skipped += !outcome_at(facts, i)->judged || suppressed;
	}
	xml_attribute(&s->xml, "tests", arena_printf(s->arena, "%zu", tests));
	xml_attribute(&s->xml, "failures", arena_printf(s->arena, "%zu", failures));
	xml_attribute(&s->xml, "errors", "0");
	xml_attribute(&s->xml, "skipped", arena_printf(s->arena, "%zu", skipped));
}

static void
junit_front(struct report *report)
{
	struct xml xml = {.out = report->out, .indent = 1};
	char id[24];

	snprintf(id, sizeof(id), "%zu", report->directories);
	xml_open(&xml, "testsuite");
	xml_attribute(&xml, "package", "crtlint");
	xml_attribute(&xml, "id", id);
}

static void
junit_directory(struct report *report, const struct result *r)
{
	struct arena *arena = r->facts->arena;
	struct suite s = {
	    .xml = {.out = report->out, .indent = 1},
	    .arena = arena,
	    .result = r,
	    .blame = blame_new(arena, r->facts, r->findings),
	};
	char *timestamp = arena_strdup(arena, when_format(arena, report->at));

	timestamp[strcspn(timestamp, "Z")] = '\0'; /* the Ant schema takes no zone */
	for (size_t i = 0; i < r->findings->n; i++)
		s.errors[r->findings->list[i]->rule->number] += counts_as_error(r->findings->list[i]);
	xml_reopen(&s.xml, "testsuite");
	xml_attribute(&s.xml, "name", r->path);
	xml_attribute(&s.xml, "timestamp", timestamp);
	xml_attribute(&s.xml, "hostname", "localhost");
	write_counts(&s);
	xml_attribute(&s.xml, "time", "0");
	write_properties(&s, report->at);
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		if (is_active(&s, i))
			write_rule(&s, rule_get(i));
	}
	for (size_t i = 0; i < r->facts->n_connections + 2; i++)
		write_outcome(&s, outcome_at(r->facts, i));
	write_output(&s);
	xml_close(&s.xml);
}

static void
junit_begin(struct report *report)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>", report->out);
}

static void
junit_end(struct report *report, const struct summary *summary)
{
	(void)summary;
	fputs("\n</testsuites>\n", report->out);
}

const struct format report_junit = {
    .name = "junit",
    .help = "JUnit XML: a suite for each directory, a case for each rule and connection",
    .begin = junit_begin,
    .front = junit_front,
    .directory = junit_directory,
    .end = junit_end,
    .cluster = junit_cluster,
};
