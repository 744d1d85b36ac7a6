#include <stdlib.h>
#include <string.h>

#include "crtlint/profile.h"
#include "crtlint/text.h"

static bool
is_number(const char *s, size_t n)
{
	return n > 0 && strspn(s, "0123456789") >= n;
}

/* Each half within the 32 bits of a uid_t. */
static bool
is_identity(const char *s)
{
	const char *colon = strchr(s, ':');

	if (!colon || !is_number(s, (size_t)(colon - s)) || !is_number(colon + 1, strlen(colon + 1)))
		return false;
	return strtoull(s, NULL, 10) <= UINT32_MAX && strtoull(colon + 1, NULL, 10) <= UINT32_MAX;
}

/* The first member that is not SOURCE:DESTINATION, split at the last colon. */
static const char *
bad_member(struct arena *a, const char *text)
{
	while (*text) {
		text += strspn(text, " ");
		size_t n = strcspn(text, ",");
		const char *member = arena_strndup(a, text, n), *colon = strrchr(member, ':');
		if (n && (!colon || colon == member || !colon[1]))
			return member;
		text += n + (text[n] == ',');
	}
	return NULL;
}

static const char *
one_of(struct arena *a, const struct words *values, const char *text)
{
	struct buf all = {.arena = a};

	for (size_t i = 0; i < values->n; i++) {
		if (strcmp(values->list[i], text) == 0)
			return NULL;
		buf_printf(&all, "%s%s", i ? ", " : "expected one of ", values->list[i]);
	}
	return buf_text(&all);
}

/* Every member that is no peer of the profile. */
static const char *
strangers(struct arena *a, const struct profile *p, const char *text)
{
	struct buf out = {.arena = a};

	while (*text) {
		text += strspn(text, " ");
		size_t n = strcspn(text, ",");
		const char *member = arena_strndup(a, text, n);
		text += n + (text[n] == ',');
		if (!n || profile_has_peer(p, member))
			continue;
		const char *meant = profile_peer_near(a, p, member);
		buf_printf(&out, "%sthere is no '%s' in profile %s%s%s%s", out.n ? "; " : "", member, p->name,
		    meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
	}
	return out.n ? buf_text(&out) : NULL;
}

const char *
variable_refuses(struct arena *a, const struct profile *p, const struct variable *v, const char *text)
{
	struct version version;
	const char *member;

	switch (v->type) {
	case VAR_BOOL:
		return strcmp(text, "true") && strcmp(text, "false") ? "expected true or false" : NULL;
	case VAR_NUMBER:
		return is_number(text, strlen(text)) ? NULL : "expected a number";
	case VAR_VERSION:
		return version_parse(text, &version) ? NULL : "expected a version such as 24.1";
	case VAR_MAP:
		member = bad_member(a, text);
		return member ? arena_printf(a, "'%s' is not SOURCE:DESTINATION", member) : NULL;
	case VAR_ENUM:
		return one_of(a, &v->values, text);
	case VAR_TEXT:
		return strcmp(v->name, "run-as") == 0 && !is_identity(text) ? "expected UID:GID in numbers" : NULL;
	case VAR_FILE:
		if (*text == '/' || !*text || strncmp(text, "..", 2) == 0 || strstr(text, "/.."))
			return "expected the name of a file in the directory; link or copy it there, or check the directory that "
			       "it is in";
		return NULL;
	case VAR_PEERS:
		return strangers(a, p, text);
	case VAR_LIST:
	case VAR_HOSTS:
		break;
	}
	return NULL;
}
