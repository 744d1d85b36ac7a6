/*
 * limits: every bound that crtlint puts on what it reads, in one place.
 *
 * A limit that is met is a finding (`dir-limit`, or an error of the profile's reader), never silence.
 */
#ifndef CRTLINT_LIMITS_H
#define CRTLINT_LIMITS_H

enum {
	LIMIT_ENTRIES = 10000,         /* entries of one directory, or of one archive */
	LIMIT_FILE = 1 << 20,          /* bytes of one file; a chain in PEM is a few kB */
	LIMIT_DIRECTORY = 64 << 20,    /* bytes of all files of one directory */
	LIMIT_ARCHIVE = 64 << 20,      /* bytes of an archive, unpacked; its own size too */
	LIMIT_MANIFEST = 8 << 20,      /* bytes of a snapshot's list of substitutions */
	LIMIT_ARCHIVE_PATH = 4096,     /* bytes of a name in an archive */
	LIMIT_LINKS = 16,              /* symbolic links followed for one entry */
	LIMIT_BLOCKS = 4096,           /* PEM blocks of one file */
	LIMIT_SIGNATURES = 100,        /* signature checks of one chain search: Go's own budget (crypto/x509 verify.go) */
	LIMIT_TEXT = 4096,             /* bytes of one outside text that are shown */
	LIMIT_SUGGEST = 64,            /* bytes of a word for which a "did you mean" is sought */
	LIMIT_PROFILE = 64 << 10,      /* bytes of a profile */
	LIMIT_TOPOLOGY = 256 << 10,    /* bytes of a topology */
	LIMIT_YAML_DEPTH = 16,         /* nesting of a profile or a topology */
	LIMIT_YAML_EVENTS = 20000,     /* events of a profile or a topology, those of what an alias stands for included */
	LIMIT_PROFILE_ERRORS = 50,     /* errors of a profile that are reported */
	LIMIT_HOSTS = 1000,            /* --host */
	LIMIT_USERS = 1000,            /* --user, and users found in file names */
	LIMIT_TRACE = 2000,            /* steps of one --trace */
	LIMIT_MESSAGE = 64 << 10,      /* bytes of a message that explain is given */
	LIMIT_CONNECTIONS = 100000,    /* connections judged in one directory */
	LIMIT_DEPTH = 64,              /* directories below each other in a walk */
	LIMIT_SUBDIRECTORIES = 64 << 20, /* bytes of the names of one directory's subdirectories in a walk */
	LIMIT_JOBS = 256,              /* -j */
	LIMIT_MEMBERS = 4096,          /* directories of one cluster */
	LIMIT_EDGES = 2000000,         /* connections judged between them */
};

#endif
