#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

enum { READ_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };

static const char *
raw_name(const struct entry *e)
{
	return (const char *)e->raw.p;
}

static void
take_facts(struct entry *e, const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		e->type = ENTRY_FILE;
	else if (S_ISDIR(st->st_mode))
		e->type = ENTRY_DIRECTORY;
	else if (S_ISFIFO(st->st_mode))
		e->type = ENTRY_FIFO;
	else if (S_ISSOCK(st->st_mode))
		e->type = ENTRY_SOCKET;
	else if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		e->type = ENTRY_DEVICE;
	else
		e->type = ENTRY_NOTHING; /* O_PATH on a name that has become a link */
	e->mode = st->st_mode & 07777;
	e->uid = st->st_uid;
	e->gid = st->st_gid;
	e->size = (uint64_t)st->st_size;
	e->mtime = st->st_mtim.tv_sec;
}

static bool
is_unchanged(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* At most room bytes from the start. Reading less than asked, yet all that stat announced, is taken for the end: the fstat
 * that follows would tell otherwise, and a call is saved. */
static ssize_t
read_all(int fd, uint8_t *p, size_t room, size_t announced)
{
	size_t n = 0;

	while (n < room) {
		ssize_t got = pread(fd, p + n, room - n, (off_t)n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		n += (size_t)got;
		if (got == 0 || n == announced)
			break;
	}
	return (ssize_t)n;
}

/* The bytes of a regular file; st is what fstat said of fd. A file that changes under the first try gets a second one. */
static void
read_file(struct loading *l, struct entry *e, int fd, struct stat *st)
{
	struct stat after;

	for (int try = 0; try < 2; try++) {
		take_facts(e, st);
		if (e->size > LIMIT_FILE || e->size > LIMIT_DIRECTORY - l->bytes) {
			e->too_large = true;
			return;
		}
		size_t size = (size_t)e->size;
		l->bytes += size;
		uint8_t *p = arena_alloc(l->arena, size + 1); /* one more, to notice growth */
		ssize_t n = read_all(fd, p, size + 1, size);
		if (n < 0 || fstat(fd, &after) < 0) {
			e->error = errno;
			return;
		}
		if ((size_t)n == size && is_unchanged(st, &after)) {
			e->data = (struct slice){p, size};
			e->read = true;
			return;
		}
		*st = after;
	}
	take_facts(e, st);
	e->changed = true;
}

/*
 * RESOLVE_BENEATH calls every absolute link and every ".." above the directory an escape, also "/etc/certs/ca.crt" and
 * "../certs/ca.crt" in /etc/certs. When the folder part of the link's text is this directory, the last name of it can be
 * opened here; NULL otherwise.
 */
static const char *
name_here(const struct loading *l, char *text)
{
	struct stat st;
	char *slash = strrchr(text, '/');

	if (!slash || slash[1] == '\0')
		return NULL;
	char first = slash[1];
	slash[1] = '\0';
	bool here = fstatat(l->opener.directory, text, &st, AT_NO_AUTOMOUNT) == 0 && st.st_dev == l->id_device &&
	            st.st_ino == l->id_inode;
	slash[1] = first;
	return here ? slash + 1 : NULL;
}

/* Why a link could not be followed inside, and what stat can still say of its end. */
static void
explain_link(const struct loading *l, struct entry *e, int error)
{
	struct stat st;
	/* ELOOP, too, when stat succeeds: a magic link of /proc, which leads anywhere. */
	bool outside = error == EXDEV || error == ELOOP;

	e->link = outside ? LINK_OUTSIDE : LINK_INSIDE;
	if (fstatat(l->opener.directory, raw_name(e), &st, AT_NO_AUTOMOUNT) == 0) {
		take_facts(e, &st);
		e->error = outside ? 0 : error;
		return;
	}
	e->error = errno;
	if (errno == ENOENT || errno == ENOTDIR)
		e->link = LINK_DANGLING;
	else if (errno == ELOOP)
		e->link = LINK_LOOP;
}

/* A link: O_PATH first, which blocks on nothing and wakes no device; the second opening must reach the same file. */
static void
load_link(struct loading *l, struct entry *e)
{
	char text[PATH_MAX + 1];
	struct stat st, again;

	e->type = ENTRY_NOTHING;
	e->link = LINK_INSIDE;
	ssize_t n = readlinkat(l->opener.directory, raw_name(e), text, PATH_MAX);
	if (n < 0) {
		e->error = errno;
		return;
	}
	text[n] = '\0';
	e->target = text_safe(l->arena, (struct slice){(const uint8_t *)text, (size_t)n}, TEXT_NAME);

	const char *name = raw_name(e);
	int path = open_beneath(&l->opener, name, O_PATH | O_CLOEXEC);
	if (path < 0 && errno == EXDEV) {
		name = name_here(l, text);
		errno = EXDEV;
		if (name)
			path = open_beneath(&l->opener, name, O_PATH | O_CLOEXEC);
	}
	if (path < 0 || fstat(path, &st) < 0) {
		explain_link(l, e, errno);
	} else {
		take_facts(e, &st);
		if (S_ISREG(st.st_mode)) {
			int fd = open_beneath(&l->opener, name, READ_FLAGS);
			if (fd < 0 || fstat(fd, &again) < 0)
				e->error = errno;
			else if (again.st_dev != st.st_dev || again.st_ino != st.st_ino)
				e->changed = true;
			else
				read_file(l, e, fd, &again);
			if (fd >= 0)
				close(fd);
		}
	}
	if (path >= 0)
		close(path);
}

/* What listing called a regular file. */
static void
load_regular(struct loading *l, struct entry *e)
{
	struct stat st;
	int fd = openat(l->opener.directory, raw_name(e), READ_FLAGS | O_NOFOLLOW);

	if (fd >= 0) {
		if (fstat(fd, &st) < 0) {
			e->error = errno;
		} else {
			take_facts(e, &st);
			if (S_ISREG(st.st_mode))
				read_file(l, e, fd, &st);
		}
		close(fd);
		return;
	}
	if (errno == ELOOP) { /* it has become a link */
		load_link(l, e);
		return;
	}
	e->error = errno;
	if (fstatat(l->opener.directory, raw_name(e), &st, AT_SYMLINK_NOFOLLOW) == 0)
		take_facts(e, &st);
	else if (errno == ENOENT)
		e->type = ENTRY_NOTHING;
}

void
file_load(struct loading *l, struct entry *e)
{
	struct stat st;

	if (e->link != LINK_NONE) {
		load_link(l, e);
	} else if (e->type == ENTRY_FILE) {
		load_regular(l, e);
	} else if (fstatat(l->opener.directory, raw_name(e), &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0) {
		e->error = errno;
		if (errno == ENOENT)
			e->type = ENTRY_NOTHING;
	} else if (S_ISLNK(st.st_mode)) {
		load_link(l, e);
	} else if (S_ISREG(st.st_mode)) {
		load_regular(l, e);
	} else {
		take_facts(e, &st);
	}
}
