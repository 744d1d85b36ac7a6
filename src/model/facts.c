#include "crtlint/facts.h"

#include <string.h>

#include "model.h"

static const char *
text_of(const void *facts, const char *name)
{
	const struct value *v = facts_value(facts, name);

	return v ? v->text : NULL;
}

/* Nobody reads anything here, or nobody can list it. */
static void
nothing_starts(struct facts *f)
{
	const struct listing *l = f->listing;
	f->start.ok = f->reload.ok = false;
	f->start.judged = f->reload.judged = true;
	f->start.failure = (struct failure){.cause = l->error ? CAUSE_DIRECTORY : CAUSE_NOTHING_HERE, .name = "."};
	f->start.failure.error = l->error ? arena_printf(f->arena, "open %s: %s", l->path, errno_words(l->error)) : NULL;
	f->reload.failure = f->start.failure;
}

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
	f->signatures = settings->signatures ? settings->signatures : signatures_with(a, settings->signers);
	f->start = (struct outcome){.kind = OUTCOME_START, .id = "start"};
	f->reload = (struct outcome){.kind = OUTCOME_RELOAD, .id = "reload"};
	struct model *m = arena_alloc(a, sizeof(*m));
	m->arena = a;
	m->facts = f;
	m->profile = profile;
	m->errors = errors;
	if (!profile) {
		/* No system reads anything here: every entry is a stranger. */
		f->n_files = listing->n;
		f->files = arena_array(a, f->n_files, sizeof(*f->files));
		for (size_t i = 0; i < f->n_files; i++) {
			f->files[i].entry = &listing->entries[i];
			f->files[i].name = listing->entries[i].name;
		}
		nothing_starts(f);
		return f;
	}
	size_t before = errors->n;
	variables_resolve(m);
	if (errors->n > before)
		return NULL;
	f->profile = m->profile = profile_fill(a, profile, text_of, f);
	files_fill(m);
	users_gather(m);
	load_files(m);
	hosts_narrow(m);
	if (listing->too_many) { /* what seems to be missing may only not have been listed: nothing is claimed */
		f->start.ok = f->reload.ok = true;
	} else {
		outcomes_judge(m);
		connections_judge(m);
		itself_judge(m);
	}
	if (listing->error && f->start.ok)
		nothing_starts(f);
	later_settle(m);
	unjudged_tell(m);
	f->model = listing->error || listing->too_many ? NULL : m;
	return f;
}

const struct value *
facts_value(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->n_values; i++)
		if (same_name(f->values[i].variable->name, name))
			return &f->values[i];
	return NULL;
}

const struct file *
facts_file(const struct facts *f, const char *name)
{
	size_t low = 0, high = f->files ? f->listing->n : 0;
	for (size_t i = high; i < f->n_files; i++)
		if (strcmp((const char *)f->files[i].entry->raw.p, name) == 0)
			return &f->files[i];
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
