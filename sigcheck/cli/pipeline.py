"""Pipeline: how the sources of a check are written.

A B          A feeds B
A B C        A feeds B, B feeds C: a chain
A B -- C     A and B feed C together
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import click

from sigcheck.schema.errors import UsageError

_CONSUMER = "sigcheck.consumer_behind_the_dashes"


class PipelineCommand(click.Command):
    """A command in which `--` stands before the one consumer; options may follow."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Takes the consumer out, then parses as any command does."""
        if "--" in args:
            at = args.index("--")
            behind = args[at + 1 :]
            if not behind or (len(behind) > 1 and not behind[1].startswith("-")):
                raise UsageError(
                    "--", f"found {' '.join(behind) or 'nothing'!r}, expected one consumer. Name it there."
                )
            ctx.meta[_CONSUMER] = behind[0]
            args = [*args[:at], *behind[1:]]
        return super().parse_args(ctx, args)


class Pipeline(NamedTuple):
    """The models in order; the first place may hold several that feed the second together."""

    producers: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def is_chain(self) -> bool:
        """Whether there is more than one link."""
        return len(self.rest) > 1

    @property
    def first(self) -> object:
        """The producer of the first link, as `api.check` takes it."""
        return list(self.producers) if len(self.producers) > 1 else self.producers[0]

    def __str__(self) -> str:
        return " -> ".join([" + ".join(self.producers), *self.rest])


def parse_pipeline(sources: Sequence[str], context: click.Context) -> Pipeline:
    """The pipeline that the arguments name. Raises UsageError where a side is missing."""
    consumer = context.meta.get(_CONSUMER)
    if consumer is not None and sources:
        return Pipeline(tuple(sources), (consumer,))
    if len(sources) < 2:  # noqa: PLR2004  # a link has two ends
        found = "one source" if sources or consumer is not None else "no source"
        raise UsageError(context.info_name or "check", f"{found}, expected a producer and a consumer. Name both.")
    return Pipeline((sources[0],), tuple(sources[1:]))
