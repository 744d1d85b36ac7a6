/*
 * Variables: the profile's declarations, the caller's --set, defaults by server version. What comes out is text, checked against the
 * declared type; every mistake is reported at once.
 */
#include "model.h"

#include <stdlib.h>
#include <string.h>

static struct words
split(struct arena *a, const char *text)
{
	struct words w = {0};
	while (*text) {
		text += strspn(text, " ");
		size_t n = strcspn(text, ",");
		if (n)
			words_add(a, &w, arena_strndup(a, text, n));
		text += n;
		text += *text == ',';
	}
	return w;
}

static bool
all_digits(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

static bool
is_identity(const char *s, struct identity *out)
{
	char *end;
	const char *colon = strchr(s, ':');
	if (!colon || colon == s || s[strspn(s, "0123456789:")] || !all_digits(colon + 1))
		return false;
	unsigned long long uid = strtoull(s, &end, 10), gid = strtoull(colon + 1, NULL, 10);
	if (end != colon || uid > UINT32_MAX || gid > UINT32_MAX)
		return false;
	*out = (struct identity){(uint32_t)uid, (uint32_t)gid};
	return true;
}

static void
check_value(struct model *m, const struct variable *v, const char *text)
{
	const char *why = variable_refuses(m->arena, m->profile, v, text);
	if (why)
		error_add(m->errors, NULL, (struct loc){0, 0}, "--set %s=%s: %s", v->name, text, why);
}

static void
take(struct model *m, struct value *value, const char *text, enum origin from)
{
	value->text = text;
	value->words = split(m->arena, text);
	value->from = from;
}

static void
take_default(struct model *m, struct value *value)
{
	const struct variable *v = value->variable;
	const char *found = NULL;
	for (size_t i = 0; i < v->n_defaults; i++) {
		struct version none = {.n = 0};
		if (v->defaults[i].from.n == 0 || version_in(&m->facts->server_version, &v->defaults[i].from, &none))
			found = v->defaults[i].value;
	}
	if (!found)
		return;
	struct scope s = scope_new(m);
	const char *text;
	if (scope_fill(&s, found, &text) && *text)
		take(m, value, text, FROM_DEFAULT);
}

static void
unknown(struct model *m, const char *name)
{
	const char **names = arena_array(m->arena, m->facts->n_values, sizeof(*names));
	for (size_t i = 0; i < m->facts->n_values; i++)
		names[i] = m->facts->values[i].variable->name;
	const char *meant = text_nearest(name, names, m->facts->n_values);
	error_add(m->errors, NULL, (struct loc){0, 0}, "--set %s: profile %s has no such variable%s%s%s", name, m->profile->name,
	    meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
}

static struct value *
find(struct model *m, const char *name)
{
	for (size_t i = 0; i < m->facts->n_values; i++)
		if (same_name(m->facts->values[i].variable->name, name))
			return &m->facts->values[i];
	return NULL;
}

static void
declare(struct model *m, const struct variable *v)
{
	if (!find(m, v->name))
		m->facts->values[m->facts->n_values++].variable = v;
}

void
variables_resolve(struct model *m)
{
	struct facts *f = m->facts;
	static const struct variable hosts = {.name = "hosts", .type = VAR_HOSTS, .help = "the names given by --host"};
	size_t n_common;
	const struct variable *common = profile_common_variables(&n_common);
	f->values = arena_array(m->arena, m->profile->n_variables + n_common + 1, sizeof(*f->values));
	for (size_t i = 0; i < m->profile->n_variables; i++)
		declare(m, &m->profile->variables[i]);
	for (size_t i = 0; i < n_common; i++)
		declare(m, &common[i]);
	declare(m, &hosts);
	for (size_t i = 0; i < f->settings->n_sets; i++) {
		const struct setting *set = &f->settings->sets[i];
		struct value *value = find(m, set->name);
		if (!value || value->variable == &hosts) {
			unknown(m, set->name);
			continue;
		}
		take(m, value, set->value, set->from);
		check_value(m, value->variable, set->value);
	}
	struct value *value = find(m, "server-version");
	if (value && value->text)
		version_parse(value->text, &f->server_version);
	hosts_resolve(m);
	for (size_t i = 0; i < f->n_values; i++)
		if (!f->values[i].text)
			take_default(m, &f->values[i]);
	struct version go = {.n = 0};
	value = find(m, "go-version");
	if (value && value->text)
		version_parse(value->text, &go);
	f->go = version_go(&go);
	value = find(m, "run-as");
	f->run_as = f->settings->caller;
	f->run_as_from = FROM_DEFAULT;
	if (value && value->text && is_identity(value->text, &f->run_as))
		f->run_as_from = value->from;
}
