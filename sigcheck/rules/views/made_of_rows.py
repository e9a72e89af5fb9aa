"""Made of rows: a mask, or lengths, that no output gives, and that the rows of one tell.

Nothing makes them by itself: what an output is for is not given to another input that nobody bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.planning.advice import planned
from sigcheck.planning.names import words_of
from sigcheck.planning.opening import of_input, opening
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import bind_option, fact_option
from sigcheck.schema.meaning import Meaning
from sigcheck.schema.plan import Plan
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

# What is made of rows, and how inputs are called that want it.
_WORDS: dict[Meaning, frozenset[str]] = {
    "mask": frozenset({"mask"}),
    "lengths": frozenset({"length", "lengths"}),
}
_IDS = frozenset({"int32", "int64"})
# Each is planned, in some milliseconds.
_MOST_TRIED = 16


def row_help(match: MatchView, endpoint: Endpoint) -> str:
    """What shares the output whose rows tell it, with what has to be declared and allowed; empty where none does.

    What nobody calls a mask is taken for one where its name says so, and that is declared, too.
    """
    for meaning, words in _WORDS.items():
        required = endpoint.spec
        declared = []
        if required.facts.meaning is None and not words.isdisjoint(words_of(endpoint.name)):
            required = _called(required, meaning)
            declared.append(fact_option("consumer", endpoint.name, "meaning", meaning))
        if required.facts.meaning != meaning:
            continue
        found = [
            (output, made)
            for output in match.outputs[:_MOST_TRIED]
            if (made := next(_plans(match, output, required, endpoint.name), None)) is not None
        ]
        likeliest = _likeliest(match, [output for output, _ in found], endpoint.name, words)
        for output, (provided, plan) in found:
            if output is not likeliest:
                continue
            if provided != output.spec:
                declared.append(fact_option("producer", output.name, "meaning", "token_ids"))
            lacking = of_input(opening(plan.steps, match.policy.of(endpoint.name)), endpoint.name)
            told = " and ".join(filter(None, [_shared(match, output.name, endpoint.name), *declared, lacking]))
            return f"where it is the {meaning} of the rows of {output.name}, say so with {told}"
    return ""


def _likeliest(match: MatchView, outputs: Sequence[Endpoint], name: str, words: frozenset[str]) -> Endpoint | None:
    """The only one of the outputs, or the one that is called, or feeds what is called, most like it: the mask of b.

    None where several are as much so: of which rows it is nobody says.
    """
    own = set(words_of(name)) - words
    alike = [
        max(len(own.intersection(words_of(one))) for one in (output.name, *_fed(match, output.name)))
        for output in outputs
    ]
    best = [output for output, count in zip(outputs, alike, strict=True) if count == max(alike)]
    return best[0] if len(best) == 1 else None


def _plans(match: MatchView, output: Endpoint, required: TensorSpec, name: str) -> Iterator[tuple[TensorSpec, Plan]]:
    """Yields plans that make it of the rows of the output: as it is, and as the ids that it may be."""
    loosened = match.policy.of(name).model_copy(update={"loss": "irreversible"})
    specs = [output.spec]
    if output.spec.facts.meaning is None and output.spec.dtype in _IDS:
        specs.append(_called(output.spec, "token_ids"))
    for spec in specs:
        plan = planned(spec, required, loosened).plan
        if plan is not None and any(step.transform == required.facts.meaning for step in plan.steps):
            yield spec, plan


def _called(spec: TensorSpec, meaning: Meaning) -> TensorSpec:
    return spec.replace(facts=spec.facts.replace(meaning=meaning))


def _shared(match: MatchView, output: str, name: str) -> str:
    """The options that bind the output to it as well as to what it feeds now."""
    return " ".join(bind_option(output, one) for one in (*_fed(match, output), name))


def _fed(match: MatchView, output: str) -> list[str]:
    return [one.required for one in match.bindings if one.provided == output]
