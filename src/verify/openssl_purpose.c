#include "openssl.h"

#include "element.h"

#define OID_EKU          "\x55\x1d\x25"
#define OID_MS_SGC       "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03"
#define OID_NS_SGC       "\x60\x86\x48\x01\x86\xf8\x42\x04\x01"
#define OID_NS_CERT_TYPE "\x60\x86\x48\x01\x86\xf8\x42\x01\x01"

enum { NS_CLIENT = 0x80, NS_SERVER = 0x40, NS_SSL_CA = 0x04, NS_ANY_CA = 0x07 };

/* X509_supported_extension, v3_purp.c */
static const char *const supported[] = {
    OID_NS_CERT_TYPE, "\x55\x1d\x0f", /* keyUsage */
    OID_SAN, "\x55\x1d\x13", /* basicConstraints */
    "\x55\x1d\x20", /* certificatePolicies */
    "\x55\x1d\x1f", /* cRLDistributionPoints */
    OID_EKU, "\x2b\x06\x01\x05\x05\x07\x01\x07", /* sbgp-ipAddrBlock */
    "\x2b\x06\x01\x05\x05\x07\x01\x08", /* sbgp-autonomousSysNum */
    "\x2b\x06\x01\x05\x05\x07\x30\x01\x05", /* OCSP noCheck */
    "\x55\x1d\x24", /* policyConstraints */
    "\x2b\x06\x01\x05\x05\x07\x01\x0e", /* proxyCertInfo */
    "\x55\x1d\x1e", /* nameConstraints */
    "\x55\x1d\x21", /* policyMappings */
    "\x55\x1d\x36", /* inhibitAnyPolicy */
};

bool
openssl_critical(const struct cert *c)
{
	for (size_t i = 0; i < c->n_extensions; i++) {
		bool known = !c->extensions[i].critical;

		for (size_t j = 0; j < sizeof(supported) / sizeof(*supported) && !known; j++)
			known = slice_is(c->extensions[i].oid, supported[j]);
		if (!known)
			return true;
	}
	return false;
}

/* Netscape's certificate type; -1: there is none. */
static int
netscape_type(const struct cert *c)
{
	const struct extension *e = element_extension(c, OID_NS_CERT_TYPE);

	if (!e)
		return -1;
	return e->value.n >= 4 && e->value.p[0] == 3 && e->value.p[1] >= 2 ? e->value.p[3] : 0;
}

int
openssl_is_ca(const struct cert *c, bool self_signed)
{
	int type = netscape_type(c);

	if (c->has_key_usage && !(c->key_usage & KU_CERT_SIGN))
		return 0;
	if (c->has_basic_constraints)
		return c->is_ca;
	if (c->version == 1 && self_signed)
		return 3;
	if (c->has_key_usage)
		return 4;
	return type >= 0 && (type & NS_ANY_CA) ? 5 : 0;
}

bool
openssl_purpose(const struct cert *c, enum usage usage, bool non_leaf, bool self_signed)
{
	bool server = usage == USAGE_SERVER;
	unsigned wanted = server ? KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT
	                         : KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT;
	int type = netscape_type(c), ca;

	/* anyExtendedKeyUsage does not count here. */
	if (element_extension(c, OID_EKU) && !cert_has_eku(c, server ? OID_EKU_SERVER : OID_EKU_CLIENT) &&
	    !(server && (cert_has_eku(c, OID_MS_SGC) || cert_has_eku(c, OID_NS_SGC))))
		return false;
	if (non_leaf) {
		ca = openssl_is_ca(c, self_signed);
		return ca != 0 && (ca != 5 || (type & NS_SSL_CA));
	}
	if (c->has_key_usage && !(c->key_usage & wanted))
		return false;
	return type < 0 || (type & (server ? NS_SERVER : NS_CLIENT));
}
