"""Rules: for each layer class, the dtype and shape that it gives for the tensors it takes.

A rule answers as Keras' `compute_output_spec` does, or gives None where the answer does
not follow from the config. It is trusted only as far as the tensors that the same file
records do not refute it (`Inference.refute`).
"""

from __future__ import annotations

from sigcheck.readers.keras.config.rules import (
    attention,
    convolution,
    dense,
    elementwise,
    merging,
    operations,
    preprocessing,
    recurrent,
    reshaping,
    wrapping,
)
from sigcheck.readers.keras.config.tensor import Rule

RULES: dict[str, Rule] = {
    **elementwise.RULES,
    **dense.RULES,
    **convolution.RULES,
    **reshaping.RULES,
    **merging.RULES,
    **recurrent.RULES,
    **attention.RULES,
    **preprocessing.RULES,
    **wrapping.RULES,
    **operations.RULES,
}
