#include "crtlint/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "crtlint/arena.h"
#include "crtlint/limits.h"
#include "crtlint/text.h"

struct level { /* one directory that is being walked */
	int fd;
	dev_t device;
	size_t path; /* length of its path */
	char *names; /* of its subdirectories, each NUL-terminated */
	size_t n_names, names_room;
	uint32_t *at; /* where each begins, sorted */
	size_t n, at_room, next;
};

struct walk {
	struct walk_ask ask;
	struct arena *arena; /* of one listing */
	struct listing listing;
	size_t capacity, root; /* room of the listing; length of the root's path */
	char path[PATH_MAX];
	struct level levels[LIMIT_DEPTH + 1];
	unsigned depth; /* levels in use */
	bool begun;
};

struct walk *
walk_new(const struct walk_ask *ask)
{
	struct walk *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->ask = *ask;
	w->arena = arena_new();
	return w;
}

static void
leave(struct walk *w)
{
	struct level *l = &w->levels[--w->depth];

	close(l->fd);
	free(l->names);
	free(l->at);
	*l = (struct level){.fd = -1};
}

void
walk_free(struct walk *w)
{
	if (!w)
		return;
	while (w->depth > 0)
		leave(w);
	arena_free(w->arena);
	free(w);
}

/* Views of the kernel, without files of anybody: statfs(2) lists their numbers. */
static bool
is_kernel_view(int fd)
{
	static const unsigned long views[] = {PROC_SUPER_MAGIC, SYSFS_MAGIC, CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
	    DEBUGFS_MAGIC, TRACEFS_MAGIC, SECURITYFS_MAGIC, BPF_FS_MAGIC, PSTOREFS_MAGIC, DEVPTS_SUPER_MAGIC, SELINUX_MAGIC,
	    EFIVARFS_MAGIC};
	struct statfs st;

	if (fstatfs(fd, &st) != 0)
		return false;
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		if ((unsigned long)st.f_type == views[i])
			return true;
	return false;
}

static bool
excluded(const struct walk *w, const char *below, const char *name)
{
	for (size_t i = 0; i < w->ask.n_exclude; i++) {
		const char *glob = w->ask.exclude[i];
		bool whole = strchr(glob, '/') != NULL;
		if (fnmatch(glob + (*glob == '/'), whole ? below : name, whole ? FNM_PATHNAME : 0) == 0)
			return true;
	}
	return false;
}

static bool
grow(void **p, size_t *room, size_t used, size_t more, size_t size)
{
	size_t want = *room ? *room : 256;

	if (used + more <= *room)
		return true;
	while (want < used + more)
		want += want / 2;
	void *larger = realloc(*p, want * size);
	if (!larger)
		return false;
	*p = larger;
	*room = want;
	return true;
}

static int
add_subdirectory(struct level *l, const char *name)
{
	size_t n = strlen(name) + 1;
	void *names = l->names, *at = l->at;
	bool ok = l->n_names + n <= LIMIT_SUBDIRECTORIES && grow(&names, &l->names_room, l->n_names, n, 1);

	l->names = names;
	ok = ok && grow(&at, &l->at_room, l->n, 1, sizeof(*l->at));
	l->at = at;
	if (!ok)
		return EFBIG;
	memcpy(l->names + l->n_names, name, n);
	l->at[l->n++] = (uint32_t)l->n_names;
	l->n_names += n;
	return 0;
}

static void
add_entry(struct walk *w, const struct dirent64 *d, bool link)
{
	struct listing *list = &w->listing;
	size_t n = strlen(d->d_name);
	struct slice raw = {(const uint8_t *)arena_strndup(w->arena, d->d_name, n), n};

	if (list->n == LIMIT_ENTRIES) {
		list->too_many = true;
		return;
	}
	list->entries = arena_grow(w->arena, list->entries, list->n, &w->capacity, sizeof(*list->entries));
	list->entries[list->n++] = (struct entry){
	    .raw = raw, .name = text_safe(w->arena, raw, TEXT_NAME), .type = ENTRY_FILE, .link = link ? LINK_INSIDE : LINK_NONE};
}

