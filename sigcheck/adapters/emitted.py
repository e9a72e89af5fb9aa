"""Emitted: the source of an adapter as the function that it defines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def load_emitted(source: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """`adapt` of an emitted module."""
    adapt: Callable[[dict[str, Any]], dict[str, Any]] = _run(source)["adapt"]
    return adapt


def load_row_call(source: str) -> Callable[..., dict[str, Any]]:
    """`call_rows` of an emitted module whose adapter is of one row."""
    call: Callable[..., dict[str, Any]] = _run(source)["call_rows"]
    return call


def _run(source: str) -> dict[str, Any]:
    module: dict[str, Any] = {"__name__": "sigcheck_adapter"}
    # The text is what sigcheck wrote itself, names of models in it being literals only.
    exec(compile(source, "<adapter>", "exec"), module)  # noqa: S102  # the emitted module is what has to run
    return module
