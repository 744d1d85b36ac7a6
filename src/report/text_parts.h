/*
 * text_parts: the pieces of the text report: the table of what works, and a block for each finding.
 */
#ifndef REPORT_TEXT_PARTS_H
#define REPORT_TEXT_PARTS_H

#include "blame.h"
#include "layout.h"

enum { GROUP_LARGE = 20 /* connections of one kind that are fine are counted beyond that, not listed */ };

struct page {
	struct layout layout;
	struct arena *arena;
	const struct result *result;
	const struct blame *blame;
};

/* text_table(page): start, reload and connections. */
void text_table(struct page *);

/* text_block(page, finding): what is wrong, where, what it breaks, and what mends it. */
void text_block(struct page *, const struct finding *);

/* text_traces(page): what was tried in the connections that were asked for. */
void text_traces(struct page *);

/* text_ends(arena, connection): "rpc node → node". */
const char *text_ends(struct arena *, const struct connection *);

#endif
