/*
 * The checks that a row may ask of one file (`must`). Each answers with a cause and leaves in the scope what a text may want to name.
 */
#include "model.h"

#include <errno.h>
#include <string.h>

#include "crtlint/stack.h"

struct failure
failure_at(const struct file *f, enum cause cause, const char *error)
{
	return (struct failure){.cause = cause, .error = error, .file = f, .name = f ? f->name : NULL};
}

int
check_errno(const struct entry *e)
{
	if (e->link == LINK_LOOP)
		return ELOOP;
	return e->type == ENTRY_NOTHING ? ENOENT : EACCES;
}

const char *
read_error(const struct model *m, const struct file *f)
{
	if (f->readable && f->entry->type == ENTRY_DIRECTORY)
		return arena_printf(m->arena, "read %s: %s", file_path(m, f->name), errno_words(EISDIR));
	return arena_printf(m->arena, "open %s: %s", file_path(m, f->name), errno_words(check_errno(f->entry)));
}

static struct failure
fail(struct scope *s, const struct file *f, enum cause cause, const char *error)
{
	scope_give(s, "error", error);
	return failure_at(f, cause, error);
}

static struct failure
cannot_open(struct scope *s, const struct file *f, enum cause cause)
{
	const char *words = errno_of(scope_stack(s), check_errno(f->entry));
	scope_give(s, "errno", words);
	if (strcmp(scope_stack(s)->name, "go"))
		return fail(s, f, cause, words);
	return fail(s, f, cause, read_error(s->m, f));
}

/* Bytes that the system would have and we do not: nothing is claimed of them. */
static bool
unread(const struct file *f)
{
	return !f->object && f->readable && f->entry->type == ENTRY_FILE;
}

struct failure
check_readable(struct scope *s, const struct file *f, enum cause cause)
{
	if (f->readable && f->entry->type != ENTRY_NOTHING && (f->entry->type != ENTRY_DIRECTORY || s->find == FIND_LISTED))
		return (struct failure){0};
	return cannot_open(s, f, cause);
}

struct failure
check_not_empty(struct scope *s, const struct file *f)
{
	if (!f->readable || f->entry->type == ENTRY_DIRECTORY)
		return cannot_open(s, f, CAUSE_UNREADABLE);
	if (f->entry->type == ENTRY_DEVICE || f->entry->type == ENTRY_SOCKET) /* nothing comes out of it */
		return fail(s, f, CAUSE_NOT_REGULAR, "not a regular file");
	if (f->object && f->object->data.n == 0)
		return fail(s, f, CAUSE_EMPTY, "empty file");
	return (struct failure){0};
}

static struct failure
check_only_certificates(struct scope *s, const struct file *f)
{
	size_t before = 0;
	for (size_t i = 0; i < f->object->pem.n; i++) {
		const struct pem_block *b = &f->object->pem.blocks[i];
		if (slice_is(b->label, "CERTIFICATE")) {
			before++;
			continue;
		}
		scope_give(s, "n", arena_printf(s->m->arena, "%zu", before));
		scope_give(s, "label", text_safe(s->m->arena, b->label, TEXT_VALUE));
		return fail(s, f, CAUSE_FOREIGN_BLOCK, "a PEM block of another kind");
	}
	return (struct failure){0};
}

/* etcd's NewCertPool: each block must parse, and none is asked how it is called. */
static struct failure
check_certificates(struct scope *s, const struct file *f)
{
	for (size_t i = 0; i < f->object->pem.n; i++) {
		const struct pem_block *b = &f->object->pem.blocks[i];
		const struct cert *c = cert_parse(s->m->arena, b->der, f->object->go);
		if (!c->go_error)
			continue;
		struct failure out = fail(s, f, CAUSE_FOREIGN_BLOCK, c->go_error);
		for (size_t k = 0; k < f->object->n_certs; k++) {
			if (f->object->cert_blocks[k] != b)
				continue;
			out.cause = CAUSE_MALFORMED;
			out.cert = f->object->certs[k];
		}
		return out;
	}
	return (struct failure){0};
}

