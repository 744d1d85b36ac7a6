/*
 * Steps: the rows of load, start, reload and dial, tried in order; the first failure ends the list (profile-language, section 1,
 * rules 5 and 6).
 */
#include "model.h"

#include <errno.h>
#include <string.h>

static const struct steps *
rows_of(const struct profile *p, enum list which)
{
	switch (which) {
	case LIST_LOAD:
		return &p->load;
	case LIST_START:
		return &p->start;
	case LIST_RELOAD:
		return &p->reload;
	case LIST_DIAL:
		return &p->dial;
	}
	return &p->start;
}

static bool
names_one(const struct words *list, const char *who)
{
	return !list->n || (who && words_have(list, who));
}

static bool
step_counts(const struct scope *s, const struct step *step)
{
	return names_one(&step->peers, s->peer) && names_one(&step->kinds, s->kind) && names_one(&step->from, s->from) &&
	       names_one(&step->to, s->to) && gate_open(s, &step->gate);
}

static struct failure
said(struct scope *s, const struct step *step, struct failure f)
{
	if (f.cause != CAUSE_FIFO && step->says)
		f.error = scope_text(s, step->says);
	f.step = step;
	return f;
}

/* What is said of a file that is not there: the words of load's own `exist` row, else those of the system. */
static const char *
absence(struct scope *s, const char *name)
{
	const struct steps *load = &s->m->profile->load;
	for (size_t i = 0; i < load->n; i++)
		if (load->list[i].check == CHECK_EXIST && !load->list[i].of_key && !load->list[i].files.n && load->list[i].says &&
		    gate_open(s, &load->list[i].gate))
			return scope_text(s, load->list[i].says);
	return arena_printf(s->m->arena, "open %s: %s", file_path(s->m, name ? name : ""), errno_words(ENOENT));
}

static bool
nothing_here(const struct scope *s)
{
	const struct facts *f = s->m->facts;
	for (size_t i = 0; i < f->n_files; i++)
		if (f->files[i].row && f->files[i].row->is != IS_IGNORED && f->files[i].row->is != IS_OTHER &&
		    file_exists(s, &f->files[i]))
			return false;
	return true;
}

static struct failure
missing(struct scope *s, const struct step *step, const struct found *found)
{
	const char *name = found->expected ? found->expected : step->files.n ? step->files.list[0] : NULL;
	const struct stack *stack = scope_stack(s);
	const struct file *folder = name ? facts_file(s->m->facts, name) : NULL;
	bool go = strcmp(stack->name, "go") == 0;
	scope_give(s, "error", go ? absence(s, name) : errno_of(stack, ENOENT));
	if (folder && !go && step->check != CHECK_EXIST) { /* it can be opened, and nothing comes out of it */
		struct object *nothing = object_parse(s->m->arena, (struct slice){0}, s->m->facts->go);
		struct certs none = {0};
		scope_give(s, "error", stack->pair(s->m->arena, nothing, NULL, s->m->facts->go, &none).error);
	}
	scope_give(s, "errno", errno_of(scope_stack(s), ENOENT));
	scope_give(s, "file", name ? name : "");
	scope_give(s, "path", file_path(s->m, name ? name : ""));
	scope_give(s, "stem", name_stem(s->m->arena, name ? name : ""));
	struct failure f = {.cause = nothing_here(s) ? CAUSE_NOTHING_HERE : CAUSE_MISSING, .name = name};
	f.error = scope_lookup(s, "error");
	return said(s, step, f);
}

/* A dialer's own certificate, where its list offers nothing else. */
static bool
dialer_needs(const struct scope *s, const struct step *step)
{
	const struct words *w = s->dialer ? &s->dialer->dials_with : NULL;
	return w && w->n && step->files.n && strcmp(w->list[w->n - 1], "none") && words_have(w, step->files.list[0]);
}

/* A listener's own certificate, where its list offers nothing else and its key lies here. */
static bool
listener_needs(const struct scope *s, const struct step *step, const struct found *found)
{
	const struct peer *row = s->peer ? peer_row(s, s->peer) : NULL;
	const char *own, *asked;
	return row && row->serves.n == 1 && step->files.n && scope_fill(s, row->serves.list[0], &own) &&
	       scope_fill(s, step->files.list[0], &asked) && strcmp(own, asked) == 0 && key_alone(s->m->facts, found);
}

/* Whether the running service has taken this file: what was bad or absent then is not missed now. */
static bool
was_sound(const struct scope *s, const struct facts *before, const char *name)
{
	const struct file *f = name ? facts_file(before, name) : NULL;
	return f && f->row && file_exists(s, f) && f->load.cause == CAUSE_NONE;
}

/* What a reload must not lose, where it is known what there is to lose: true when that was nothing. */
static bool
nothing_to_lose(const struct scope *s, const struct step *step, const struct found *found)
{
	const struct facts *before = s->m->facts->settings->previous;
	if (step->check != CHECK_STAY || !before)
		return false;
	return !was_sound(s, before, found->n ? (const char *)found->files[0]->entry->raw.p : found->expected);
}

/* A file that nobody needs but that was there: only its loss is refused. */
static struct failure
lost(struct scope *s, const struct step *step, const struct found *found)
{
	struct failure f = missing(s, step, found);
	if (f.cause == CAUSE_MISSING && !(found->row && found->row->required))
		f.cause = CAUSE_LOST;
	return f;
}

