"""KServe: the metadata that a server of the Open Inference Protocol answers with, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from sigcheck.readers.kserve.datatype import DATATYPES
from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.selection import select_signature
from sigcheck.schema.served import require_dense
from sigcheck.schema.signature import Endpoint, Model

NAME = "kserve"
_NAMES = {dtype: name for name, dtype in DATATYPES.items()}


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """One object for one source, a list for several. Raises UsageError for what the protocol cannot say."""
    written = [_metadata(model) for model in models]
    return dump_json(written[0] if len(written) == 1 else written)


def _metadata(model: Model) -> dict[str, Any]:
    signature = select_signature(model)
    return {
        "name": PurePath(model.source.partition("#")[0]).stem,
        "platform": "",
        "inputs": [_tensor(one) for one in signature.inputs],
        "outputs": [_tensor(one) for one in signature.outputs],
    }


def _tensor(end: Endpoint) -> dict[str, Any]:
    datatype, shape = require_dense(end, _NAMES, "the protocol")
    return {"name": end.name, "datatype": datatype, "shape": shape}
