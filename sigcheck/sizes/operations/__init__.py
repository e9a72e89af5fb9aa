"""Operations: for each one of TensorFlow the sizes of its results from those of its operands, and what it demands.

Each file has a table `RULES`; no other place lists it. Those of Keras layers, whose names all begin
alike, are loaded with the first layer. Of an operation that is in no table nothing
is known. What a rule says is that of TensorFlow's shape functions (core/ops) and kernels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from sigcheck.sizes.call import Rule

# How the names of layers begin, as readers write them, and those of their tables.
_LAYER, _LAYERS = "Keras>", "keras_"


@lru_cache(maxsize=1_000)
def rule_of(op: str) -> Rule | None:
    """The rule of an operation; None where it has none."""
    return rules(of_layers=op.startswith(_LAYER)).get(op)


@cache
def rules(*, of_layers: bool = False) -> Mapping[str, Rule]:
    """The rule of each operation that has one, by TensorFlow's name of it; or of each layer."""
    return {op: rule for module in modules(of_layers=of_layers) for op, rule in module.RULES.items()}


def modules(*, of_layers: bool = False) -> Sequence[ModuleType]:
    """The tables of operations, or of layers, in the order of their names."""
    names = sorted(path.stem for folder in __path__ for path in Path(folder).glob("*.py"))
    told = [name for name in names if name != "__init__" and name.startswith(_LAYERS) == of_layers]
    return [import_module(f"{__name__}.{name}") for name in told]
