"""Options that commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from sigcheck.schema.errors import UsageError
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from sigcheck.schema.loading import Load

Command = TypeVar("Command", bound=Callable[..., Any])

# Copies of lists whose modules are heavy to import; a test holds them equal.
PLAIN_FORMATS = ("text", "json")
LEVELS = ("typed", "traced", "executed")
ASSUME = ("explained", "warn", "error")
TRUSTED = ("observed",)
LOSSES = ("exact", "rounding", "truncating", "irreversible")


def _transforms(_: click.Context, option: click.Parameter, incomplete: str) -> list[str]:
    """Completes the name of a transform, or of a junction where one can be denied, in a shell."""
    return [name for name in known_steps(f"--{option.name}") if name.startswith(incomplete)]


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes a path, which a source is mostly: by itself a shell completes none where sigcheck is asked."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _losses(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Completes a level, behind the name of an input where one is written."""
    name, equals, _level = incomplete.rpartition("=")
    return [word for level in LOSSES if (word := f"{name}{equals}{level}").startswith(incomplete)]


def known_steps(option: str) -> tuple[str, ...]:
    """What the option may name: junctions are bound by name, and need no permission."""
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.transforms import BY_NAME

    return (*BY_NAME, *JUNCTIONS) if option == "--deny" else tuple(BY_NAME)


# Models are programs: nothing but this option, and what says that it runs models, loads one.
load_option = click.option("--load", is_flag=True, help="Load models with TensorFlow, where files do not say all.")
_LOADING = (
    load_option,
    click.option(
        "--import",
        "imports",
        multiple=True,
        metavar="MODULE",
        help="Import it before --load: its classes are custom objects. Repeatable.",
    ),
    click.option(
        "--lambda",
        "lambdas",
        multiple=True,
        metavar="LAYER",
        help="Let --load run the code in the file of this Lambda layer. Repeatable.",
    ),
)


def timeout_option(default: float, told: str = "Most time for running TensorFlow.") -> Callable[[Command], Command]:
    """Adds `--timeout`, in seconds."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=default,
        show_default=True,
        metavar="SECONDS",
        help=told,
    )


def is_given(name: str) -> bool:
    """Whether the parameter stands on the command line, and is not as it is by default."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def refuse_unheeded(needs: Mapping[str, str]) -> None:
    """Raises UsageError for a parameter that was given and changes nothing without another option, which is told."""
    for name, needed in needs.items():
        if is_given(name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(option, f"changes nothing here, expected it beside {needed}. Add that, or leave it out.")


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

        named = ", ".join(BY_PERMISSION)
        self.help = (
            f"Use it, where it needs permission: {named}. Of plans that tie, the one with it is meant: resize, crop."
        )
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
        help="Declare facts from a .toml or .json file with [producer.NAME] and [consumer.NAME], as `sigcheck observe "
        "DATA -o FILE` writes one.",
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
    *_LOADING,
    click.option("--no-infer", is_flag=True, help="Do not look for facts in the graphs of the models."),
    click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
    click.option("-v", "--verbose", is_flag=True, help="Print costs, alternatives and the adapter too."),
)


def check_options(command: Command) -> Command:
    """Adds every option of a check, without the sources."""
    return with_options(command, _CHECK)


def loading_options(command: Command) -> Command:
    """Adds `--load`, `--import` and `--lambda`, for `given_load`."""
    return with_options(command, _LOADING)


def given_load(*, load: bool, imports: Sequence[str], lambdas: Sequence[str]) -> Load:
    """How models are loaded. Raises UsageError for a name of a module that is none, and where nothing is loaded."""
    for option, named in (("--import", imports), ("--lambda", lambdas)):
        if named and not load:
            raise UsageError(option, "given without --load, expected it with one. Add --load, which loads the models.")
    if not imports and not lambdas:
        return load
    from pydantic import ValidationError

    from sigcheck.schema.loading import Loading
    from sigcheck.schema.schema_problem import describe_problem

    try:
        return Loading(imports=tuple(imports), lambdas=tuple(lambdas))
    except ValidationError as error:
        option = "--import" if error.errors()[0]["loc"][0] == "imports" else "--lambda"
        raise UsageError(option, f"{describe_problem(error)}. Correct it.") from None


def state_option(command: Command) -> Command:
    """Adds `--state`, for the commands that take a whole pipeline."""
    text = "IN of a model is OUT of its own call before; --const has what its first call is fed. Repeatable."
    return click.option("--state", multiple=True, metavar="OUT=IN", help=text)(command)


def run_models_option(command: Command) -> Command:
    """Adds `--run-models`, for the commands that prove an adapter between its models."""
    text = "Run the models, which are programs, with the adapter between them."
    return click.option("--run-models", is_flag=True, help=text)(command)


def format_option(formats: Sequence[str]) -> Callable[[Command], Command]:
    """Adds `--format` with these choices, as the parameter `format_name`."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(formats),
        default="text",
        show_default=True,
        help="What is printed.",
    )
