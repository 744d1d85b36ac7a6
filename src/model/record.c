/*
 * What model/ adds to a trace: the files of each end before the handshake, and admission after it.
 */
#include "model.h"

#include "crtlint/trace.h"

void
record_side(struct trace *t, const char *who, const struct file *presents, const struct file *trusts, const struct failure *f)
{
	if (!t)
		return;
	trace_add(t, f->cause ? TRACE_REFUSED : TRACE_TAKEN, arena_printf(t->arena, "%s's files", who), NULL, f->error);
	trace_in(t);
	trace_add(t, TRACE_SAYS, "presents", NULL, presents ? presents->name : "nothing");
	trace_add(t, TRACE_SAYS, "trusts first", NULL, trusts ? trusts->name : "nothing of this directory");
	trace_out(t);
}

void
record_names(struct trace *t, const struct words *worth, const struct words *wanted)
{
	if (!t)
		return;
	trace_add(t, TRACE_SAYS, "the certificate is worth the names", NULL,
	    worth->n ? words_join(t->arena, worth, ", ", "\"") : "none");
	trace_add(t, TRACE_SAYS, "wanted is one of", NULL, wanted->n ? words_join(t->arena, wanted, ", ", "\"") : "none");
}

void
record_admission(struct trace *t, const struct step *step)
{
	if (t)
		trace_add(t, TRACE_SAYS, arena_printf(t->arena, "admission: must %s", check_name(step->check)), NULL, NULL);
	trace_in(t);
}

void
record_admitted(struct trace *t, const struct connection *c)
{
	if (!t)
		return;
	bool by_dialer = c->outcome.failure.error && c->outcome.failure.error == c->client_error &&
	                 c->client_error != c->server_error;
	const char *logs[] = {"the listener's log", "the dialer's log"}, *texts[] = {c->server_error, c->client_error};
	trace_add(t, c->outcome.ok ? TRACE_TAKEN : TRACE_REFUSED, c->outcome.ok ? "admitted" : logs[by_dialer], NULL,
	    c->outcome.ok ? NULL : texts[by_dialer]);
	if (!c->outcome.ok)
		trace_add(t, TRACE_SAYS, logs[!by_dialer], NULL, texts[!by_dialer]);
	trace_out(t);
}
