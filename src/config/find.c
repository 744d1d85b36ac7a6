#include "crtlint/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

#define NAME "crtlint.yaml"

enum { LEVELS = 64 /* directories upwards */ };

static const struct loc nowhere = {0, 0};

bool
config_may_search(const struct config_search *search)
{
	return !search->off && !search->found && !search->named;
}

/* One byte more than may be there, so that a larger file is seen to be one. */
static struct slice
read_all(struct arena *a, int fd)
{
	uint8_t *p = arena_alloc(a, LIMIT_PROFILE + 1);
	struct slice out = {p, 0};
	ssize_t n = 1;

	while (n > 0 && out.n <= LIMIT_PROFILE) {
		n = read(fd, p + out.n, LIMIT_PROFILE + 1 - out.n);
		if (n < 0)
			return (struct slice){NULL, 0};
		out.n += (size_t)n;
	}
	return out;
}

static struct config_file
read_named(struct arena *a, const char *path, struct errors *errors)
{
	struct config_file out = {.path = text_safe(a, slice_of(path), TEXT_NAME), .raw = path};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0) {
		error_add(errors, out.path, nowhere, "cannot read this configuration: %s", strerror(errno));
		return (struct config_file){NULL, NULL, {NULL, 0}};
	}
	bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	if (regular)
		out.text = read_all(a, fd);
	if (!regular)
		error_add(errors, out.path, nowhere, "cannot read this configuration: not a regular file");
	else if (!out.text.p)
		error_add(errors, out.path, nowhere, "cannot read this configuration: %s", strerror(errno));
	close(fd);
	return out.text.p ? out : (struct config_file){NULL, NULL, {NULL, 0}};
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool
is_checked(const struct config_search *search, const struct stat *directory)
{
	struct stat st;

	for (size_t i = 0; i < search->paths->n; i++)
		if (stat(search->paths->list[i], &st) == 0 && is_same(&st, directory))
			return true;
	return false;
}

static bool
is_ours(const struct config_search *search, const struct stat *st)
{
	return st->st_uid == search->caller.uid || st->st_uid == 0;
}

/* Why a file that was found is not taken; NULL: it is. */
static const char *
distrust(struct arena *a, const struct config_search *search, const struct stat *working, const struct stat *directory,
    const struct stat *file)
{
	unsigned mode = file->st_mode & 07777;

	if (!S_ISREG(file->st_mode))
		return "it is not a regular file";
	if (!is_ours(search, file) && file->st_uid != working->st_uid)
		return arena_printf(a, "it belongs to another user (uid %u)", (unsigned)file->st_uid);
	if (mode & S_IWOTH)
		return arena_printf(a, "everybody can write it (mode %04o)", mode);
	if (!is_checked(search, directory))
		return NULL;
	if (!is_same(working, directory))
		return "it lies in a directory that is checked";
	if (!is_ours(search, file) || !is_ours(search, directory))
		return "it lies in the directory that is checked, and another user owns them";
	if (mode & S_IWGRP)
		return arena_printf(a, "it lies in the directory that is checked, and others can write it (mode %04o)", mode);
	if (directory->st_mode & (S_IWGRP | S_IWOTH))
		return arena_printf(a, "it lies in the directory that is checked, and others can write that (mode %04o)",
		    (unsigned)(directory->st_mode & 07777));
	return NULL;
}

struct config_file
config_find(struct arena *a, const struct config_search *search, struct errors *notes, struct errors *errors)
{
	struct config_file none = {NULL, NULL, {NULL, 0}};
	struct stat working, directory, last = {0};
	const char *up = "";

	if (search->named && search->off)
		error_add(errors, NULL, nowhere, "--config and --no-config exclude each other");
	else if (search->named)
		return read_named(a, search->named, errors);
	if (!config_may_search(search) || stat(".", &working) != 0)
		return none;
	for (int i = 0; i < LEVELS; i++, up = arena_printf(a, "../%s", up), last = directory) {
		const char *path = arena_printf(a, "%s" NAME, up), *why = NULL;
		struct stat st;
		if (stat(*up ? up : ".", &directory) != 0 || (i && is_same(&directory, &last)))
			break;
		/* A link is not followed: who may make one need not own what it leads to. */
		int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
		if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
			why = errno == EACCES && faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? strerror(EACCES)
			                                                                                   : NULL;
		else if (fd < 0)
			why = errno == ELOOP ? "it is a symbolic link" : strerror(errno);
		else if (fstat(fd, &st) != 0)
			why = strerror(errno);
		else if (!(why = distrust(a, search, &working, &directory, &st))) {
			struct config_file out = {path, path, read_all(a, fd)};
			why = out.text.p ? NULL : strerror(errno);
			close(fd);
			fd = -1;
			if (!why)
				return out;
		}
		if (fd >= 0)
			close(fd);
		if (why)
			error_add(
			    notes, NULL, nowhere, "%s is not used: %s; name it with --config, or say --no-config", path, why);
	}
	return none;
}

const char *
config_place(struct arena *a, const char *file, const char *directory)
{
	const char *slash = strrchr(file, '/');
	char *home = realpath(slash ? arena_strndup(a, file, (size_t)(slash - file + 1)) : ".", NULL);
	char *there = realpath(directory, NULL);
	const char *out = arena_strdup(a, there ? there : directory);
	size_t n = home ? strlen(home) : 0;

	if (home && there && strcmp(home, there) == 0)
		out = ".";
	else if (home && there && strcmp(home, "/") == 0)
		out = arena_strdup(a, there + 1);
	else if (home && there && strncmp(home, there, n) == 0 && there[n] == '/')
		out = arena_strdup(a, there + n + 1);
	free(home);
	free(there);
	return text_safe(a, slice_of(out), TEXT_NAME);
}
