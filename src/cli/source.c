/*
 * Where directories come from.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crtlint/choose.h"
#include "crtlint/limits.h"
#include "crtlint/text.h"
#include "crtlint/walk.h"
#include "fleet.h"

enum { COMPLAINTS = 20 /* of directories that could not be looked at are printed, then they are counted */ };

struct source {
	struct options *options;
	const struct profile *const *profiles;
	size_t n_profiles;
	size_t next_path, next_list; /* of the options */
	FILE *list; /* the one being read */
	off_t list_size; /* 0: not known */
	char item[PATH_MAX];
	struct walk_ask ask;
	struct walk *walk;
	struct progress *progress;
	struct arena *scratch; /* of one choice */
	size_t found; /* directories given out */
	size_t complaints;
	enum status status;
};

static void
complain_of(struct source *s, const char *path, const char *why)
{
	struct arena *arena = arena_new();

	s->status = STATUS_USAGE;
	progress_hide(s->progress);
	if (s->complaints++ < COMPLAINTS)
		fprintf(stderr, "crtlint: %s: %s\n", text_safe(arena, slice_of(path), TEXT_NAME), why);
	arena_free(arena);
}

static void
walk_failed(void *context, const char *path, int error)
{
	switch (error) {
	case ENOENT:
		complain_of(context, path, "no such file or directory");
		break;
	case ENOTDIR:
		complain_of(context, path, "not a directory");
		break;
	case EFBIG:
		complain_of(context, path, "too many subdirectories; some were not looked at");
		break;
	case ENAMETOOLONG:
		complain_of(context, path, "too deep; some of it was not looked at");
		break;
	default:
		complain_of(context, path, strerror(error));
	}
}

static bool
wrong(const char *message)
{
	fprintf(stderr, "crtlint: %s\n", message);
	return false;
}

static bool
use_is_right(const struct options *o)
{
	unsigned standard_input = 0;

	for (size_t i = 0; i < o->lists.n; i++)
		standard_input += strcmp(o->lists.list[i], "-") == 0;
	for (size_t i = 0; i < o->paths.n; i++)
		standard_input += strcmp(o->paths.list[i], "-") == 0;
	if (standard_input > 1)
		return wrong("standard input can be read once: '-' stands for a PATH or for the list of --from-file");
	if (o->nul && !o->lists.n)
		return wrong("-0 says how the list of --from-file is written; there is none");
	if (!o->recursive && (o->exclude.n || o->has_depth))
		return wrong("--exclude and --max-depth go with -r");
	return true;
}

struct source *
source_new(struct options *o, const struct profile *const *profiles, size_t n, struct progress *progress)
{
	if (!use_is_right(o))
		return NULL;
	struct source *s = arena_alloc(o->arena, sizeof(*s));
	s->options = o;
	s->profiles = profiles;
	s->n_profiles = n;
	s->progress = progress;
	s->scratch = arena_new();
	s->ask = (struct walk_ask){.depth = o->has_depth ? o->depth : UINT_MAX,
	    .exclude = o->exclude.list,
	    .n_exclude = o->exclude.n,
	    .complain = walk_failed,
	    .context = s};
	return s;
}

static void
close_list(struct source *s)
{
	if (s->list && s->list != stdin)
		fclose(s->list);
	s->list = NULL;
	s->list_size = 0;
}

static bool
open_list(struct source *s)
{
	while (!s->list && s->next_list < s->options->lists.n) {
		const char *name = s->options->lists.list[s->next_list++];
		struct stat st;
		s->list = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
		if (!s->list)
			complain_of(s, name, strerror(errno));
		else if (fstat(fileno(s->list), &st) == 0 && S_ISREG(st.st_mode))
			s->list_size = st.st_size;
	}
	return s->list;
}

