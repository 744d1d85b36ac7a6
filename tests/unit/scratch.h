/*
 * scratch: a directory made for one test of the loader, and looking at what was loaded from it.
 */
#ifndef TEST_SCRATCH_H
#define TEST_SCRATCH_H

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crtlint/load.h"

static char root[64]; /* holds certs/ (what is loaded) and outside/ */
static struct arena *arena;

static inline const char *
path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", root, name);
}

static inline void
put(const char *name, const char *bytes, size_t n, mode_t mode)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert_msg(fd >= 0 && write(fd, bytes, n) == (ssize_t)n && fchmod(fd, mode) == 0, "%s: %s", name, strerror(errno));
	close(fd);
}

static inline void
put_text(const char *name, const char *text)
{
	put(name, text, strlen(text), 0644);
}

static inline void
folder(const char *name)
{
	ck_assert_msg(mkdir(path_of(name), 0755) == 0 && chmod(path_of(name), 0755) == 0, "%s: %s", name, strerror(errno));
}

static inline void
link_to(const char *name, const char *target)
{
	ck_assert_msg(symlink(target, path_of(name)) == 0, "%s: %s", name, strerror(errno));
}

static inline void
scratch_setup(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(root, sizeof root, "%.40s/load-XXXXXX", tmp && strlen(tmp) <= 40 ? tmp : P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(root));
	arena = arena_new();
	folder("certs");
	folder("outside");
	put_text("outside/secret.key", "secret");
}

static inline int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline void
scratch_teardown(void)
{
	chmod(path_of("certs"), 0755);
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(arena);
}

static inline struct listing *
load(void)
{
	return load_directory(arena, path_of("certs"));
}

static inline const struct entry *
find(const struct listing *list, const char *name)
{
	const struct entry *e = listing_find(list, name);
	ck_assert_msg(e != NULL, "%s: not listed", name);
	return e;
}

static inline void
check_read(const struct entry *e, const char *text)
{
	ck_assert_msg(e->read && e->error == 0 && !e->too_large && !e->changed, "%s: not read, error %d", e->name, e->error);
	ck_assert_msg(slice_is(e->data, text), "%s: %zu bytes", e->name, e->data.n);
}

static inline void
check_unread(const struct entry *e, enum entry_type type, enum entry_link link, int error)
{
	ck_assert_msg(!e->read && e->data.n == 0, "%s: was read", e->name);
	ck_assert_msg(e->type == type, "%s: type %d", e->name, (int)e->type);
	ck_assert_msg(e->link == link, "%s: link %d", e->name, (int)e->link);
	ck_assert_msg(e->error == error, "%s: error %d", e->name, e->error);
}

#endif