static struct failure
check_parse(struct scope *s, const struct file *f)
{
	const struct stack *stack = scope_stack(s);
	if (strcmp(stack->name, "go")) { /* as the stack loads it, which wants at least one */
		struct certs chain = {0};
		struct refusal r = stack->pair(s->m->arena, f->object, NULL, s->m->facts->go, &chain);
		if (r.cause == CAUSE_NONE || r.cause == CAUSE_UNJUDGED || r.cause == CAUSE_KEY_MISSING)
			return (struct failure){0};
		struct failure out = fail(s, f, r.cause, r.error);
		out.cert = r.cert;
		return out;
	}
	for (size_t i = 0; i < f->object->n_certs; i++) {
		const struct cert *c = f->object->certs[i];
		if (!c->go_error)
			continue;
		scope_give(s, "n", arena_printf(s->m->arena, "%zu", i));
		struct failure out = fail(s, f, CAUSE_MALFORMED, c->go_error);
		out.cert = c;
		return out;
	}
	return (struct failure){0};
}

static struct failure
check_pool(struct scope *s, const struct file *f)
{
	struct certs pool = {0};
	struct refusal r = scope_stack(s)->pool(s->m->arena, f->object, s->m->facts->go, &pool);
	if (r.cause == CAUSE_NONE || r.cause == CAUSE_UNJUDGED)
		return (struct failure){0};
	struct failure out = fail(s, f, r.cause, r.error ? r.error : "no certificate");
	out.cert = r.cert;
	return out;
}

void
scope_give_cert(struct scope *s, const struct cert *c, const struct principals *p)
{
	struct arena *a = s->m->arena;
	scope_give(s, "CN", text_safe(a, cert_cn(a, c), TEXT_VALUE));
	scope_give(s, "names", words_join(a, &p->names, " ", ""));
	scope_give(s, "quoted-names", words_join(a, &p->names, " ", "\""));
	scope_give(s, "shown-names", words_join(a, &p->shown, ", ", ""));
}

static struct failure
check_principal(struct scope *s, const struct step *step, const struct file *f)
{
	struct scope own = *s;
	const char *one;
	scope_give_binds(&own, &f->binds);
	struct words wanted = wanted_of(&own, step);
	if (!step->one_of.n && f->row->principal && scope_fill(&own, f->row->principal, &one))
		words_add(s->m->arena, &wanted, one);
	size_t n = f->object->n_certs, last = step->in == IN_FIRST ? n > 0 : n;
	bool with_uris = !step->among.n || words_have(&step->among, "URI");
	if (!wanted.n)
		return (struct failure){0};
	for (size_t i = 0; i < last && step->in == IN_ANY; i++) {
		struct principals p = principals_of(s, f->object->certs[i], with_uris);
		if (!p.error && any_of(step->fold ? &p.folded : &p.names, &wanted))
			return (struct failure){0};
	}
	for (size_t i = 0; i < last; i++) {
		const struct cert *c = f->object->certs[i];
		struct principals p = principals_of(s, c, with_uris);
		if (!p.error && any_of(step->fold ? &p.folded : &p.names, &wanted))
			continue;
		scope_give_cert(s, c, &p);
		scope_give(s, "n", arena_printf(s->m->arena, "%zu", i));
		struct failure out = fail(s, f, p.error ? CAUSE_SCOPE : CAUSE_PRINCIPAL, p.error ? p.error : "wrong principal");
		out.cert = c;
		out.wanted = words_join(s->m->arena, &wanted, ", ", "");
		out.detail = words_join(s->m->arena, &p.names, " ", "\"");
		return out;
	}
	return (struct failure){0};
}

