#include "open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crtlint/limits.h"

enum {
	DEPTH_MAX = 32, /* directories between the root of the walk and what is reached */
	AGAIN_MAX = 8,
};

/* A path that is followed by hand. */
struct walk {
	int open[DEPTH_MAX + 1]; /* [0] is the directory itself, lent; the others are ours */
	unsigned depth;
	unsigned links;
	char rest[2 * PATH_MAX]; /* what is still to be followed */
};

static int
fail(int error)
{
	errno = error;
	return -1;
}

static void
walk_up(struct walk *w)
{
	close(w->open[w->depth--]);
}

/* Put the text of a link in front of what remains. */
static int
walk_link(struct walk *w, const char *text, size_t n)
{
	size_t rest = strlen(w->rest);

	if (++w->links > LIMIT_LINKS)
		return fail(EMLINK);
	if (n == 0)
		return fail(ENOENT);
	if (text[0] == '/')
		return fail(EXDEV);
	if (n + rest + 2 > sizeof w->rest)
		return fail(ENAMETOOLONG);
	memmove(w->rest + n + 1, w->rest, rest + 1);
	memcpy(w->rest, text, n);
	w->rest[n] = '/';
	if (rest == 0)
		w->rest[n] = '\0';
	return 0;
}

/* Cut the first name off the rest. *last: nothing follows it; *slash: but a slash does, so it has to be a directory. */
static void
walk_next(struct walk *w, char *name, size_t *length, bool *last, bool *slash)
{
	size_t n = strcspn(w->rest, "/"), skip = strspn(w->rest + n, "/");

	memcpy(name, w->rest, n);
	name[n] = '\0';
	*length = n;
	*slash = skip > 0;
	memmove(w->rest, w->rest + n + skip, strlen(w->rest + n + skip) + 1);
	*last = w->rest[0] == '\0';
}

static int
walk_open(struct walk *w, int flags)
{
	char name[2 * PATH_MAX], text[PATH_MAX];
	size_t length;
	bool last, slash;

	for (;;) {
		walk_next(w, name, &length, &last, &slash);
		int at = w->open[w->depth];
		if (strcmp(name, "..") == 0) {
			if (w->depth == 0)
				return fail(EXDEV);
			walk_up(w);
		} else if (length > 0 && strcmp(name, ".") != 0) {
			ssize_t n = readlinkat(at, name, text, sizeof text);
			if (n >= 0) {
				if (last && slash)
					strcpy(w->rest, "."); /* "link/" asks for what it leads to, a directory */
				if (walk_link(w, text, (size_t)n) < 0)
					return -1;
				continue;
			}
			if (errno != EINVAL)
				return -1;
			/* O_NOFOLLOW: what became a link since then is refused, not followed. */
			if (last && !slash)
				return openat(at, name, flags | O_NOFOLLOW);
			if (w->depth == DEPTH_MAX)
				return fail(ENAMETOOLONG);
			int fd = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (fd < 0)
				return -1;
			w->open[++w->depth] = fd;
		}
		if (last)
			return openat(w->open[w->depth], ".", flags);
	}
}

static int
open_by_walk(int directory, const char *name, int flags)
{
	struct walk w = {.open = {directory}};
	size_t n = strlen(name);

	if (n >= PATH_MAX)
		return fail(ENAMETOOLONG);
	memcpy(w.rest, name, n + 1);
	int fd = walk_open(&w, flags);
	int error = errno;
	while (w.depth > 0)
		walk_up(&w);
	errno = error;
	return fd;
}

int
open_beneath(struct opener *o, const char *name, int flags)
{
	struct open_how how = {.flags = (unsigned)flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};

	/* EAGAIN: something was renamed while the kernel resolved "..", openat2(2). */
	for (int i = 0; i < AGAIN_MAX && !o->walk; i++) {
		long fd = syscall(SYS_openat2, o->directory, name, &how, sizeof how);
		if (fd >= 0)
			return (int)fd;
		if (errno == ENOSYS || errno == EPERM)
			o->walk = true;
		else if (errno != EAGAIN)
			return -1;
	}
	return open_by_walk(o->directory, name, flags);
}
