"""The process that writes models: `python -m sigcheck.adapters.form_worker`.

Reads requests from its standard input and answers each with one line of JSON. What models and
TensorFlow print goes to standard error.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from sigcheck.adapters.placement import mark_archive
from sigcheck.adapters.request import AdapterRequest, ExportRequest, FusionRequest, Request, parse_request
from sigcheck.process.child import Channel
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.signature import SERVING_KEY
from sigcheck.schema.system_error import system_words

# The signature that gives what the first call is fed.
INITIAL_STATE = "initial_state"


def main() -> None:
    """Answers requests until the input ends."""
    channel = Channel()
    for request, _ in channel.requests():
        channel.answer(_answer(request))


def _answer(data: dict[str, Any]) -> dict[str, Any]:
    from sigcheck.adapters.stage import in_words

    try:
        _write(parse_request(data))
    except SigcheckError as error:
        return {"refused": {"kind": type(error).__name__, "place": error.place, "problem": error.problem}}
    except OSError as error:
        return {"unwritten": system_words(error)}
    except Exception as error:  # noqa: BLE001  # a model's code and TensorFlow may raise anything
        return {"failed": in_words(error)}
    return {"done": True}


def _write(request: Request) -> None:
    # Beside what is written: a model may be too large for a place for temporary files.
    place = next(folder for folder in Path(request.target).absolute().parents if folder.is_dir())
    with tempfile.TemporaryDirectory(prefix="sigcheck-form-", dir=place, ignore_cleanup_errors=True) as scratch:
        if isinstance(request, AdapterRequest):
            _write_adapter(request)
        elif isinstance(request, FusionRequest):
            _write_fusion(request, Path(scratch))
        else:
            _export(request)


def _write_adapter(request: AdapterRequest) -> None:
    from sigcheck.adapters.keras_model import build_keras
    from sigcheck.adapters.module import build_module

    if request.form == "keras":
        build_keras(request.bindings).save(request.target)
        mark_archive(Path(request.target))
    else:
        _save(build_module(request.source, request.bindings, request.arguments), request.target)


def _write_fusion(request: FusionRequest, scratch: Path) -> None:
    from sigcheck.adapters.fused import fuse_stages
    from sigcheck.adapters.stage import LoadedStage

    stages = [LoadedStage(stage, scratch / str(at)) for at, stage in enumerate(request.stages)]
    _save(fuse_stages(stages, request.links, request.kept, request.states), request.target)


def _export(request: ExportRequest) -> None:
    from sigcheck.adapters.stage import export_keras

    export_keras(request.stage, Path(request.target))


def _save(module: Any, target: str) -> None:
    import tensorflow as tf

    served: Any = module.serve
    if hasattr(module, "initial_state"):
        served = {SERVING_KEY: module.serve, INITIAL_STATE: module.initial_state}
    tf.saved_model.save(module, target, signatures=served)


if __name__ == "__main__":
    main()
