#include "openssl.h"

/* Security bits of a key (NIST SP 800-57 as rsa_security_bits has it) */
static unsigned
key_bits(const struct spki *k)
{
	if (k->type == KEY_RSA || k->type == KEY_RSA_PSS || k->type == KEY_DSA)
		return k->bits >= 3072 ? 128 : k->bits >= 2048 ? 112 : k->bits >= 1024 ? 80 : 0;
	return k->bits ? k->bits / 2 : 128; /* a curve that the reader does not know is left to the signature */
}

/* Security bits of a signature's hash: SHA-1 has 63 since OpenSSL 3.0, MD5 39. */
static unsigned
hash_bits(enum sig_algorithm sig)
{
	switch (sig) {
	case SIG_MD2_RSA:
	case SIG_MD5_RSA:
		return 39;
	case SIG_SHA1_RSA:
	case SIG_DSA_SHA1:
	case SIG_ECDSA_SHA1:
		return 63;
	case SIG_SHA224_RSA:
	case SIG_ECDSA_SHA224:
		return 112;
	case SIG_UNKNOWN:
	case SIG_SHA256_RSA:
	case SIG_SHA384_RSA:
	case SIG_SHA512_RSA:
	case SIG_PSS_SHA256:
	case SIG_PSS_SHA384:
	case SIG_PSS_SHA512:
	case SIG_PSS_OTHER:
	case SIG_DSA_SHA256:
	case SIG_ECDSA_SHA256:
	case SIG_ECDSA_SHA384:
	case SIG_ECDSA_SHA512:
	case SIG_ED25519:
	case SIG_ED448:
		break;
	}
	return 128;
}

static const unsigned wanted_bits[] = {0, 80, 112};

enum openssl_error
openssl_level(const struct cert *c, bool leaf, bool top, unsigned level)
{
	if (key_bits(&c->spki) < wanted_bits[level])
		return leaf ? OPENSSL_EE_KEY : OPENSSL_CA_KEY;
	return !top && hash_bits(c->sig) < wanted_bits[level] ? OPENSSL_CA_MD : OPENSSL_OK;
}
