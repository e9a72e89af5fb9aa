"""Cure: what to do about a model that Keras or TensorFlow does not load."""

from __future__ import annotations

_MISSES = ("Could not locate", "Unknown layer")
# What a machine without TensorFlow says of what loads a model.
_NOT_INSTALLED = ("No module named 'tensorflow'", "No module named 'keras'")


def cure(reason: str) -> str:
    """What to do about what Keras says.

    >>> cure("TypeError: Could not locate class 'Mine'. Make sure that it is registered.")
    'Name the module that has it with --load --import MODULE.'
    >>> cure("ModuleNotFoundError: No module named 'keras'")
    "TensorFlow loads it, and is not installed: pip install 'sigcheck[tensorflow]'."
    """
    if reason.endswith(_NOT_INSTALLED):
        return "TensorFlow loads it, and is not installed: pip install 'sigcheck[tensorflow]'."
    if any(words in reason for words in _MISSES):
        return "Name the module that has it with --load --import MODULE."
    if "lambda" in reason.lower():
        return "Name the layer with --load --lambda NAME, where you trust what is in the file."
    return "Load it in Python to see more."


def in_short(reason: str) -> str:
    """What Keras says, without the config around a class that it misses.

    >>> in_short("TypeError: {'module': 'keras', 'config': {}}. Could not locate class 'Mine'. Make sure of it.")
    "Could not locate class 'Mine'"
    """
    start = reason.find(_MISSES[0])
    end = reason.find(". ", start)
    return reason[start:end] if 0 <= start < end else reason
