/*
 * What in a directory explains a message: the outcomes that crtlint predicts for it are compared with the text.
 */
#include <stdio.h>
#include <string.h>

#include "crtlint/choose.h"
#include "crtlint/load.h"
#include "crtlint/text.h"
#include "explain.h"

enum {
	OUTCOMES_MAX = 5000, /* that are compared */
	SHOWN = 5,
	VERBATIM = 1000, /* the text holds just what is predicted */
	SAME_KIND = 100, /* both are the same message */
	SAME_VALUE = 10, /* each value that is equal too */
};

struct ask {
	struct arena *arena;
	const struct messages *messages;
	const char *plain; /* the text, normalised */
	const struct matches *found;
	const char *last; /* the text scored last: connections of one kind say the same */
	unsigned score;
};

/* A path is the same file wherever the directory lies. */
static bool
same_value(const char *pasted, const char *own)
{
	const char *base = strrchr(own, '/'), *there = base ? strstr(pasted, base) : NULL;
	size_t n;

	own = base ? base : own;
	pasted = there ? there : pasted;
	n = strlen(own);
	return n && strncmp(pasted, own, n) == 0 &&
	       !strchr("abcdefghijklmnopqrstuvwxyz0123456789.-:", pasted[n] ? pasted[n] : ' ');
}

static unsigned
score(struct ask *ask, const char *text)
{
	if (!text || !*text)
		return 0;
	if (ask->last && strcmp(ask->last, text) == 0)
		return ask->score;
	ask->last = text;
	ask->score = 0;
	if (strstr(ask->plain, message_plain(ask->arena, slice_of(text))))
		return ask->score = VERBATIM + (unsigned)strlen(text);
	struct matches own = messages_match(ask->arena, ask->messages, slice_of(text));
	if (!own.n || !ask->found->n || own.list[0].message != ask->found->list[0].message)
		return 0;
	ask->score = SAME_KIND;
	for (size_t i = 0; i < own.list[0].n_values && i < ask->found->list[0].n_values; i++)
		if (same_value(ask->found->list[0].values[i].text, own.list[0].values[i].text))
			ask->score += SAME_VALUE;
	return ask->score;
}

static unsigned
score_outcome(struct ask *ask, const struct outcome *o)
{
	const struct connection *c = facts_connection(o);
	unsigned best = 0, next;

	if (!o->ok || o->warning || o->failure.cause) {
		best = score(ask, o->failure.error);
		next = score(ask, o->warning);
		best = next > best ? next : best;
	}
	if (c) {
		next = score(ask, c->client_error);
		best = next > best ? next : best;
		next = score(ask, c->server_error);
		best = next > best ? next : best;
	}
	return best;
}

static void
show(struct arena *a, const char *directory, const struct finding *f, const struct outcome *o)
{
	printf("    %s[%s] %s%s%s: %s\n", severity_name(f->severity), f->rule->id, directory, f->file ? "/" : "",
	    f->file ? f->file : "", f->message);
	if (o)
		printf("        breaks %s%s\n", o->id, f->n_breaks > 1 ? arena_printf(a, " and %zu more", f->n_breaks - 1) : "");
	if (f->fix && *f->fix)
		printf("        %s\n", f->fix);
}

static unsigned
best_score(struct ask *ask, const struct facts *facts)
{
	unsigned best = 0;

	for (size_t i = 0; i < OUTCOMES_MAX && facts_outcome(facts, i); i++) {
		unsigned s = score_outcome(ask, facts_outcome(facts, i));
		best = s > best ? s : best;
	}
	return best;
}

/* The findings behind the outcomes that fit best. */
static size_t
by_outcome(struct ask *ask, const char *directory, const struct facts *facts, const struct findings *findings, unsigned best)
{
	const struct finding *shown[SHOWN];
	size_t n = 0;

	for (size_t i = 0; best && i < OUTCOMES_MAX && facts_outcome(facts, i) && n < SHOWN; i++) {
		const struct outcome *o = facts_outcome(facts, i);
		const struct finding *f;
		if (score_outcome(ask, o) != best)
			continue;
		for (size_t k = 0; n < SHOWN && (f = finding_explaining(findings, o, k)); k++) {
			bool known = false;
			for (size_t j = 0; j < n; j++)
				known = known || shown[j] == f;
			if (known)
				continue;
			if (n == 0)
				printf("%s\n", best >= VERBATIM ? "    (these words are predicted here)"
				                                : "    (a message of this kind is predicted here)");
			show(ask->arena, directory, f, o);
			shown[n++] = f;
		}
	}
	return n;
}

