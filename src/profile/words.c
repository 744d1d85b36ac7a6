#include "words.h"

#define CHOICES(name, of, ...)                                                                                                   \
	static const struct choice name##_list[] = {__VA_ARGS__};                                                                \
	const struct choices words_##name = {of, name##_list, COUNT(name##_list)}

/* clang-format off */
CHOICES(checks, "check",
    {"exist", CHECK_EXIST}, {"not-exist", CHECK_NOT_EXIST}, {"be-readable", CHECK_BE_READABLE}, {"be-regular", CHECK_BE_REGULAR},
    {"not-be-empty", CHECK_NOT_BE_EMPTY}, {"be-owned", CHECK_BE_OWNED}, {"be-private", CHECK_BE_PRIVATE},
    {"hold-only-certificates", CHECK_HOLD_ONLY_CERTIFICATES}, {"hold-a-certificate", CHECK_HOLD_A_CERTIFICATE},
    {"be-certificates", CHECK_BE_CERTIFICATES}, {"parse", CHECK_PARSE}, {"be-of-its-kind", CHECK_BE_OF_ITS_KIND}, 
    {"hold-pem", CHECK_HOLD_PEM}, {"be-unlocked", CHECK_BE_UNLOCKED}, {"pair", CHECK_PAIR},
    {"pair-by-first-block", CHECK_PAIR_BY_FIRST_BLOCK},
    {"pool", CHECK_POOL}, {"load", CHECK_LOAD}, {"stay", CHECK_STAY},
    {"be-a-ca", CHECK_BE_A_CA}, {"be-signed", CHECK_BE_SIGNED}, {"be-in-date", CHECK_BE_IN_DATE},
    {"have-a-san", CHECK_HAVE_A_SAN}, {"cover", CHECK_COVER}, {"have-principal", CHECK_HAVE_PRINCIPAL},
    {"have-subject", CHECK_HAVE_SUBJECT}, {"not-have", CHECK_NOT_HAVE}, {"share-subject", CHECK_SHARE_SUBJECT},
    {"send-a-certificate", CHECK_SEND_A_CERTIFICATE}, {"come-from-its-san", CHECK_COME_FROM_ITS_SAN},
    {"reach-itself", CHECK_REACH_ITSELF});
CHOICES(variable_types, "type",
    {"text", VAR_TEXT}, {"list", VAR_LIST}, {"map", VAR_MAP}, {"hosts", VAR_HOSTS}, {"bool", VAR_BOOL}, {"number", VAR_NUMBER},
    {"version", VAR_VERSION}, {"file", VAR_FILE}, {"peers", VAR_PEERS});
CHOICES(capture_types, "type",
    {"any", CAPTURE_ANY}, {"number", CAPTURE_NUMBER}, {"lower-case", CAPTURE_LOWER_CASE}, {"no-dot", CAPTURE_NO_DOT},
    {"host", CAPTURE_HOST});
CHOICES(file_is, "kind of file",
    {"certificate", IS_CERTIFICATE}, {"ca", IS_CA}, {"ignored", IS_IGNORED}, {"other", IS_OTHER}, {"public-key", IS_PUBLIC_KEY},
    {"by-content", IS_BY_CONTENT});
CHOICES(then, "consequence", {"stop", THEN_STOP}, {"warn", THEN_WARN}, {"plain", THEN_PLAIN});
CHOICES(in, "choice of certificates", {"first", IN_FIRST}, {"every", IN_EVERY}, {"any", IN_ANY});
CHOICES(client_cert, "answer", {"none", CERT_NONE}, {"asked", CERT_ASKED}, {"required", CERT_REQUIRED});
CHOICES(checks_host, "answer", {"yes", HOST_CHECKED}, {"no", HOST_UNCHECKED}, {"with-CN", HOST_WITH_CN});
CHOICES(sends, "way to send", {"leaf", 1}, {"always", 2});
CHOICES(among, "kind of name", {"CN", 0}, {"DNS", 0}, {"URI", 0}, {"DN", 0});
CHOICES(owner, "owner", {"root", 0}, {"server", 0});
CHOICES(group, "group", {"server", 0});
CHOICES(fold, "kind of name", {"CN", 0});
CHOICES(both, "side", {"both", true});
CHOICES(during, "moment", {"handshake", true});
CHOICES(as, "list", {"start", 0});
/* clang-format on */

_Static_assert(COUNT(checks_list) == CHECK_REACH_ITSELF, "every check has its word");

static const char *const facts[] = {"CN", "DN", "DNS", "URI", "addresses", "allowed", "at-most", "dir", "errno", "error", "file",
    "from", "host", "hosts", "key", "kind", "label", "mode", "n", "name", "names", "names-and-hosts", "not-after", "not-before",
    "path", "peer", "quoted-names", "server-CN", "shown-names", "stem", "tenant", "to", "uri", "users"};

static const char *const stacks[] = {"go", "openssl", "grpc", "libpq", "gnutls"};

static const char *const of[] = {"ignored", "load", "start", "reload", "dial", "admission"};

const char *const *
words_facts(size_t *n)
{
	*n = COUNT(facts);
	return facts;
}

const char *const *
words_stacks(size_t *n)
{
	*n = COUNT(stacks);
	return stacks;
}

const char *const *
words_of(size_t *n)
{
	*n = COUNT(of);
	return of;
}

const char *
check_name(enum check check)
{
	for (size_t i = 0; i < COUNT(checks_list); i++)
		if (checks_list[i].value == check)
			return checks_list[i].word;
	return "";
}
