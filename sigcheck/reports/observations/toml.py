"""TOML: a file of facts, as `--facts` takes it, with what is left to decide as comments."""

from __future__ import annotations

from sigcheck.encodings.toml_text import write_key, write_value
from sigcheck.observation.facts import behind, facts_of, suggested
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.observation import Observation, TensorObserved
from sigcheck.schema.printable import printable

NAME = "toml"

_HEAD = """\
# What data showed, written by sigcheck observe: counts and ends, no row of the data.
# Observed is not proved. The lines behind a # are facts that only somebody who knows the data can declare."""


def render_observation(observation: Observation, side: str, page: Page = DEFAULT_PAGE) -> str:
    """Tables `[SIDE.TENSOR]` of facts, each with what stands behind them."""
    head = [_HEAD, *(f"# Left out, no tensor: {printable(str(one))}" for one in observation.left_out)]
    return "\n\n".join(["\n".join(head), *(_table(observation, tensor, side) for tensor in observation.tensors)])


def _table(observation: Observation, tensor: TensorObserved, side: str) -> str:
    lines = [f"[{side}.{write_key(tensor.name)}]"]
    lines += [f"{name} = {write_value(value)}" for name, value in facts_of(tensor).items()]
    lines += [f"# {name} = {write_value(value)}  # {when}" for name, (value, when) in suggested(tensor).items()]
    lines += ["", f"[{side}.{write_key(tensor.name)}.observed]"]
    lines += [f"{name} = {write_value(value)}" for name, value in behind(observation, tensor).items()]
    return "\n".join(lines)
