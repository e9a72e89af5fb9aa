"""A required input is fed by no output.

## What it does
Finds inputs of the consumer that nothing is bound to. Optional inputs do not count. Outputs are
proposed where they lead there, as they are or with one declaration.

## Why is this bad?
The consumer cannot be called without them. TensorFlow says so at the call, by a name such as
`keras_tensor_8`.

## Example
    mask: error[missing_input]: no output feeds it
      required  mask: int32[?, 128]
      help      bind one with --bind attention=mask

## What to do
Bind an output to it with `--bind OUT=IN`, pass on what an earlier model gives or is fed with
`--bind MODEL.OUT=IN` or `--bind input.NAME=IN`, or tell one value for all with `--const IN=VALUE`. Where another
model gives it, name both before a `--`: `sigcheck check A B -- C`. In a config a link takes it of any model that does
not come after it: `bind = { "MODEL.OUT" = "IN" }`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.planning.advice import planned
from sigcheck.planning.box_images import as_if_sized
from sigcheck.planning.names import is_counter
from sigcheck.planning.proposable import is_proposable
from sigcheck.planning.taken_apart import MOST_APART, columns_of, rows_of, sparse_parts
from sigcheck.rules.views.box_size import size_cure
from sigcheck.rules.views.made_of_rows import row_help
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.taken_in_parts import parts_help
from sigcheck.rules.words.option import BESIDE, OR_BY_BOTH, bind_option
from sigcheck.rules.words.wording import listed
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.junction import Junction
from sigcheck.schema.near_name import near_names
from sigcheck.schema.passed import INPUT
from sigcheck.schema.signature import Endpoint

NAME = "missing_input"
ORDER = 10
LEVEL: Level = "error"

_SHOWN = 5
# Each is planned, in some milliseconds.
_MOST_TRIED = 16
# Height, width and channels.
_LEAST_PICTURE = 3


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each required input without an output."""
    contested = {name: (output, names) for output, names in match.contested for name in names}
    left = {one.name for one in match.unused}
    for endpoint in match.missing:
        is_contested = endpoint.name in contested
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=endpoint.name,
            message="no output feeds it",
            help=(_joined(match, sparse_parts(match.outputs), endpoint) if endpoint.name in left else None)
            or _pass(match, endpoint, is_named_so=True)
            or (_contend(match, *contested[endpoint.name], endpoint.name) if is_contested else _offer(match, endpoint)),
            required=str(endpoint),
        )


def _contend(match: MatchView, output: str, names: Sequence[str], name: str) -> str:
    """What to do where one output fits several inputs: part it, or bind it to one and feed the others."""
    if parted := parts_help(match, [one for one in match.outputs if one.name == output]):
        return parted
    first = names[0]
    others = ", ".join(other for other in names if other != name)
    if name == first:
        return f"{output} fits it and {others} equally well: where it is meant, say so with {bind_option(output, name)}"
    return f"{output} fits it and {others} equally well; once it is bound to one, feed {name} from elsewhere"


def _offer(match: MatchView, endpoint: Endpoint) -> str:
    """What of the outputs left over may be bound to it: the nearest name first, and only what leads there."""
    apart = sparse_parts(match.outputs)
    if joined := _joined(match, apart, endpoint):
        return joined
    left = [one for one in match.unused if one.name not in apart]
    names = [one.name for one in left]
    near = near_names(endpoint.name, names)
    ordered = sorted(left, key=lambda one: one.name not in near)
    fitting = [one.name for one in ordered[:_MOST_TRIED] if _leads(match, one, endpoint)]
    if fitting and fitting[0] in near:
        return f"bind the output of the nearest name with {bind_option(fitting[0], endpoint.name)}"
    if fitting:
        more = f" and {len(fitting) - _SHOWN} more" if len(fitting) > _SHOWN else ""
        others = f"; left over are {', '.join(fitting[:_SHOWN])}{more}" if len(fitting) > 1 else ""
        return f"bind one with {bind_option(fitting[0], endpoint.name)}{others}"
    if apart:
        told = (
            f"{', '.join(apart[:-1])} and {apart[-1]} are a sparse tensor taken apart, of which none leads there alone"
        )
        return f"{told}; give it whole in the producer, or feed {endpoint.name} from elsewhere"
    if (
        said := _pass(match, endpoint)
        or parts_help(match, left)
        or _short(match, left, endpoint)
        or row_help(match, endpoint)
    ):
        return said
    none = "no output that is left over leads there" if names else "the producer has no output left"
    value = f"--const {shlex.quote(f'{endpoint.name}=VALUE')}"
    return f"{none}; {BESIDE}, or where it is one value for all, tell it with {value}"


