"""Join: the producers of one side as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sigcheck.schema.distinct import model_names, qualified_names
from sigcheck.schema.passed import INPUT, Passed, in_scope
from sigcheck.schema.report import TOGETHER, Side, Together
from sigcheck.schema.signature import Signature
from sigcheck.stages.read_source import ReadSource


class Producers(NamedTuple):
    """What was read of the producers of one side, and their endpoints under the names that they have together.

    The signature has those of each producer in turn; no name is told without the other, and sizes are its own.
    """

    sources: tuple[ReadSource, ...]
    side: Side
    signature: Signature

    @property
    def passed(self) -> tuple[Passed, ...]:
        """What the consumer may take besides the outputs."""
        return in_scope([("", self.signature)])

    def each(self) -> Iterator[tuple[ReadSource, dict[str, str], tuple[str, ...]]]:
        """Yields each producer with its inputs by their names here, and what its outputs are called here."""
        inputs, outputs = (iter([one.name for one in ends]) for ends in (self.signature.inputs, self.signature.outputs))
        for one in self.sources:
            taken = {next(inputs): end.name for end in one.signature.inputs}
            yield one, taken, tuple(next(outputs) for _ in one.signature.outputs)


def join_producers(sources: Sequence[ReadSource], *, infer: bool = False) -> Producers:
    """The side and its signature; an output whose name several producers have is named `MODEL.OUTPUT`, as no other is.

    Of inputs, and of sizes, each producer has its own: they are named so too, but for the batch, which all share.
    With `infer` the endpoints have what the graphs show. Raises as `ReadSource.signature` does.
    """
    signatures = [(one.shown if infer else one).signature for one in sources]
    if len(sources) == 1:
        return Producers(tuple(sources), sources[0].side, signatures[0])
    from sigcheck.sizes.renamed import rename_sizes

    sides = [one.side for one in sources]
    stems = model_names([side.source for side in sides])
    names = qualified_names(stems, [[output.name for output in one.outputs] for one in signatures])
    told = [rename_sizes(one, stem) for stem, one in zip(stems, signatures, strict=True)]
    outputs = [one for each in told for one in each.outputs]
    inputs = [(f"{stem}.{one.name}", one) for stem, each in zip(stems, told, strict=True) for one in each.inputs]
    joined = Signature(
        inputs=tuple(one.model_copy(update={"name": name}) for name, one in inputs),
        outputs=tuple(one.model_copy(update={"name": name}) for name, one in zip(names, outputs, strict=True)),
        constraints=tuple(one for each in told for one in each.constraints),
    )
    side = Side(
        source=TOGETHER.join(side.source for side in sides),
        reader=" + ".join(dict.fromkeys(side.reader for side in sides)),
        key=TOGETHER.join(side.key for side in sides),
    )
    producers = Producers(tuple(sources), side, joined)
    together = tuple(
        Together(
            side=one.side,
            names={
                **dict(zip(outputs, (end.name for end in one.signature.outputs), strict=True)),
                **{f"{INPUT}.{here}": f"{INPUT}.{own}" for here, own in taken.items()},
            },
        )
        for one, taken, outputs in producers.each()
    )
    return producers._replace(side=side.model_copy(update={"together": together}))
