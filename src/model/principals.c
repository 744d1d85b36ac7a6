/*
 * Principals: the names that a certificate is worth to whoever admits it. Without rows of its own a profile means the CN.
 */
#include "model.h"

#include <string.h>

const char *
words_join(struct arena *a, const struct words *w, const char *separator, const char *quote)
{
	struct buf out = {.arena = a};
	for (size_t i = 0; i < w->n; i++)
		buf_printf(&out, "%s%s%s%s", i ? separator : "", quote, w->list[i], quote);
	return buf_text(&out);
}

/* The names (DNS) and addresses (IP) of a certificate's SANs, as texts. */
struct words
cert_addresses(struct arena *a, const struct cert *c, bool dns, bool ip)
{
	struct words out = {0};
	for (size_t i = 0; i < c->n_sans; i++) {
		if (dns && c->sans[i].kind == SAN_DNS)
			words_add(a, &out, text_safe(a, c->sans[i].value, TEXT_VALUE));
		if (ip && c->sans[i].kind == SAN_IP)
			words_add(a, &out, ip_text(a, c->sans[i].value));
	}
	return out;
}

static const char *
mapped(const struct scope *s, const char *map, const char *name)
{
	const struct value *v = map ? facts_value(s->m->facts, map) : NULL;
	for (size_t i = 0; v && i < v->words.n; i++) {
		const char *colon = strrchr(v->words.list[i], ':');
		size_t n = colon ? (size_t)(colon - v->words.list[i]) : 0;
		if (n && strlen(name) == n && memcmp(name, v->words.list[i], n) == 0)
			return colon + 1;
	}
	return name;
}

static void
worth(const struct scope *s, const struct principal_row *row, struct principals *out, const char *name, bool from_cn)
{
	struct arena *a = s->m->arena;
	name = mapped(s, row->map, name);
	words_add(a, &out->names, name);
	words_add(a, &out->folded, from_cn ? text_fold(a, name) : name);
	struct scope own = *s;
	scope_give(&own, "name", name);
	words_add(a, &out->shown, row->shown ? scope_text(&own, row->shown) : name);
}

/* Whether a URI fits; a pattern that ends in a capture takes all that follows. */
static bool
uri_fits(const struct scope *s, const char *like, struct slice uri, struct binds *binds)
{
	binds->n = 0;
	if (pattern_match(s->m->profile, like, uri, binds))
		return true;
	size_t prefix = strcspn(like, "<"), n = strlen(like);
	return strchr(like, '<') == strrchr(like, '<') && n && like[n - 1] == '>' && uri.n >= prefix &&
	       memcmp(uri.p, like, prefix) == 0;
}

/* One URI: the first row that fits says what it is worth. Whether it stands alone. */
static bool
uri_worth(const struct scope *s, struct slice uri, struct principals *out)
{
	const struct profile *p = s->m->profile;
	struct arena *a = s->m->arena;
	for (size_t i = 0; i < p->n_principals; i++) {
		const struct principal_row *row = &p->principals[i];
		struct binds binds;
		if (!row->like || !gate_open(s, &row->gate) || !uri_fits(s, row->like, uri, &binds))
			continue;
		struct scope own = *s;
		scope_give_binds(&own, &binds);
		scope_give(&own, "uri", text_safe(a, uri, TEXT_VALUE));
		if (row->says) {
			out->error = out->error ? out->error : scope_text(&own, row->says);
			return row->alone;
		}
		const char *name = strstr(row->like, "<name>") ? scope_lookup(&own, "name") : NULL;
		if (name) {
			worth(&own, row, out, name, false);
		} else if (row->shown) {
			words_add(a, &out->shown, scope_text(&own, row->shown));
		}
		return row->alone;
	}
	return false;
}

struct principals
principals_of(const struct scope *s, const struct cert *c, bool uris)
{
	const struct profile *p = s->m->profile;
	struct arena *a = s->m->arena;
	struct principals out = {0};
	static const struct principal_row cn_row = {.among = {0}};
	const char *cn = text_safe(a, cert_cn(a, c), TEXT_VALUE);
	if (!p->n_principals) {
		worth(s, &cn_row, &out, cn, true);
		return out;
	}
	bool alone = false;
	for (size_t i = 0; uris && i < c->n_sans; i++)
		if (c->sans[i].kind == SAN_URI && uri_worth(s, c->sans[i].value, &out))
			alone = true;
	for (size_t i = 0; i < p->n_principals && !alone; i++) {
		const struct principal_row *row = &p->principals[i];
		if (row->like || !gate_open(s, &row->gate))
			continue;
		if (words_have(&row->among, "CN"))
			worth(s, row, &out, cn, true);
		for (size_t k = 0; k < c->n_sans && words_have(&row->among, "DNS"); k++)
			if (c->sans[k].kind == SAN_DNS)
				worth(s, row, &out, text_safe(a, c->sans[k].value, TEXT_VALUE), false);
	}
	return out;
}
