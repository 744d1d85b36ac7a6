/*
 * explain: parts of `crtlint explain`. Private to src/cli.
 */
#ifndef CRTLINT_CLI_EXPLAIN_H
#define CRTLINT_CLI_EXPLAIN_H

#include "cli.h"
#include "crtlint/message.h"

/* explain_paragraph(label, text): a heading, and the text folded behind an indent. */
void explain_paragraph(const char *, const char *);

/* explain_in(options, directory, messages, text, what was recognised): the findings of that directory which explain the text.
 * STATUS_FINDINGS: none does. */
enum status explain_in(struct options *, const char *, const struct messages *, struct slice, const struct matches *);

#endif
