/*
 * What each option of `crtlint check` takes: a word that is looked at and kept, or complained of.
 */
#include "take.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "crtlint/limits.h"
#include "crtlint/rule.h"
#include "crtlint/text.h"
#include "crtlint/topology.h"
#include "crtlint/when.h"

/* List members are added one at a time; the lists are our own, so their capacity is known. */
void
take_word(struct options *o, struct words *w, const char *word)
{
	if ((w->n & (w->n - 1)) == 0) {
		const char **more = arena_array(o->arena, w->n ? w->n * 2 : 1, sizeof(*more));
		if (w->n)
			memcpy(more, w->list, w->n * sizeof(*more));
		w->list = more;
	}
	w->list[w->n++] = word;
}

const char *
take_safe(struct options *o, const char *s)
{
	return text_safe(o->arena, slice_of(s), TEXT_VALUE);
}

void
take_profile(struct options *o, const char *v)
{
	o->profile = v;
}

/* A port stands behind the only colon of a name, or behind the bracket of an address. */
static bool
has_port(const char *v)
{
	const char *colon = strrchr(v, ':');
	return colon && colon[1] && colon[1 + strspn(colon + 1, "0123456789")] == '\0' &&
	       (*v == '[' ? colon[-1] == ']' : strchr(v, ':') == colon);
}

void
take_config(struct options *o, const char *v)
{
	o->config = v;
}

void
take_no_config(struct options *o, const char *v)
{
	(void)v;
	o->no_config = true;
}

void
take_host(struct options *o, const char *v)
{
	const char *equals = strchr(v, '='), *name = equals ? equals + 1 : v;
	if (!*name || equals == v || strpbrk(v, " ,\t\n") || strchr(name, '='))
		error_add(&o->errors, NULL, NOWHERE,
		    "--host '%s': expected one name or address, or PEER=NAME; repeat the option for more", take_safe(o, v));
	else if (has_port(name))
		error_add(&o->errors, NULL, NOWHERE, "--host '%s': give the name or address without the port", take_safe(o, v));
	else if (o->settings.hosts.n >= LIMIT_HOSTS)
		error_add(&o->errors, NULL, NOWHERE, "--host: at most %d names", LIMIT_HOSTS);
	else if (!words_have(&o->settings.hosts, take_safe(o, v)))
		take_word(o, &o->settings.hosts, take_safe(o, v));
}

void
take_user(struct options *o, const char *v)
{
	if (!*v || strpbrk(v, "/ \t\n"))
		error_add(&o->errors, NULL, NOWHERE, "--user '%s': expected a user name", take_safe(o, v));
	else if (o->settings.users.n >= LIMIT_USERS)
		error_add(&o->errors, NULL, NOWHERE, "--user: at most %d names", LIMIT_USERS);
	else if (!words_have(&o->settings.users, take_safe(o, v)))
		take_word(o, &o->settings.users, take_safe(o, v));
}

void
take_at(struct options *o, const char *v)
{
	int64_t span, at;
	bool part;
	if (*v == '+' && when_parse_span(v + 1, &span)) {
		o->settings.now += span;
	} else if (when_parse(v, &at, &part)) {
		o->settings.now = at;
		o->settings.part = part;
	} else {
		error_add(&o->errors, NULL, NOWHERE, "--at '%s': expected a time such as 2027-01-31T00:00:00Z, or +30d",
		    take_safe(o, v));
	}
}

void
take_set(struct options *o, const char *v)
{
	const char *equals = strchr(v, '=');
	struct settings *s = &o->settings;
	if (!equals || equals == v) {
		error_add(&o->errors, NULL, NOWHERE, "--set '%s': expected NAME=VALUE", take_safe(o, v));
		return;
	}
	struct setting *more = arena_array(o->arena, s->n_sets + 1, sizeof(*more));
	if (s->n_sets)
		memcpy(more, s->sets, s->n_sets * sizeof(*more));
	more[s->n_sets++] = (struct setting){
	    take_safe(o, arena_strndup(o->arena, v, (size_t)(equals - v))), take_safe(o, equals + 1), FROM_OPTION};
	s->sets = more;
}

void
take_toml(struct options *o, const char *v)
{
	take_word(o, &o->tomls, v);
}

void
take_topology(struct options *o, const char *v)
{
	const char *path = text_safe(o->arena, slice_of(v), TEXT_NAME);
	struct slice yaml = file_read(o->arena, v, LIMIT_TOPOLOGY);
	struct topology **more = arena_array(o->arena, o->n_topologies + 1, sizeof(*more));
	if (!yaml.p) {
		error_add(&o->errors, path, NOWHERE, "cannot read this topology: %s", strerror(errno));
		return;
	}
	if (o->n_topologies)
		memcpy(more, o->topologies, o->n_topologies * sizeof(*more));
	more[o->n_topologies] = topology_read(o->arena, path, yaml, &o->errors);
	o->n_topologies += more[o->n_topologies] != NULL;
	o->topologies = more;
}

