"""Options of the command line, as a help says them: ready to be pasted into a shell.

Where a help is read elsewhere, in a test or a config, `rewrite_options` says them in other words.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from string import ascii_lowercase
from typing import NamedTuple

from sigcheck.schema.facts import Axes
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec

# The padding that most models mean, as an example to correct.
FILLING_ZERO = '{"value":0}'

# The name of the axis that settles which one these steps mean.
_AXIS_NAMES = {
    **dict.fromkeys(("drop_alpha", "gray_to_rgb", "reverse_channels", "rgb_to_gray", "standardize"), "channel"),
    **dict.fromkeys(("activation", "argmax"), "class"),
}

# An option and its argument, quoted as the functions below quote them.
_OPTION = re.compile(
    r"--(fact|bind|const|example|loss|allow|deny|assume|pad-value) ('[^']*'|[^\s;)]+?)(?=[,;)]?(?:\s|$)|\.$)"
    r"|--(no-guard|map-producer|map)(?=[,;)]?(?:\s|$)|\.$)"
)
_WORD = r"(?:'[^']*'|[^\s;)']+)"
# An output that is bound to several inputs, one option each.
_BINDS = rf"--bind {_WORD}(?: --bind {_WORD})+"
# Producers that feed a consumer together, as the command line names them: a config and Python do so otherwise.
BESIDE = "name another producer beside it (A B -- C)"
OR_BY_BOTH = ", or feed this model by both: "
# What a shell reads as more than itself; reading a word as one takes fifty times as long as looking for it.
_QUOTING = re.compile(r"""[\s'"\\]""")
# Before an option that somebody gave and that is in the way.
_AGAINST = "leave out "
# What stands between options that belong together.
_TOGETHER = re.compile(r"\s+|,? and (?:(?! or )[^;])*")
_FACT = r"(?s)(producer|consumer)\.(.+)\.(\w+)=(.*)"


class Option(NamedTuple):
    """One option that a help names.

    `path` is the side, the name and the fact, the output of a bind, the input of a loss, or that of a constant, whose
    value is the word that stands there: a help has none to give.
    """

    name: str
    path: tuple[str, ...]
    value: object


_FLAGS = {
    "no-guard": Option("guard", (), False),
    "map": Option("map", (), True),
    "map-producer": Option("map", (), "producer"),
}


def fact_option(side: str, name: str, fact: str, value: str) -> str:
    """`--fact SIDE.NAME.FACT=VALUE`, quoted where the shell would read more into it.

    >>> fact_option("consumer", "x", "range", "0,255")
    '--fact consumer.x.range=0,255'
    """
    return f"--fact {shlex.quote(f'{side}.{name}.{fact}={value}')}"


def bind_option(output: str, name: str) -> str:
    """`--bind OUT=IN`, quoted where needed."""
    return f"--bind {shlex.quote(f'{output}={name}')}"


def axes_options(
    output: str, name: str, perm: Sequence[int], given: Axes | None = None, wanted: Axes | None = None
) -> str | None:
    """The two declarations of axes, letters in the orders that mean this transpose; None where these are too few.

    Where one side has names, `given` or `wanted`, the other gets these, and it alone.

    >>> axes_options("out", "x", (0, 2, 1))
    '--fact producer.out.axes=a,b,c and --fact consumer.x.axes=a,c,b'
    >>> axes_options("out", "x", (0, 2, 1), wanted=("batch", "channel", "time"))
    '--fact producer.out.axes=batch,time,channel'
    """
    if given is not None and len(given) == len(perm) and None not in given:
        return fact_option("consumer", name, "axes", ",".join(str(given[axis]) for axis in perm))
    if wanted is not None and len(wanted) == len(perm) and None not in wanted:
        return fact_option("producer", output, "axes", ",".join(str(wanted[perm.index(at)]) for at in range(len(perm))))
    if len(perm) > len(ascii_lowercase):
        return None
    letters = ascii_lowercase[: len(perm)]
    ours, theirs = ",".join(letters), ",".join(letters[axis] for axis in perm)
    return f"{fact_option('producer', output, 'axes', ours)} and {fact_option('consumer', name, 'axes', theirs)}"


def picture_options(output: str, name: str) -> str:
    """The two declarations that make pictures of a batch, channels last, which alone are resized."""
    axes = "batch,height,width,channel"
    return f"{fact_option('producer', output, 'axes', axes)} and {fact_option('consumer', name, 'axes', axes)}"


def named_axis_option(output: str, provided: TensorSpec, steps: Sequence[Step], step: Step) -> str | None:
    """The axes of an output with a name for the one that `step` means, for the others their own, else letters.

    None where the step means none, where a step before it moved, added or removed axes, or the letters are too few.
    """
    name, axis = _AXIS_NAMES.get(step.transform), step.arguments.get("axis")
    before = steps[: steps.index(step)]
    if name is None or not isinstance(axis, int) or provided.rank is None:
        return None
    if any("perm" in one.arguments or one.result.rank != provided.rank for one in before):
        return None
    own = provided.facts.axes or (None,) * provided.rank
    letters = [letter for letter in ascii_lowercase if letter not in own]
    if provided.rank > len(letters) and None in own:
        return None
    axes = (name if at == axis else own[at] or letters[at] for at in range(provided.rank))
    return fact_option("producer", output, "axes", ",".join(axes))


def declare_of_outputs(text: str, joined: str, outputs: Sequence[str]) -> str:
    """The text with facts of what is joined as facts of its outputs: of no others can anything be declared.

    >>> joined = "concat(a, b, axis=1)"
    >>> declare_of_outputs(fact_option("producer", joined, "range", "0,1"), joined, ["a", "b"])
    'the range of a and b'
    """
    start = shlex.quote(f"producer.{joined}. ")[:-2]
    return re.sub(
        rf"--fact {re.escape(start)}(\w+)=[^']*'", lambda found: f"the {found[1]} of {' and '.join(outputs)}", text
    )


def rewrite_options(text: str, say: Callable[[Option], str]) -> str:
    """The text with each option in the words of `say`; what is no whole option stays as it is.

    >>> rewrite_options("say which with --bind p=q", lambda option: f"{option.path[0]} to {option.value}")
    'say which with p to q'
    """
    if "--" not in text:
        return text

    def replace(found: re.Match[str]) -> str:
        option = _FLAGS[found[3]] if found[3] else _parse(found[1], found[2])
        return found[0] if option is None else say(option)

    def replace_all(found: re.Match[str]) -> str:
        read = [_parse("bind", written) for written in re.findall(_WORD, found[0].replace("--bind ", ""))]
        options = [option for option in read if option is not None]
        if len(options) < len(read) or len({option.path for option in options}) > 1:
            return found[0]
        return say(Option("bind", options[0].path, [option.value for option in options]))

    return _OPTION.sub(replace, re.sub(_BINDS, replace_all, text))


def cures(text: str) -> Iterator[tuple[tuple[str, Option], ...]]:
    """Yields the ways that a help names, each of its options as written and as read; those of one way go together.

    Options that are to be left out are none.

    >>> told = "name both, with --fact producer.a.axes=b and --fact consumer.x.axes=b; or allow it, with --loss exact"
    >>> [[written for written, _ in way] for way in cures(told)]
    [['--fact producer.a.axes=b', '--fact consumer.x.axes=b'], ['--loss exact']]
    """
    way: list[tuple[str, Option]] = []
    end = 0
    for found in _OPTION.finditer(text):
        option = _FLAGS[found[3]] if found[3] else _parse(found[1], found[2])
        if option is None or text.endswith(_AGAINST, 0, found.start()):
            continue
        if way and _TOGETHER.fullmatch(text, end, found.start()) is None:
            yield tuple(way)
            way = []
        way.append((found[0], option))
        end = found.end()
    if way:
        yield tuple(way)


def _parse(name: str, written: str) -> Option | None:
    text = written
    if _QUOTING.search(written) is not None:
        try:
            (text,) = shlex.split(written)
        except ValueError:
            return None
    if name == "bind":
        output, _, required = text.rpartition("=")
        return Option(name, (output,), required)
    if name == "const" or (name == "loss" and "=" in text):
        required, _, value = text.rpartition("=")
        return Option("losses" if name == "loss" else name, (required,), value)
    if name == "pad-value":
        return Option("pad_value", (), _value(text))
    if name != "fact":
        return Option(name, (), text)
    fact = re.fullmatch(_FACT, text)
    return (
        None if fact is None else Option(name, (fact[1], fact[2], fact[3]), _value(fact[4], is_list=fact[3] == "axes"))
    )


def _value(text: str, *, is_list: bool = False) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return [_value(part) for part in text.split(",")] if "," in text or is_list else text
