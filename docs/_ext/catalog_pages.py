"""Catalog pages: what the pages of rules and transforms are made of, taken from the catalogs when the site is built.

A page holds a marker where its catalog stands, an HTML comment that GitHub does not show:

    <!-- catalog: rules -->
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from inspect import getdoc
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from step_picture import draw_step

from sigcheck.rules import CATALOG, COMPARISON_CATALOG, OBSERVATION_CATALOG, PROJECT_CATALOG, RULES, UPGRADE_CATALOG
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME, BY_PERMISSION

ROOT = Path(__file__).parents[2]
_MARKER = re.compile(r"^<!-- catalog: (\w+) -->$", re.MULTILINE)
NOTHING: Mapping[str, Any] = {}
# What `any` in a case stands for here, in the order of trial.
_DTYPES = ("float32", "uint8", "int64")


def fill_markers(text: str) -> str:
    """The page with each catalog in the place of its marker. Raises KeyError for a catalog that does not exist."""
    return _MARKER.sub(lambda found: "\n".join(_CATALOGS[found[1]]()), text)


def _match_rules() -> Iterator[str]:
    return _rules(CATALOG)


def _upgrade_rules() -> Iterator[str]:
    return _rules(UPGRADE_CATALOG)


def _comparison_rules() -> Iterator[str]:
    return _rules(list(COMPARISON_CATALOG))


def _observation_rules() -> Iterator[str]:
    return _rules(list(OBSERVATION_CATALOG))


def _project_rules() -> Iterator[str]:
    return _rules([name for name in PROJECT_CATALOG if name not in CATALOG])


def _rules(names: Any) -> Iterator[str]:
    """Each help page under the name of its rule, its headings two levels deeper."""
    for name in names:
        summary, _, rest = (getdoc(RULES[name]) or "").partition("\n")
        yield f"### {name}\n\n*{RULES[name].LEVEL}*. {summary}\n{_deeper(rest)}\n"


def _transforms() -> Iterator[str]:
    """Each help page under the name of its transform, and a picture of its first case."""
    for name, transform in BY_NAME.items():
        _, _, rest = (getdoc(transform) or "").partition(": ")
        summary, _, rest = rest.partition("\n")
        permission = " Used by permission only." if name in BY_PERMISSION else ""
        spec, step = drawn_case(name)
        head = f"{summary[:1].upper()}{summary[1:]}{permission}"
        yield f"## {name}\n\n{head}\n\n{draw_step(spec, step)}\n{_deeper(rest)}\n"


_CATALOGS: Mapping[str, Callable[[], Iterator[str]]] = {
    "rules": _match_rules,
    "upgrade_rules": _upgrade_rules,
    "project_rules": _project_rules,
    "comparison_rules": _comparison_rules,
    "observation_rules": _observation_rules,
    "transforms": _transforms,
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


def _deeper(page: str) -> str:
    """The rest of a help page: its headings as bold lines, so that a hundred of them do not fill the contents."""
    return re.sub(r"^## (.*)$", r"\n**\1**\n", page, flags=re.MULTILINE)
