"""Options that commands share, and what they become in a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sigcheck.schema.errors import UsageError
from sigcheck.schema.near_name import near_names
from sigcheck.schema.printable import shortened
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from sigcheck.schema.policy import Policy
    from sigcheck.schema.row_call import Map

Command = TypeVar("Command", bound=Callable[..., Any])

# Copies of lists whose modules are heavy to import; a test holds them equal.
PLAIN_FORMATS = ("text", "json")
LEVELS = ("typed", "traced", "executed")
ASSUME = ("explained", "warn", "error")
# No axis is longer.
_LONGEST = 1 << 31
TRUSTED = ("observed",)
LOSSES = ("exact", "rounding", "truncating", "irreversible")


def _transforms(_: click.Context, option: click.Parameter, incomplete: str) -> list[str]:
    """Completes the name of a transform, or of a junction where one can be denied, in a shell."""
    return [name for name in _steps(f"--{option.name}") if name.startswith(incomplete)]


def _losses(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Completes a level, behind the name of an input where one is written."""
    name, equals, _level = incomplete.rpartition("=")
    return [word for level in LOSSES if (word := f"{name}{equals}{level}").startswith(incomplete)]


def _steps(option: str) -> tuple[str, ...]:
    """What the option may name: junctions are bound by name, and need no permission."""
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.transforms import BY_NAME

    return (*BY_NAME, *JUNCTIONS) if option == "--deny" else tuple(BY_NAME)


# Models are programs: nothing but this option, and what says that it runs models, loads one.
load_option = click.option("--load", is_flag=True, help="Load models with TensorFlow, where files do not say all.")


