#include "go.h"

#include "signature.h"

enum hash { HASH_NONE, HASH_MD5, HASH_SHA1, HASH_GOOD };

/* signatureAlgorithmDetails of crypto/x509: what Go has no row for is "unimplemented". */
static const struct {
	const char *name;
	const char *key; /* PublicKeyAlgorithm.String */
	enum key_type type;
	enum hash hash;
} details[] = {
    [SIG_UNKNOWN] = {NULL, NULL, KEY_UNKNOWN, HASH_NONE},
    [SIG_MD5_RSA] = {"MD5-RSA", "RSA", KEY_RSA, HASH_MD5},
    [SIG_SHA1_RSA] = {"SHA1-RSA", "RSA", KEY_RSA, HASH_SHA1},
    [SIG_SHA256_RSA] = {"SHA256-RSA", "RSA", KEY_RSA, HASH_GOOD},
    [SIG_SHA384_RSA] = {"SHA384-RSA", "RSA", KEY_RSA, HASH_GOOD},
    [SIG_SHA512_RSA] = {"SHA512-RSA", "RSA", KEY_RSA, HASH_GOOD},
    [SIG_PSS_SHA256] = {"SHA256-RSAPSS", "RSA", KEY_RSA, HASH_GOOD},
    [SIG_PSS_SHA384] = {"SHA384-RSAPSS", "RSA", KEY_RSA, HASH_GOOD},
    [SIG_PSS_SHA512] = {"SHA512-RSAPSS", "RSA", KEY_RSA, HASH_GOOD},
    [SIG_DSA_SHA1] = {"DSA-SHA1", "DSA", KEY_DSA, HASH_SHA1},
    [SIG_DSA_SHA256] = {"DSA-SHA256", "DSA", KEY_DSA, HASH_GOOD},
    [SIG_ECDSA_SHA1] = {"ECDSA-SHA1", "ECDSA", KEY_EC, HASH_SHA1},
    [SIG_ECDSA_SHA256] = {"ECDSA-SHA256", "ECDSA", KEY_EC, HASH_GOOD},
    [SIG_ECDSA_SHA384] = {"ECDSA-SHA384", "ECDSA", KEY_EC, HASH_GOOD},
    [SIG_ECDSA_SHA512] = {"ECDSA-SHA512", "ECDSA", KEY_EC, HASH_GOOD},
    [SIG_ED25519] = {"Ed25519", "Ed25519", KEY_ED25519, HASH_GOOD},
    [SIG_PSS_OTHER] = {NULL, NULL, KEY_UNKNOWN, HASH_NONE},
};

bool
go_knows_key(const struct spki *spki)
{
	return spki->type == KEY_RSA || spki->type == KEY_EC || spki->type == KEY_ED25519 || spki->type == KEY_DSA;
}

const char *
go_key_type(const struct spki *spki)
{
	switch (spki->type) {
	case KEY_RSA:
		return "*rsa.PublicKey";
	case KEY_EC:
		return "*ecdsa.PublicKey";
	case KEY_ED25519:
		return "ed25519.PublicKey";
	case KEY_DSA:
		return "*dsa.PublicKey";
	case KEY_UNKNOWN:
	case KEY_ED448:
	case KEY_RSA_PSS:
		break;
	}
	return "<nil>";
}

static struct refusal
unimplemented(const struct cert *child)
{
	return go_refuse(CAUSE_UNKNOWN_SIGNATURE, "x509: cannot verify signature: algorithm unimplemented", child);
}

static struct refusal
insecure(struct arena *arena, const struct cert *child, const char *name, unsigned go)
{
	/* InsecureAlgorithmError: the override was offered from 1.18 and dropped with 1.24. */
	bool override = (child->sig == SIG_SHA1_RSA || child->sig == SIG_ECDSA_SHA1) && go >= GO(18, 0) && go < GO(24, 0);
	struct refusal r = go_refuse(CAUSE_WEAK_SIGNATURE,
	    arena_printf(arena, "x509: cannot verify signature: insecure algorithm %s%s", name,
	        override ? " (temporarily override with GODEBUG=x509sha1=1)" : ""),
	    child);

	r.detail = name;
	return r;
}

