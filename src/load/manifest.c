#include "manifest.h"

#include <string.h>

#include "crtlint/limits.h"
#include "crtlint/text.h"

enum { ERRNO_MAX = 4095 };

struct lines {
	struct arena *arena;
	struct slice rest;
	struct slice line; /* what is left of the one at hand */
	struct manifest *out;
	const char *directory;
};

static int
digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A name or text with its %XX; NULL when it is malformed or holds a NUL. */
static const char *
unescape(struct arena *arena, struct slice s)
{
	char *out = arena_alloc(arena, s.n + 1), *p = out;

	for (size_t i = 0; i < s.n; i++) {
		int byte = s.p[i];
		if (byte == '%') {
			int high = s.n - i > 2 ? digit(s.p[i + 1]) : -1, low = s.n - i > 2 ? digit(s.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return NULL;
			byte = high << 4 | low;
			i += 2;
		}
		if (byte == 0)
			return NULL;
		*p++ = (char)byte;
	}
	return out;
}

static bool
take_errno(struct slice s, int *error)
{
	uint64_t n;

	if (!slice_number(s, ERRNO_MAX, &n))
		return false;
	*error = (int)n;
	return true;
}

static bool
take_field(struct lines *l, struct manifest_file *f, struct slice name, struct slice value)
{
	static const char *const types[] = {"file", "directory", "fifo", "socket", "device", "nothing"};
	static const char *const links[] = {"none", "inside", "outside", "dangling", "loop"};
	int n = 0;

	if (slice_is(name, "is")) {
		f->has_type = true;
		if ((n = slice_one_of(value, types, 6)) >= 0)
			f->type = (enum entry_type)n;
	} else if (slice_is(name, "link")) {
		if ((n = slice_one_of(value, links, 5)) >= 0)
			f->link = (enum entry_link)n;
	} else if (slice_is(name, "target")) {
		const char *raw = unescape(l->arena, value);
		/* It passed the gate when it was written; what did not comes out changed, and harmless. */
		f->target = raw ? text_safe(l->arena, slice_of(raw), TEXT_VALUE) : NULL;
		n = raw ? 0 : -1;
	} else if (slice_is(name, "size")) {
		f->has_size = true;
		n = slice_number(value, INT64_MAX, &f->size) ? 0 : -1;
	} else if (slice_is(name, "error")) {
		n = take_errno(value, &f->error) ? 0 : -1;
	} else if (slice_is(name, "unread")) {
		f->unread = true;
	} else if (slice_is(name, "large")) {
		f->too_large = true;
	} else if (slice_is(name, "changed")) {
		f->changed = true;
	}
	return n >= 0; /* a field of a later version is passed over */
}

static bool
take_directory(struct lines *l)
{
	struct manifest *m = l->out;
	struct manifest_directory d = {.path = unescape(l->arena, slice_cut(&l->line, ' '))};
	bool ok = d.path && m->n_directories < LIMIT_ENTRIES;

	while (l->line.n > 0) {
		struct slice value = slice_cut(&l->line, ' '), name = slice_cut(&value, '=');
		if (slice_is(name, "error"))
			ok = ok && take_errno(value, &d.error);
		d.too_many = d.too_many || slice_is(name, "more");
	}
	if (!ok)
		return false;
	m->directories = arena_grow(l->arena, m->directories, m->n_directories, &m->directories_capacity, sizeof d);
	m->directories[m->n_directories++] = d;
	l->directory = d.path;
	return true;
}

/* A name, or one in a folder that belongs to the directory. */
static bool
is_name(const char *name)
{
	const char *slash = strchr(name, '/');

	return !slash || (slash > name && slash[1] && !strchr(slash + 1, '/'));
}

static bool
take_file(struct lines *l)
{
	struct manifest *m = l->out;
	const char *name = unescape(l->arena, slice_cut(&l->line, ' '));
	struct manifest_file f = {0};

	if (!name || !is_name(name) || !l->directory || m->n_files == LIMIT_ENTRIES)
		return false;
	f.path = arena_printf(l->arena, "%s%s%s", l->directory, *l->directory ? "/" : "", name);
	while (l->line.n > 0) {
		struct slice value = slice_cut(&l->line, ' '), field = slice_cut(&value, '=');
		if (!take_field(l, &f, field, value))
			return false;
	}
	m->files = arena_grow(l->arena, m->files, m->n_files, &m->files_capacity, sizeof f);
	m->files[m->n_files++] = f;
	return true;
}

static bool
take_key(struct manifest_file *f, struct slice whole)
{
	if (f->facts.n == 0)
		f->facts.p = whole.p;
	/* the lines of one file stand together, so that the slice grows over them */
	if (f->facts.p + f->facts.n != whole.p)
		return false;
	f->facts.n += whole.n;
	return true;
}

bool
manifest_read(struct arena *arena, struct slice bytes, struct manifest *out)
{
	struct lines l = {.arena = arena, .rest = bytes, .out = out};

	*out = (struct manifest){0};
	if (!slice_is(slice_cut(&l.rest, '\n'), "crtlint-snapshot 1"))
		return false;
	while (l.rest.n > 0) {
		const uint8_t *start = l.rest.p;
		l.line = slice_cut(&l.rest, '\n');
		struct slice whole = {start, (size_t)(l.rest.p - start)}, verb = slice_cut(&l.line, ' ');
		struct manifest_file *last = out->n_files > 0 ? &out->files[out->n_files - 1] : NULL;
		bool ok = true;
		if (slice_is(verb, "dir"))
			ok = take_directory(&l);
		else if (slice_is(verb, "file"))
			ok = take_file(&l);
		else if (slice_is(verb, "key") || slice_is(verb, "inside"))
			ok = last && take_key(last, whole);
		else if (slice_is(verb, "shape")) {
			ok = last && !last->has_shape;
			if (ok) {
				last->has_shape = true;
				last->shape = l.line;
			}
		}
		if (!ok)
			return false;
	}
	return true;
}
