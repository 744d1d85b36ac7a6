#include <string.h>

#include "crtlint/profile.h"

/* What every directory's check wants to know, whatever the system; a profile may declare go-version anew, with defaults. */
static const struct variable variables[] = {
    {.name = "server-version",
        .type = VAR_VERSION,
        .help = "the release of the program that reads the directory; not given: the newest"},
    {.name = "go-version",
        .type = VAR_VERSION,
        .help = "the Go release that built the programs written in Go; not given: the newest"},
    {.name = "run-as", .type = VAR_TEXT, .help = "UID:GID of the server's process"},
};

const struct variable *
profile_common_variables(size_t *n)
{
	*n = sizeof variables / sizeof *variables;
	return variables;
}

const struct variable *
profile_variable(const struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_variables; i++)
		if (p->variables[i].name && strcmp(p->variables[i].name, name) == 0)
			return &p->variables[i];
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		if (strcmp(variables[i].name, name) == 0)
			return &variables[i];
	return NULL;
}
