/*
 * open: names opened beneath one directory, links followed as long as they stay inside.
 */
#ifndef LOAD_OPEN_H
#define LOAD_OPEN_H

#include <stdbool.h>

struct opener {
	int directory; /* descriptor */
	bool walk; /* the kernel, or a filter around us, has no openat2: links are followed by hand */
};

/* open_beneath(opener, name, flags): a descriptor, or -1 and errno: EXDEV for a link that leaves the directory (one that is
 * absolute always does), EMLINK when following by hand met LIMIT_LINKS. */
int open_beneath(struct opener *, const char *, int);

#endif
