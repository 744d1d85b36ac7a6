/* What the profile's file patterns say about a name that they do not cover. */
#include "look.h"

#include <string.h>

#include "crtlint/version.h"

bool
look_row_counts(const struct facts *f, const struct file_row *row)
{
	if (!version_in(&f->server_version, &row->gate.since, &row->gate.until))
		return false;
	return !row->dialect || !f->dialect || strcmp(row->dialect, f->dialect) == 0;
}

bool
look_capture(const char *pattern, struct slice name, struct slice *value)
{
	const char *open = strchr(pattern, '<'), *close = open ? strchr(open, '>') : NULL;

	if (!close || strchr(close, '<'))
		return false;
	size_t head = (size_t)(open - pattern), tail = strlen(close + 1);
	if (name.n < head + tail || memcmp(name.p, pattern, head) != 0 || memcmp(name.p + name.n - tail, close + 1, tail) != 0)
		return false;
	*value = (struct slice){name.p + head, name.n - head - tail};
	return true;
}

static const struct capture *
capture_in(const struct facts *f, const char *text)
{
	const char *open = strchr(text, '<');
	size_t n = open ? strcspn(open + 1, ">") : 0;

	for (size_t i = 0; open && i < f->profile->n_captures; i++) {
		const struct capture *c = &f->profile->captures[i];
		if (strlen(c->name) == n && memcmp(c->name, open + 1, n) == 0)
			return c;
	}
	return NULL;
}

enum capture_type
look_capture_type(const struct facts *f, const char *pattern)
{
	const struct capture *c = capture_in(f, pattern);

	return c ? c->type : CAPTURE_ANY;
}

bool
look_role_takes(const struct facts *f, const char *role, const char *name)
{
	const struct capture *c = capture_in(f, role);

	for (size_t i = 0; c && i < c->values.n; i++) {
		if (strcmp(c->values.list[i], name) == 0)
			return true;
	}
	return false;
}

static bool
has_capital(struct arena *arena, struct slice s)
{
	return !slice_eq(text_lower(arena, s), s);
}

bool
look_folds(struct findings *fs, const struct file *file, struct near *near)
{
	const struct facts *f = fs->facts;
	struct slice raw = file->entry->raw, value;

	if ((file->row && file->row->is != IS_IGNORED) || file->key_row || !has_capital(fs->arena, raw))
		return false;
	for (size_t i = 0; i < f->profile->n_files; i++) {
		const struct file_row *row = &f->profile->files[i];
		if (row->is != IS_CERTIFICATE || !look_row_counts(f, row))
			continue;
		for (size_t k = 0; k < row->patterns.n; k++) {
			const char *pattern = row->patterns.list[k];
			if (look_capture_type(f, pattern) != CAPTURE_LOWER_CASE || !look_capture(pattern, raw, &value))
				continue;
			/* Only its capitals may keep it from being found. */
			struct slice lower = text_lower(fs->arena, raw);
			struct binds binds;
			if (!has_capital(fs->arena, value) || !pattern_match(f->profile, pattern, lower, &binds))
				continue;
			near->user = look_value(fs, text_lower(fs->arena, value));
			near->folded = text_safe(fs->arena, lower, TEXT_NAME);
			return true;
		}
	}
	return false;
}

static const struct bind *
bind_named(const struct binds *b, const char *name, size_t n)
{
	for (size_t i = 0; i < b->n; i++) {
		if (strlen(b->list[i].name) == n && memcmp(b->list[i].name, name, n) == 0)
			return &b->list[i];
	}
	return NULL;
}

const char *
look_says(struct findings *fs, const struct file *file)
{
	struct buf out = {.arena = fs->arena};

	if (!file->row || file->row->is != IS_IGNORED || !file->row->says)
		return NULL;
	for (const char *p = file->row->says; *p;) {
		size_t plain = strcspn(p, "<");
		if (plain > 0)
			buf_printf(&out, "%.*s", (int)plain, p);
		p += plain;
		if (*p == '\0')
			break;
		if (p[1] == '<') { /* "<<" is a "<" */
			buf_add(&out, "<");
			p += 2;
			continue;
		}
		size_t n = strcspn(p + 1, ">");
		const struct bind *b = bind_named(&file->binds, p + 1, n);
		if (b)
			buf_bytes(&out, b->value);
		p += 1 + n + (p[1 + n] == '>');
	}
	return buf_text(&out);
}
