/* Files that a configuration names, wherever they lie. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crtlint/load.h"
#include "crtlint/text.h"
#include "file.h"

static bool
is_here(const char *path, const struct stat *directory)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_dev == directory->st_dev && st.st_ino == directory->st_ino;
}

static const struct entry *
load_one(struct arena *arena, const struct listing *list, const char *here, const char *path, uint64_t *bytes)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *folder = slash ? arena_strndup(arena, path, (size_t)(slash - path + 1)) : ".";
	struct entry *e = arena_alloc(arena, sizeof *e);
	struct stat st;
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	*e = (struct entry){.type = ENTRY_NOTHING};
	if (fd < 0 || fstat(fd, &st) < 0) {
		e->error = errno;
	} else {
		const struct entry *same = is_here(here, &st) ? listing_find(list, name) : NULL;
		struct loading l = {.arena = arena, .opener = {.directory = fd}, .id_device = st.st_dev, .id_inode = st.st_ino};
		if (same) {
			close(fd);
			return same;
		}
		l.bytes = *bytes;
		e->raw = slice_of(*name ? name : ".");
		file_load(&l, e);
		*bytes = l.bytes;
	}
	if (fd >= 0)
		close(fd);
	e->raw = slice_of(path);
	e->name = text_safe(arena, e->raw, TEXT_NAME);
	return e;
}

void
load_named(struct arena *arena, const struct listing *list, const char *here, const char *const *paths, size_t n,
    const struct entry **out)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < n; i++) {
		out[i] = NULL;
		for (size_t k = 0; k < i && !out[i]; k++)
			if (strcmp(paths[k], paths[i]) == 0)
				out[i] = out[k];
		if (!out[i])
			out[i] = load_one(arena, list, here, paths[i], &bytes);
	}
}