/* One name of the list into item; false: its end. An item that is too long is complained of and passed over. */
static bool
read_item(struct source *s)
{
	char end = s->options->nul ? '\0' : '\n';
	size_t n = 0;
	bool whole = true;
	int c;

	for (;;) {
		c = getc(s->list);
		if (c != EOF && c != end) {
			if (c == '\0' || n + 1 == sizeof(s->item))
				whole = false;
			else
				s->item[n++] = (char)c;
			continue;
		}
		s->item[n] = '\0';
		if (strcmp(s->item, "-") == 0)
			strcpy(s->item, "./-"); /* of that name: standard input is a PATH of the command line alone */
		if (!whole)
			complain_of(s, s->item, "no path: it is too long, or holds a NUL (-0 reads a list that NULs divide)");
		else if (n > 0)
			return true;
		if (c == EOF)
			break;
		n = 0;
		whole = true;
	}
	if (ferror(s->list))
		complain_of(s, s->options->lists.list[s->next_list - 1], strerror(errno));
	return false;
}

static const char *
next_given(struct source *s)
{
	if (s->next_path < s->options->paths.n)
		return s->options->paths.list[s->next_path++];
	while (open_list(s)) {
		if (read_item(s))
			return s->item;
		close_list(s);
	}
	return NULL;
}

/* A path that is there, whatever it is, or one that cannot be reached: that is a finding. */
static bool
is_there(struct source *s, const char *path)
{
	struct stat st;

	if (strcmp(path, "-") == 0 || stat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR))
		return true;
	complain_of(s, path, "no such file or directory");
	return false;
}

/* What is no directory is none to be walked: an archive holds directories of its own. */
static bool
is_archive(const char *path)
{
	struct stat st;

	return strcmp(path, "-") == 0 || (stat(path, &st) == 0 && !S_ISDIR(st.st_mode));
}

static const char *
next_walked(struct source *s)
{
	for (;;) {
		const struct listing *l = s->walk ? walk_next(s->walk) : NULL;
		if (!l) {
			walk_free(s->walk);
			s->walk = NULL;
			if (!(s->ask.root = next_given(s)))
				return NULL;
			if (is_archive(s->ask.root))
				return s->ask.root;
			if (!(s->walk = walk_new(&s->ask)))
				arena_alloc(s->options->arena, SIZE_MAX); /* which says that memory has ended */
			continue;
		}
		if (!l->n)
			continue;
		arena_reset(s->scratch);
		if (choose_any(s->scratch, l, s->profiles, s->n_profiles, &s->options->settings))
			return l->path;
	}
}

const char *
source_next(struct source *s)
{
	const char *path;

	if (s->options->recursive) {
		path = next_walked(s);
	} else {
		while ((path = next_given(s)) && !is_there(s, path))
			;
	}
	s->found += path != NULL;
	if (!path && !s->found && s->status < STATUS_USAGE) {
		fprintf(stderr, "crtlint: %s\n",
		    s->options->recursive ? "no certificate directory was found" : "the list names no directory");
		s->status = STATUS_USAGE;
	}
	if (!path && s->complaints > COMPLAINTS) {
		fprintf(stderr, "crtlint: %zu more could not be looked at\n", s->complaints - COMPLAINTS);
		s->complaints = 0;
	}
	return path;
}

enum status
source_status(const struct source *s)
{
	return s->status;
}

bool
source_single(const struct source *s)
{
	return !s->options->recursive && !s->options->lists.n && s->options->paths.n == 1;
}

double
source_share(const struct source *s)
{
	const struct options *o = s->options;
	double all = (double)(o->paths.n + o->lists.n), part = s->walk ? walk_share(s->walk) - 1 : 0,
	       lists = (double)s->next_list;

	if (s->list) {
		if (!s->list_size || ftello(s->list) < 0)
			return -1;
		lists += (double)ftello(s->list) / (double)s->list_size - 1;
		part = 0; /* one of many roots */
	}
	return ((double)s->next_path + lists + part) / all;
}

void
source_free(struct source *s)
{
	if (!s)
		return;
	walk_free(s->walk);
	close_list(s);
	arena_free(s->scratch);
}
