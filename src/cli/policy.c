/*
 * GnuTLS reads a policy of the host when it is loaded; a verdict about other machines must not depend on it. The macro defines a function
 * that the library looks for, so this file is built with default visibility (facts: reading-and-verifying 1.2).
 */
#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "cli.h"

GNUTLS_SKIP_GLOBAL_INIT

void
policy_neutral(void)
{
	setenv("GNUTLS_SYSTEM_PRIORITY_FILE", "/dev/null", 1);
	gnutls_global_init();
}
