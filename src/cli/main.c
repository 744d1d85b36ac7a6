#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "crtlint/text.h"

static const char usage[] =
    "usage: crtlint check [OPTION]... PATH...     judge certificate directories\n"
    "       crtlint snapshot DIR... -o FILE       pack directories without their private keys\n"
    "       crtlint rules                         list the rules\n"
    "       crtlint explain RULE                  say what a rule means and what to do\n"
    "       crtlint explain [--in DIR] MESSAGE    say what a line of a log means, and what in DIR explains it\n"
    "       crtlint profiles                      list the systems that crtlint knows\n"
    "       crtlint --help | --version\n";

static void
print_errors(FILE *out, const struct errors *errors)
{
	for (size_t i = 0; i < errors->n; i++) {
		const struct error *e = &errors->list[i];
		if (!e->path)
			fprintf(out, "crtlint: %s\n", e->text);
		else if (!e->loc.line)
			fprintf(out, "%s: error: %s\n", e->path, e->text);
		else
			fprintf(out, "%s:%u:%u: error: %s\n", e->path, e->loc.line, e->loc.column, e->text);
	}
}

void
complain(const struct errors *errors)
{
	print_errors(stderr, errors);
}

char *
complaints(const struct errors *errors)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	if (out) {
		print_errors(out, errors);
		fclose(out);
	}
	if (!text)
		arena_alloc(errors->arena, SIZE_MAX); /* which says that memory has ended */
	return text;
}

bool
flush_output(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	fprintf(
	    stderr, "crtlint: the report could not be written to standard output: %s\n", errno ? strerror(errno) : "write error");
	return false;
}

void
options_init(struct options *o, struct arena *arena)
{
	*o = (struct options){.arena = arena, .errors = {.arena = arena}, .color = "auto"};
	o->settings = (struct settings){.now = (int64_t)time(NULL),
	    .hosts_from = FROM_OPTION,
	    .caller = {(uint32_t)geteuid(), (uint32_t)getegid()},
	    .expires_seconds = -1,
	    .expires_percent = -1};
}

static enum status
check_command(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct options options;
	options_init(&options, arena);
	options_parse(&options, argc - 1, argv + 1);
	enum status status;
	if (options.help) {
		printf("usage: crtlint check [OPTION]... PATH...\n\nReads each directory (or tar, or tar.gz, - being standard "
		       "input) as the system that uses it would, and says whether it starts, "
		       "whether a reload\nworks, which connection succeeds and, where one does not, why and what to do.\n\n");
		options_help();
		printf("\nexit status: 0 nothing found, 1 findings, 2 wrong use or no such path, 3 crtlint itself failed\n");
		status = flush_output() ? STATUS_CLEAN : STATUS_FAILED;
	} else {
		status = check_run(&options);
	}
	arena_free(arena);
	return status;
}

static enum status
unknown_command(const char *word)
{
	static const char *const commands[] = {"check", "snapshot", "rules", "explain", "profiles"};
	struct arena *arena = arena_new();
	const char *shown = text_safe(arena, slice_of(word), TEXT_NAME);
	const char *meant = text_nearest(word, commands, 5);
	struct stat st;
	if (*word != '-' && stat(word, &st) == 0)
		fprintf(stderr, "crtlint: '%s' is no command; did you mean: crtlint check %s\n", shown, shown);
	else if (meant)
		fprintf(stderr, "crtlint: '%s' is no command; did you mean '%s'?\n", shown, meant);
	else
		fprintf(stderr, "crtlint: '%s' is no command; crtlint --help lists them\n", shown);
	arena_free(arena);
	return STATUS_USAGE;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		enum status (*run)(int, char **);
	} commands[] = {
	    {"check", check_command},
	    {"snapshot", snapshot_command},
	    {"rules", rules_command},
	    {"explain", explain_command},
	    {"profiles", profiles_command},
	};
	const struct rlimit no_core = {0, 0};
	policy_neutral();
	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGPIPE, SIG_IGN);
	setlocale(LC_CTYPE, "");
	if (argc < 2) {
		fputs(usage, stderr);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return (int)commands[i].run(argc - 1, argv + 1);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		fputs(usage, stdout);
		return flush_output() ? STATUS_CLEAN : STATUS_FAILED;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("crtlint %s\n", CRTLINT_VERSION);
		return flush_output() ? STATUS_CLEAN : STATUS_FAILED;
	}
	return unknown_command(argv[1]);
}
