"""Docstrings: what the pages of the Python API make of them, beyond what autodoc does by itself."""

from __future__ import annotations

from functools import reduce
from operator import or_
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from sphinx.application import Sphinx


def mark_code(app: Sphinx, what: str, name: str, of: Any, options: Any, lines: list[str]) -> None:
    """Marks each indented block as code, as Markdown has it; examples behind `>>>` are code already."""
    lines[:] = with_marked_code(lines)


def with_marked_code(lines: list[str]) -> list[str]:
    """The lines with `::` before each block that an empty line and four spaces set off.

    >>> with_marked_code(["Calls it:", "", "    call(x)", "", "    call(y)", "", "Done."])
    ['Calls it:', '', '::', '', '    call(x)', '', '    call(y)', '', 'Done.']
    """
    marked: list[str] = []
    is_code = False
    for at, line in enumerate(lines):
        if line.strip():
            is_indented = line.startswith("    ")
            if is_indented and not is_code and at and not lines[at - 1].strip():
                marked += ["::", ""]
            is_code = is_indented
        marked.append(line)
    return marked


def tell_fields(app: Sphinx, what: str, name: str, of: Any, *signature: Any) -> tuple[str, None] | None:
    """The fields of a value in place of the `**data` of its constructor; None for anything else."""
    if not (what == "class" and isinstance(of, type) and issubclass(of, BaseModel)):
        return None
    return f"({', '.join(['*', *(_tell(*field) for field in of.model_fields.items())])})", None


def _tell(name: str, field: FieldInfo) -> str:
    from sphinx.util.typing import stringify_annotation

    kind = stringify_annotation(without_checks(field.annotation), "smart")
    if field.is_required():
        return f"{name}: {kind}"
    is_short = field.default is not PydanticUndefined and not isinstance(field.default, BaseModel)
    return f"{name}: {kind} = {repr(field.default) if is_short else '...'}"


def without_checks(kind: Any) -> Any:
    """The type without what it is validated by, at any depth.

    >>> from typing import Annotated
    >>> without_checks(Annotated[tuple[Annotated[int, "above 0"], ...], "not empty"] | None)
    tuple[int, ...] | None
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return without_checks(parts[0])
    if origin is Literal or not parts:
        return kind
    plain = [without_checks(part) for part in parts]
    return reduce(or_, plain) if origin in {Union, UnionType} else origin[tuple(plain)]
