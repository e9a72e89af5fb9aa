"""What TensorFlow raised, on one line."""

from __future__ import annotations

import re

# A message of TensorFlow can hold a whole graph.
_MAX_MESSAGE = 500
_SURROUNDINGS = re.compile(r"Graph execution error:|Detected at node|File |in user code:|\[\[|\^|Defined at")
# What Keras and eager execution put before and between the words.
_NOISE = re.compile(r"<stack traces unavailable> |\x1b\[[0-9;]*m|\{\{function_node [^{}]*\}\} ?")


def in_words(error: BaseException) -> str:
    """The error, its kind first, without the traces and node names that TensorFlow puts around it."""
    lines = [line.strip() for line in str(error).splitlines()]
    text = _NOISE.sub("", " ".join(line for line in lines if line and not _SURROUNDINGS.match(line)))
    text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return text if len(text) <= _MAX_MESSAGE else f"{text[:_MAX_MESSAGE]}..."
