"""`sigcheck explain`: the help page of a rule, a transform or a junction."""

from __future__ import annotations

import click

from sigcheck.cli.output import say
from sigcheck.schema.errors import UsageError


def _names(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Completes the name of a rule, a transform or a junction in a shell."""
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.rules import RULES
    from sigcheck.transforms import BY_NAME

    return [name for name in (*RULES, *BY_NAME, *JUNCTIONS) if name.startswith(incomplete)]


@click.command(
    short_help="Print the help page of a rule or a transform.",
    epilog="""\b
    Examples:
      sigcheck explain
      sigcheck explain lossy_cast
      sigcheck explain transpose""",
)
@click.argument("name", required=False, shell_complete=_names, metavar="[RULE|TRANSFORM]")
def explain(*, name: str | None) -> int:
    """Print the help page of a rule or a transform; without a name, the list of all."""
    from inspect import getdoc

    from sigcheck import rules
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.transforms import BY_NAME

    if name is None:
        say(_list())
    elif name in rules.RULES:
        say(rules.explain(name))
    elif name in BY_NAME:
        say(f"{name} (transform)\n\n{getdoc(BY_NAME[name])}")
    elif name in JUNCTIONS:
        say(f"{name} (junction)\n\n{getdoc(JUNCTIONS[name])}")
    else:
        from difflib import get_close_matches

        near = get_close_matches(name, [*rules.RULES, *BY_NAME, *JUNCTIONS], n=1)
        hint = f"Did you mean {near[0]}?" if near else "`sigcheck explain` lists all."
        raise UsageError("explain", f"no rule or transform {name!r}. {hint}")
    return 0


def _list() -> str:
    from inspect import getdoc

    from sigcheck import rules
    from sigcheck.cli.output import page
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.reports.table import table
    from sigcheck.transforms import BY_NAME

    paper = page()
    kinds = [(name, rule.LEVEL, rules.summary(name)) for name, rule in rules.RULES.items()]
    steps = [(name, (getdoc(one) or "").partition("\n")[0]) for name, one in BY_NAME.items()]
    joins = [(name, (getdoc(one) or "").partition("\n")[0]) for name, one in JUNCTIONS.items()]
    return "\n".join(
        [
            *table(paper, ("rule", "level", "what it finds"), kinds),
            "",
            *table(paper, ("transform", "what it does"), steps),
            "",
            *table(paper, ("junction", "what it does"), joins),
        ]
    )