void
take_expires(struct options *o, const char *v)
{
	if (!config_expiry(v, &o->settings.expires_seconds, &o->settings.expires_percent))
		error_add(&o->errors, NULL, NOWHERE,
		    "--expires-within '%s': expected a span such as 30d, or a share such as 25%%", take_safe(o, v));
}

/* A glob that fits no rule is a slip: it would leave out everything, or nothing. */
static void
take_rules(struct options *o, const char *option, const char *v, struct words *globs)
{
	const char *ids[RULE_COUNT];
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		ids[i] = rule_get((enum rule_id)i)->id;
		if (fnmatch(v, ids[i], 0) == 0) {
			take_word(o, globs, take_safe(o, v));
			return;
		}
	}
	const char *meant = text_nearest(v, ids, RULE_COUNT);
	error_add(&o->errors, NULL, NOWHERE, "%s '%s': no rule's id matches%s%s%s", option, take_safe(o, v),
	    meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
}

void
take_only(struct options *o, const char *v)
{
	take_rules(o, "--only", v, &o->settings.only);
}

void
take_except(struct options *o, const char *v)
{
	take_rules(o, "--except", v, &o->settings.except);
}

void
take_trace(struct options *o, const char *v)
{
	take_word(o, &o->settings.traces, take_safe(o, v));
}

void
take_fail_on(struct options *o, const char *v)
{
	static const char *const levels[] = {"error", "warning", "note", "never"};
	for (unsigned i = 0; i < 4; i++) {
		if (strcmp(v, levels[i]) == 0) {
			o->fail_on = (enum fail_on)i;
			return;
		}
	}
	error_add(&o->errors, NULL, NOWHERE, "--fail-on '%s': expected error, warning, note or never", take_safe(o, v));
}

void
take_format(struct options *o, const char *v)
{
	const char *colon = strchr(v, ':');
	const char *name = colon ? arena_strndup(o->arena, v, (size_t)(colon - v)) : v;
	const struct format *format = format_find(name);
	if (!format) {
		size_t n;
		const char *const *names = format_names(&n);
		const char *meant = text_nearest(name, names, n);
		error_add(&o->errors, NULL, NOWHERE, "--format '%s': no such format; there are text, json and junit%s%s%s",
		    take_safe(o, name), meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
	} else if (o->n_outputs == OUTPUTS_MAX) {
		error_add(&o->errors, NULL, NOWHERE, "--format: at most %d reports", OUTPUTS_MAX);
	} else if (colon && !colon[1]) {
		error_add(&o->errors, NULL, NOWHERE, "--format '%s': no file name after the colon", take_safe(o, v));
	} else {
		for (size_t i = 0; i < o->n_outputs; i++)
			if (!colon && !o->outputs[i].file)
				error_add(&o->errors, NULL, NOWHERE,
				    "--format: only one report can go to standard output; write %s:FILE", name);
		o->outputs[o->n_outputs++] = (struct output){format, colon ? colon + 1 : NULL};
	}
}

void
take_color(struct options *o, const char *v)
{
	if (strcmp(v, "auto") && strcmp(v, "always") && strcmp(v, "never"))
		error_add(&o->errors, NULL, NOWHERE, "--color '%s': expected auto, always or never", take_safe(o, v));
	o->color = v;
}

void
take_recursive(struct options *o, const char *v)
{
	(void)v;
	o->recursive = true;
}

/* Digits alone, up to most; false: not such a number. */
static bool
take_number(const char *v, unsigned most, unsigned *out)
{
	char *end;
	unsigned long n = strtoul(v, &end, 10);
	*out = (unsigned)n;
	return *v >= '0' && *v <= '9' && !*end && n <= most;
}

void
take_depth(struct options *o, const char *v)
{
	o->has_depth = true;
	if (!take_number(v, LIMIT_DEPTH, &o->depth))
		error_add(
		    &o->errors, NULL, NOWHERE, "--max-depth '%s': expected a number from 0 to %d", take_safe(o, v), LIMIT_DEPTH);
}

void
take_exclude(struct options *o, const char *v)
{
	take_word(o, &o->exclude, v);
}

void
take_list(struct options *o, const char *v)
{
	take_word(o, &o->lists, v);
}

void
take_nul(struct options *o, const char *v)
{
	(void)v;
	o->nul = true;
}

void
take_jobs(struct options *o, const char *v)
{
	if (!take_number(v, LIMIT_JOBS, &o->jobs) || !o->jobs)
		error_add(&o->errors, NULL, NOWHERE, "--jobs '%s': expected a number from 1 to %d", take_safe(o, v), LIMIT_JOBS);
}

void
take_cluster(struct options *o, const char *v)
{
	(void)v;
	o->cluster = true;
}

void
take_previous(struct options *o, const char *v)
{
	take_word(o, &o->previous, v);
}

void
take_quiet(struct options *o, const char *v)
{
	(void)v;
	o->quiet++;
}

void
take_verbose(struct options *o, const char *v)
{
	(void)v;
	o->verbose++;
}

void
take_help(struct options *o, const char *v)
{
	(void)v;
	o->help = true;
}
