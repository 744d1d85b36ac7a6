/*
 * The options of `crtlint check`: one table for parsing, for --help, and for the test that holds the manual page against it.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "crtlint/limits.h"
#include "crtlint/rule.h"
#include "crtlint/text.h"
#include "crtlint/when.h"

struct option {
	const char *name;
	char letter;
	const char *argument; /* NULL: takes none */
	const char *help;
	void (*take)(struct options *, const char *);
};

static const struct loc nowhere = {0, 0};

/* List members are added one at a time; the lists are our own, so their capacity is known. */
static void
add(struct options *o, struct words *w, const char *word)
{
	if ((w->n & (w->n - 1)) == 0) {
		const char **more = arena_array(o->arena, w->n ? w->n * 2 : 1, sizeof(*more));
		if (w->n)
			memcpy(more, w->list, w->n * sizeof(*more));
		w->list = more;
	}
	w->list[w->n++] = word;
}

static bool
have(const struct words *w, const char *word)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->list[i], word) == 0)
			return true;
	return false;
}

static const char *
safe(struct options *o, const char *s)
{
	return text_safe(o->arena, slice_of(s), TEXT_VALUE);
}

static void
take_profile(struct options *o, const char *v)
{
	o->profile = v;
}

/* A port stands behind the only colon of a name, or behind the bracket of an address. */
static bool
has_port(const char *v)
{
	const char *colon = strrchr(v, ':');
	return colon && colon[1] && colon[1 + strspn(colon + 1, "0123456789")] == '\0' && (*v == '[' ? colon[-1] == ']' : strchr(v, ':') == colon);
}

static void
take_host(struct options *o, const char *v)
{
	if (!*v || strpbrk(v, " ,\t\n"))
		error_add(&o->errors, NULL, nowhere, "--host '%s': expected one name or address; repeat the option for more", safe(o, v));
	else if (has_port(v))
		error_add(&o->errors, NULL, nowhere, "--host '%s': give the name or address without the port", safe(o, v));
	else if (o->settings.hosts.n >= LIMIT_HOSTS)
		error_add(&o->errors, NULL, nowhere, "--host: at most %d names", LIMIT_HOSTS);
	else if (!have(&o->settings.hosts, safe(o, v)))
		add(o, &o->settings.hosts, safe(o, v));
}

static void
take_user(struct options *o, const char *v)
{
	if (!*v || strpbrk(v, "/ \t\n"))
		error_add(&o->errors, NULL, nowhere, "--user '%s': expected a user name", safe(o, v));
	else if (o->settings.users.n < LIMIT_USERS && !have(&o->settings.users, safe(o, v)))
		add(o, &o->settings.users, safe(o, v));
}

static void
take_at(struct options *o, const char *v)
{
	int64_t span, at;
	if (*v == '+' && when_parse_span(v + 1, &span))
		o->settings.now += span;
	else if (when_parse(v, &at))
		o->settings.now = at;
	else
		error_add(&o->errors, NULL, nowhere, "--at '%s': expected a time such as 2027-01-31T00:00:00Z, or +30d", safe(o, v));
}

static void
take_set(struct options *o, const char *v)
{
	const char *equals = strchr(v, '=');
	struct settings *s = &o->settings;
	if (!equals || equals == v) {
		error_add(&o->errors, NULL, nowhere, "--set '%s': expected NAME=VALUE", safe(o, v));
		return;
	}
	struct setting *more = arena_array(o->arena, s->n_sets + 1, sizeof(*more));
	if (s->n_sets)
		memcpy(more, s->sets, s->n_sets * sizeof(*more));
	more[s->n_sets++] = (struct setting){safe(o, arena_strndup(o->arena, v, (size_t)(equals - v))), safe(o, equals + 1), FROM_OPTION};
	s->sets = more;
}

static void
take_expires(struct options *o, const char *v)
{
	char *end;
	unsigned long percent = strtoul(v, &end, 10);
	if (*v >= '0' && *v <= '9' && strcmp(end, "%") == 0 && percent <= 100)
		o->settings.expires_percent = (int)percent;
	else if (!when_parse_span(v, &o->settings.expires_seconds))
		error_add(&o->errors, NULL, nowhere, "--expires-within '%s': expected a span such as 30d, or a share such as 25%%",
		    safe(o, v));
}

/* A glob that fits no rule is a slip: it would leave out everything, or nothing. */
static void
take_rules(struct options *o, const char *option, const char *v, struct words *globs)
{
	const char *ids[RULE_COUNT];
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		ids[i] = rule_get((enum rule_id)i)->id;
		if (fnmatch(v, ids[i], 0) == 0) {
			add(o, globs, safe(o, v));
			return;
		}
	}
	const char *meant = text_nearest(v, ids, RULE_COUNT);
	error_add(&o->errors, NULL, nowhere, "%s '%s': no rule's id matches%s%s%s", option, safe(o, v), meant ? "; did you mean '" : "",
	    meant ? meant : "", meant ? "'?" : "");
}