/* Some file systems never say what a name is. */
static unsigned char
type_of(int fd, const struct dirent64 *d)
{
	struct stat st;

	if (d->d_type != DT_UNKNOWN || fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
		return d->d_type;
	return S_ISDIR(st.st_mode) ? DT_DIR : S_ISLNK(st.st_mode) ? DT_LNK : DT_REG;
}

static int
take_name(struct walk *w, struct level *l, const struct dirent64 *d)
{
	unsigned char type = type_of(l->fd, d);

	if (type != DT_DIR) {
		add_entry(w, d, type == DT_LNK);
		return 0;
	}
	/* "." and "..", and Kubernetes' "..2026_01_31" behind the link "..data". */
	if (w->depth > w->ask.depth || (d->d_name[0] == '.' && (d->d_name[1] == '.' || !d->d_name[1])))
		return 0;
	return w->depth > LIMIT_DEPTH ? ENAMETOOLONG : add_subdirectory(l, d->d_name);
}

static int
read_level(struct walk *w, struct level *l)
{
	_Alignas(struct dirent64) char buffer[32768];
	ssize_t n;

	while ((n = getdents64(l->fd, buffer, sizeof(buffer))) > 0) {
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const struct dirent64 *)(const void *)(buffer + at);
			int error = take_name(w, l, d);
			at += d->d_reclen;
			if (error)
				return error;
		}
	}
	return n < 0 ? errno : 0;
}

static int
compare_names(const void *a, const void *b, void *names)
{
	return strcmp((const char *)names + *(const uint32_t *)a, (const char *)names + *(const uint32_t *)b);
}

/* Opens what w->path names, seen from the level above; false: it is not walked. */
static bool
enter(struct walk *w, const char *name)
{
	bool top = w->depth == 0;
	int fd = openat(top ? AT_FDCWD : w->levels[w->depth - 1].fd, name,
	    O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (top ? 0 : O_NOFOLLOW));
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		int error = errno;
		if (fd >= 0)
			close(fd);
		if (top || (error != ENOENT && error != ELOOP && error != ENOTDIR)) /* else it went away meanwhile */
			w->ask.complain(w->ask.context, w->path, error);
		return false;
	}
	if ((top || st.st_dev != w->levels[w->depth - 1].device) && is_kernel_view(fd)) {
		close(fd);
		return false;
	}
	struct level *l = &w->levels[w->depth++];
	*l = (struct level){.fd = fd, .device = st.st_dev, .path = strlen(w->path)};
	arena_reset(w->arena);
	w->capacity = 0;
	w->listing = (struct listing){.path = w->path, .mode = st.st_mode & 07777, .uid = st.st_uid, .gid = st.st_gid};
	int error = read_level(w, l);
	if (error)
		w->ask.complain(w->ask.context, w->path, error);
	if (l->n > 0)
		qsort_r(l->at, l->n, sizeof(*l->at), compare_names, l->names);
	return true;
}

static bool
begin(struct walk *w)
{
	size_t n = strlen(w->ask.root);

	w->begun = true;
	while (n > 1 && w->ask.root[n - 1] == '/')
		n--;
	if (n == 0 || n >= sizeof(w->path)) {
		w->ask.complain(w->ask.context, w->ask.root, n ? ENAMETOOLONG : ENOENT);
		return false;
	}
	memcpy(w->path, w->ask.root, n);
	w->root = n;
	return enter(w, w->path);
}

/* The next subdirectory of the innermost level; false: it has none left, or this one is not walked. */
static bool
descend(struct walk *w)
{
	struct level *l = &w->levels[w->depth - 1];
	const char *name = l->names + l->at[l->next++];
	size_t n = strlen(name), slash = l->path == 1 && w->path[0] == '/' ? 0 : 1;

	w->path[l->path] = '\0';
	if (l->path + slash + n >= sizeof(w->path)) {
		w->ask.complain(w->ask.context, w->path, ENAMETOOLONG);
		return false;
	}
	memcpy(w->path + l->path, "/", slash);
	memcpy(w->path + l->path + slash, name, n + 1);
	const char *below = w->path + w->root;
	return !excluded(w, below + (*below == '/'), name) && enter(w, name);
}

const struct listing *
walk_next(struct walk *w)
{
	if (!w->begun)
		return begin(w) ? &w->listing : NULL;
	while (w->depth > 0) {
		if (w->levels[w->depth - 1].next == w->levels[w->depth - 1].n)
			leave(w);
		else if (descend(w))
			return &w->listing;
	}
	return NULL;
}

double
walk_share(const struct walk *w)
{
	double share = 0, part = 1;

	for (unsigned i = 0; i < w->depth; i++) {
		const struct level *l = &w->levels[i];
		if (l->n == 0)
			break;
		part /= (double)l->n;
		/* Of the level that is being walked now, the one entered last is not done yet, but for what its own level says. */
		share += part * (double)(l->next > 0 ? l->next - 1 : 0);
	}
	return w->begun && w->depth == 0 ? 1 : share;
}
