/*
 * message_table: the patterns as the matcher wants them. Private to src/rule.
 */
#ifndef CRTLINT_RULE_MESSAGE_TABLE_H
#define CRTLINT_RULE_MESSAGE_TABLE_H

#include "crtlint/message.h"

struct piece { /* one of the two is set */
	const char *literal; /* normalised */
	const char *name; /* of a <name> */
};

struct row {
	const struct message *message;
	struct piece *pieces;
	size_t n;
	unsigned weight; /* literal bytes */
};

struct messages {
	struct arena *arena;
	struct row *rows;
	size_t n, capacity;
	size_t profile_from; /* the first row of the profile that is being added */
};

#endif
