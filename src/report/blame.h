/*
 * blame: for every outcome the findings that explain it, turned round once so that a hundred thousand connections cost no
 * more than their number.
 */
#ifndef REPORT_BLAME_H
#define REPORT_BLAME_H

#include "crtlint/finding.h"

struct blame;

struct blamed { /* in report order */
	const struct finding **list;
	size_t n;
};

/* blame_new(arena, facts, findings): the index. */
struct blame *blame_new(struct arena *, const struct facts *, const struct findings *);

/* blame_of(blame, outcome): what explains it. A reload that is taken and then breaks every handshake is explained by what
 * explains the start. */
struct blamed blame_of(const struct blame *, const struct outcome *);

/* blame_then(blame, outcome): what would make it fail next, once that is mended. */
struct blamed blame_then(const struct blame *, const struct outcome *);

/* blame_reload_breaks(outcome): it is such a reload. */
bool blame_reload_breaks(const struct outcome *);

#endif