/* crypto/rsa checkPublicKeySize and crypto/internal/fips140/rsa checkPublicKey, which verify since Go 1.24. */
static struct refusal
rsa_limits(struct arena *arena, const struct cert *child, const struct spki *key)
{
	uint64_t e = 0;

	if (key->bits < 1024)
		return go_refuse(CAUSE_WEAK_SIGNATURE,
		    arena_printf(arena,
		        "crypto/rsa: %u-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)",
		        key->bits),
		    child);
	for (size_t i = 0; i < key->exponent.n && i < 8; i++)
		e = e << 8 | key->exponent.p[i];
	if (key->modulus.n == 0 || !(key->modulus.p[key->modulus.n - 1] & 1))
		return go_refuse(CAUSE_UNKNOWN_SIGNATURE, "crypto/rsa: public modulus is even", child);
	if (e < 2)
		return go_refuse(CAUSE_UNKNOWN_SIGNATURE, "crypto/rsa: public exponent too small or negative", child);
	if (!(e & 1))
		return go_refuse(CAUSE_UNKNOWN_SIGNATURE, "crypto/rsa: public exponent is even", child);
	if (e > INT32_MAX || key->exponent.n > 8)
		return go_refuse(CAUSE_UNKNOWN_SIGNATURE, "crypto/rsa: public exponent too large", child);
	return (struct refusal){0};
}

/* x509.go checkSignature */
static struct refusal
check(const struct verify_ask *ask, const struct cert *child, const struct cert *parent)
{
	const struct spki *key = &parent->spki;
	const char *error;

	if ((size_t)child->sig >= sizeof(details) / sizeof(*details) || details[child->sig].hash == HASH_NONE)
		return unimplemented(child);
	if (details[child->sig].hash != HASH_GOOD)
		if (details[child->sig].hash == HASH_MD5 || ask->go >= GO(18, 0))
			return insecure(ask->arena, child, details[child->sig].name, ask->go);
	if (key->type == KEY_DSA)
		return unimplemented(child);
	if (key->type != details[child->sig].type)
		return go_refuse(CAUSE_OTHER_KEY,
		    arena_printf(ask->arena,
		        "x509: signature algorithm specifies an %s public key, but have public key of type %s",
		        details[child->sig].key, go_key_type(key)),
		    child);
	if (key->type == KEY_RSA && ask->go >= GO(24, 0)) {
		struct refusal r = rsa_limits(ask->arena, child, key);

		if (r.cause)
			return r;
	}
	error = key->type == KEY_RSA  ? "crypto/rsa: verification error"
	        : key->type == KEY_EC ? "x509: ECDSA verification failure"
	                              : "x509: Ed25519 verification failure";
	switch (signature_check(ask->signatures, child, parent)) {
	case SIGNATURE_GOOD:
		return (struct refusal){0};
	case SIGNATURE_BAD:
		return go_refuse(CAUSE_OTHER_KEY, error, child);
	case SIGNATURE_UNJUDGED:
		break;
	}
	return go_refuse(CAUSE_UNJUDGED, "the signature cannot be computed on this machine", child);
}

struct refusal
go_signature(const struct verify_ask *ask, const struct cert *child, const struct cert *parent)
{
	struct refusal r;

	/* RFC 5280 4.2.1.9 and 4.2.1.3 as CheckSignatureFrom reads them: a version 1 certificate may sign. */
	if ((parent->version == 3 && !parent->has_basic_constraints) || (parent->has_basic_constraints && !parent->is_ca) ||
	    (parent->key_usage != 0 && !(parent->key_usage & KU_CERT_SIGN)))
		r = go_refuse(
		    CAUSE_NOT_A_CA, "x509: invalid signature: parent certificate cannot sign this kind of certificate", child);
	else if (!go_knows_key(&parent->spki))
		r = unimplemented(child);
	else
		r = check(ask, child, parent);
	r.parent = parent;
	return r;
}
