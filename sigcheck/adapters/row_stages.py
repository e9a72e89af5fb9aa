"""Row stages: what a stage of a pipeline takes and gives that is called row by row. Imports TensorFlow."""

from __future__ import annotations

from typing import Any

from sigcheck.adapters.module import check_argument_names, type_spec
from sigcheck.adapters.stage import LoadedStage
from sigcheck.schema.errors import UsageError
from sigcheck.schema.row_call import RowCall


def merged_specs(rows: RowCall) -> dict[str, Any]:
    """The arguments of a pipeline whose first model is called so. Raises UsageError for names that none can have."""
    specs = {one.name: type_spec(one.spec, one.name) for one in rows.over}
    check_argument_names(specs)
    return specs


def require_results(stage: LoadedStage, rows: RowCall) -> None:
    """Raises UsageError for an output that neither a dense nor a ragged tensor holds behind all rows."""
    told = {one.name for one in rows.results}
    for one in stage.stage.signature.outputs:
        if one.name not in told:
            problem = (
                f"gives {one}, expected tensors of known rank, none of them sparse, from a model called row by row"
            )
            raise UsageError(stage.stage.place, f"{problem}. Export it without that output.")
