/*
 * Hosts: NAME is for whoever is dialed, PEER=NAME for one peer alone (settings.h). A variable of type hosts keeps them as they were
 * given; what a row sees of it are the names of the peer that it is about.
 */
#include "model.h"

#include <string.h>

static bool
is_for(const char *word, const char *who)
{
	size_t n = strcspn(word, "=");
	return word[n] && strlen(who) == n && memcmp(word, who, n) == 0;
}

const char *
hosts_dialed(const struct scope *s, const char *hosts)
{
	const char *who = s->to ? s->to : s->peer;
	struct buf out = {.arena = s->m->arena};
	if (!hosts || !who || !strchr(hosts, '='))
		return hosts;
	while (*hosts) {
		size_t n = strcspn(hosts, ",");
		const char *word = arena_strndup(s->m->arena, hosts, n), *equals = strchr(word, '=');
		hosts += n + (hosts[n] == ',');
		if (n && (!equals || is_for(word, who)))
			buf_printf(&out, "%s%s", out.n ? "," : "", equals ? equals + 1 : word);
	}
	return out.n ? buf_text(&out) : NULL;
}

/* What a configuration says of the peers of another system is not for this one; on the command line it is a slip. */
struct words
hosts_meant(struct model *m)
{
	const struct settings *s = m->facts->settings;
	struct words out = {0};
	for (size_t i = 0; i < s->hosts.n; i++) {
		const char *word = s->hosts.list[i], *equals = strchr(word, '=');
		const char *who = equals ? arena_strndup(m->arena, word, (size_t)(equals - word)) : NULL;
		if (!who || profile_dials(m->profile, who, true)) {
			words_add(m->arena, &out, word);
		} else if (s->hosts_from == FROM_OPTION) {
			const char *meant = profile_dials_near(m->arena, m->profile, who);
			error_add(m->errors, NULL, (struct loc){0, 0}, "--host %s: in profile %s nobody dials '%s'%s%s%s", word,
			    m->profile->name, who, meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
		}
	}
	return out;
}