def timeout_option(default: float) -> Callable[[Command], Command]:
    """Adds `--timeout`, in seconds."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=default,
        show_default=True,
        metavar="SECONDS",
        help="Most time for running TensorFlow.",
    )


def with_options(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    """Adds options, in the order in which a page of help lists them."""
    for decorate in reversed(options):
        command = decorate(command)
    return command


class _Permitted(click.Option):
    """Its help names the transforms that need permission, which only a page of help loads."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """As of any option."""
        from sigcheck.transforms import BY_PERMISSION

        self.help = f"Use it, where it needs permission: {', '.join(BY_PERMISSION)}."
        return super().get_help_record(ctx)


_CHECK = (
    click.option(
        "--bind",
        multiple=True,
        metavar="OUT=IN",
        help="Feed the output OUT to the input IN. Repeatable: several outputs of one input are joined, several inputs "
        'of one output share or part it. OUT may say how, as "concat(a, b, axis=1)=IN".',
    ),
    click.option(
        "--const",
        multiple=True,
        metavar="IN=VALUE",
        help="Feed a value to the input IN that no output is for, in the batch of the others. Repeatable.",
    ),
    click.option("--map", "is_mapped", is_flag=True, help="Call the consumer once for each row of the outputs."),
    click.option(
        "--map-producer",
        is_flag=True,
        help="Give the producer a batch in front of its own, whose entries are then parts of one example.",
    ),
    click.option(
        "--fact",
        multiple=True,
        metavar="SIDE.NAME.FACT=VALUE",
        help="Declare a fact of an output (SIDE producer) or input (SIDE consumer). Repeatable.",
    ),
    click.option(
        "--facts",
        "facts_files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Declare facts from a .toml or .json file with [producer.NAME] and [consumer.NAME].",
    ),
    click.option(
        "--loss",
        multiple=True,
        metavar="LEVEL|IN=LEVEL",
        shell_complete=_losses,
        help=f"Most loss allowed, of all inputs or of the input IN: {', '.join(LOSSES)}. Repeatable. "
        "[default: rounding]",
    ),
    click.option(
        "--assume",
        type=click.Choice(ASSUME),
        default="explained",
        show_default=True,
        help="What an assumption is: a warning where the sizes explain it, a warning always, or an error.",
    ),
    click.option(
        "--example",
        type=click.Path(),
        metavar="PAIR.npz",
        help="A provided and a required array, by which plans that tie are decided.",
    ),
    click.option("--no-guard", is_flag=True, help="Allow no step that may fail at run time."),
    click.option(
        "--pad-value", metavar="VALUE", help="What to fill short rows with, where the consumer declares no padding."
    ),
    click.option("--pad-side", type=click.Choice(("post", "pre")), help="Where to fill them: behind or in front."),
    click.option(
        "--deny", multiple=True, metavar="TRANSFORM", shell_complete=_transforms, help="Never use it, or join so."
    ),
    click.option(
        "--allow",
        cls=_Permitted,
        multiple=True,
        metavar="TRANSFORM",
        shell_complete=_transforms,
        help="Use it, where it needs permission.",
    ),
    click.option(
        "--max-length",
        metavar="LENGTH",
        help="The length that rows get where the consumer leaves it open: a number, or auto:99.9% by the lengths that "
        "observed data has.",
    ),
    click.option(
        "--trust",
        multiple=True,
        type=click.Choice(TRUSTED),
        help="Rely on bounds that only data showed without asserting them at run time.",
    ),
    click.option(
        "--verify",
        type=click.Choice(LEVELS),
        help="How far the adapter is proved. [default: executed where TensorFlow is installed]",
    ),
    timeout_option(DEFAULT_TIMEOUT),
    load_option,
    click.option("--no-infer", is_flag=True, help="Do not look for facts in the graphs of the models."),
    click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
    click.option("-v", "--verbose", is_flag=True, help="Print costs, alternatives and the adapter too."),
)


def check_options(command: Command) -> Command:
    """Adds every option of a check, without the sources."""
    return with_options(command, _CHECK)


def run_models_option(command: Command) -> Command:
    """Adds `--run-models`, for the commands that prove an adapter between its models."""
    text = "Run the models, which are programs, with the adapter between them."
    return click.option("--run-models", is_flag=True, help=text)(command)


def format_option(formats: Sequence[str]) -> Callable[[Command], Command]:
    """Adds `--format` with these choices, as the parameter `format_name`."""
    return click.option("--format", "format_name", type=click.Choice(formats), default="text", show_default=True)


def check_keywords(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a check as keywords of `api.check`. Raises UsageError for a wrong one."""
    from sigcheck.cli.declarations import merge_facts, parse_fact, read_facts
    from sigcheck.schema.junction import with_constants

    return {
        "bind": with_constants(parse_bindings(options["bind"]), parse_constants(options["const"])) or None,
        "policy": _policy(options),
        "facts": merge_facts([*map(read_facts, options["facts_files"]), *map(parse_fact, options["fact"])]) or None,
        "verify": options["verify"],
        "timeout": options["timeout"],
        "load": options["load"],
        "infer": not options["no_infer"],
        "example": options["example"],
        "map": _mapped(options),
    }


def _mapped(options: Mapping[str, Any]) -> Map:
    """Which model is called row by row."""
    if options["is_mapped"] and options["map_producer"]:
        raise UsageError("--map-producer", "beside --map, expected one model to be called row by row. Leave one out.")
    return "producer" if options["map_producer"] else options["is_mapped"]


def parse_bindings(pairs: Sequence[str]) -> dict[str, str | list[str]]:
    """`OUT=IN` pairs as a dict. Raises UsageError where one is no pair or stands twice.

    >>> parse_bindings(["output_0=x"]), parse_bindings(["a=x", "a=y"])
    ({'output_0': 'x'}, {'a': ['x', 'y']})
    """
    from sigcheck.schema.junction import add_pair, split_pair

    bindings: dict[str, str | list[str]] = {}
    for at, pair in enumerate(pairs):
        output, name = split_pair(pair)
        if not (output and name):
            problem = f"found {shortened(pair)!r}, expected OUT=IN. Write it like --bind output_0=x."
            raise UsageError("--bind", problem)
        if pair in pairs[:at]:
            raise UsageError("--bind", f"{shortened(pair)!r} stands twice, expected once. Leave one out.")
        add_pair(bindings, output, name)
    return bindings


