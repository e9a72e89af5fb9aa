"""Renamed: the sizes of a signature under the name of its model, where several signatures stand side by side."""

from __future__ import annotations

import re
from collections.abc import Callable

from sigcheck.schema.constraint import NamedSizes
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.size_text import is_name, rename
from sigcheck.sizes.named import BATCH


def rename_sizes(signature: Signature, stem: str) -> Signature:
    """The signature with `STEM.NAME` for each name of a size but the batch, which models that stand together share.

    >>> from sigcheck.schema.constraint import Constraint
    >>> rename_sizes(Signature(constraints=(Constraint(holds="t % 4 == 0"),)), "a-b").constraints[0].holds
    'a_b.t % 4 == 0'
    """
    plain = re.sub(r"\W", "_", stem)
    plain = plain if is_name(plain) else f"_{plain}"

    def named(text: str) -> str:
        return rename(text, lambda name: name if name == BATCH else f"{plain}.{name}")

    return signature.model_copy(
        update={
            "inputs": tuple(_endpoint(one, named) for one in signature.inputs),
            "outputs": tuple(_endpoint(one, named) for one in signature.outputs),
            "constraints": tuple(one.model_copy(update={"holds": named(one.holds)}) for one in signature.constraints),
        }
    )


def _endpoint(endpoint: Endpoint, named: Callable[[str], str]) -> Endpoint:
    if endpoint.sizes is None:
        return endpoint
    sizes: NamedSizes = tuple(named(one) if isinstance(one, str) else one for one in endpoint.sizes)
    return endpoint.model_copy(update={"sizes": sizes})