def _pass(match: MatchView, endpoint: Endpoint, *, is_named_so: bool = False) -> str | None:
    """What of the models before the producer, or of its own inputs, has a near name and may be passed on to it.

    With `is_named_so` only what is called as the input is.
    """
    names = [one.tensor for one in match.passed]
    near = {endpoint.name} if is_named_so else {endpoint.name, *near_names(endpoint.name, names)}
    ordered = sorted(match.passed, key=lambda one: (one.tensor not in near, one.end == "inputs"))
    wanted = [one for one in ordered if one.tensor in near and not is_counter(one.tensor)][:_MOST_TRIED]
    found = next((one for one in wanted if _leads(match, one.endpoint, endpoint)), None)
    if found is None and not is_named_so and (endpoint.spec.rank or 0) >= _LEAST_PICTURE:
        # A picture is told by its shape: what the producer is fed, where that is the only one.
        fed = [one for one in match.passed if one.end == "inputs"][:_MOST_TRIED]
        pictures = [one for one in fed if _leads(match, one.endpoint, endpoint)]
        found = pictures[0] if len(pictures) == 1 else None
    if found is None:
        return None
    model = found.name.removesuffix(found.tensor).removesuffix(f"{INPUT}.").removesuffix(".")
    who = f"{model or 'the producer'} {'gives' if found.end == 'outputs' else 'is fed'} {found.tensor}"
    option = bind_option(found.name, endpoint.name)
    if found.end == "inputs" or not model:
        return f"{who}: where it is meant, pass it on with {option}"
    beside = f"{model} {PurePath(match.producer.source).stem} -- {PurePath(match.consumer.source).stem}"
    return f"{who}: pass it on with {option}{OR_BY_BOTH}{beside}"


def _joined(match: MatchView, apart: Sequence[str], endpoint: Endpoint) -> str | None:
    """What makes it together: values and their lengths, or the parts of a sparse tensor."""
    from sigcheck.planning.fans import suggest

    unused = {one.name for one in match.unused}
    # What tells where the rows of values are may feed another input.
    near = (*match.unused, *(one for one in match.outputs if one.name not in unused))[:MOST_APART]
    for kind, names in rows_of(near, endpoint):
        if names[0] not in unused:
            continue
        option = bind_option(str(Junction(kind=kind, outputs=names)), endpoint.name)
        return f"{listed(names)} are it, taken apart: say so with {option}"
    for kind, names in columns_of(near, endpoint):
        way, alone = Junction(kind=kind, outputs=names), bind_option(names[0], endpoint.name)
        return (
            f"{listed(names)} may be it, taken apart: give them without their axis of one entry, and bind {way}; "
            f"where each value is a row of its own, say so with {alone}"
        )
    ends = {one.name: one for one in match.outputs}
    for at in range(0, len(apart), 3):
        parts = [ends[name] for name in apart[at : at + 3]]
        for way in suggest(parts, endpoint, match.policy):
            first, second, third = way.outputs
            option = bind_option(str(way), endpoint.name)
            return f"{first}, {second} and {third} are it, taken apart: say so with {option}"
        if told := _rebuilt(match, parts, endpoint):
            return told
    return None


def _rebuilt(match: MatchView, parts: Sequence[Endpoint], endpoint: Endpoint) -> str | None:
    """How the sparse tensor that was taken apart feeds a dense input; None where it would not."""
    from sigcheck.junctions import sparse_by_indices

    try:
        *_, whole = sparse_by_indices.join([one.spec for one in parts], [endpoint.spec], None)
    except JunctionError:
        return None
    if planned(whole.result, endpoint.spec, match.policy.of(endpoint.name)).plan is None:
        return None
    first, second, third = (one.name for one in parts)
    told = f"{first}, {second} and {third} are a sparse tensor taken apart, which leads there"
    way = Junction(kind=sparse_by_indices.NAME, outputs=(first, second, third))
    return f"{told}: where it is meant, bind {way} to {endpoint.name}"


def _short(match: MatchView, left: Sequence[Endpoint], endpoint: Endpoint) -> str | None:
    """What of the outputs would feed it with one declaration more, and which one that is."""
    for one in left[:_MOST_TRIED]:
        ours, theirs = one.spec.facts.boxes, endpoint.spec.facts.boxes
        sides = as_if_sized(one.spec, endpoint.spec)
        if ours is None or theirs is None or sides == (one.spec, endpoint.spec):
            continue
        given, taken = (end.model_copy(update={"spec": spec}) for end, spec in zip((one, endpoint), sides, strict=True))
        if _leads(match, given, taken):
            cure = size_cure(match, one.name, endpoint.name, (ours, theirs))
            option = bind_option(one.name, endpoint.name)
            return f"{one.name} would feed it but for a declaration: bind it with {option}, and {cure}"
    return None


def _leads(match: MatchView, output: Endpoint, endpoint: Endpoint) -> bool:
    policy = match.policy.of(endpoint.name)
    return is_proposable(output.spec, endpoint.spec, planned(output.spec, endpoint.spec, policy), policy)
