#include <string.h>

#include "crtlint/profile.h"
#include "crtlint/text.h"

bool
profile_has_peer(const struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_peers; i++)
		for (size_t k = 0; k < p->peers[i].names.n; k++)
			if (strcmp(p->peers[i].names.list[k], name) == 0)
				return *name != '<';
	return false;
}

const char *
profile_peer_near(struct arena *a, const struct profile *p, const char *name)
{
	const char **names = NULL;
	size_t n = 0, capacity = 0;

	for (size_t i = 0; i < p->n_peers; i++) {
		for (size_t k = 0; k < p->peers[i].names.n; k++) {
			if (p->peers[i].names.list[k][0] == '<')
				continue;
			names = arena_grow(a, names, n, &capacity, sizeof *names);
			names[n++] = p->peers[i].names.list[k];
		}
	}
	return n ? text_nearest(name, names, n) : NULL;
}

bool
profile_dials(const struct profile *p, const char *name, bool captured)
{
	for (size_t i = 0; i < p->n_connections; i++)
		for (size_t k = 0; k < p->connections[i].to.n; k++) {
			const char *to = p->connections[i].to.list[k];
			if (*to == '<' ? captured : strcmp(to, name) == 0)
				return true;
		}
	return false;
}

const char *
profile_dials_near(struct arena *a, const struct profile *p, const char *name)
{
	const char **names = NULL;
	size_t n = 0, capacity = 0;

	for (size_t i = 0; i < p->n_connections; i++)
		for (size_t k = 0; k < p->connections[i].to.n; k++) {
			if (*p->connections[i].to.list[k] == '<')
				continue;
			names = arena_grow(a, names, n, &capacity, sizeof *names);
			names[n++] = p->connections[i].to.list[k];
		}
	return n ? text_nearest(name, names, n) : NULL;
}
