#include "crtlint/load.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"
#include "file.h"

static void
add_name(struct arena *arena, struct listing *list, size_t *capacity, const struct dirent64 *d)
{
	size_t length = strlen(d->d_name);
	struct slice raw = {(const uint8_t *)arena_strndup(arena, d->d_name, length), length};
	struct entry e = {.raw = raw, .name = text_safe(arena, raw, TEXT_NAME), .type = ENTRY_NOTHING};

	switch (d->d_type) {
	case DT_REG:
		e.type = ENTRY_FILE;
		break;
	case DT_DIR:
		e.type = ENTRY_DIRECTORY;
		break;
	case DT_FIFO:
		e.type = ENTRY_FIFO;
		break;
	case DT_SOCK:
		e.type = ENTRY_SOCKET;
		break;
	case DT_CHR:
	case DT_BLK:
		e.type = ENTRY_DEVICE;
		break;
	case DT_LNK:
		e.link = LINK_INSIDE;
		break;
	default: /* DT_UNKNOWN: some file systems never say */
		break;
	}
	list->entries = arena_grow(arena, list->entries, list->n, capacity, sizeof *list->entries);
	list->entries[list->n++] = e;
}

/* Without readdir(3): it allocates, and costs two calls more for every directory of a fleet. */
static void
read_names(struct arena *arena, struct listing *list, int fd)
{
	_Alignas(struct dirent64) char buffer[32768];
	size_t capacity = 0;
	ssize_t n;

	while ((n = getdents64(fd, buffer, sizeof buffer)) > 0) {
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const struct dirent64 *)(const void *)(buffer + at);
			at += d->d_reclen;
			if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
				continue;
			if (list->n == LIMIT_ENTRIES) {
				list->too_many = true;
				return;
			}
			add_name(arena, list, &capacity, d);
		}
	}
	if (n < 0)
		list->error = errno;
}

/* Names hold no NUL, so that strcmp (by unsigned char) sorts by raw bytes. */
static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp((const char *)x->raw.p, (const char *)y->raw.p);
}

/* The entries of a folder below, under "FOLDER/NAME". A folder that is no folder, or a link, stays what the listing says of it. */
static void
add_folder(struct arena *arena, struct listing *list, struct loading *above, const char *folder)
{
	struct listing inner = {.path = folder};
	struct stat st;
	int fd = openat(above->opener.directory, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, &st) == 0) {
		struct loading l = {.arena = arena, .opener = {.directory = fd}, .id_device = st.st_dev, .id_inode = st.st_ino};
		l.bytes = above->bytes;
		read_names(arena, &inner, fd);
		size_t n = list->n + inner.n > LIMIT_ENTRIES ? LIMIT_ENTRIES - list->n : inner.n;
		struct entry *all = arena_array(arena, list->n + n, sizeof *all);
		if (list->n)
			memcpy(all, list->entries, list->n * sizeof *all);
		for (size_t i = 0; i < n; i++) {
			struct entry *e = &inner.entries[i];
			file_load(&l, e);
			char *raw = arena_printf(arena, "%s/%s", folder, (const char *)e->raw.p);
			e->raw = (struct slice){(const uint8_t *)raw, strlen(raw)};
			e->name = text_safe(arena, e->raw, TEXT_NAME);
			all[list->n + i] = *e;
		}
		list->too_many = list->too_many || inner.too_many || n < inner.n;
		list->entries = all;
		list->n += n;
		above->bytes = l.bytes;
	}
	if (fd >= 0)
		close(fd);
}

static void
take_owner(struct listing *list, const struct stat *st)
{
	list->mode = st->st_mode & 07777;
	list->uid = st->st_uid;
	list->gid = st->st_gid;
}

static void
explain_failure(struct listing *list, const char *path, int error)
{
	struct stat st;

	list->error = error;
	if (fstatat(AT_FDCWD, path, &st, 0) == 0) {
		list->not_directory = !S_ISDIR(st.st_mode);
		take_owner(list, &st);
	} else {
		/* ENOTDIR here: what stands before the last slash is a file, so that nothing can be behind it. */
		list->missing = errno == ENOENT || errno == ENOTDIR;
	}
}

struct listing *
load_directory(struct arena *arena, const char *given)
{
	struct listing *list = arena_alloc(arena, sizeof *list);
	size_t length = strlen(given);
	struct stat st;

	while (length > 1 && given[length - 1] == '/')
		length--;
	const char *path = arena_strndup(arena, given, length);
	list->path = text_safe(arena, slice_of(path), TEXT_NAME);

	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0) {
		explain_failure(list, path, errno);
	} else {
		take_owner(list, &st);
		read_names(arena, list, fd);
		if (list->n > 0)
			qsort(list->entries, list->n, sizeof *list->entries, compare_entries);
		struct loading l = {.arena = arena, .opener = {.directory = fd}, .id_device = st.st_dev, .id_inode = st.st_ino};
		for (size_t i = 0; i < list->n; i++)
			file_load(&l, &list->entries[i]);
	}
	if (fd >= 0)
		close(fd);
	return list;
}

void
load_folders(struct arena *arena, struct listing *list, const char *path, const char *const *folders, size_t n)
{
	int fd = n && !list->error ? open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
	struct loading l = {.arena = arena, .opener = {.directory = fd}};

	if (fd < 0)
		return;
	for (size_t i = 0; i < list->n; i++)
		l.bytes += list->entries[i].data.n;
	for (size_t i = 0; i < n; i++)
		if (!strchr(folders[i], '/') && strcmp(folders[i], "..") && strcmp(folders[i], "."))
			add_folder(arena, list, &l, folders[i]);
	close(fd);
	if (list->n > 0)
		qsort(list->entries, list->n, sizeof *list->entries, compare_entries);
}