static struct failure
directory_step(struct scope *s, const struct step *step)
{
	const struct listing *l = s->m->facts->listing;
	if (step->check != CHECK_BE_READABLE || (!l->error && entry_may(l->mode, l->uid, l->gid, s->m->facts->run_as, 5)))
		return (struct failure){0};
	const char *words = errno_words(l->error ? l->error : EACCES);
	scope_give(s, "errno", words);
	scope_give(s, "error", arena_printf(s->m->arena, "open %s: %s", l->path, words));
	struct failure f = {.cause = CAUSE_DIRECTORY, .name = ".", .error = scope_lookup(s, "error")};
	return said(s, step, f);
}

static struct failure
file_step(struct scope *s, const struct step *step)
{
	struct found found;
	found_none(&found);
	resolve_list(s, &step->files, &found);
	if ((!found.n && step->check == CHECK_NOT_EXIST) || nothing_to_lose(s, step, &found))
		return (struct failure){0};
	if (!found.n && step->check == CHECK_STAY && s->m->facts->settings->previous)
		return lost(s, step, &found);
	if (!found.n) {
		bool needed = (step->check == CHECK_EXIST && !step->of_key) || (found.row && found.row->required) ||
		              dialer_needs(s, step) || listener_needs(s, step, &found);
		return needed && !found.none && !found.system && !found.elsewhere && !found.anything ? missing(s, step, &found)
		                                                                                     : (struct failure){0};
	}
	if (step->check == CHECK_EXIST && !step->of_key)
		return (struct failure){0};
	struct failure first = {0};
	for (size_t i = 0; i < found.n; i++) {
		struct scope own = *s;
		((struct file *)found.files[i])->used = true;
		if (step->is >= 0 && (!found.files[i]->row || found.files[i]->row->is != (enum file_is)step->is))
			continue;
		struct failure f = check_file(&own, step, found.files[i]);
		if (f.cause == CAUSE_NONE && step->check == CHECK_POOL)
			return f; /* the files of a list go into one pool: one CA is enough */
		if (f.cause != CAUSE_NONE && first.cause == CAUSE_NONE)
			first = said(&own, step, f);
		if (f.cause != CAUSE_NONE && step->check != CHECK_POOL)
			break;
	}
	return first;
}

/* A FIFO under a name that is read at load stops whoever reads the directory, before anything else. */
static struct failure
fifo_among(struct scope *s)
{
	for (size_t i = 0; i < s->m->facts->n_files; i++)
		if (s->m->facts->files[i].load.cause == CAUSE_FIFO)
			return s->m->facts->files[i].load;
	return (struct failure){0};
}

/* Whether a client of this kind reads the directory as the server does, or but its own files. */
bool
loads_directory(const struct model *m, const char *kind)
{
	bool asked = false;
	for (size_t i = 0; i < m->profile->dial.n; i++) {
		const struct step *step = &m->profile->dial.list[i];
		if (!words_have(&step->kinds, kind) ||
		    !version_in(&m->facts->server_version, &step->gate.since, &step->gate.until))
			continue;
		if (step->as || step->check == CHECK_LOAD)
			return true;
		asked = true;
	}
	return !asked;
}

struct failure
steps_try(struct scope *s, enum list which)
{
	const struct steps *rows = rows_of(s->m->profile, which);
	bool asks = false;
	for (size_t i = 0; i < rows->n; i++) {
		const struct step *step = &rows->list[i];
		struct failure f = {0};
		if (step->on || !step_counts(s, step) || (s->m->gathered && step->then == THEN_WARN))
			continue;
		if (step->check == CHECK_LOAD || step->check == CHECK_STAY) {
			f = asks ? f : fifo_among(s);
			asks = true;
			if (f.cause != CAUSE_NONE)
				return f;
		}
		if (step->as) {
			struct scope own = *s;
			own.kind = NULL;
			own.peer = which == LIST_DIAL ? NULL : s->peer;
			f = steps_try(&own, LIST_START);
		} else if (step->files.n == 1 && strcmp(step->files.list[0], ".") == 0) {
			f = directory_step(s, step);
		} else {
			f = file_step(s, step);
		}
		if (f.cause != CAUSE_NONE && s->m->gathered) {
			if (s->m->n_gathered < FAILURES_MAX)
				s->m->gathered[s->m->n_gathered++] = f;
			continue;
		}
		if (f.cause != CAUSE_NONE && step->then == THEN_WARN)
			s->m->facts->start.warning = s->m->facts->start.warning ? s->m->facts->start.warning : f.error;
		else if (f.cause != CAUSE_NONE)
			return f;
	}
	return (struct failure){0};
}

static bool
load_row_fits(const struct step *step, const struct file *f)
{
	if (step->of_key && (f->row->is != IS_CERTIFICATE || !f->key_name))
		return false;
	if (step->is >= 0 && f->row->is != (enum file_is)step->is)
		return false;
	if (!step->files.n)
		return true;
	for (size_t i = 0; i < f->row->patterns.n; i++)
		if (words_have(&step->files, f->row->patterns.list[i]))
			return true;
	return false;
}

void
load_files(struct model *m)
{
	struct scope all = scope_new(m);
	for (size_t i = 0; i < m->facts->n_files; i++) {
		struct file *f = &m->facts->files[i];
		if (!f->row || (f->row->is != IS_CERTIFICATE && f->row->is != IS_CA) || !file_exists(&all, f))
			continue;
		for (size_t k = 0; k < m->profile->load.n && f->load.cause == CAUSE_NONE; k++) {
			const struct step *step = &m->profile->load.list[k];
			if ((step->check == CHECK_EXIST && !step->of_key) || !load_row_fits(step, f) ||
			    !gate_open(&all, &step->gate))
				continue;
			struct scope s = all;
			f->used = true;
			struct failure failed = check_file(&s, step, f);
			if (failed.cause != CAUSE_NONE)
				f->load = said(&s, step, failed);
		}
	}
}
