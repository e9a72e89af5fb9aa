"""Transfer: for each operation, what is known of its result where something is known of its operands.

One rule for each operation of TensorFlow, in the table `RULES`, one file for each subject; of an
operation that is not in it nothing is known.
"""

from __future__ import annotations

from sigcheck.inference.transfer import (
    arithmetic,
    conversion,
    elementwise,
    layers,
    layout,
    probabilities,
    products,
    quantization,
    reduction,
)
from sigcheck.inference.transfer.products import LINEAR
from sigcheck.inference.transfer.rule import Rule

__all__ = ["LINEAR", "RULES", "SUBJECTS", "Rule"]

SUBJECTS = (elementwise, probabilities, arithmetic, layout, reduction, conversion, products, layers, quantization)
RULES: dict[str, Rule] = {op: rule for subject in SUBJECTS for op, rule in subject.RULES.items()}
