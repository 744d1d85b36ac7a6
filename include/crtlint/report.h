/*
 * report: the formats. A reporter is a row of a table with three functions; it is given data and a stream, and composes no sentence
 * about certificates itself. Directories are written on several threads at once, each into a stream of its own: directory() knows
 * nothing of the others; front() is called where they are put together.
 */
#ifndef CRTLINT_REPORT_H
#define CRTLINT_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "crtlint/cluster.h"
#include "crtlint/finding.h"

struct look { /* of the text format */
	bool color;
	bool utf8;      /* else ASCII only */
	unsigned width; /* columns; 0: unlimited */
	bool quiet;     /* -q: findings and the summary only for errors */
	unsigned verbose; /* -v: notes in full, every connection */
};

struct summary {
	size_t directories, connections, failed, errors, warnings, notes, suppressed, files;
};

struct result { /* one directory, judged */
	const char *path;              /* as given */
	const struct facts *facts;
	const struct findings *findings;
};

struct report {
	const struct format *format;
	FILE *out;
	struct look look;
	int64_t at;          /* the time judged */
	const char *version; /* of crtlint */
	size_t directories;  /* those before */
	size_t clusters;     /* likewise */
};

struct format {
	const char *name;
	const char *help;
	void (*begin)(struct report *);
	void (*front)(struct report *); /* what stands in front of a directory, and knows how many are before it; NULL: nothing */
	void (*directory)(struct report *, const struct result *);
	void (*end)(struct report *, const struct summary *);
	void (*cluster)(struct report *, const struct cluster *); /* after the last directory; NULL: it knows none */
	bool members;        /* a cluster's members are written as directories too */
};

/* format_find(name): a row; NULL: none. format_names(&count): all. */
const struct format *format_find(const char *);
const char *const *format_names(size_t *);

/* summary_add(summary, result): count one directory. summary_add_cluster(): what is between the members. */
void summary_add(struct summary *, const struct result *);
void summary_add_cluster(struct summary *, const struct cluster *);

/* summary_join(summary, other): count what the other counted. */
void summary_join(struct summary *, const struct summary *);

#endif
