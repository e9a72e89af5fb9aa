"""`sigcheck explain`: the help page of a rule, a transform or a junction."""

from __future__ import annotations

import sys

import click

from sigcheck.cli.output import say
from sigcheck.schema.errors import UsageError
from sigcheck.schema.near_name import near_names


def _names(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Completes the name of a rule, a transform or a junction in a shell."""
    from sigcheck.rules import RULES
    from sigcheck.transforms import BY_NAME

    return [name for name in (*RULES, *BY_NAME, *_junctions()) if name.startswith(incomplete)]


def _junctions() -> tuple[str, ...]:
    """The junctions, that which takes no step too."""
    from sigcheck.junctions import JUNCTIONS

    return (*JUNCTIONS, "share")


@click.command(
    short_help="Print the help page of a rule, a transform or a junction.",
    epilog="""\b
    Examples:
      sigcheck explain
      sigcheck explain lossy_cast
      sigcheck explain transpose

    Exit codes: 0 printed; 2 nothing is called so.""",
)
@click.argument("name", required=False, shell_complete=_names, metavar="[NAME]")
def explain(*, name: str | None) -> int:
    """Print the help page of a rule, a transform or a junction; without a name, the list of all."""
    from sigcheck import rules
    from sigcheck.reports.parts.step_page import step_page
    from sigcheck.transforms import BY_NAME

    if sys.flags.optimize > 1:
        problem = "Python runs with -OO, which leaves its pages out, expected it without. Leave it out"
        raise UsageError("explain", f"{problem}, or set PYTHONOPTIMIZE to 1.")
    if name is None:
        say(_list())
    elif name in rules.RULES:
        say(rules.explain(name))
    elif (page := step_page(name)) is not None:
        say(f"{name} ({page.kind.removesuffix('s')})\n\n{page.text}")
    else:
        near = near_names(name, [*rules.RULES, *BY_NAME, *_junctions()])
        hint = f"Did you mean {near[0]}?" if near else "`sigcheck explain` lists all."
        raise UsageError("explain", f"no rule, transform or junction {name!r}. {hint}")
    return 0


def _list() -> str:
    from sigcheck import rules
    from sigcheck.cli.output import page
    from sigcheck.reports.parts.step_page import step_page
    from sigcheck.reports.parts.table import table
    from sigcheck.transforms import BY_NAME

    paper = page()
    kinds = [(name, rule.LEVEL, rules.summary(name)) for name, rule in rules.RULES.items()]
    steps, joins = (
        [(name, told.summary) for name in names if (told := step_page(name)) is not None]
        for names in (BY_NAME, _junctions())
    )
    return "\n".join(
        [
            *table(paper, ("rule", "level", "what it finds"), kinds),
            "",
            *table(paper, ("transform", "what it does"), steps),
            "",
            *table(paper, ("junction", "what it does"), joins),
        ]
    )
