"""Declaration: facts that the user states of outputs and inputs, put on their specs.

What is declared beats what was read or inferred of the same fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from sigcheck.planning.names import nearest
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import FACT_NAMES, Facts, Origin
from sigcheck.schema.near_name import near_names
from sigcheck.schema.padding_problem import padding_problem
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

SIDES = ("producer", "consumer")
# Beside the facts of a tensor: which of them `sigcheck observe` wrote, and of which data.
_OBSERVED = "observed"

# Facts that others of the same tensor say how to read.
_READ_BESIDE = frozenset({"range"})

# What each fact looks like, for those who wrote it otherwise.
_EXAMPLES = {
    "axes": '["batch", "height", "width", "channel"]',
    "range": "[0, 255]",
    "normalization": '{"mean": [127.5], "std": [127.5]}',
    "quantization": '{"scale": [0.0078], "zero_point": [-1]}',
    "id_count": "30522",
    "padding": '{"value": 0, "side": "post"}',
}

Declared = Mapping[str, Mapping[str, Any]]


def declare(endpoints: Sequence[Endpoint], side: str, facts: Declared) -> tuple[Endpoint, ...]:
    """The endpoints with these facts, `{name: {fact: value}}`, declared.

    Raises UsageError for a name or a fact that does not exist, and for a fact that contradicts
    itself, the dtype or the shape.
    """
    known = {endpoint.name: endpoint for endpoint in endpoints}
    for name in facts:
        if name not in known:
            kind = "output" if side == "producer" else "input"
            problem = f"the {side} has no {kind} {name!r}; {nearest(name, known)}"
            raise UsageError(f"{side}.{name}", f"{problem}{_other_side(side, name)}")
    return tuple(_declared(endpoint, side, facts.get(endpoint.name, {})) for endpoint in endpoints)


def _other_side(side: str, name: str) -> str:
    """Whoever names an output as an input, or the other way round, has mixed up the sides."""
    if side == "consumer":
        return f" What is known of an output stands under producer.{name}."
    return f" What is known of an input stands under consumer.{name}."


def _declared(endpoint: Endpoint, side: str, facts: Mapping[str, Any]) -> Endpoint:
    if not facts:
        return endpoint
    place = f"{side}.{endpoint.name}"
    observed = _observed(facts.get(_OBSERVED), f"{place}.{_OBSERVED}")
    facts = {name: value for name, value in facts.items() if name != _OBSERVED}
    for fact in facts:
        if fact not in FACT_NAMES:
            raise UsageError(f"{place}.{fact}", f"no fact {fact!r}; {nearest(fact, FACT_NAMES)}")
    # What is declared anew is not held against what was known before; a range is read beside its quantization.
    spec = endpoint.spec.replace(facts=endpoint.spec.facts.replace(**dict.fromkeys(facts)))
    for fact in sorted(facts, key=lambda name: name in _READ_BESIDE):
        origin: Origin = "observed" if fact in observed else "declared"
        spec = _with_fact(spec, fact, facts[fact], origin, f"{place}.{fact}")
    problem = padding_problem(spec) if facts.keys() & {"padding", "id_count"} else None
    if problem is not None:
        raise UsageError(f"{place}.padding", f"{problem}. Correct the declaration.")
    return endpoint.model_copy(update={"spec": spec})


def _observed(told: Any, place: str) -> frozenset[str]:
    """The facts that stand in the file because data showed them. What else stands behind them is for people."""
    if told is None:
        return frozenset()
    names = told.get("facts") if isinstance(told, Mapping) else None
    if not isinstance(names, list) or any(name not in FACT_NAMES for name in names):
        problem = 'no table with facts = ["range"] in it, expected what `sigcheck observe` writes. Observe again.'
        raise UsageError(place, problem)
    return frozenset(names)


def _with_fact(spec: TensorSpec, fact: str, value: Any, origin: Origin, place: str) -> TensorSpec:
    try:
        # Written as in a file: lists for tuples, dicts for values.
        stated = getattr(Facts.model_validate({fact: value}), fact)
        origins = {**spec.facts.origins, fact: origin}
        return spec.replace(facts=spec.facts.replace(**{fact: stated}, origins=origins))
    except ValidationError as error:
        raise UsageError(place, _problem(error, fact)) from None


def _problem(error: ValidationError, fact: str) -> str:
    problem = error.errors(include_url=False)[0]
    said = problem["msg"].removeprefix("Value error, ").rstrip(".")
    if problem["type"] == "value_error":
        return f"{said}. Correct the declaration."
    # What is wrong with a type says little without the value; our own messages have it.
    where = ".".join(str(part) for part in problem["loc"][1:])
    found = f"{f'{where}: ' if where else ''}found {problem['input']!r:.80}"
    if fact in _EXAMPLES:
        return f"{found}, expected a value such as {_EXAMPLES[fact]}. Write it so."
    words = re.findall(r"'(\w+)'", problem.get("ctx", {}).get("expected", ""))
    near = near_names(str(problem["input"]), words)
    cure = f"Did you mean {near[0]!r}?" if near else f"Write one of {', '.join(words)}."
    return f"{found}, expected a word that is known here. {cure}"
