"""Declaration: facts that the user states of outputs and inputs, put on their specs.

What is declared beats what was read or inferred of the same fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sigcheck.planning.names import nearest
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import FACT_NAMES, Facts, Origin
from sigcheck.schema.near_name import near_names
from sigcheck.schema.padding_problem import padding_problem
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.boxes import may_be_boxes

if TYPE_CHECKING:
    from sigcheck.schema.evidence import Evidence

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
    "boxes": '{"order": "xyxy", "unit": "pixels", "size": [480, 640]}',
    "features": '{"age": "float32[1]", "words": "int64[?]"}',
    "padding": '{"value": 0, "side": "post"}',
}

Declared = Mapping[str, Mapping[str, Any]]


def declare(endpoints: Sequence[Endpoint], side: str, facts: Declared) -> tuple[Endpoint, ...]:
    """The endpoints with these facts, `{name: {fact: value}}`, declared.

    Raises UsageError for a name or a fact that does not exist, and for a fact that contradicts
    itself, the dtype or the shape.
    """
    known = {endpoint.name: endpoint for endpoint in endpoints}
    is_of_this = any(name in known for name in facts)
    for name, told in facts.items():
        # Data may hold more tensors than a model gives.
        if name not in known and not (is_of_this and _OBSERVED in told):
            kind = "output" if side == "producer" else "input"
            problem = f"the {side} has no {kind} {name!r}; {nearest(name, known)}"
            raise UsageError(f"{side}.{name}", f"{problem}{_other_side(side, name)}")
    return tuple(_declared(endpoint, side, facts.get(endpoint.name, {})) for endpoint in endpoints)


def _other_side(side: str, name: str) -> str:
    """Whoever names an output as an input, or the other way round, has mixed up the sides."""
    if side == "consumer":
        return f" What is known of an output stands under producer.{name}."
    return f" What is known of an input stands under consumer.{name}."


def find_evidence(side: str, facts: Declared) -> dict[str, Evidence]:
    """What data showed, by the name of the tensor. Raises UsageError for what `sigcheck observe` does not write."""
    from sigcheck.schema.evidence import Evidence

    found = {}
    for name, one in facts.items():
        if _OBSERVED not in one:
            continue
        try:
            found[name] = Evidence.model_validate(one[_OBSERVED])
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            told = first["msg"].removeprefix("Value error, ").lower()
            problem = f"{f'{where}: ' if where else ''}{told}, expected what `sigcheck observe` writes. Observe again."
            raise UsageError(f"{side}.{name}.{_OBSERVED}", problem) from None
    return found


def _declared(endpoint: Endpoint, side: str, facts: Mapping[str, Any]) -> Endpoint:
    if not facts:
        return endpoint
    place = f"{side}.{endpoint.name}"
    shown = find_evidence(side, {endpoint.name: facts}).get(endpoint.name)
    observed = frozenset(shown.facts if shown is not None else ())
    told, facts = facts, {name: value for name, value in facts.items() if name not in {_OBSERVED, *observed}}
    for fact in facts:
        if fact not in FACT_NAMES:
            raise UsageError(f"{place}.{fact}", f"no fact {fact!r}; {nearest(fact, FACT_NAMES)}")
    # What is declared anew is not held against what was known before; a range is read beside its quantization.
    known = endpoint.spec.facts.replace(**dict.fromkeys(facts))
    spec = endpoint.spec.replace(facts=known.replace(**dict.fromkeys(_READ_BESIDE)))
    for fact in sorted(facts, key=lambda name: name in _READ_BESIDE):
        spec = _with_fact(spec, fact, facts[fact], "declared", f"{place}.{fact}")
    if known.range is not None:
        # What it is of depends on what was declared beside it.
        spec = _with_fact(spec, "range", known.range, known.origins.get("range"), f"{place}.{', '.join(facts)}")
    problem = padding_problem(spec) if facts.keys() & {"padding", "id_count"} else None
    if problem is not None:
        raise UsageError(f"{place}.padding", f"{problem}. Correct the declaration.")
    if spec.facts.boxes is not None and not may_be_boxes(spec):
        problem = f"boxes have four numbers along the last axis, found {spec}"
        raise UsageError(f"{place}.boxes", f"{problem}. Declare it of the tensor that holds them.")
    for fact in sorted(observed):
        spec = _with_observed(spec, fact, told.get(fact), f"{place}.{fact}")
    return endpoint.model_copy(update={"spec": spec})


def _with_observed(spec: TensorSpec, fact: str, value: Any, place: str) -> TensorSpec:
    """The spec with what data showed, where nobody says otherwise; rules hold the one against the other.

    Of quantized tensors data shows stored numbers, and a range is of real ones.
    """
    if value is None or getattr(spec.facts, fact) is not None or spec.facts.quantization is not None:
        return spec
    try:
        return _with_fact(spec, fact, value, "observed", place)
    except UsageError:
        if _is_fact(fact, value):
            # Of another dtype: the data is not that of this tensor, which rules say.
            return spec
        raise


def _is_fact(fact: str, value: Any) -> bool:
    try:
        Facts.model_validate({fact: value})
    except ValidationError:
        return False
    return True


def _with_fact(spec: TensorSpec, fact: str, value: Any, origin: Origin | None, place: str) -> TensorSpec:
    try:
        # Written as in a file: lists for tuples, dicts for values.
        stated = getattr(Facts.model_validate({fact: value}), fact)
        origins = spec.facts.origins if origin is None else {**spec.facts.origins, fact: origin}
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
