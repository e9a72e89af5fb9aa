"""An adapter file of the fixtures: what is proved of it, and an edit."""

from __future__ import annotations

from pathlib import Path

from sigcheck.schema.report import Verification

FIXTURES = Path(__file__).parents[2] / "fixtures"
EXECUTED = Verification(level="executed", cases=7, sizes={"output_0": ((3, 10),)}, seeds=(5,), max_abs_error=0.0)


def edit(adapter):
    adapter.write_text(adapter.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
