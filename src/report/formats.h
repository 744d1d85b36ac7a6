/*
 * formats: the rows of the table in report.c, one file each.
 */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "crtlint/report.h"

extern const struct format report_text, report_json, report_junit;

/* Their pieces for what is between directories. */
void text_cluster(struct report *, const struct cluster *);
void json_cluster(struct report *, const struct cluster *);
void junit_cluster(struct report *, const struct cluster *);

#endif
