"""Operations: for each one of TensorFlow the sizes of its results from those of its operands, and what it demands.

Each file has a table `RULES`; no other place lists it. Of an operation that is in no table nothing
is known. What a rule says is that of TensorFlow's shape functions (core/ops) and kernels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from sigcheck.sizes.call import Rule


@cache
def rules() -> Mapping[str, Rule]:
    """The rule of each operation that has one, by TensorFlow's name of it."""
    return {op: rule for module in modules() for op, rule in module.RULES.items()}


def modules() -> Sequence[ModuleType]:
    """The tables, in the order of their names."""
    names = sorted(path.stem for folder in __path__ for path in Path(folder).glob("*.py"))
    return [import_module(f"{__name__}.{name}") for name in names if name != "__init__"]
