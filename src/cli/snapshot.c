/*
 * crtlint snapshot: directories, without their private keys, as one archive.
 */
#include "crtlint/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "crtlint/load.h"
#include "crtlint/text.h"

static const char usage[] =
    "usage: crtlint snapshot DIR... -o FILE\n\n"
    "Packs certificate directories into FILE (- for standard output), a tar.gz in which each private key is replaced by its\n"
    "public key, and which crtlint check judges as it judges the directories. Of files that hold no certificate and no key, "
    "only\n"
    "name, size, mode, owner and time are packed.\n\n"
    "  -o, --output FILE                write there; the file appears whole or not at all\n"
    "  -h, --help                       this text\n";

struct job {
	struct arena *arena;
	struct snapshot *snapshot;
	const char *output;
	struct words paths, names;
	enum status status;
};

static const char *
safe(struct job *j, const char *s)
{
	return text_safe(j->arena, slice_of(s), TEXT_NAME);
}

static enum status
wrong(struct job *j, const char *what, const char *word)
{
	fprintf(stderr, "crtlint: %s%s; try: crtlint snapshot DIR -o FILE.tar.gz\n", what, word ? safe(j, word) : "");
	return j->status = STATUS_USAGE;
}

/* The path as tar would keep it: no root, no "." and "..". What is left empty takes its real name. */
static const char *
name_inside(struct job *j, const char *path)
{
	char *out = arena_alloc(j->arena, strlen(path) + 1), *p = out;

	for (const char *s = path; *s;) {
		size_t n = strcspn(s, "/");
		if (n == 2 && memcmp(s, "..", 2) == 0) {
			p = out;
		} else if (n > 0 && !(n == 1 && *s == '.')) {
			if (p > out)
				*p++ = '/';
			memcpy(p, s, n);
			p += n;
		}
		s += n + (s[n] == '/');
	}
	*p = '\0';
	if (*out)
		return out;
	char *real = realpath(path, NULL);
	const char *slash = real ? strrchr(real, '/') : NULL;
	const char *last = arena_strdup(j->arena, slash && slash[1] ? slash + 1 : "root");
	free(real);
	return last;
}

static void
parse(struct job *j, int argc, char **argv)
{
	bool only_paths = false;

	j->paths.list = arena_array(j->arena, (size_t)argc, sizeof *j->paths.list);
	j->names.list = arena_array(j->arena, (size_t)argc, sizeof *j->names.list);
	for (int i = 1; i < argc && j->status == STATUS_CLEAN; i++) {
		const char *word = argv[i], *value = NULL;
		if (only_paths || word[0] != '-') {
			j->paths.list[j->paths.n++] = word;
			continue;
		}
		if (strcmp(word, "--") == 0) {
			only_paths = true;
			continue;
		}
		if (strcmp(word, "-o") == 0 || strcmp(word, "--output") == 0)
			value = i + 1 < argc ? argv[++i] : "";
		else if (strncmp(word, "--output=", 9) == 0)
			value = word + 9;
		else if (strncmp(word, "-o", 2) == 0)
			value = word + 2;
		if (!value)
			wrong(j, "unknown option ", word);
		else if (!*value)
			wrong(j, "-o needs a file name, or - for standard output", NULL);
		else if (j->output)
			wrong(j, "only one -o can be given", NULL);
		else
			j->output = value;
	}
	if (j->status == STATUS_CLEAN && j->paths.n == 0)
		wrong(j, "no directory given", NULL);
	else if (j->status == STATUS_CLEAN && !j->output)
		wrong(j, "-o FILE is missing", NULL);
	else if (j->status == STATUS_CLEAN && strcmp(j->output, "-") == 0 && isatty(STDOUT_FILENO))
		wrong(j, "an archive is not written to a terminal", NULL);
}

