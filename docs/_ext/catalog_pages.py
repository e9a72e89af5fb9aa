"""Catalog pages: one page for each rule, transform and junction, and what lists them, from the catalogs.

They are written beside the other pages when the site is built (`docs/rules/NAME.md`), and are in no commit: a new entry
of a catalog is one file. A page holds a marker where a list of them stands, an HTML comment that GitHub does not show:

    <!-- catalog: rules -->

On GitHub a link to an entry, `rules.md#NAME`, leads to the list; on the site to the page of the entry.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from inspect import getdoc
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from step_picture import draw_step

from sigcheck.junctions import JUNCTIONS
from sigcheck.junctions.parts import share
from sigcheck.rules import CATALOG, COMPARISON_CATALOG, OBSERVATION_CATALOG, PROJECT_CATALOG, RULES, UPGRADE_CATALOG
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME, BY_PERMISSION

ROOT = Path(__file__).parents[2]
# The folders of what is written here, each of the page that lists it.
FOLDERS = {"rules": "rules.md", "transforms": "transforms.md", "junctions": "transforms.md"}
_MARKER = re.compile(r"^<!-- catalog: (\w+) -->$", re.MULTILINE)
_ENTRY = re.compile(r"\]\((?:\.\./)?(?:rules|transforms)\.md#(\w+)\)")
NOTHING: Mapping[str, Any] = {}
# What `any` in a case stands for here, in the order of trial.
_DTYPES = ("float32", "uint8", "int64")


def fill_markers(text: str) -> str:
    """The page with each list in the place of its marker. Raises KeyError for a catalog that does not exist."""
    return _MARKER.sub(lambda found: "\n".join(_LISTS[found[1]]()), text)


def lead_to_entries(text: str, up: str = "") -> str:
    """The page with links to an entry of a list leading to the entry's own page; `up` is the way to the pages."""
    pages = {path.stem: path for path in entry_pages()}

    def lead(found: re.Match[str]) -> str:
        path = pages.get(found[1])
        return found[0] if path is None else f"]({up}{path.as_posix()})"

    return _ENTRY.sub(lead, text)


@cache
def entry_pages() -> dict[Path, str]:
    """The page of each entry, by its path in `docs`: made once, since each picture runs a file of tests."""
    made = {Path("rules", f"{name}.md"): _rule(name) for name in RULES}
    made |= {Path("transforms", f"{name}.md"): _transform(name) for name in BY_NAME}
    return made | {Path("junctions", f"{name}.md"): f"# {name}\n\n{page}\n" for name, page in _junctions().items()}


def write_entries(docs: Path) -> None:
    """Writes the pages of entries that changed, so that no other is built again, and deletes those of none."""
    made = entry_pages()
    for folder in FOLDERS:
        (docs / folder).mkdir(exist_ok=True)
        for path in (docs / folder).glob("*.md"):
            if path.relative_to(docs) not in made:
                path.unlink()
    for place, text in made.items():
        path = docs / place
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def _rule(name: str) -> str:
    """The help page of a rule, its level before it."""
    return (
        f"# {name}\n\n*{RULES[name].LEVEL}*. {getdoc(RULES[name])}\n\n`sigcheck explain {name}` prints this page too.\n"
    )


def _transform(name: str) -> str:
    """The help page of a transform, and a picture of its first case."""
    _, _, rest = _summary(name).partition(": ")
    permission = "\n\nUsed by permission only." if name in BY_PERMISSION else ""
    picture = draw_step(*drawn_case(name))
    body = (getdoc(BY_NAME[name]) or "").partition("\n")[2]
    return f"# {name}\n\n{rest[:1].upper()}{rest[1:]}{permission}\n\n{picture}\n{body}\n"


def _junctions() -> dict[str, str]:
    """The help page of each junction, that which takes no step too."""
    return {name: getdoc(one) or "" for name, one in (*JUNCTIONS.items(), ("share", share))}


def _summary(name: str) -> str:
    return (getdoc(BY_NAME[name]) or "").partition("\n")[0]


def _match_rules() -> Iterator[str]:
    return _rules(list(CATALOG))


def _upgrade_rules() -> Iterator[str]:
    return _rules(list(UPGRADE_CATALOG))


def _comparison_rules() -> Iterator[str]:
    return _rules(list(COMPARISON_CATALOG))


def _observation_rules() -> Iterator[str]:
    return _rules(list(OBSERVATION_CATALOG))


def _project_rules() -> Iterator[str]:
    return _rules([name for name in PROJECT_CATALOG if name not in CATALOG])


def _rules(names: list[str]) -> Iterator[str]:
    """A row for each: its page, its level and what it finds."""
    rows = ((name, RULES[name].LEVEL, (getdoc(RULES[name]) or "").partition("\n")[0]) for name in names)
    return _listed("rules", ("rule", "level", "what it finds"), list(rows))


def _transforms() -> Iterator[str]:
    """A row for each: its page and what it does."""
    rows = ((name, _summary(name).partition(": ")[2]) for name in BY_NAME)
    return _listed("transforms", ("transform", "what it does"), list(rows))


def _joining() -> Iterator[str]:
    rows = ((name, page.partition("\n")[0].partition(": ")[2]) for name, page in _junctions().items())
    return _listed("junctions", ("junction", "what it does"), list(rows))


def _listed(folder: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    """A table, and below it what tells Sphinx where the pages stand among the others."""
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for name, *rest in rows:
        cells = (one.replace("|", "\\|") for one in rest)
        yield f"| [{name}]({folder}/{name}.md) | {' | '.join(cells)} |"
    yield "\n```{toctree}\n:hidden:\n"
    yield from (f"{folder}/{name}" for name, *_ in rows)
    yield "```"


_LISTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "rules": _match_rules,
    "upgrade_rules": _upgrade_rules,
    "project_rules": _project_rules,
    "comparison_rules": _comparison_rules,
    "observation_rules": _observation_rules,
    "transforms": _transforms,
    "junctions": _joining,
}


def drawn_case(name: str) -> tuple[TensorSpec, Step]:
    """The spec and the step of a transform's picture: its first case in `tests/transforms`, and the step that arrives.

    Where no single step arrives, the first proposal is taken. Raises ValueError where nothing is proposed.
    """
    case = runpy.run_path(str(ROOT / "tests" / "transforms" / f"test_{name}.py"))["CASES"][0]
    for spec, goal in _pairs(*case):
        steps = list(BY_NAME[name].propose(spec, goal))
        if steps:
            return spec, next((step for step in steps if step.result.is_subtype_of(goal)), steps[0])
    raise ValueError(f"{name} proposes nothing for the first of its cases, {case}")


def _pairs(
    provided: str, required: str, ours: Mapping[str, Any] = NOTHING, theirs: Mapping[str, Any] = NOTHING
) -> Iterator[tuple[TensorSpec, TensorSpec]]:
    """The specs of a case, for each dtype that `any` may stand for and that can have the facts."""
    for dtype in _DTYPES:
        with suppress(ValidationError):
            yield (
                parse_spec(provided.replace("any", dtype)).replace(facts=Facts.model_validate(ours)),
                parse_spec(required.replace("any", dtype)).replace(facts=Facts.model_validate(theirs)),
            )