static void
take_only(struct options *o, const char *v)
{
	take_rules(o, "--only", v, &o->settings.only);
}

static void
take_except(struct options *o, const char *v)
{
	take_rules(o, "--except", v, &o->settings.except);
}

static void
take_trace(struct options *o, const char *v)
{
	add(o, &o->settings.traces, safe(o, v));
}

static void
take_fail_on(struct options *o, const char *v)
{
	static const char *const levels[] = {"error", "warning", "note", "never"};
	for (unsigned i = 0; i < 4; i++) {
		if (strcmp(v, levels[i]) == 0) {
			o->fail_on = (enum fail_on)i;
			return;
		}
	}
	error_add(&o->errors, NULL, nowhere, "--fail-on '%s': expected error, warning, note or never", safe(o, v));
}

static void
take_format(struct options *o, const char *v)
{
	const char *colon = strchr(v, ':');
	const char *name = colon ? arena_strndup(o->arena, v, (size_t)(colon - v)) : v;
	const struct format *format = format_find(name);
	if (!format) {
		size_t n;
		const char *const *names = format_names(&n);
		const char *meant = text_nearest(name, names, n);
		error_add(&o->errors, NULL, nowhere, "--format '%s': no such format; there are text, json and junit%s%s%s", safe(o, name),
		    meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
	} else if (o->n_outputs == OUTPUTS_MAX) {
		error_add(&o->errors, NULL, nowhere, "--format: at most %d reports", OUTPUTS_MAX);
	} else if (colon && !colon[1]) {
		error_add(&o->errors, NULL, nowhere, "--format '%s': no file name after the colon", safe(o, v));
	} else {
		for (size_t i = 0; i < o->n_outputs; i++)
			if (!colon && !o->outputs[i].file)
				error_add(&o->errors, NULL, nowhere, "--format: only one report can go to standard output; write %s:FILE", name);
		o->outputs[o->n_outputs++] = (struct output){format, colon ? colon + 1 : NULL};
	}
}

static void
take_color(struct options *o, const char *v)
{
	if (strcmp(v, "auto") && strcmp(v, "always") && strcmp(v, "never"))
		error_add(&o->errors, NULL, nowhere, "--color '%s': expected auto, always or never", safe(o, v));
	o->color = v;
}

static void
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

static void
take_depth(struct options *o, const char *v)
{
	o->has_depth = true;
	if (!take_number(v, LIMIT_DEPTH, &o->depth))
		error_add(&o->errors, NULL, nowhere, "--max-depth '%s': expected a number from 0 to %d", safe(o, v), LIMIT_DEPTH);
}

static void
take_exclude(struct options *o, const char *v)
{
	add(o, &o->exclude, v);
}

static void
take_list(struct options *o, const char *v)
{
	add(o, &o->lists, v);
}

static void
take_nul(struct options *o, const char *v)
{
	(void)v;
	o->nul = true;
}

static void
take_jobs(struct options *o, const char *v)
{
	if (!take_number(v, LIMIT_JOBS, &o->jobs) || !o->jobs)
		error_add(&o->errors, NULL, nowhere, "--jobs '%s': expected a number from 1 to %d", safe(o, v), LIMIT_JOBS);
}

static void
take_quiet(struct options *o, const char *v)
{
	(void)v;
	o->quiet++;
}

static void
take_verbose(struct options *o, const char *v)
{
	(void)v;
	o->verbose++;
}

static void
take_help(struct options *o, const char *v)
{
	(void)v;
	o->help = true;
}

static const struct option table[] = {
    {"profile", 0, "NAME|FILE", "the system that reads the directory; default: chosen from the file names", take_profile},
    {"host", 0, "NAME", "a name or address under which the node is dialed; repeatable", take_host},
    {"advertise-addr", 0, "NAME", "the same as --host", take_host},
    {"user", 0, "NAME", "a user who will connect, even if no file bears the name; repeatable", take_user},
    {"at", 0, "TIME", "judge as of this time: RFC 3339, or +30d from now", take_at},
    {"set", 0, "NAME=VALUE", "a variable of the profile, such as server-version=24.1; repeatable", take_set},
    {"expires-within", 0, "SPAN", "warn of what expires within 30d, or within the last 25% of its life", take_expires},
    {"only", 0, "GLOB", "run only rules whose id matches; repeatable", take_only},
    {"except", 0, "GLOB", "leave out rules whose id matches; repeatable", take_except},
    {"trace", 0, "ID", "of this connection (rpc:node>node@HOST), show each candidate tried and why it was refused; repeatable", take_trace},
    {"fail-on", 0, "LEVEL", "the least finding that gives exit status 1: error (default), warning, note, never", take_fail_on},
    {"format", 0, "FORMAT[:FILE]", "text (default), json or junit; repeatable, one of them to standard output", take_format},
    {"recursive", 'r', NULL, "check every certificate directory below each PATH", take_recursive},
    {"max-depth", 0, "N", "with -r: at most so many directories below PATH; 0 is PATH alone", take_depth},
    {"exclude", 0, "GLOB", "with -r: leave out directories of that name, or path below PATH; repeatable", take_exclude},
    {"from-file", 0, "FILE", "check the directories and archives that this file names, one a line; - is standard input", take_list},
    {"null", '0', NULL, "with --from-file: names end with a NUL, as find -print0 writes them", take_nul},
    {"jobs", 'j', "N", "check so many directories at once; default: the number of processors", take_jobs},
    {"color", 0, "WHEN", "auto (default), always or never", take_color},
    {"quiet", 'q', NULL, "only what is an error, and the summary", take_quiet},
    {"verbose", 'v', NULL, "every connection and every note in full", take_verbose},
    {"help", 'h', NULL, "this text", take_help},
};

enum { TABLE_SIZE = sizeof(table) / sizeof(table[0]) };

void
options_help(void)
{
	for (unsigned i = 0; i < TABLE_SIZE; i++) {
		char left[48], letter[5] = "    ";
		if (table[i].letter)
			snprintf(letter, sizeof(letter), "-%c, ", table[i].letter);
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, table[i].name, table[i].argument ? " " : "",
		    table[i].argument ? table[i].argument : "");
		printf("  %-32s %s\n", left, table[i].help);
	}
}

