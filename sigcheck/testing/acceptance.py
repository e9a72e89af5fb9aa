"""Whether a model takes inputs of given sizes, as an assertion; nothing of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sigcheck import api
from sigcheck.readers.live.notation import read_specs
from sigcheck.reports.parts.page import printable
from sigcheck.schema.errors import UsageError
from sigcheck.schema.selection import select_signature
from sigcheck.schema.shape import could_be
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.sizes.feed import judge


def assert_accepts(model: object, inputs: Mapping[str, Any], *, key: str | None = None) -> None:
    """Asserts that nothing which the signature or the graph of a model demands refuses these inputs.

        assert_accepts("unet", {"image": "float32[8, 96, 96, 3]"})

    The specs are compared as they are, without an adapter, and their sizes are put into what the graph
    demands. What only the values decide, and what lies behind operations that sigcheck does not
    follow, is not looked at.

    Raises AssertionError, with what refuses them, also where something is left open that would decide it;
    UsageError where there is no such input, or the graph of such a model is not followed; SourceError
    where it cannot be read.
    """
    __tracebackhide__ = True
    place, signature, fed = _asked(model, inputs, key)
    refused = [*_refused(signature, fed), *_undecided(signature, fed)]
    if refused:
        raise AssertionError("\n".join([f"{place} does not accept these inputs", "", *(f"  {one}" for one in refused)]))


def assert_rejects(model: object, inputs: Mapping[str, Any], *, key: str | None = None) -> None:
    """Asserts that the signature or the graph of a model refuses these inputs: a call with them fails.

    What is not decided is no refusal. Raises AssertionError where nothing refuses them, and otherwise
    as `assert_accepts` does.
    """
    __tracebackhide__ = True
    place, signature, fed = _asked(model, inputs, key)
    if not any(_refused(signature, fed)):
        told = [f"  {name}: {endpoint.spec}" for name, endpoint in fed.items()]
        raise AssertionError("\n".join([f"nothing is known by which {place} refuses these inputs", "", *told]))


def _asked(model: object, inputs: Mapping[str, Any], key: str | None) -> tuple[str, Signature, Mapping[str, Endpoint]]:
    if not isinstance(inputs, Mapping) or not inputs:
        raise UsageError("inputs", f"found {inputs!r:.80}, expected specs by name. Write one for each input.")
    read = api.read(model, key=key, infer=True)
    signature = select_signature(read)
    place = f"{printable(read.source)}#{printable(signature.key)}"
    fed = {one.name: one for one in read_specs(inputs)}
    known = {one.name for one in signature.inputs}
    for name in fed:
        if name not in known:
            raise UsageError(
                place, f"no input {name!r}, it has {', '.join(map(repr, sorted(known)))}. Name one of them."
            )
    for one in signature.inputs:
        is_open = one.spec.kind == "dense" and (one.spec.shape is None or None in one.spec.shape)
        if one.name in fed and is_open and one.sizes is None:
            problem = f"what {one.name!r} may be is not known: no graph of its file is followed"
            raise UsageError(place, f"{problem}. Export a SavedModel, or declare sizes in a signature file.")
    return place, signature, fed


def _refused(signature: Signature, fed: Mapping[str, Endpoint]) -> Iterator[str]:
    """Yields what refuses the inputs, in words."""
    for one in signature.inputs:
        if one.name in fed and not _may_be(fed[one.name].spec, one.spec):
            yield f"{printable(one.name)}: takes {one.sized_spec}, given {fed[one.name].spec}"
        elif one.name not in fed and not one.optional:
            yield f"{printable(one.name)}: takes {one.sized_spec}, given nothing"
    for unmet in judge(signature.inputs, signature.constraints, _shapes(fed)).unmet:
        near = f" ({' or '.join(map(str, unmet.nearest))} would do)" if unmet.nearest else ""
        yield f"{printable(unmet.places[0][0])}: takes {unmet.holds}, given {unmet.given}{near}"


def _may_be(given: TensorSpec, taken: TensorSpec) -> bool:
    """Whether some tensor of the one spec is one of the other: what is not known of it may be as it has to be."""
    if given.kind != taken.kind or (given.dtype != taken.dtype and None not in {given.dtype, taken.dtype}):
        return False
    is_ranked = given.shape is not None and taken.shape is not None
    return could_be(given.shape, taken.shape) and (given.ragged_rank == taken.ragged_rank or not is_ranked)


def _undecided(signature: Signature, fed: Mapping[str, Endpoint]) -> Sequence[str]:
    open_ones = [
        f"{printable(one.name)}: takes {one.sized_spec}, and {fed[one.name].spec} may be another"
        for one in signature.inputs
        if one.name in fed and _may_be(fed[one.name].spec, one.spec) and not fed[one.name].spec.is_subtype_of(one.spec)
    ]
    found = judge(signature.inputs, signature.constraints, _shapes(fed)).undecided
    told = [(" and ".join(map(printable, one.inputs)), one.holds) for one in found]
    return [*open_ones, *(f"{names}: takes {holds}, and the size is not given" for names, holds in told)]


def _shapes(fed: Mapping[str, Endpoint]) -> dict[str, tuple[int | None, ...] | None]:
    return {name: endpoint.spec.shape for name, endpoint in fed.items()}