static struct failure
check_cover(struct scope *s, const struct step *step, const struct file *f)
{
	struct arena *a = s->m->arena;
	if (!f->object->n_certs)
		return (struct failure){0};
	const struct cert *c = f->object->certs[0];
	for (size_t i = 0; i < step->hosts.n; i++) {
		const char *list;
		if (!scope_fill(s, step->hosts.list[i], &list))
			continue;
		for (const char *p = list; *p;) {
			size_t n = strcspn(p, ",");
			const char *host = arena_strndup(a, p, n);
			p += n + (p[n] == ',');
			struct refusal r = go_verify_hostname(a, c, host);
			if (!n || r.cause == CAUSE_NONE)
				continue;
			struct words ips = cert_addresses(a, c, false, true), names = cert_addresses(a, c, true, false);
			scope_give(s, "host", host);
			scope_give(s, "addresses",
			    arena_printf(a, "IP=%s; DNS=%s; CN=%s", words_join(a, &ips, ",", ""), words_join(a, &names, ",", ""),
			        text_safe(a, cert_cn(a, c), TEXT_VALUE)));
			struct failure out = fail(s, f, CAUSE_HOST, r.error);
			out.cert = c;
			out.wanted = host;
			return out;
		}
	}
	return (struct failure){0};
}

struct failure
check_file(struct scope *s, const struct step *step, const struct file *f)
{
	struct failure none = {0};
	scope_give(s, "file", f->name);
	scope_give(s, "path", f->path);
	scope_give(s, "stem", f->stem);
	scope_give_binds(s, &f->binds);
	if (f->entry->type == ENTRY_FIFO && step->check != CHECK_EXIST && step->check != CHECK_NOT_EXIST && !step->of_key)
		return fail(s, f, CAUSE_FIFO, arena_printf(s->m->arena, "%s is a FIFO: opening it never returns", f->name));
	if (f->key_name)
		scope_give(s, "key", f->key_path);
	if (step->of_key)
		return f->key_name ? check_key(s, step, f) : none;
	switch (step->check) {
	case CHECK_BE_READABLE:
		return check_readable(s, f, CAUSE_UNREADABLE);
	case CHECK_BE_REGULAR:
		return f->entry->type == ENTRY_FILE ? none : fail(s, f, CAUSE_NOT_REGULAR, "not a regular file");
	case CHECK_NOT_BE_EMPTY:
		return check_not_empty(s, f);
	case CHECK_LOAD:
	case CHECK_STAY:
		if (f->load.cause != CAUSE_NONE)
			scope_give(s, "error", f->load.error);
		return f->load;
	case CHECK_NOT_EXIST:
		return fail(s, f, CAUSE_NOT_ALLOWED, "must not be there");
	case CHECK_PAIR: /* asks for the bytes itself, the key's too */
		return unread(f) ? none : check_key_pair(s, f, false);
	case CHECK_PAIR_BY_FIRST_BLOCK:
		return unread(f) ? none : check_key_pair(s, f, true);
	default:
		break;
	}
	if (unread(f))
		return none;
	if (!f->object || !f->readable) {
		struct failure out = check_readable(s, f, CAUSE_UNREADABLE);
		return out.cause != CAUSE_NONE ? out : fail(s, f, CAUSE_NOT_REGULAR, "not a regular file");
	}
	switch (step->check) {
	case CHECK_HOLD_ONLY_CERTIFICATES:
		return check_only_certificates(s, f);
	case CHECK_BE_CERTIFICATES:
		return check_certificates(s, f);
	case CHECK_HOLD_A_CERTIFICATE:
		return f->object->n_certs ? none : fail(s, f, CAUSE_NO_CERTIFICATE, "no certificate");
	case CHECK_PARSE:
		return check_parse(s, f);
	case CHECK_POOL:
		return check_pool(s, f);
	case CHECK_HAVE_PRINCIPAL:
		return check_principal(s, step, f);
	case CHECK_COVER:
		return check_cover(s, step, f);
	default:
		return check_cert(s, step, f);
	}
}
