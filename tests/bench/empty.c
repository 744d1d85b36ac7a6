/* An empty program that asks of its libraries what every start of crtlint asks. It is linked to the same ones. */
#include <gnutls/gnutls.h>

int
main(void)
{
	return gnutls_global_init();
}
