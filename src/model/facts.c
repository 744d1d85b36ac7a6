#include "crtlint/facts.h"

#include <string.h>

#include "model.h"

struct facts *
facts_build(struct arena *a, const struct listing *listing, const struct profile *profile, const char *because,
    const struct settings *settings, struct errors *errors)
{
	struct facts *f = arena_alloc(a, sizeof(*f));
	f->arena = a;
	f->listing = listing;
	f->settings = settings;
	f->profile = profile;
	f->chosen_because = because;
	f->go = GO_NEWEST;
	f->run_as = settings->caller;
	f->signatures = settings->signatures ? settings->signatures : signatures_new(a);
	f->start = (struct outcome){.kind = OUTCOME_START, .id = "start"};
	f->reload = (struct outcome){.kind = OUTCOME_RELOAD, .id = "reload"};
	struct model *m = arena_alloc(a, sizeof(*m));
	*m = (struct model){.arena = a, .facts = f, .profile = profile, .errors = errors};
	if (!profile || listing->error) {
		/* No system reads anything here, or nobody can list it: every entry is a stranger, and nothing starts on it. */
		f->n_files = listing->n;
		f->files = arena_array(a, f->n_files, sizeof(*f->files));
		for (size_t i = 0; i < f->n_files; i++) {
			f->files[i].entry = &listing->entries[i];
			f->files[i].name = listing->entries[i].name;
		}
		f->start.failure = (struct failure){.cause = listing->error ? CAUSE_DIRECTORY : CAUSE_NOTHING_HERE, .name = "."};
		f->start.failure.error = listing->error
		                             ? arena_printf(a, "open %s: %s", listing->path, errno_words(listing->error))
		                             : NULL;
		f->start.judged = f->reload.judged = true;
		f->reload.failure = f->start.failure;
		return f;
	}
	size_t before = errors->n;
	variables_resolve(m);
	if (errors->n > before)
		return NULL;
	files_fill(m);
	users_gather(m);
	load_files(m);
	outcomes_judge(m);
	connections_judge(m);
	unjudged_tell(m);
	f->model = m;
	return f;
}

const struct value *
facts_value(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->n_values; i++)
		if (strcmp(f->values[i].variable->name, name) == 0)
			return &f->values[i];
	return NULL;
}

const struct file *
facts_file(const struct facts *f, const char *name)
{
	size_t low = 0, high = f->n_files;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp((const char *)f->files[mid].entry->raw.p, name);
		if (order == 0)
			return &f->files[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct file *
facts_holder(const struct facts *f, const struct cert *cert, size_t *index)
{
	for (size_t i = 0; i < f->n_files; i++) {
		const struct object *o = f->files[i].object;
		for (; o; o = o->openssl) {
			for (size_t k = 0; k < o->n_certs; k++) {
				if (o->certs[k] == cert) {
					*index = k;
					return &f->files[i];
				}
			}
		}
	}
	return NULL;
}

const struct outcome *
facts_outcome(const struct facts *f, size_t i)
{
	if (i == 0)
		return &f->start;
	if (i == 1)
		return &f->reload;
	return i - 2 < f->n_connections ? &f->connections[i - 2].outcome : NULL;
}

const struct connection *
facts_connection(const struct outcome *o)
{
	return o->kind == OUTCOME_CONNECTION ? (const struct connection *)o : NULL;
}
