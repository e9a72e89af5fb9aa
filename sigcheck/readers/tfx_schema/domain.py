"""Domain: the values that a feature may have, as facts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sigcheck.encodings.message import Message
from sigcheck.readers.tfx_schema.messages import BYTES, FLOAT, INT
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.tensor_spec import TensorSpec


def facts_of(feature: Message, schema_domains: Mapping[str, Message]) -> Facts:
    """What a schema says of the values; `schema_domains` are those that features name.

    One that is open on a side bounds nothing, and texts of a list are no ids.
    """
    kind = feature.get("type")
    if kind == BYTES:
        return _read({"meaning": "encoded_image"} if "image_domain" in feature else {})
    if kind == INT and "bool_domain" in feature:
        return _read({"range": (0, 1)})
    own = "int_domain" if kind == INT else "float_domain"
    domain = feature.get(own) or schema_domains.get(feature.get("domain", ""))
    return _of_numbers(domain, kind) if domain is not None and kind in {INT, FLOAT} else NO_FACTS


def named_axes(facts: Facts, shape: Message, spec: TensorSpec) -> Facts:
    """The facts with the names of the axes behind the batch, where the schema has any and they differ."""
    names = [one.get("name") or None for one in shape.get("dim", ())]
    given = [name for name in names if name]
    if not given or len({*given, "batch"}) != len(given) + 1 or spec.rank != len(names) + 1:
        return facts
    return facts.replace(axes=("batch", *names), origins={**facts.origins, "axes": "read"})


def _of_numbers(domain: Message, kind: int) -> Facts:
    low, high = domain.get("min"), domain.get("max")
    is_bounded = low is not None and high is not None and math.isfinite(low) and math.isfinite(high) and low < high
    found: dict[str, Any] = {"range": (low, high)} if is_bounded else {}
    if kind == INT and domain.get("is_categorical", False):
        found["meaning"] = "class_ids"
        if low is not None and high is not None and 0 <= low <= high:
            found["id_count"] = high + 1
    return _read(found)


def _read(found: Mapping[str, Any]) -> Facts:
    return Facts(**found).with_origin("read") if found else NO_FACTS
