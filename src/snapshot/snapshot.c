#include "crtlint/snapshot.h"

#include <errno.h>

#include "crtlint/limits.h"
#include "crtlint/object.h"
#include "crtlint/text.h"
#include "crtlint/version.h"
#include "redact.h"
#include "write.h"

enum { PROOFS_MAX = 100000, TAR_BLOCK = 512 }; /* of one directory; each is a scalar multiplication */

struct snapshot {
	struct arena *arena;
	struct buf list;
	struct written *members;
	size_t n, capacity;
	size_t bytes; /* of the archive, unpacked */
	size_t expanded; /* of what its shapes stand for */
};

struct snapshot *
snapshot_new(struct arena *arena)
{
	struct snapshot *s = arena_alloc(arena, sizeof *s);

	s->arena = arena;
	s->list = (struct buf){.arena = arena};
	buf_add(&s->list, "crtlint-snapshot 1\n");
	return s;
}

static void
put_escaped(struct buf *b, const char *s)
{
	for (; *s; s++) {
		uint8_t c = (uint8_t)*s;
		buf_printf(b, c > ' ' && c < 0x7f && c != '%' ? "%c" : "%%%02x", c);
	}
}

static void
put_facts(struct buf *b, const struct entry *e, size_t stored)
{
	static const char *const types[] = {"file", "directory", "fifo", "socket", "device", "nothing"};
	static const char *const links[] = {"none", "inside", "outside", "dangling", "loop"};

	buf_add(b, "file ");
	put_escaped(b, (const char *)e->raw.p);
	if (e->type != ENTRY_FILE && (e->type != ENTRY_DIRECTORY || e->link != LINK_NONE))
		buf_printf(b, " is=%s", types[e->type]);
	if (e->link != LINK_NONE)
		buf_printf(b, " link=%s", links[e->link]);
	if (e->target) {
		buf_add(b, " target=");
		put_escaped(b, e->target);
	}
	if (e->size != stored)
		buf_printf(b, " size=%llu", (unsigned long long)e->size);
	if (e->error)
		buf_printf(b, " error=%d", e->error);
	if (!e->read && e->type == ENTRY_FILE)
		buf_add(b, " unread");
	if (e->too_large)
		buf_add(b, " large");
	if (e->changed)
		buf_add(b, " changed");
	buf_add(b, "\n");
}

static struct slice
keep(struct snapshot *s, struct slice bytes)
{
	uint8_t *p = arena_alloc(s->arena, bytes.n);

	if (bytes.n > 0)
		memcpy(p, bytes.p, bytes.n);
	return (struct slice){p, bytes.n};
}

static void
add_member(struct snapshot *s, struct written w)
{
	s->members = arena_grow(s->arena, s->members, s->n, &s->capacity, sizeof w);
	s->members[s->n++] = w;
	s->bytes += 3 * TAR_BLOCK + strlen(w.path) + w.content.n;
}

static void
add_entry(struct snapshot *s, struct arena *work, const struct entry *e, const char *directory, struct proofs *proofs)
{
	struct redacted r = {.facts = ""};

	if (e->read) {
		r = redact(work, e->data, proofs);
		s->expanded += r.shape ? e->data.n : 0;
	}
	put_facts(&s->list, e, r.content.n);
	if (r.shape)
		buf_printf(&s->list, "shape %s\n", r.shape);
	buf_add(&s->list, r.facts);
	add_member(s, (struct written){arena_printf(s->arena, "%s/%s", directory, (const char *)e->raw.p),
	                  e->type == ENTRY_DIRECTORY, e->mode, e->uid, e->gid, e->mtime, keep(s, r.content)});
}

static struct proofs
gather(struct arena *work, const struct listing *l)
{
	struct proofs p = {.left = PROOFS_MAX};

	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->entries[i];
		/* both readers: what one of them passes over may be what the other presents */
		struct object *o = e->read ? object_parse(work, e->data, GO_NEWEST) : NULL;
		for (int dialect = 0; o && dialect < 2; dialect++, o = dialect == 1 ? object_openssl(work, o) : NULL) {
			for (size_t k = 0; k < o->n_certs; k++) {
				p.list = arena_grow(work, p.list, p.n, &p.capacity, sizeof *p.list);
				p.list[p.n++] = &o->certs[k]->spki;
			}
		}
	}
	return p;
}

void
snapshot_add(struct snapshot *s, const struct listing *l, const char *path)
{
	struct arena *work = arena_new();
	struct proofs proofs = gather(work, l);

	buf_add(&s->list, "dir ");
	put_escaped(&s->list, path);
	if (l->error)
		buf_printf(&s->list, " error=%d", l->error);
	buf_add(&s->list, l->too_many ? " more\n" : "\n");
	add_member(
	    s, (struct written){
	           .path = arena_strdup(s->arena, path), .directory = true, .mode = l->mode, .uid = l->uid, .gid = l->gid});
	for (size_t i = 0; i < l->n; i++)
		add_entry(s, work, &l->entries[i], path, &proofs);
	arena_free(work);
}

bool
snapshot_write(struct snapshot *s, int fd)
{
	if (s->list.n > LIMIT_MANIFEST || s->n >= LIMIT_ENTRIES || s->bytes + s->list.n > LIMIT_ARCHIVE ||
	    s->expanded > LIMIT_ARCHIVE) {
		errno = EFBIG;
		return false;
	}
	struct writer *w = writer_open(fd);
	if (!w)
		return false;
	writer_add(w,
	    &(struct written){.path = SNAPSHOT_LIST, .mode = 0600, .content = {(const uint8_t *)buf_text(&s->list), s->list.n}});
	for (size_t i = 0; i < s->n; i++)
		writer_add(w, &s->members[i]);
	return writer_close(w);
}
