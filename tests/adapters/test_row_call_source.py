from __future__ import annotations

import ast

import pytest

from sigcheck.adapters.python_source import literal
from sigcheck.adapters.row_call_source import write_row_call
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.signature import Endpoint

NAMES = ["' + evil() + '", "{first}", "{count}", "{checks}", "$first", "${count}", "$checks", "$", '"]', "\n"]


@pytest.mark.parametrize("spec", ["float32[?, 3]", "ragged float32[?, None]"])
def test_a_name_that_looks_like_a_place_to_fill_in_stays_a_name(spec):
    """Else a model that somebody else made could put code of its own into an adapter."""
    over = tuple(Endpoint(name=name, spec=parse_spec(spec)) for name in NAMES)
    lines = write_row_call(RowCall(over=over, results=over[:1]), NAMES, (), literal)
    tree = ast.parse("\n".join(lines))
    (rows,) = (one.value for one in ast.walk(tree) if isinstance(one, ast.Assign) and one.targets[0].id == "rows")
    assert ast.literal_eval(rows.generators[0].iter) == NAMES
    called = {one.func.id for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    assert "evil" not in called
