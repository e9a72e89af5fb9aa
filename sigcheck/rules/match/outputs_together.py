"""Outputs together make an input that none of them makes alone.

## What it does
Looks, for an input that nothing feeds, or only with assumptions or loss, whether the outputs that
are left over make it together: joined along an axis, side by side, or as rows by their lengths.
Nothing is joined unless it is declared.

## Why is this bad?
It is no defect, but a cure: the shapes say that it may be what is meant, and only people know.

## Example
    features: note[outputs_together]: a and b together make it: concat(a, b, axis=1)
      required  features: float32[?, 8]
      provided  a: float32[?, 3] and b: float32[?, 5]
      help      if it is meant, say so with --bind 'concat(a, b, axis=1)=features'

## What to do
Where it is meant, bind it so, in the order that the consumer was trained on. Else bind another
output to the input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, permutations, product

from sigcheck.planning.taken_apart import rows_of
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import bind_option
from sigcheck.rules.words.wording import endpoints, names
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.junction import Junction
from sigcheck.schema.signature import Endpoint

NAME = "outputs_together"
ORDER = 50
LEVEL: Level = "note"

# Of more outputs, or for more inputs, nobody looks at what could be joined.
_MOST_INPUTS = 8
_MOST_OUTPUTS = 64
_MOST_IN_PAIRS = 6


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one note for each input that outputs left over make together."""
    left = {endpoint.name for endpoint in match.unused}
    inputs = {endpoint.name: endpoint for endpoint in match.inputs}
    for name, own in islice(_badly_fed(match), _MOST_INPUTS):
        near = left | own
        outputs = [endpoint for endpoint in match.outputs if endpoint.name in near]
        groups = [*_groups(outputs), *_with_lengths(outputs, match.outputs)]
        ways = [(way, group) for group in groups for way in _ways(match, group, inputs.get(name))]
        if ways:
            called = {one: at for at, one in enumerate(rows_of(outputs, inputs[name]))}
            # Row splits would do as lengths by their shape alone.
            ways.sort(key=lambda one: called.get((one[0].kind, one[0].outputs), len(called)))
            found = {way.told_beside({end.name for end in match.outputs}): group for way, group in ways}
            (first, group), *others = found.items()
            more = f", or {names(other for other, _ in others)}" if others else ""
            yield Finding(
                rule=NAME,
                level=LEVEL,
                place=name,
                message=f"{' and '.join(one.name for one in group)} together make it: {first}{more}",
                help=f"if it is meant, say so with {bind_option(first, name)}",
                required=str(inputs[name]),
                provided=endpoints(group),
            )


def _badly_fed(match: MatchView) -> Iterator[tuple[str, set[str]]]:
    """Yields each input that is not fed as it should be, with the outputs that are bound to it or could be."""
    yield from ((endpoint.name, set()) for endpoint in match.missing)
    yield from ((name, set(outputs)) for name, outputs in match.ambiguous)
    for binding in match.bindings:
        is_sound = binding.plan is not None and not any(
            step.assumption or step.loss in {"truncating", "irreversible"} for step in binding.steps
        )
        has_more = match.unused or any(one.spec.facts.meaning == "lengths" for one in match.outputs)
        if not is_sound and binding.junction is None and has_more:
            yield binding.required, {binding.provided}


def _groups(outputs: Sequence[Endpoint]) -> Iterator[Sequence[Endpoint]]:
    """Yields all outputs together, then, where they are few, two at a time."""
    if len(outputs) <= _MOST_OUTPUTS:
        yield outputs
    if len(outputs) <= _MOST_IN_PAIRS:
        order = {endpoint.name: at for at, endpoint in enumerate(outputs)}
        for pair in permutations(outputs, 2):
            if order[pair[0].name] < order[pair[1].name] or _is_rows(pair):
                yield pair


def _with_lengths(outputs: Sequence[Endpoint], given: Sequence[Endpoint]) -> Iterator[Sequence[Endpoint]]:
    """Yields each output beside lengths that feed another input: they may say where its rows are all the same."""
    near = {endpoint.name for endpoint in outputs}
    lengths = [one for one in given if one.spec.facts.meaning == "lengths" and one.name not in near]
    if len(outputs) <= _MOST_IN_PAIRS and len(lengths) <= _MOST_IN_PAIRS:
        yield from (pair for pair in product(outputs, lengths) if _is_rows(pair))


def _is_rows(pair: Sequence[Endpoint]) -> bool:
    """Whether the second could be the lengths of the first: then their order is no matter of taste."""
    values, lengths = (one.spec for one in pair)
    return lengths.rank == 1 and (values.rank or 0) >= 1 and lengths.dtype in {"int32", "int64"}


def _ways(match: MatchView, group: Sequence[Endpoint], required: Endpoint | None) -> Iterator[Junction]:
    from sigcheck.planning.fans import suggest

    if required is not None:
        yield from suggest(group, required, match.policy)
