/*
 * What this directory alone cannot decide: the profile's own rows, and what the loader could not read.
 */
#include "model.h"

#include "crtlint/limits.h"

void
unjudged_tell(struct model *m)
{
	struct facts *f = m->facts;
	struct arena *a = m->arena;
	for (size_t i = 0; i < m->profile->n_undecided; i++) {
		const struct undecided_row *row = &m->profile->undecided[i];
		struct scope s = scope_new(m);
		if (!gate_open(&s, &row->gate))
			continue;
		struct buf out = {.arena = a};
		const char *text;
		scope_fill(&s, row->what, &text);
		buf_add(&out, text);
		if (row->assumed) {
			scope_fill(&s, row->assumed, &text);
			buf_add(&out, "; assumed: ");
			buf_add(&out, text);
		}
		if (row->tell) {
			scope_fill(&s, row->tell, &text);
			buf_add(&out, "; tell: ");
			buf_add(&out, text);
		}
		words_add(a, &f->unjudged, buf_text(&out));
	}
	for (size_t i = 0; i < f->settings->unplaced.n; i++)
		words_add(a, &f->unjudged, f->settings->unplaced.list[i]);
	if (!f->server_version.n && facts_value(f, "server-version"))
		words_add(a, &f->unjudged, "which release reads it; assumed: the newest; tell: --set server-version=VERSION");
	if (f->run_as_from == FROM_GUESS)
		words_add(a, &f->unjudged,
		    arena_printf(a, "who runs the server; assumed: the owner of its key, %u:%u; tell: --set run-as=UID:GID",
		        f->run_as.uid, f->run_as.gid));
	for (size_t i = 0; i < f->n_files; i++) {
		const struct file *file = &f->files[i];
		if (file->used && !file->object && file->readable && file->entry->type == ENTRY_FILE)
			words_add(a, &f->unjudged,
			    arena_printf(a, "what %s holds; assumed: it is sound; %s", file->name,
			        file->entry->link == LINK_OUTSIDE ? "it leads out of the directory and was not read"
			        : file->entry->unknown            ? "the archive does not hold it"
			        : file->entry->too_large          ? "it is larger than crtlint reads"
			                                 : "crtlint may not read it; tell: run as its owner or as root"));
	}
	if (f->n_connections >= LIMIT_CONNECTIONS)
		words_add(a, &f->unjudged, "further connections: there are more than crtlint judges in one directory");
}
