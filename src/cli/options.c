/*
 * The options of `crtlint check`: one table for parsing, for --help, and for the test that holds the manual page against it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "crtlint/limits.h"
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

static void
take_host(struct options *o, const char *v)
{
	if (!*v || strpbrk(v, " ,\t\n"))
		error_add(&o->errors, NULL, nowhere, "--host '%s': expected one name or address; repeat the option for more", safe(o, v));
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

static void
take_only(struct options *o, const char *v)
{
	add(o, &o->settings.only, safe(o, v));
}

static void
take_except(struct options *o, const char *v)
{
	add(o, &o->settings.except, safe(o, v));
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
take_cluster(struct options *o, const char *v)
{
	(void)v;
	o->cluster = true;
}

static void
take_previous(struct options *o, const char *v)
{
	add(o, &o->previous, v);
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
    {"cluster", 0, NULL, "the paths are members of one cluster (PATH or NAME=PATH@HOST,HOST): judge all connections between them", take_cluster},
    {"previous", 0, "DIR|NAME=DIR", "what is in use now: judge the reload, and a roll-out node by node", take_previous},
    {"only", 0, "GLOB", "run only rules whose id matches; repeatable", take_only},
    {"except", 0, "GLOB", "leave out rules whose id matches; repeatable", take_except},
    {"fail-on", 0, "LEVEL", "the least finding that gives exit status 1: error (default), warning, note, never", take_fail_on},
    {"format", 0, "FORMAT[:FILE]", "text (default), json or junit; repeatable, one of them to standard output", take_format},
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
		char left[48];
		char letter[5] = "    ";
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

static void
take_letters(struct options *o, const char *letters)
{
	for (; *letters; letters++) {
		unsigned i = 0;
		while (i < TABLE_SIZE && table[i].letter != *letters)
			i++;
		if (i < TABLE_SIZE)
			table[i].take(o, NULL);
		else
			error_add(&o->errors, NULL, nowhere, "unknown option -%s",
			    text_safe(o->arena, (struct slice){(const uint8_t *)letters, 1}, TEXT_VALUE));
	}
}

void
options_parse(struct options *o, int argc, char **argv)
{
	bool only_paths = false;
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i];
		if (only_paths || word[0] != '-')
			add(o, &o->paths, word);
		else if (strcmp(word, "--") == 0)
			only_paths = true;
		else if (word[1] == '-')
			i += take_long(o, word + 2, i + 1 < argc ? argv[i + 1] : NULL);
		else if (word[1])
			take_letters(o, word + 1);
		else
			error_add(&o->errors, NULL, nowhere, "'-': reading a snapshot from standard input is not possible yet; name a directory");
	}
	if (!o->n_outputs)
		o->outputs[o->n_outputs++] = (struct output){format_find("text"), NULL};
}
