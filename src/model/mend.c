/*
 * The commands that make a file anew, as the profile's `mend` rows give them, as argument lists.
 */
#include <string.h>

#include "model.h"

/* <names-and-hosts>: the names the certificate has, then those it lacks. */
static struct words
names_and_hosts(const struct facts *f, const struct file *file)
{
	struct words out = {0};
	if (file && file->object && file->object->n_certs) {
		struct words have = cert_addresses(f->arena, file->object->certs[0], true, true);
		for (size_t i = 0; i < have.n; i++)
			if (!words_have(&out, have.list[i]) && have.list[i][0] != '-')
				words_add(f->arena, &out, have.list[i]);
	}
	const struct value *hosts = facts_value(f, "hosts");
	for (size_t i = 0; hosts && i < hosts->words.n; i++) {
		const char *word = hosts->words.list[i], *equals = strchr(word, '=');
		if (!words_have(&out, equals ? equals + 1 : word))
			words_add(f->arena, &out, equals ? equals + 1 : word);
	}
	if (!out.n)
		words_add(f->arena, &out, "HOST");
	return out;
}

static struct command
command(struct scope *s, const struct file *file, const char *run)
{
	struct command out = {0};
	struct arena *a = s->m->arena;
	while (*run) {
		size_t n = strcspn(run, " ");
		const char *word = arena_strndup(a, run, n), *text;
		run += n;
		run += strspn(run, " ");
		if (strcmp(word, "<names-and-hosts>") == 0) {
			struct words all = names_and_hosts(s->m->facts, file);
			for (size_t i = 0; i < all.n; i++)
				words_add(a, &out.argv, all.list[i]);
		} else if (scope_fill(s, word, &text)) {
			words_add(a, &out.argv, text);
		}
	}
	return out;
}

struct commands
facts_mend(struct arena *a, const struct facts *f, const char *name)
{
	struct commands out = {0};
	if (!f->profile || !name)
		return out;
	struct model m = {.arena = a, .facts = (struct facts *)f, .profile = f->profile};
	const struct file *file = facts_file(f, name);
	for (size_t i = 0; i < f->profile->n_mends; i++) {
		const struct mend_row *row = &f->profile->mends[i];
		for (size_t k = 0; k < row->files.n; k++) {
			struct binds binds = {.n = 0};
			if (!pattern_match(f->profile, row->files.list[k], slice_of(name), &binds))
				continue;
			struct scope s = scope_new(&m);
			scope_give_binds(&s, &binds);
			scope_give(&s, "stem", name_stem(a, name));
			out.list = arena_array(a, 1, sizeof(*out.list));
			out.list[0] = command(&s, file, row->run);
			out.n = 1;
			return out;
		}
	}
	return out;
}
