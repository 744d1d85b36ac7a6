#include "sig.h"

#include "der.h"

#define SIG_RSA   "\x2a\x86\x48\x86\xf7\x0d\x01\x01"
#define SIG_ECDSA "\x2a\x86\x48\xce\x3d\x04"
#define SIG_NIST  "\x60\x86\x48\x01\x65\x03\x04"

static const struct {
	const char *oid;
	enum sig_algorithm sig;
} sig_table[] = {
    {SIG_RSA "\x02", SIG_MD2_RSA},
    {SIG_RSA "\x04", SIG_MD5_RSA},
    {SIG_RSA "\x05", SIG_SHA1_RSA},
    {"\x2b\x0e\x03\x02\x1d", SIG_SHA1_RSA},
    {SIG_RSA "\x0e", SIG_SHA224_RSA},
    {SIG_RSA "\x0b", SIG_SHA256_RSA},
    {SIG_RSA "\x0c", SIG_SHA384_RSA},
    {SIG_RSA "\x0d", SIG_SHA512_RSA},
    {SIG_RSA "\x0a", SIG_PSS_OTHER},
    {"\x2a\x86\x48\xce\x38\x04\x03", SIG_DSA_SHA1},
    {SIG_NIST "\x03\x02", SIG_DSA_SHA256},
    {SIG_ECDSA "\x01", SIG_ECDSA_SHA1},
    {SIG_ECDSA "\x03\x01", SIG_ECDSA_SHA224},
    {SIG_ECDSA "\x03\x02", SIG_ECDSA_SHA256},
    {SIG_ECDSA "\x03\x03", SIG_ECDSA_SHA384},
    {SIG_ECDSA "\x03\x04", SIG_ECDSA_SHA512},
    {"\x2b\x65\x70", SIG_ED25519},
    {"\x2b\x65\x71", SIG_ED448},
};

/* A hash AlgorithmIdentifier with no parameters or NULL. */
static bool
sig_hash(struct slice in, struct slice *oid)
{
	struct slice body, null;
	if (!der_get(&in, DER_SEQUENCE, &body) || !der_get(&body, DER_OID, oid))
		return false;
	return body.n == 0 || (der_get(&body, 0x05, &null) && null.n == 0);
}

static bool
sig_number(struct slice in, int64_t *value)
{
	struct slice body;
	return der_integer(&in, DER_INTEGER, &body) && der_int64(body, value);
}

/* RSASSA-PSS-params (RFC 4055 3.1) with nothing left to its default but the trailer. */
static enum sig_algorithm
sig_pss(struct slice in)
{
	struct slice body, hash, mgf, salt, trailer, hash_oid, mgf_oid, inner;
	int64_t length, field = 1;
	bool has_trailer;
	if (!der_get(&in, DER_SEQUENCE, &body) || !der_get(&body, DER_CONTEXT_CONSTRUCTED | 0, &hash) ||
	    !der_get(&body, DER_CONTEXT_CONSTRUCTED | 1, &mgf) || !der_get(&body, DER_CONTEXT_CONSTRUCTED | 2, &salt) ||
	    !der_optional(&body, DER_CONTEXT_CONSTRUCTED | 3, &trailer, &has_trailer) || !sig_hash(hash, &hash_oid) ||
	    !sig_number(salt, &length) || (has_trailer && !sig_number(trailer, &field)) || field != 1)
		return SIG_PSS_OTHER;
	if (!der_get(&mgf, DER_SEQUENCE, &inner) || !der_get(&inner, DER_OID, &mgf_oid) || !slice_is(mgf_oid, SIG_RSA "\x08") ||
	    !sig_hash(inner, &mgf_oid) || !slice_eq(mgf_oid, hash_oid))
		return SIG_PSS_OTHER;
	if (slice_is(hash_oid, SIG_NIST "\x02\x01") && length == 32)
		return SIG_PSS_SHA256;
	if (slice_is(hash_oid, SIG_NIST "\x02\x02") && length == 48)
		return SIG_PSS_SHA384;
	if (slice_is(hash_oid, SIG_NIST "\x02\x03") && length == 64)
		return SIG_PSS_SHA512;
	return SIG_PSS_OTHER;
}

enum sig_algorithm
sig_known(struct slice oid, struct slice parameters)
{
	for (size_t i = 0; i < sizeof(sig_table) / sizeof(*sig_table); i++) {
		if (!slice_is(oid, sig_table[i].oid))
			continue;
		enum sig_algorithm sig = sig_table[i].sig;
		/* RFC 8410 3: the parameters must be absent. */
		if ((sig == SIG_ED25519 || sig == SIG_ED448) && parameters.n > 0)
			return SIG_UNKNOWN;
		return sig == SIG_PSS_OTHER ? sig_pss(parameters) : sig;
	}
	return SIG_UNKNOWN;
}
