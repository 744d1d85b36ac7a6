/* From another program's keys to a profile's variables; which key is whose is said in the profile. */
#include <string.h>

#include "crtlint/text.h"
#include "crtlint/toml.h"

struct job {
	struct arena *arena;
	struct errors *errors;
	const struct toml *toml;
};

/* A variable says where it is found as "FILE KEY". */
static const char *
key_in(const struct variable *v, const char *file)
{
	size_t n = strlen(file);

	return v->toml && strncmp(v->toml, file, n) == 0 && v->toml[n] == ' ' ? v->toml + n + 1 : NULL;
}

/* The value of a key. An inline table on the way to it would hide it. */
static const struct toml_value *
find(const struct job *j, const char *key)
{
	const struct toml_value *found = NULL;

	for (size_t i = 0; i < j->toml->n; i++) {
		const struct toml_value *v = &j->toml->list[i];
		size_t n = strlen(v->key);
		if (strcmp(v->key, key) == 0) {
			if (found)
				error_add(j->errors, j->toml->path, v->loc, "'%s' is here twice; it is at %u:%u too", key,
				    found->loc.line, found->loc.column);
			found = v;
		} else if (v->kind == TOML_INLINE_TABLE && strncmp(v->key, key, n) == 0 && key[n] == '.') {
			error_add(j->errors, j->toml->path, v->loc,
			    "'%s' may stand in this table in braces, which is not read; write [%s]", key, v->key);
		}
	}
	return found;
}

static bool
is_list(const struct variable *v)
{
	return v->type == VAR_LIST || v->type == VAR_MAP || v->type == VAR_HOSTS || v->type == VAR_PEERS;
}

static const char *
text_of(const struct job *j, const struct variable *v, const struct toml_value *from)
{
	struct buf out = {.arena = j->arena};

	if (from->kind != TOML_TEXT && (from->kind != TOML_LIST || !is_list(v))) {
		error_add(j->errors, j->toml->path, from->loc, "'%s': expected a text%s", from->key,
		    is_list(v) ? " or a list of texts" : "");
		return NULL;
	}
	for (size_t i = 0; i < from->words.n; i++) {
		if (is_list(v) && strchr(from->words.list[i], ','))
			error_add(j->errors, j->toml->path, from->loc, "'%s': a member with a comma cannot be judged: '%.64s'",
			    from->key, from->words.list[i]);
		buf_printf(&out, "%s%s", i ? "," : "", from->words.list[i]);
	}
	return *buf_text(&out) ? buf_text(&out) : NULL;
}

static void
add(const struct job *j, struct settings *s, const char *name, const char *text)
{
	struct setting *more = arena_array(j->arena, s->n_sets + 1, sizeof *more);

	more[0] = (struct setting){name, text, FROM_CONFIG};
	if (s->n_sets)
		memcpy(more + 1, s->sets, s->n_sets * sizeof *more);
	s->sets = more;
	s->n_sets++;
}

/* A relative path is taken from where the settings file lies; a path of its own is told by how it begins (entry_path). */
static const char *
path_of(const struct job *j, const char *raw, const char *text)
{
	const char *slash = strrchr(raw, '/');

	if (*text == '/')
		return text;
	return arena_printf(j->arena, "%s%.*s%s",
	    *raw == '/' || strncmp(raw, "./", 2) == 0 || strncmp(raw, "../", 3) == 0 ? "" : "./",
	    slash ? (int)(slash - raw + 1) : 0, raw, text);
}

static void
place(const struct job *j, const char *raw, const struct toml_row *row, struct settings *s)
{
	const char *const keys[] = {[PLACED_CA] = row->ca, [PLACED_CERT] = row->cert, [PLACED_KEY] = row->key};

	for (size_t i = 0; i < s->n_placed; i++)
		if (strcmp(s->placed[i].peer, row->peer) == 0 && s->placed[i].by != j->toml->path)
			return; /* by a file that was given later */
	for (int as = PLACED_CA; as <= PLACED_KEY; as++) {
		const struct toml_value *from = keys[as] ? find(j, keys[as]) : NULL;
		if (!from)
			continue;
		if (from->kind != TOML_TEXT) {
			error_add(j->errors, j->toml->path, from->loc, "'%s': expected the path of a file", from->key);
			continue;
		}
		if (!*from->words.list[0])
			continue;
		struct placed *more = arena_array(j->arena, s->n_placed + 1, sizeof *more);
		if (s->n_placed)
			memcpy(more, s->placed, s->n_placed * sizeof *more);
		more[s->n_placed++] = (struct placed){.peer = row->peer,
		    .as = (enum placed_as)as,
		    .path = path_of(j, raw, from->words.list[0]),
		    .by = j->toml->path};
		s->placed = more;
	}
}

void
toml_apply(
    struct arena *a, const char *raw, const struct toml *toml, const struct profile *p, struct settings *s, struct errors *errors)
{
	struct job j = {a, errors, toml};
	struct buf files = {.arena = a};
	const char *slash = strrchr(raw, '/'), *file = slash ? slash + 1 : raw;
	bool known = false;

	for (size_t i = 0; i < p->n_variables; i++) {
		const struct variable *v = &p->variables[i];
		const char *key = key_in(v, file);
		if (v->toml)
			buf_printf(&files, "%s%.*s", files.n ? ", " : "", (int)strcspn(v->toml, " "), v->toml);
		known = known || key;
		const struct toml_value *from = key ? find(&j, key) : NULL;
		const char *text = from ? text_of(&j, v, from) : NULL;
		const char *why = text ? variable_refuses(a, p, v, text) : NULL;
		if (why)
			error_add(errors, toml->path, from->loc, "'%s': %s", key, why);
		else if (text)
			add(&j, s, v->name, text);
	}
	for (size_t i = 0; i < p->n_toml; i++) {
		if (strcmp(p->toml[i].file, file) != 0)
			continue;
		known = true;
		place(&j, raw, &p->toml[i], s);
	}
	if (!known)
		error_add(errors, NULL, (struct loc){0, 0},
		    "--toml %s: profile %s has no use for a file of this name; it knows %s", toml->path, p->name,
		    files.n ? buf_text(&files) : "none");
}
