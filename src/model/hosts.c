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

static void
add(struct model *m, struct words *out, const char *peer, const char *name)
{
	const char *word = peer ? arena_printf(m->arena, "%s=%s", peer, name) : name;
	if (!words_have(out, word))
		words_add(m->arena, out, word);
}

/* What a configuration says of the peers of another system is not for this one; on the command line it is a slip. */
static void
add_told(struct model *m, struct words *out)
{
	const struct settings *s = m->facts->settings;
	for (size_t i = 0; i < s->hosts.n; i++) {
		const char *word = s->hosts.list[i], *equals = strchr(word, '=');
		const char *who = equals ? arena_strndup(m->arena, word, (size_t)(equals - word)) : NULL;
		if (!who || profile_dials(m->profile, who, true)) {
			add(m, out, NULL, word);
		} else if (s->hosts_from == FROM_OPTION) {
			const char *meant = profile_dials_near(m->arena, m->profile, who);
			error_add(m->errors, NULL, (struct loc){0, 0}, "--host %s: in profile %s nobody dials '%s'%s%s%s", word,
			    m->profile->name, who, meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
		}
	}
}

/* own: of a peer that has instances on several hosts the names of that host alone; NULL: of all. */
static void
take(struct model *m, const struct instance *own)
{
	const struct settings *s = m->facts->settings;
	struct value *value = (struct value *)facts_value(m->facts, "hosts");
	struct buf text = {.arena = m->arena};
	struct words out = {0};
	add_told(m, &out);
	for (size_t i = 0; i < s->n_instances; i++) {
		const struct instance *in = &s->instances[i];
		if (!profile_dials(m->profile, in->peer, true) || (own && !any_of(&own->hosts, &in->hosts)))
			continue;
		for (size_t k = 0; k < in->hosts.n; k++)
			add(m, &out, in->peer, in->hosts.list[k]);
	}
	for (size_t i = 0; i < out.n; i++)
		buf_printf(&text, "%s%s", i ? "," : "", out.list[i]);
	if (!out.n)
		return;
	value->text = buf_text(&text);
	value->words = out;
	value->from = s->n_instances ? FROM_OPTION : s->hosts_from;
}

void
hosts_resolve(struct model *m)
{
	take(m, NULL);
}

/* The certificate that a peer presents; NULL: none that can be read. */
static const struct file *
served(struct model *m, const char *peer)
{
	struct scope s = scope_new(m);
	struct found found;
	s.peer = peer;
	const struct peer *row = peer_row(&s, peer);
	found_none(&found);
	if (row)
		resolve_list(&s, &row->serves, &found);
	return found.n && found.files[0]->object && found.files[0]->object->n_certs ? found.files[0] : NULL;
}

static bool
names(struct model *m, const struct file *f, const struct words *hosts)
{
	for (size_t i = 0; i < hosts->n; i++)
		if (go_verify_hostname(m->arena, f->object->certs[0], hosts->list[i]).cause == CAUSE_NONE)
			return true;
	return false;
}

/* The only instance of that peer on a host that the certificate names; NULL: it names none, or several. others: those that it does not. */
static const struct instance *
only_named(struct model *m, const char *peer, const struct file *f, size_t *others)
{
	const struct settings *s = m->facts->settings;
	const struct instance *only = NULL;
	*others = 0;
	for (size_t i = 0; i < s->n_instances; i++) {
		const struct instance *in = &s->instances[i];
		if (strcmp(in->peer, peer) != 0)
			continue;
		if (!names(m, f, &in->hosts))
			++*others;
		else if (only && !any_of(&only->hosts, &in->hosts))
			return NULL;
		else
			only = in;
	}
	return only;
}

static bool
was_before(const struct settings *s, size_t instance)
{
	for (size_t i = 0; i < instance; i++)
		if (strcmp(s->instances[i].peer, s->instances[instance].peer) == 0)
			return true;
	return false;
}

/*
 * A deployment gives each host a directory of its own, whose certificates name that host alone: the other hosts' names are not asked of
 * them. It is taken for one where all certificates here name the same host and no other. Where one names several, or none, or
 * different ones name different hosts, the files are those of all hosts.
 */
void
hosts_narrow(struct model *m)
{
	const struct settings *s = m->facts->settings;
	const struct instance *own = NULL;
	const struct file *told = NULL;
	size_t others, most = 0;
	for (size_t i = 0; i < s->n_instances; i++) {
		const char *peer = s->instances[i].peer;
		bool meant = !was_before(s, i) && profile_dials(m->profile, peer, true);
		const struct file *f = meant ? served(m, peer) : NULL;
		const struct instance *only = f ? only_named(m, peer, f, &others) : NULL;
		if (!f)
			continue;
		if (!only || (own && !any_of(&own->hosts, &only->hosts)))
			return;
		if (others > most) {
			most = others;
			told = f;
		}
		own = only;
	}
	if (!told)
		return;
	take(m, own);
	words_add(m->arena, &m->facts->unjudged,
	    arena_printf(m->arena,
	        "on which host this directory lies; assumed: on %s, the only one of %zu that %s names; tell: --host PEER=NAME "
	        "instead of --topology",
	        own->hosts.list[0], most + 1, told->name));
}
