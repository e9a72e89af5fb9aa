"""Whether data fits a model, as an assertion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from sigcheck.observation.observe import observe
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import UsageError
from sigcheck.schema.observation import Observation, TensorObserved
from sigcheck.schema.shape import could_be
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.stages.read_source import read_source

if TYPE_CHECKING:
    from sigcheck.rules.views.shown import Shown

_MOST_NAMED = 5


def assert_data_fits(
    dataset: Observation | str | PathLike[str] | Sequence[str | PathLike[str]] | Iterable[Any],
    model: object,
    *,
    key: str | None = None,
    is_batched: bool = True,
) -> Observation:
    """Asserts that each input of the model has data of its name that it takes, and returns what the data showed.

    `dataset` is what `sigcheck.observe` takes, or what it gave. Compared are dtypes, ranks and sizes, and the values
    with what is declared, read and proved of the inputs: ranges, counts of ids, distributions. Rows without a value do
    not fit. Where the model has one input and the data one tensor, they need not be of one name. Of CSV and JSON, which
    write all numbers alike, only whether they are whole is compared.

    Raises AssertionError with all that does not fit; SourceError and UsageError where something cannot be read.
    """
    __tracebackhide__ = True
    seen = dataset if isinstance(dataset, Observation) else observe(dataset, is_batched=is_batched)
    inputs = _inputs(model, key)
    problems = list(_problems(seen, inputs))
    if problems:
        raise AssertionError("the data does not fit the model:\n" + "\n".join(f"  {one}" for one in problems))
    return seen


def _inputs(model: object, key: str | None) -> tuple[Endpoint, ...]:
    signatures = read_source(model, key).shown.model.signatures
    if len(signatures) != 1:
        keys = ", ".join(one.key for one in signatures[:_MOST_NAMED])
        raise UsageError("assert_data_fits", f"{len(signatures)} signatures, expected one. Name one with key: {keys}.")
    return tuple(one for one in signatures[0].inputs if not one.optional)


def _problems(seen: Observation, inputs: Sequence[Endpoint]) -> Iterable[str]:
    from sigcheck.observation.facts import behind
    from sigcheck.rules.views.shown import Shown, contradictions
    from sigcheck.schema.evidence import Evidence

    known = {one.name: one for one in seen.tensors}
    is_single = len(inputs) == len(known) == 1
    for one in inputs:
        tensor = next(iter(known.values())) if is_single else known.get(one.name)
        if tensor is None:
            why = next((f", which is left out: {each.found}" for each in seen.left_out if each.name == one.name), "")
            has = ", ".join(list(known)[:_MOST_NAMED]) or "nothing"
            yield f"{one}: the data has no {one.name!r}{why}; it has {has}"
            continue
        if tensor.missing:
            yield f"{one}: {tensor.missing:,} of {tensor.rows + tensor.missing:,} rows of the data have no value"
        if tensor.nulls:
            yield f"{one}: {tensor.nulls:,} entries in the rows of the data have no value"
        problem = _of_spec(tensor, one.spec, is_text=seen.is_text)
        if problem is not None:
            yield f"{one}: the data is {tensor.spec}: {problem}"
        shown: Shown = Shown("consumer", one, Evidence.model_validate(behind(seen, tensor)))
        yield from (f"{one}: the data holds {found}, against the {against}" for found, against in contradictions(shown))


def _of_spec(tensor: TensorObserved, wanted: TensorSpec, *, is_text: bool) -> str | None:
    """Why no tensor of the one is one of the other; None where it may be."""
    given = tensor.spec
    if wanted.dtype is not None and given.dtype != wanted.dtype:
        is_whole = tensor.numbers is not None and tensor.numbers.is_whole
        kind = DTYPES[wanted.dtype].kind
        is_held = kind == "float" or (kind in {"int", "uint"} and is_whole)
        if not (is_text and tensor.numbers is not None and is_held):
            return f"another dtype than {wanted.dtype}"
    if given.kind != wanted.kind:
        return f"{given.kind}, not {wanted.kind}"
    if not could_be(given.shape, wanted.shape):
        return "other sizes"
    return None