/* Whether the text names this file, in whatever directory. */
static bool
names(struct ask *ask, const char *file)
{
	const char *name = message_plain(ask->arena, slice_of(file ? file : "")), *at = ask->plain;

	for (; *name && (at = strstr(at, name)); at++)
		if (at == ask->plain || !strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", at[-1]))
			return true;
	return false;
}

static size_t
by_rule(struct ask *ask, const char *directory, const struct findings *findings, const char *rules, bool named)
{
	size_t n = 0;

	for (size_t length; *rules && n < SHOWN; rules += length + (rules[length] == ' ')) {
		length = strcspn(rules, " ");
		for (size_t i = 0; i < findings->n && n < SHOWN; i++) {
			const struct finding *f = findings->list[i];
			if (strlen(f->rule->id) != length || memcmp(f->rule->id, rules, length) ||
			    (named && !names(ask, f->file)))
				continue;
			if (n++ == 0)
				printf("    (%s)\n",
				    named ? "found in a file that the message names"
				          : "the message itself is not predicted here, but one of its rules found this");
			show(ask->arena, directory, f, f->n_breaks ? f->breaks[0] : NULL);
		}
	}
	return n;
}

enum status
explain_in(struct options *o, const char *path, const struct messages *messages, struct slice text, const struct matches *found)
{
	struct arena *a = o->arena;
	struct listing *listing = load_directory(a, path);
	struct errors errors = {.arena = a};
	size_t n_profiles;

	if (listing->missing || listing->not_directory) {
		fprintf(stderr, "crtlint: %s: %s\n", listing->path,
		    listing->missing ? "no such file or directory" : "not a directory");
		return STATUS_USAGE;
	}
	const struct profile *named = o->profile ? profile_named(a, o->profile, &errors) : NULL;
	o->paths = (struct words){&path, 1};
	struct config *config = configure(o, named);
	if (o->errors.n > 0 || errors.n > 0) {
		complain(&o->errors);
		complain(&errors);
		return STATUS_USAGE;
	}
	struct configured with = configure_directory(a, o, config, path, NULL, named);
	struct choice choice = {.profile = with.profile, .because = with.because ? with.because : "named by --profile"};
	if (!choice.profile) {
		const struct profile *const *profiles = profiles_load(a, &n_profiles);
		choice = choose(a, listing, profiles, n_profiles, &o->settings);
	}
	if (choice.profile) {
		struct words folders = profile_folders(a, profile_by_default(choice.profile));
		load_folders(a, listing, path, folders.list, folders.n);
	}
	configure_toml(o, choice.profile, &with.settings, a, &errors);
	if (config)
		config_apply(a, config, with.place, choice.profile, &with.settings);
	configure_files(a, listing, path, &with.settings);
	with.settings.n_levels = 0; /* what is switched off explains nevertheless */
	struct facts *facts = errors.n ? NULL : facts_build(a, listing, choice.profile, choice.because, &with.settings, &errors);
	if (!facts) {
		complain(&errors);
		return STATUS_USAGE;
	}
	const struct findings *findings = findings_run(a, facts);
	struct ask ask = {.arena = a, .messages = messages, .plain = message_plain(a, text), .found = found};
	printf("%sin %s\n", found->n ? "\n" : "", listing->path);
	const char *rules = found->n ? found->list[0].message->rules : "";
	unsigned best = best_score(&ask, facts);
	size_t n = best >= VERBATIM ? by_outcome(&ask, listing->path, facts, findings, best) : 0;
	if (!n)
		n = by_rule(&ask, listing->path, findings, rules, true);
	if (!n)
		n = by_outcome(&ask, listing->path, facts, findings, best);
	if (!n)
		n = by_rule(&ask, listing->path, findings, rules, false);
	if (!n)
		printf("    Nothing here explains it. If it came from another end of a connection, look at that end's directory; "
		       "names that are dialed\n"
		       "    are known only from --host, and releases from --set server-version.\n");
	return n ? STATUS_CLEAN : STATUS_FINDINGS;
}
