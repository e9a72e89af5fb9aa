"""Feeding: what a pipeline demands of the sizes of its first model's inputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from sigcheck.schema.feed import Feed
from sigcheck.schema.size_text import names_in, names_of, parse_size
from sigcheck.sizes.carried import Carried, said_together
from sigcheck.sizes.expression import variable
from sigcheck.stages.draft import Draft


def first(draft: Draft) -> Carried:
    """What the first model demands of its own inputs."""
    sizes = {size for one in draft.feeds for size in one.sizes or () if isinstance(size, str)}
    names = {name for size in sizes for name in names_in(parse_size(size))}
    names |= {name for one in draft.given for name in names_of(one.holds)}
    own = PurePath(draft.producer.source).name
    told = tuple(
        one.model_copy(update={"because": tuple(f"{own}: {each}" for each in one.because)}) for one in draft.given
    )
    return Carried(draft.feeds, told, {name: variable(name) for name in names})


def behind(carried: Carried, draft: Draft) -> Carried:
    """What the models up to the consumer of this link demand of them."""
    return carried.behind(draft.judged, PurePath(draft.consumer.source).name)


def feed_of(carried: Carried) -> Feed | None:
    """What the whole pipeline takes; None where nothing is known of the sizes of its first inputs."""
    if not any(one.sizes for one in carried.inputs):
        return None
    return Feed(inputs=carried.inputs, constraints=said_together(carried.constraints))


def feed_of_links(drafts: Sequence[Draft]) -> Feed | None:
    """The same of links that were drafted as those of one pipeline."""
    carried = first(drafts[0])
    for draft in drafts:
        carried = behind(carried, draft)
    return feed_of(carried)
