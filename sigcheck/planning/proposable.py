"""Proposable: whether an output is worth a person's look as what feeds an input, where no name says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sigcheck.planning.names import is_counter, plain, words_of
from sigcheck.planning.search import Outcome
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.near_name import NEAR
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

_PICTURE_AXES = frozenset({"height", "width"})
_PICTURE_RANK = 4
_CHANNELS = frozenset({1, 3, 4})
# More pairs of names are not compared: whoever is asked as much is told that something is to be bound, not what.
_MOST_PAIRS = 256
# Letters that are compared: nobody writes a longer name.
_LONGEST = 100
# Inputs that stand beside the one that holds the values, as models call them.
_BESIDE = re.compile(r"mask|type|segment|position|length|size|training|threshold", re.IGNORECASE)


def is_proposable(provided: TensorSpec, required: TensorSpec, outcome: Outcome, policy: Policy) -> bool:
    """Whether this pair passes, or would with one declaration.

    Ids, lengths and masks are no picture, nor a picture they, and what has to be made up to get
    there, beside the filling of rows, is no proposal unless a fact says that it is meant.
    """
    if (_is_picture(required) and _is_naming(provided)) or (_is_picture(provided) and _is_naming(required)):
        return False
    if outcome.plan is not None:
        return True
    if any(_only_fills(plan) for plan in outcome.candidates):
        return True
    # Floats that are ids need only be called so: no step is taken before.
    if provided.rank != required.rank or not (outcome.candidates or _is_naming(required)):
        return False
    from sigcheck.planning.advice import find_ways

    return bool(find_ways(provided, required, policy, outcome.verdict))


def rank_inputs(inputs: Sequence[Endpoint]) -> list[Endpoint]:
    """Inputs that one output fits equally well, the likeliest first: of the largest table, none that stands beside."""
    return sorted(inputs, key=lambda one: (_BESIDE.search(one.name) is not None, -_rows(one)))


def pair_likeliest(
    tied: Mapping[str, Sequence[str]], outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]
) -> dict[str, str]:
    """The output that each input is likeliest meant to be fed by, where several tie: none of them twice.

    What is of one type comes first, then what both sides say most of, then what is called alike, then what stands
    in the same place.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ids = parse_spec("int32[?]")
    >>> given, taken = ([Endpoint(name=one, spec=ids) for one in names] for names in (["h", "c"], ["my_c", "my_h"]))
    >>> pair_likeliest({"my_c": ("h", "c"), "my_h": ("h", "c")}, given, taken)
    {'my_c': 'c', 'my_h': 'h'}
    """
    if sum(map(len, tied.values())) > _MOST_PAIRS:
        return {}
    specs, wanted = ({one.name: one.spec for one in ends} for ends in (outputs, inputs))
    ranked = sorted(
        (*_difference(specs[output], wanted[name]), -_likeness(output, name), at, place, name, output)
        for place, (name, candidates) in enumerate(tied.items())
        for at, output in enumerate(candidates)
    )
    pairs: dict[str, str] = {}
    for *_, name, output in ranked:
        if name not in pairs and output not in pairs.values():
            pairs[name] = output
    return {name: pairs[name] for name in tied if name in pairs}


def is_told_apart(output: Endpoint, required: Endpoint, others: Iterable[Endpoint]) -> bool:
    """Whether anything says that this one of the outputs is meant: names, the type, or what is known of the values.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ids, mask, counted = (Endpoint(name=one, spec=parse_spec("int32[?]")) for one in ("ids", "mask", "input_1"))
    >>> word_ids = ids.model_copy(update={"name": "word_ids"})
    >>> is_told_apart(ids, word_ids, [mask]), is_told_apart(mask, counted, [ids])
    (True, False)
    """
    own, spec = _difference(output.spec, required.spec), required.spec
    return _likeness(output.name, required.name) > 0 or any(_difference(one.spec, spec) > own for one in others)


def _difference(provided: TensorSpec, required: TensorSpec) -> tuple[bool, int]:
    """Whether the type is another one, and how little both sides say of the values."""
    said = provided.facts.known().keys() & required.facts.known().keys() - {"axes", "padding"}
    return not provided.is_subtype_of(required), -len(said)


def _likeness(name: str, other: str) -> float:
    """How alike two names are, by their words or by their letters; 0 where one of them was made by counting."""
    from difflib import SequenceMatcher

    if is_counter(name) or is_counter(other):
        return 0
    words, others = set(words_of(name)), set(words_of(other))
    shared = 2 * len(words & others) / (len(words) + len(others) or 1)
    one, two = plain(name)[:_LONGEST], plain(other)[:_LONGEST]
    letters = SequenceMatcher(None, one, two, autojunk=False).ratio()
    return max(shared, letters if letters >= NEAR else 0)


def _rows(endpoint: Endpoint) -> int:
    """How many ids the input takes, as far as it is known."""
    shown = [claim.value for claim in endpoint.inferred if claim.name == "id_count"]
    return endpoint.spec.facts.id_count or max(shown, default=0)


def _only_fills(plan: Plan) -> bool:
    return all("value" in step.arguments for step in plan.steps if step.is_inventing)


def _is_naming(spec: TensorSpec) -> bool:
    return spec.facts.meaning in CATEGORICAL or spec.facts.id_count is not None


def _is_picture(spec: TensorSpec) -> bool:
    facts = spec.facts
    if facts.meaning == "pixels" or facts.channel_order is not None or _PICTURE_AXES.intersection(facts.axes or ()):
        return True
    shape = spec.shape or ()
    return len(shape) == _PICTURE_RANK and (shape[-1] in _CHANNELS or shape[1] in _CHANNELS)
