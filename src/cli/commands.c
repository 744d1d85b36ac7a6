/*
 * The commands beside check: rules, explain, profiles.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "crtlint/limits.h"
#include "crtlint/text.h"

const char *
level_text(enum level level)
{
	static const char *const names[] = {[LEVEL_NOTE] = "note", [LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error"};
	return names[level];
}

bool
wants_help(int argc, char **argv, const char *usage)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			fputs(usage, stdout);
			return true;
		}
	}
	return false;
}

enum status
rules_command(int argc, char **argv)
{
	if (wants_help(argc, argv,
	        "usage: crtlint rules\n\nLists every rule: its id, its level when it breaks nothing, its title, separated by "
	        "tabs.\n"
	        "A finding that breaks a start, a reload or a connection is an error, whatever its rule's level.\n"))
		return flush_output() ? STATUS_CLEAN : STATUS_FAILED;
	if (argc > 1) {
		fprintf(stderr, "crtlint: rules takes no argument; try: crtlint explain RULE\n");
		return STATUS_USAGE;
	}
	for (int i = 0; i < RULE_COUNT; i++) {
		const struct rule *r = rule_get((enum rule_id)i);
		printf("%s\t%s\t%s\n", r->id, level_text(r->level), r->title);
	}
	return flush_output() ? STATUS_CLEAN : STATUS_FAILED;
}

struct slice
file_read(struct arena *arena, const char *path, size_t most)
{
	struct slice out = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return out;
	uint8_t *p = arena_alloc(arena, most + 1);
	ssize_t n;
	while (out.n <= most && (n = read(fd, p + out.n, most + 1 - out.n)) > 0)
		out.n += (size_t)n;
	if (n >= 0)
		out.p = p;
	int e = errno;
	close(fd);
	errno = e;
	return out;
}

const struct profile *
profile_named(struct arena *arena, const char *name, struct errors *errors)
{
	size_t n;
	const struct builtin_profile *all = profile_builtin(&n);
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].name, name) == 0)
			return profile_of_builtin(arena, &all[i], errors);
	const char *shown = text_safe(arena, slice_of(name), TEXT_NAME);
	if (strchr(name, '/') || strchr(name, '.')) {
		struct slice yaml = file_read(arena, name, LIMIT_PROFILE);
		if (yaml.p)
			return profile_read(arena, shown, yaml, errors);
		error_add(errors, shown, (struct loc){0, 0}, "cannot read this profile: %s", strerror(errno));
		return NULL;
	}
	const char **names = arena_array(arena, n, sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = all[i].name;
	const char *meant = text_nearest(name, names, n);
	error_add(errors, NULL, (struct loc){0, 0},
	    "no profile '%s'%s%s%s; crtlint profiles lists them, a file is named by its path (./%s.yaml)", shown,
	    meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "", shown);
	return NULL;
}

const struct profile *const *
profiles_load(struct arena *arena, size_t *count)
{
	size_t n, used = 0;
	const struct builtin_profile *all = profile_builtin(&n);
	const struct profile **out = arena_array(arena, n, sizeof(*out));
	struct errors errors = {.arena = arena};
	for (size_t i = 0; i < n; i++)
		if ((out[used] = profile_of_builtin(arena, &all[i], &errors)))
			used++;
	complain(&errors);
	*count = used;
	return out;
}

static enum status
profiles_check(const char *path)
{
	struct arena *arena = arena_new();
	struct errors errors = {.arena = arena};
	const struct profile *p = profile_named(arena, strchr(path, '/') ? path : arena_printf(arena, "./%s", path), &errors);
	complain(&errors);
	if (p)
		printf("%s: profile %s, no mistakes\n", p->path, p->name);
	arena_free(arena);
	return !p ? STATUS_USAGE : flush_output() ? STATUS_CLEAN : STATUS_FAILED;
}

static enum status
profiles_show(const char *name)
{
	size_t n;
	const struct builtin_profile *all = profile_builtin(&n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(all[i].name, name) == 0) {
			fwrite(all[i].yaml.p, 1, all[i].yaml.n, stdout);
			return flush_output() ? STATUS_CLEAN : STATUS_FAILED;
		}
	}
	fprintf(stderr, "crtlint: no such profile; crtlint profiles lists them\n");
	return STATUS_USAGE;
}

enum status
profiles_command(int argc, char **argv)
{
	if (wants_help(argc, argv,
	        "usage: crtlint profiles [--show NAME | --check FILE]\n\nLists the profiles, prints one, or checks a profile "
	        "file for mistakes.\n"))
		return flush_output() ? STATUS_CLEAN : STATUS_FAILED;
	if (argc == 3 && strcmp(argv[1], "--check") == 0)
		return profiles_check(argv[2]);
	if (argc == 3 && strcmp(argv[1], "--show") == 0)
		return profiles_show(argv[2]);
	if (argc > 1) {
		fprintf(stderr, "crtlint: profiles takes nothing, or --show NAME, or --check FILE\n");
		return STATUS_USAGE;
	}
	struct arena *arena = arena_new();
	size_t n;
	const struct profile *const *all = profiles_load(arena, &n);
	for (size_t i = 0; i < n; i++)
		printf("%s\t%s\n", all[i]->name, all[i]->title);
	arena_free(arena);
	return flush_output() ? STATUS_CLEAN : STATUS_FAILED;
}
