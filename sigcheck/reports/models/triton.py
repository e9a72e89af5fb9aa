"""Triton: the configuration under which a server loads the model, shapes written whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from sigcheck.adapters.triton_config import model_config
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.errors import UsageError
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Model

NAME = "triton"
# What serves a format (triton-inference-server/backend, README: platforms).
_PLATFORMS = {
    "saved_model": "tensorflow_savedmodel",
    "frozen_graph": "tensorflow_graphdef",
    "onnx": "onnxruntime_onnx",
}


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """The text of a `config.pbtxt`. Raises UsageError for several models, and for what Triton cannot say or serve."""
    if len(models) != 1:
        raise UsageError("triton", f"{len(models)} models, expected one: a configuration is one file. Show one.")
    (model,) = models
    if model.reader not in _PLATFORMS:
        listed = ", ".join(_PLATFORMS)
        problem = f"read as {model.reader}, expected what Triton serves ({listed}). Export it as one of these"
        raise UsageError(model.source, f"{problem}.")
    signature = select_signature(model)
    name = PurePath(model.source.partition("#")[0]).stem
    return model_config(
        name, signature.inputs, signature.outputs, signature.key, signature.tags, platform=_PLATFORMS[model.reader]
    ).rstrip("\n")
