"""One output feeds inputs that mean different things by it.

## What it does
Finds an output of which nobody says what it means, and that several inputs are fed as it is, where these declare
different meanings: token ids and a mask, logits and probabilities.

## Why is this bad?
The same numbers are not both. Each link alone has only its meaning unchecked, and together they run: ids as the
mask, every one of them a place that counts.

## Example
    mask: error[two_meanings]: it gets tokens as mask, and ids gets them as token_ids
      required  mask: int32[?, 10]
      provided  tokens: int32[?, 10]
      help      declare what they are, with --fact producer.tokens.meaning=token_ids; else bind another output

## What to do
Declare the meaning of the output: what another input wants is then made of it, where there is a way. Else bind
another output, with `--bind OUT=IN`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.report import Binding

NAME = "two_meanings"
ORDER = 245
LEVEL: Level = "error"

# What others are made of comes first: a mask of ids, probabilities of logits.
_SOURCES = ("token_ids", "class_ids", "logits", "log_probabilities", "probabilities", "lengths")


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each input that means another thing by an output than the one that is likeliest right."""
    shared: dict[str, list[Binding]] = {}
    for binding in match.bindings:
        if _is_taken_at_its_word(binding):
            shared.setdefault(binding.provided, []).append(binding)
    for output, bindings in shared.items():
        first = min(bindings, key=_rank)
        meant = first.required_spec.facts.meaning
        for binding in bindings:
            own = binding.required_spec.facts.meaning
            if own != meant:
                option = fact_option("producer", output, "meaning", str(meant))
                yield Finding(
                    rule=NAME,
                    level=LEVEL,
                    place=binding.required,
                    message=f"it gets {output} as {own}, and {first.required} gets them as {meant}",
                    help=f"declare what they are, with {option}; else bind another output",
                    required=f"{binding.required}: {binding.required_spec}",
                    provided=f"{output}: {binding.provided_spec}",
                )


def _is_taken_at_its_word(binding: Binding) -> bool:
    """Whether nobody says what the output means, and what the input means by it is not made by any step."""
    plan = binding.plan
    if plan is None or binding.junction is not None or binding.required_spec.facts.meaning is None:
        return False
    return all(spec.facts.meaning is None for spec in (binding.provided_spec, *(step.result for step in plan.steps)))


def _rank(binding: Binding) -> int:
    meaning = str(binding.required_spec.facts.meaning)
    return _SOURCES.index(meaning) if meaning in _SOURCES else len(_SOURCES)
