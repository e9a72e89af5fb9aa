"""Join: the producers of one side as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from sigcheck.schema.distinct import free_name, numbered_names
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.stages.read_source import ReadSource


def join_producers(producers: Sequence[ReadSource]) -> tuple[Side, Signature]:
    """The side and its signature; an output whose name several producers have is named `MODEL.OUTPUT`, as no other is.

    Of inputs, and of sizes, each producer has its own: they are named so too, but for the batch, which all share.
    """
    if len(producers) == 1:
        return producers[0].side, producers[0].signature
    sides = [one.side for one in producers]
    # A short name of each source; the same one twice is counted.
    stems = numbered_names(PurePath(side.source).stem or side.source for side in sides)
    told = [_of_model(one.signature, stem) for stem, one in zip(stems, producers, strict=True)]
    joined = Signature(
        inputs=tuple(one for each in told for one in each.inputs),
        outputs=_joined(stems, [each.outputs for each in told]),
        constraints=tuple(one for each in told for one in each.constraints),
    )
    side = Side(
        source=" + ".join(side.source for side in sides),
        reader=" + ".join(dict.fromkeys(side.reader for side in sides)),
        key=" + ".join(side.key for side in sides),
    )
    return side, joined


def _joined(stems: Sequence[str], outputs: Sequence[Sequence[Endpoint]]) -> tuple[Endpoint, ...]:
    counts = Counter(endpoint.name for endpoints in outputs for endpoint in endpoints)
    taken = {name for name, count in counts.items() if count == 1}
    joined = []
    for stem, endpoints in zip(stems, outputs, strict=True):
        for endpoint in endpoints:
            if counts[endpoint.name] == 1:
                joined.append(endpoint)
                continue
            name = free_name(f"{stem}.{endpoint.name}", taken)
            taken.add(name)
            joined.append(endpoint.model_copy(update={"name": name}))
    return tuple(joined)


def _of_model(signature: Signature, stem: str) -> Signature:
    """The signature with its inputs, and its sizes, named as those of this model."""
    told = signature
    if any(one.sizes for one in (*signature.inputs, *signature.outputs)):
        from sigcheck.sizes.renamed import rename_sizes

        told = rename_sizes(signature, stem)
    inputs = tuple(one.model_copy(update={"name": f"{stem}.{one.name}"}) for one in told.inputs)
    return told.model_copy(update={"inputs": inputs})
