"""Features and serialized Examples are one step apart.

## What it does
Looks, for an input that parses serialized `tf.train.Example`s and gets none, whether outputs are called as the features
are that its graph parses; and for inputs that nothing feeds whether they are features of Examples that an output holds.

## Why is this bad?
It is no defect, but a cure. A model that was exported with a parsing receiver takes one string for each example, and a
request with the features themselves fails at the first byte: `Could not parse example input, value: '...'`.

## Example
    examples: note[unserialized_features]: it parses Examples of age float32[1], words int64[?]: outputs are these
      required  examples: string[?]
      provided  age: float32[?, 1] and words: ragged int64[?, None]
      help      serialize them with --bind 'serialize_examples(age, words)=examples'

## What to do
Bind it so where it is meant. Where the same model has a signature that takes the features as they are, name that one:
nothing is written then only to be parsed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.planning.texts import with_form
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import bind_option
from sigcheck.rules.words.wording import endpoints, names
from sigcheck.schema.example_features import Features
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.junction import MOST_PARTS, Junction
from sigcheck.schema.plan import PASSING
from sigcheck.schema.signature import Endpoint

NAME = "unserialized_features"
ORDER = 48
LEVEL: Level = "note"

_MOST_TOLD = 8


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one note for each input that parses features which outputs are, and for each that is such a feature."""
    unfed = list(_unfed(match))
    for required in unfed:
        features = with_form(required).spec.facts.features
        if features is not None:
            yield from _to_serialize(match, required, features)
    yield from _to_parse(match, unfed)


def _unfed(match: MatchView) -> Iterator[Endpoint]:
    """Yields the inputs that nothing feeds in a way that passes, and that nobody bound to a junction."""
    fed = {one.required for one in match.bindings if one.verdict in PASSING or one.junction is not None}
    told = {end.name for one in match.unjoined for end in one.inputs}
    yield from (one for one in match.inputs if one.name not in fed | told)


def _to_serialize(match: MatchView, required: Endpoint, features: Features) -> Iterator[Finding]:
    outputs = [one for one in match.outputs if one.name in features]
    if not outputs:
        return
    given = {one.name for one in outputs}
    lacking = [name for name, one in features.named if not one.may_be_absent and name not in given]
    way = Junction(kind="serialize_examples", outputs=tuple(one.name for one in outputs))
    told = [f"{name} {feature}" for name, feature in features.named[:_MOST_TOLD]]
    told += [f"{len(features.named) - _MOST_TOLD} more"] if len(features.named) > _MOST_TOLD else []
    of = f"it parses Examples of {', '.join(told)}"
    if lacking:
        are = "outputs are called like the others" if len(outputs) > 1 else f"{outputs[0].name} is one of them"
        said, advice = f"no output is called {names(lacking)}, and {are}", "name the outputs that are, FEATURE=OUTPUT"
        text = f"{advice}, as in {way.kind}({lacking[0]}=OUTPUT, ...)"
    elif _leads(match, way, outputs, required):
        said = "outputs are these" if len(outputs) > 1 else f"{outputs[0].name} is this"
        written = way.told_beside({end.name for end in match.outputs})
        text = f"serialize {'them' if len(outputs) > 1 else 'it'} with {bind_option(written, required.name)}"
    else:
        return
    yield Finding(
        rule=NAME,
        level=LEVEL,
        place=required.name,
        message=f"{of}: {said}",
        help=text,
        required=str(required),
        provided=endpoints(outputs),
    )


def _to_parse(match: MatchView, unfed: Sequence[Endpoint]) -> Iterator[Finding]:
    found = [(output, one) for one in unfed for output in match.outputs if _is_feature(match, output, one)]
    way = {output.name: Junction(kind="parse_examples", outputs=(output.name,)) for output, _ in found}
    others = {end.name for end in match.outputs}
    options = [bind_option(way[output.name].told_beside(others), one.name) for output, one in found]
    for output, required in found:
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=required.name,
            message=f"it is a feature of the Examples that {output.name} holds",
            help=f"parse them with {' '.join(options)}",
            required=str(required),
            provided=str(output),
        )


def _is_feature(match: MatchView, output: Endpoint, required: Endpoint) -> bool:
    held = output.spec.facts.features
    if held is None or held.get(required.name) is None:
        return False
    return _leads(match, Junction(kind="parse_examples", outputs=(output.name,)), [output], required)


def _leads(match: MatchView, way: Junction, outputs: Sequence[Endpoint], required: Endpoint) -> bool:
    """Whether it passes once it is bound so."""
    from sigcheck.planning.fans import Unjoined, join

    if len(outputs) > MOST_PARTS:
        return False
    found = join(way, outputs, [required], match.policy)
    return not isinstance(found, Unjoined) and all(one.binding.verdict in PASSING for one in found)
