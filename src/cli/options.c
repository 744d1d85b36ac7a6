/*
 * The options of `crtlint check`: one table for parsing, for --help, and for the test that holds the manual page against it.
 */
#include <stdio.h>
#include <string.h>

#include "crtlint/text.h"
#include "take.h"

struct option {
	const char *name;
	char letter;
	const char *argument; /* NULL: takes none */
	const char *help;
	void (*take)(struct options *, const char *);
};

static const struct option table[] = {
    {"profile", 0, "NAME|FILE", "the system that reads the directory; default: chosen from the file names", take_profile},
    {"config", 0, "FILE", "this configuration, not the crtlint.yaml in the working directory or above it", take_config},
    {"no-config", 0, NULL, "no configuration", take_no_config},
    {"host", 0, "[PEER=]NAME", "a name or address under which the node, or this peer of the profile, is dialed; repeatable",
        take_host},
    {"advertise-addr", 0, "NAME", "the same as --host", take_host},
    {"user", 0, "NAME", "a user who will connect, even if no file bears the name; repeatable", take_user},
    {"at", 0, "TIME", "judge as of this time: RFC 3339, or +30d from now", take_at},
    {"set", 0, "NAME=VALUE", "a variable of the profile, such as server-version=24.1; repeatable", take_set},
    {"toml", 0, "FILE", "a settings file of the system, for what the profile takes from one of that name; repeatable", take_toml},
    {"topology", 0, "FILE", "the file the system is deployed from: the hosts of each peer; repeatable", take_topology},
    {"expires-within", 0, "SPAN", "warn of what expires within 30d, or within the last 25% of its life", take_expires},
    {"cluster", 0, NULL, "the paths are members of one cluster (PATH or NAME=PATH@HOST,HOST): judge all connections between them",
        take_cluster},
    {"previous", 0, "DIR|NAME=DIR", "what is in use now: judge the reload, and a roll-out node by node", take_previous},
    {"only", 0, "GLOB", "run only rules whose id matches; repeatable", take_only},
    {"except", 0, "GLOB", "leave out rules whose id matches; repeatable", take_except},
    {"trace", 0, "ID", "of this connection (rpc:node>node@HOST), show each candidate tried and why it was refused; repeatable",
        take_trace},
    {"fail-on", 0, "LEVEL", "the least finding that gives exit status 1: error (default), warning, note, never", take_fail_on},
    {"format", 0, "FORMAT[:FILE]", "text (default), json or junit; repeatable, one of them to standard output", take_format},
    {"recursive", 'r', NULL, "check every certificate directory below each PATH", take_recursive},
    {"max-depth", 0, "N", "with -r: at most so many directories below PATH; 0 is PATH alone", take_depth},
    {"exclude", 0, "GLOB", "with -r: leave out directories of that name, or path below PATH; repeatable", take_exclude},
    {"from-file", 0, "FILE", "check the directories and archives that this file names, one a line; - is standard input",
        take_list},
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
	error_add(&o->errors, NULL, NOWHERE, "unknown option --%s%s%s%s", take_safe(o, name), meant ? "; did you mean --" : "",
	    meant ? meant : "", meant ? "?" : "");
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
			error_add(&o->errors, NULL, NOWHERE, "--%s takes no value", option->name);
		option->take(o, NULL);
		return 0;
	}
	const char *value = equals ? equals + 1 : next;
	if (!value) {
		error_add(&o->errors, NULL, NOWHERE, "--%s needs a value: %s", option->name, option->argument);
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
			error_add(&o->errors, NULL, NOWHERE, "unknown option -%s",
			    text_safe(o->arena, (struct slice){(const uint8_t *)letters, 1}, TEXT_VALUE));
		} else if (!table[i].argument) {
			table[i].take(o, NULL);
		} else if (letters[1] || next) {
			table[i].take(o, letters[1] ? letters + 1 : next);
			return letters[1] ? 0 : 1;
		} else {
			error_add(&o->errors, NULL, NOWHERE, "-%c needs a value: %s", table[i].letter, table[i].argument);
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
			take_word(o, &o->paths, word);
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
