"""MLflow: the signature of a model as `mlflow.models.ModelSignature.from_dict` takes it, and as an MLmodel has it."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.mlflow_signature import write_signature
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Model

NAME = "mlflow"


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """One object for one source, a list for several. Raises UsageError for what MLflow cannot say."""
    written = [write_signature(select_signature(model)) for model in models]
    return dump_json(written[0] if len(written) == 1 else written)