/* Folders in which some profile has files; one that was named itself stands for itself. */
static void
add_folders(struct job *j, struct arena *arena, struct listing *listing, const char *path, const char *name)
{
	struct words done = {0};
	size_t n;
	const struct profile *const *profiles = profiles_load(arena, &n);

	for (size_t p = 0; p < j->paths.n; p++) {
		const char *inside = name_inside(j, j->paths.list[p]);
		size_t length = strlen(name);
		done.list = done.list ? done.list : arena_array(arena, j->paths.n, sizeof *done.list);
		if (strncmp(inside, name, length) == 0 && inside[length] == '/')
			done.list[done.n++] = inside + length + 1;
	}
	for (size_t i = 0; i < n; i++) {
		struct words folders = profile_folders(arena, profile_by_default(profiles[i]));
		const char **more = arena_array(arena, done.n + folders.n, sizeof *more);
		if (done.n > 0)
			memcpy(more, done.list, done.n * sizeof *more);
		done.list = more;
		for (size_t k = 0; k < folders.n; k++) {
			if (words_have(&done, folders.list[k]))
				continue;
			done.list[done.n++] = folders.list[k];
			load_folders(arena, listing, path, &folders.list[k], 1);
		}
	}
}

/* False: nothing is to be written. */
static bool
add(struct job *j, const char *path)
{
	struct arena *arena = arena_new();
	struct listing *listing = load_directory(arena, path);
	const char *name = name_inside(j, path);
	bool ok = !listing->missing && !listing->not_directory;

	if (!ok)
		fprintf(stderr, "crtlint: %s: %s\n", listing->path,
		    listing->missing ? "no such file or directory" : "not a directory");
	for (size_t i = 0; ok && i < j->names.n; i++) {
		ok = strcmp(j->names.list[i], name) != 0;
		if (!ok)
			fprintf(stderr,
			    "crtlint: %s: another directory would be %s in the archive, too; write one archive for each\n",
			    listing->path, safe(j, name));
	}
	if (ok && listing->error)
		fprintf(stderr, "crtlint: %s: %s; the snapshot says so\n", listing->path, strerror(listing->error));
	if (ok) {
		j->names.list[j->names.n++] = name;
		add_folders(j, arena, listing, path, name);
		snapshot_add(j->snapshot, listing, name);
	}
	arena_free(arena);
	return ok;
}

static bool
write_file(struct job *j)
{
	struct stat st;
	char *partial = arena_printf(j->arena, "%s.%ld.partial", j->output, (long)getpid());
	/* a pipe or a device is written in place, or else /dev/null would become a file */
	bool in_place = stat(j->output, &st) == 0 && !S_ISREG(st.st_mode);
	int fd = in_place ? open(j->output, O_WRONLY | O_CLOEXEC | O_NOCTTY)
	                  : open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
	bool ok = fd >= 0 && snapshot_write(j->snapshot, fd);
	int error = errno;

	if (fd >= 0 && close(fd) < 0 && ok) {
		ok = false;
		error = errno;
	}
	if (ok && !in_place && rename(partial, j->output) < 0) {
		ok = false;
		error = errno;
	}
	if (!ok && fd >= 0 && !in_place)
		unlink(partial);
	errno = error;
	return ok;
}

enum status
snapshot_command(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			fputs(usage, stdout);
			return flush_output() ? STATUS_CLEAN : STATUS_FAILED;
		}
	}
	struct arena *arena = arena_new();
	struct job j = {.arena = arena, .snapshot = snapshot_new(arena)};
	parse(&j, argc, argv);
	for (size_t i = 0; j.status == STATUS_CLEAN && i < j.paths.n; i++)
		if (!add(&j, j.paths.list[i]))
			j.status = STATUS_USAGE;
	if (j.status == STATUS_CLEAN) {
		bool to_output = strcmp(j.output, "-") == 0;
		if (!(to_output ? snapshot_write(j.snapshot, STDOUT_FILENO) : write_file(&j))) {
			fprintf(stderr, "crtlint: the snapshot %s could not be written: %s\n",
			    to_output ? "on standard output" : safe(&j, j.output),
			    errno == EFBIG ? "it is larger than crtlint check would read" : strerror(errno));
			j.status = STATUS_FAILED;
		}
	}
	arena_free(arena);
	return j.status;
}
