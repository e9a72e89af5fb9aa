"""`sigcheck explain`: the help page of a rule, a transform or a junction."""

from __future__ import annotations

import click

from sigcheck.cli.output import say
from sigcheck.schema.errors import UsageError
from sigcheck.schema.near_name import near_names


def _names(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Completes the name of a rule, a transform or a junction in a shell."""
    from sigcheck.rules import RULES
    from sigcheck.transforms import BY_NAME

    return [name for name in (*RULES, *BY_NAME, *_junctions()) if name.startswith(incomplete)]


def _junctions() -> dict[str, str]:
    """The help page of each junction, that which takes no step too."""
    from inspect import getdoc

    from sigcheck.junctions import JUNCTIONS
    from sigcheck.junctions.parts import share

    return {name: getdoc(one) or "" for name, one in (*JUNCTIONS.items(), ("share", share))}


@click.command(
    short_help="Print the help page of a rule, a transform or a junction.",
    epilog="""\b
    Examples:
      sigcheck explain
      sigcheck explain lossy_cast
      sigcheck explain transpose""",
)
@click.argument("name", required=False, shell_complete=_names, metavar="[NAME]")
def explain(*, name: str | None) -> int:
    """Print the help page of a rule, a transform or a junction; without a name, the list of all."""
    from inspect import getdoc

    from sigcheck import rules
    from sigcheck.transforms import BY_NAME

    if name is None:
        say(_list())
    elif name in rules.RULES:
        say(rules.explain(name))
    elif name in BY_NAME:
        say(f"{name} (transform)\n\n{getdoc(BY_NAME[name])}")
    elif (page := _junctions().get(name)) is not None:
        say(f"{name} (junction)\n\n{page}")
    else:
        near = near_names(name, [*rules.RULES, *BY_NAME, *_junctions()])
        hint = f"Did you mean {near[0]}?" if near else "`sigcheck explain` lists all."
        raise UsageError("explain", f"no rule, transform or junction {name!r}. {hint}")
    return 0


def _list() -> str:
    from inspect import getdoc

    from sigcheck import rules
    from sigcheck.cli.output import page
    from sigcheck.reports.parts.table import table
    from sigcheck.transforms import BY_NAME

    paper = page()
    kinds = [(name, rule.LEVEL, rules.summary(name)) for name, rule in rules.RULES.items()]
    steps = [(name, (getdoc(one) or "").partition("\n")[0]) for name, one in BY_NAME.items()]
    joins = [(name, text.partition("\n")[0]) for name, text in _junctions().items()]
    return "\n".join(
        [
            *table(paper, ("rule", "level", "what it finds"), kinds),
            "",
            *table(paper, ("transform", "what it does"), steps),
            "",
            *table(paper, ("junction", "what it does"), joins),
        ]
    )
