"""Operator: one of a TFLite graph as it stands in the file."""

from __future__ import annotations

from typing import NamedTuple

from sigcheck.encodings.flatbuffer import Table

# Fields by number (schema.fbs).
_OPTIONS_TYPE, _OPTIONS = 3, 4


class Operator(NamedTuple):
    """An operator of a file: its builtin code, its operands and results by index (-1 for none), and its options."""

    code: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    table: Table

    def options(self, kind: int) -> Table | None:
        """The options, where they are of this kind; those of another are passed over, as the runtime does."""
        return self.table.table(_OPTIONS) if self.table.number(_OPTIONS_TYPE, "B") == kind else None
