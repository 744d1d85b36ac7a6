#include "json.h"

void
json_key_text(struct job *job, const char *key, const char *text)
{
	emit_key(&job->emit, key);
	emit_text(&job->emit, text);
}

void
json_key_bool(struct job *job, const char *key, bool b)
{
	emit_key(&job->emit, key);
	emit_bool(&job->emit, b);
}

/* null unless it is there. */
void
json_key_number(struct job *job, const char *key, bool there, int64_t number)
{
	emit_key(&job->emit, key);
	if (there)
		emit_number(&job->emit, number);
	else
		emit_null(&job->emit);
}

void
json_key_open(struct job *job, const char *key, char bracket)
{
	emit_key(&job->emit, key);
	emit_open(&job->emit, bracket);
}

void
json_words(struct job *job, const struct words *words)
{
	emit_open(&job->emit, '[');
	for (size_t i = 0; i < words->n; i++)
		emit_text(&job->emit, words->list[i]);
	emit_close(&job->emit, ']');
}

void
json_key_list(struct job *job, const char *key, const struct words *words)
{
	emit_key(&job->emit, key);
	json_words(job, words);
}
