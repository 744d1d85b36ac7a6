/*
 * xml: writes elements, attributes and text to a stream so that the result is always well-formed XML 1.0.
 */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include <stdbool.h>
#include <stdio.h>

enum { XML_DEPTH = 8 };

struct xml {
	FILE *out;
	unsigned indent; /* levels that enclose what is written here */
	const char *open[XML_DEPTH]; /* elements that are not yet closed */
	unsigned depth;
	bool in_tag; /* the start tag still takes attributes */
	bool has_text; /* the innermost element holds text: no white space may be added */
};

/* xml_open(xml, name): start an element; at most XML_DEPTH are open. The name must live until it is closed. */
void xml_open(struct xml *, const char *);

/* xml_reopen(xml, name): go on within a start tag that another xml began on the same stream's behalf. */
void xml_reopen(struct xml *, const char *);

/* xml_attribute(xml, name, value): only directly after xml_open() or another attribute. */
void xml_attribute(struct xml *, const char *, const char *);

/* xml_text(xml, text): append to the element that is open. What XML cannot hold is written as U+FFFD. */
void xml_text(struct xml *, const char *);

/* xml_close(xml): end the innermost element. */
void xml_close(struct xml *);

#endif
