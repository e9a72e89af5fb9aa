"""Reach: pairs that no chain of transforms can ever join, told without a search.

A search that ends at a limit has shown nothing. Where it is certain from the two specs alone that
nothing leads there, the pair is blocked whatever the search met.
"""

from __future__ import annotations

from math import prod

from sigcheck.schema.meaning import RAW
from sigcheck.schema.tensor_spec import TensorSpec

# What strings can be that numbers are read from, and what numbers can be that say how many values there are.
_READ = frozenset({"encoded_image", "base64", "base64_url", "wav", "csv", "serialized_tensor", *RAW})
_COUNTED = frozenset({"lengths", "mask"})


def is_out_of_reach(provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether no plan can lead from the one spec to the other, whatever the policy allows.

    >>> from sigcheck.schema.notation import parse_spec
    >>> picture = parse_spec("float32[?, 96, 96, 3]")
    >>> [is_out_of_reach(parse_spec(text), picture) for text in ("int32[?, ?]", "string[?]", "int32[?, 96, 96]")]
    [True, True, False]
    """
    return _are_other_kinds(provided, required) or _has_too_few_axes(provided, required)


def _are_other_kinds(provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether the one is text, the other numbers, and nothing says how the one is written as the other."""
    if (provided.dtype == "string") == (required.dtype == "string"):
        return False
    ours, theirs = provided.facts.meaning, required.facts.meaning
    if provided.dtype == "string" and (ours in _READ or theirs in _COUNTED):
        return False
    # Any numbers are serialized.
    if required.dtype == "string" and theirs == "serialized_tensor":
        return False
    return ours is None or theirs is None


def _has_too_few_axes(provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether there is nothing that some of the required axes could be made of.

    Each axis may be filled up to a required size, and one new one may be copied as often; all of them together
    are split into no more entries than that.
    """
    if {provided.kind, required.kind} != {"dense"} or provided.shape is None or required.shape is None:
        return False
    # A meaning may come with axes of its own: pictures in files, classes of ids.
    if "string" in {provided.dtype, required.dtype} or provided.facts.meaning != required.facts.meaning:
        return False
    # A padding that is declared fills as many axes as there are.
    if provided.facts.padding is not None or required.facts.padding is not None:
        return False
    ours, theirs = provided.shape, required.shape
    if _is_batch_kept(provided, required):
        ours, theirs = ours[1:], theirs[1:]
    wanted = [size for size in theirs if size is not None and size > 1]
    most = max(wanted, default=1)
    # Shades of gray are copied into colours beside.
    new = most if provided.facts.channel_order == required.facts.channel_order else most * most
    return prod(wanted) > prod(max(size or 1, most) for size in ours) * new


def _is_batch_kept(provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether the first axis is the batch of both, which no plan at a price makes anything else of."""
    if not provided.shape or not required.shape or provided.shape[0] is not None or required.shape[0] is not None:
        return False
    return provided.facts.axes is None or required.facts.axes is None
