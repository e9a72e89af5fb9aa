"""Facts: what of an observation can be said of a tensor in a file of facts, and what stands there to be decided.

Data shows bounds, not meanings: that numbers from 0 to 9 are classes, or that 0 fills rows, is for people to say.
Such declarations are told beside the facts, ready to be taken over.
"""

from __future__ import annotations

import math
from typing import Any

from sigcheck.schema.observation import Observation, TensorObserved

# A file of facts is read by people, too.
_MOST_LENGTHS = 1000
_MEDIA = frozenset({"jpeg", "png", "gif", "bmp", "webp"})


def facts_of(tensor: TensorObserved) -> dict[str, Any]:
    """The facts that all rows show: the ends of the values, and that strings are encoded pictures."""
    found: dict[str, Any] = {}
    numbers, texts = tensor.numbers, tensor.texts
    if numbers is not None and numbers.least is not None and numbers.greatest is not None:
        is_bool = tensor.spec.dtype == "bool"
        least, greatest = numbers.least, numbers.greatest
        if tensor.spec.kind == "sparse":
            # What is not written is zero.
            least, greatest = min(least, 0.0), max(greatest, 0.0)
        if least < greatest and not is_bool:
            found["range"] = [_beyond(least, -math.inf), _beyond(greatest, math.inf)]
    if texts is not None and texts.forms.keys() <= _MEDIA:
        found["meaning"] = "encoded_image"
    return found


def suggested(tensor: TensorObserved) -> dict[str, tuple[Any, str]]:
    """Facts that only somebody who knows the data can declare: the value, and when it is right."""
    found: dict[str, tuple[Any, str]] = {}
    numbers = tensor.numbers
    if numbers is None or numbers.least is None or numbers.greatest is None:
        return found
    if (tensor.spec.dtype or "").startswith(("int", "uint")) and numbers.least >= 0:
        found["id_count"] = (int(numbers.greatest) + 1, "if these are ids")
    if tensor.sums_to_one:
        found["meaning"] = ("probabilities", "if each row is a distribution: all sum to one")
    if tensor.padding is not None:
        share = tensor.padding.rows / tensor.rows
        value = int(tensor.padding.value) if tensor.padding.value.is_integer() else tensor.padding.value
        place = "end" if tensor.padding.side == "post" else "begin"
        told = f"if these fill short rows: {share:.1%} of rows {place} in two or more"
        found["padding"] = ({"value": value, "side": tensor.padding.side}, told)
    means, stds = _statistics(tensor)
    if means and all(std > 0 for std in stds):
        told = "of a consumer that wants them standardized by these numbers"
        raw = {"raw_range": [numbers.least, numbers.greatest]} if numbers.least < numbers.greatest else {}
        found["normalization"] = ({"mean": means, "std": stds, **raw}, told)
    return found


def behind(observation: Observation, tensor: TensorObserved) -> dict[str, Any]:
    """What stands behind the facts of a tensor: which of them, how many rows of which files, and what else they show.

    It is what `sigcheck.schema.evidence.Evidence` reads.
    """
    found: dict[str, Any] = {
        "facts": list(facts_of(tensor)),
        "rows": tensor.rows,
        "files": [f"{file.path} sha256:{file.sha256}" for file in observation.files],
    }
    numbers = tensor.numbers
    if numbers is not None and numbers.least is not None and numbers.greatest is not None:
        found |= {"values": [numbers.least, numbers.greatest], "whole": numbers.is_whole}
        if numbers.quantiles:
            found["quantiles"] = [list(pair) for pair in numbers.quantiles]
    if tensor.sums_to_one is not None:
        found["sums_to_one"] = tensor.sums_to_one
    if tensor.lengths and len(tensor.lengths) <= _MOST_LENGTHS:
        found["lengths"] = [list(pair) for pair in tensor.lengths]
    return found


def _beyond(end: float, toward: float) -> float:
    """The end as a float, or the next one beyond it: a range is read as floats, and takes in all that was seen."""
    found = float(end)
    is_beyond = found >= end if toward > 0 else found <= end
    return found if is_beyond else math.nextafter(found, toward)


def _statistics(tensor: TensorObserved) -> tuple[list[float], list[float]]:
    """Mean and standard deviation of each channel, or of all."""
    parts = tensor.channels or ((tensor.numbers,) if tensor.numbers is not None else ())
    if (
        tensor.numbers is None
        or tensor.spec.kind == "sparse"
        or (tensor.numbers.is_whole and tensor.spec.dtype not in {"uint8", "int8"})
    ):
        return [], []
    pairs = [(one.mean, one.std) for one in parts if one.mean is not None and one.std is not None]
    return [mean for mean, _ in pairs], [std for _, std in pairs]