static const struct option *
find(struct options *o, const char *name)
{
	const char *names[TABLE_SIZE];
	for (unsigned i = 0; i < TABLE_SIZE; i++) {
		names[i] = table[i].name;
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	const char *meant = text_nearest(name, names, TABLE_SIZE);
	error_add(&o->errors, NULL, nowhere, "unknown option --%s%s%s%s", safe(o, name), meant ? "; did you mean --" : "", meant ? meant : "",
	    meant ? "?" : "");
	return NULL;
}

/* --name, --name=VALUE or --name VALUE; how many further words were used. */
static int
take_long(struct options *o, const char *word, const char *next)
{
	const char *equals = strchr(word, '=');
	const char *name = equals ? arena_strndup(o->arena, word, (size_t)(equals - word)) : word;
	const struct option *option = find(o, name);
	if (!option)
		return 0;
	if (!option->argument) {
		if (equals)
			error_add(&o->errors, NULL, nowhere, "--%s takes no value", option->name);
		option->take(o, NULL);
		return 0;
	}
	const char *value = equals ? equals + 1 : next;
	if (!value) {
		error_add(&o->errors, NULL, nowhere, "--%s needs a value: %s", option->name, option->argument);
		return 0;
	}
	option->take(o, value);
	return equals ? 0 : 1;
}

/* -qv, -j4 or -j 4; how many further words were used. */
static int
take_letters(struct options *o, const char *letters, const char *next)
{
	for (; *letters; letters++) {
		unsigned i = 0;
		while (i < TABLE_SIZE && table[i].letter != *letters)
			i++;
		if (i == TABLE_SIZE) {
			error_add(&o->errors, NULL, nowhere, "unknown option -%s",
			    text_safe(o->arena, (struct slice){(const uint8_t *)letters, 1}, TEXT_VALUE));
		} else if (!table[i].argument) {
			table[i].take(o, NULL);
		} else if (letters[1] || next) {
			table[i].take(o, letters[1] ? letters + 1 : next);
			return letters[1] ? 0 : 1;
		} else {
			error_add(&o->errors, NULL, nowhere, "-%c needs a value: %s", table[i].letter, table[i].argument);
		}
	}
	return 0;
}

void
options_parse(struct options *o, int argc, char **argv)
{
	bool only_paths = false;
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i];
		if (only_paths || word[0] != '-' || !word[1])
			add(o, &o->paths, word);
		else if (strcmp(word, "--") == 0)
			only_paths = true;
		else if (word[1] == '-')
			i += take_long(o, word + 2, i + 1 < argc ? argv[i + 1] : NULL);
		else
			i += take_letters(o, word + 1, i + 1 < argc ? argv[i + 1] : NULL);
	}
	if (!o->n_outputs)
		o->outputs[o->n_outputs++] = (struct output){format_find("text"), NULL};
}