def parse_constants(pairs: Sequence[str]) -> dict[str, bool | float | str]:
    """`IN=VALUE` pairs as a dict. Raises UsageError where one is no pair or stands twice.

    >>> parse_constants(["is_training=false", "threshold=0.5", "mode=fast"])
    {'is_training': False, 'threshold': 0.5, 'mode': 'fast'}
    """
    from sigcheck.cli.declarations import parse_scalar

    constants: dict[str, bool | float | str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        value = parse_scalar(text)
        if not (name and equals) or not isinstance(value, bool | int | float | str):
            problem = f"found {shortened(pair)!r}, expected IN=VALUE. Write it like --const is_training=false."
            raise UsageError("--const", problem)
        if name in constants:
            raise UsageError("--const", f"{shortened(name)!r} stands twice, expected once. Leave one out.")
        constants[name] = value
    return constants


def parse_losses(written: Sequence[str]) -> dict[str, Any]:
    """`LEVEL` and `IN=LEVEL` as fields of a policy. Raises UsageError for another level, and an input twice.

    >>> parse_losses(["exact", "mask=irreversible"])
    {'loss': 'exact', 'losses': {'mask': 'irreversible'}}
    """
    loss, losses = "rounding", dict[str, str]()
    for text in written:
        name, equals, level = text.rpartition("=")
        if level not in LOSSES or (equals and not name):
            problem = f"found {shortened(text)!r}, expected LEVEL or IN=LEVEL, LEVEL one of {', '.join(LOSSES)}"
            raise UsageError("--loss", f"{problem}. Write it like --loss truncating or --loss mask=irreversible.")
        if name in losses:
            raise UsageError("--loss", f"{shortened(name)!r} stands twice, expected once. Leave one out.")
        if equals:
            losses[name] = level
        else:
            loss = level
    return {"loss": loss, "losses": losses}


def _policy(options: Mapping[str, Any]) -> Policy:
    from sigcheck.schema.policy import Policy

    return Policy(
        **parse_losses(options["loss"]),
        assume=options["assume"],
        guard=not options["no_guard"],
        deny=_known_transforms("--deny", options["deny"]),
        allow=_known_transforms("--allow", options["allow"]),
        pad_value=_pad_value(options["pad_value"]),
        pad_side=options["pad_side"],
        trust=tuple(options["trust"]),
        max_length=_max_length(options["max_length"]),
    )


def _max_length(text: str | None) -> int | str | None:
    if text is None:
        return None
    from sigcheck.schema.policy import share_of

    if text.isascii() and text.isdecimal() and 0 < int(text) < _LONGEST:
        return int(text)
    if share_of(text) is None:
        problem = f"found {text!r:.80}, expected a length from 1 on, or auto. Write it like --max-length auto:99.9%."
        raise UsageError("--max-length", problem)
    return text


def _pad_value(text: str | None) -> float | bool | str | None:
    if text is None:
        return None
    from pydantic import TypeAdapter, ValidationError

    from sigcheck.cli.declarations import parse_scalar
    from sigcheck.schema.facts import Filler

    try:
        value: float | bool | str = TypeAdapter(Filler).validate_python(parse_scalar(text))
    except ValidationError:
        expected = "expected a finite number, true, false or a text"
        raise UsageError("--pad-value", f"found {text!r:.80}, {expected}. Write it like --pad-value 0.") from None
    return value


def _known_transforms(option: str, names: Sequence[str]) -> tuple[str, ...]:
    if names:
        known = _steps(option)
        for name in names:
            if name not in known:
                near = near_names(name, known)
                hint = f"Did you mean {near[0]}?" if near else "`sigcheck explain` lists all."
                raise UsageError(option, f"no transform {name!r}. {hint}")
    return tuple(names)
