/*
 * layout: lines for people: columns, wrapping with a hanging indent, colour, and ASCII where the terminal knows no more.
 *
 * Texts that come in are safe (text.h) and may hold UTF-8; nothing of them is ever left out.
 */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include <stdio.h>

#include "crtlint/report.h"

enum style { STYLE_PLAIN, STYLE_ERROR, STYLE_WARNING, STYLE_NOTE, STYLE_GOOD, STYLE_STRONG, STYLE_DIM };

struct layout {
	FILE *out;
	const struct look *look;
	unsigned column; /* where the next character goes, from 0 */
};

/* layout_width(layout, text): the columns that it takes. */
unsigned layout_width(const struct layout *, const char *);

/* layout_put(layout, text): write it as it is, without wrapping. */
void layout_put(struct layout *, const char *);

/* layout_to(layout, column): blanks up to there; two where it was passed already. */
void layout_to(struct layout *, unsigned);

/* layout_wrap(layout, indent, text): write it; what does not fit goes on below, from column indent on. Breaks at blanks only. */
void layout_wrap(struct layout *, unsigned, const char *);

/* layout_style(layout, style): for what follows, STYLE_PLAIN ends it. */
void layout_style(struct layout *, enum style);

/* layout_end(layout): end the line. */
void layout_end(struct layout *);

/* layout_fits(layout, column, least): whether at least that many columns are left from column on. */
bool layout_fits(const struct layout *, unsigned, unsigned);

#endif
