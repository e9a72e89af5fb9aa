"""Join: the producers of one side as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from sigcheck.schema.distinct import numbered_names, qualified_names
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Signature
from sigcheck.stages.read_source import ReadSource


def join_producers(producers: Sequence[ReadSource]) -> tuple[Side, Signature]:
    """The side and its signature; an output whose name several producers have is named `MODEL.OUTPUT`, as no other is.

    Of inputs, and of sizes, each producer has its own: they are named so too, but for the batch, which all share.
    """
    if len(producers) == 1:
        return producers[0].side, producers[0].signature
    from sigcheck.sizes.renamed import rename_sizes

    sides = [one.side for one in producers]
    # A short name of each source; the same one twice is counted.
    stems = numbered_names(PurePath(side.source).stem or side.source for side in sides)
    names = qualified_names(stems, [[output.name for output in one.signature.outputs] for one in producers])
    told = [rename_sizes(one.signature, stem) for stem, one in zip(stems, producers, strict=True)]
    outputs = [one for each in told for one in each.outputs]
    inputs = [(f"{stem}.{one.name}", one) for stem, each in zip(stems, told, strict=True) for one in each.inputs]
    joined = Signature(
        inputs=tuple(one.model_copy(update={"name": name}) for name, one in inputs),
        outputs=tuple(one.model_copy(update={"name": name}) for name, one in zip(names, outputs, strict=True)),
        constraints=tuple(one for each in told for one in each.constraints),
    )
    side = Side(
        source=" + ".join(side.source for side in sides),
        reader=" + ".join(dict.fromkeys(side.reader for side in sides)),
        key=" + ".join(side.key for side in sides),
    )
    return side, joined
