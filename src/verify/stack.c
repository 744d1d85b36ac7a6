#include "crtlint/stack.h"

#include "gnutls.h"
#include "go.h"
#include "openssl.h"

static const struct stack *const stacks[] = {&go_stack, &openssl_stack, &openssl_grpc_stack, &openssl_libpq_stack, &gnutls_stack};
static const char *const names[] = {"go", "openssl", "grpc", "libpq", "gnutls"};

_Static_assert(sizeof(stacks) / sizeof(*stacks) == sizeof(names) / sizeof(*names), "one name for each stack");

const struct stack *
stack_find(const char *name)
{
	for (size_t i = 0; i < sizeof(stacks) / sizeof(*stacks); i++)
		if (strcmp(stacks[i]->name, name) == 0)
			return stacks[i];
	return NULL;
}

const char *const *
stack_names(size_t *count)
{
	*count = sizeof(names) / sizeof(*names);
	return names;
}
