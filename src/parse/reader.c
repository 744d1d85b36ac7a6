#include "reader.h"

#include "crtlint/text.h"

void
reader_fail(struct reader *r, const char *text)
{
	if (!r->cert->go_error)
		r->cert->go_error = text;
}

void
reader_fail_raw(struct reader *r, const char *text)
{
	if (!r->cert->go_error)
		r->cert->go_error = text_safe(r->arena, slice_of(text), TEXT_VALUE);
}

bool
reader_failed(const struct reader *r)
{
	return r->cert->go_error != NULL;
}
