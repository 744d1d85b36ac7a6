#include "crtlint/rule.h"

#include <stdbool.h>
#include <string.h>

static const struct rule rules[RULE_COUNT] = {
#define RULE(symbol, id_, level_, mixed_, title_, says_, why_, fix_, source_)                                                    \
	[RULE_##symbol] = {.number = RULE_##symbol,                                                                              \
	    .id = (id_),                                                                                                         \
	    .level = LEVEL_##level_,                                                                                             \
	    .mixed = LEVEL_##mixed_,                                                                                             \
	    .title = (title_),                                                                                                   \
	    .says = (says_),                                                                                                     \
	    .why = (why_),                                                                                                       \
	    .fix = (fix_),                                                                                                       \
	    .source = (source_),                                                                                                 \
	    .check = check_##symbol},
#include "rules.def"
#undef RULE
};

const struct rule *
rule_get(enum rule_id number)
{
	return &rules[number];
}

bool
rule_of_cluster(const struct rule *rule)
{
	return strncmp(rule->id, "cluster-", 8) == 0; /* an id begins with its area */
}

const struct rule *
rule_find(const char *name)
{
	for (size_t i = 0; i < RULE_COUNT; i++) {
		if (strcmp(rules[i].id, name) == 0)
			return &rules[i];
	}
	return NULL;
}

const char *
rule_text(struct arena *arena, const char *template)
{
	char *text = arena_strdup(arena, template), *out = text;
	bool name = false;

	for (const char *p = template; *p; p++) {
		if (*p == '{' || *p == '}')
			name = *p == '{';
		else if (*p == '[' || *p == ']')
			continue;
		else if (name)
			*out++ = (char)(*p == '_' ? '-' : *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
		else
			*out++ = *p;
	}
	*out = '\0';
	return text;
}
