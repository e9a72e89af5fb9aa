"""What is an MLflow model: a folder with a file `MLmodel`, or that file."""

from __future__ import annotations

from sigcheck.encodings.source import Source

NAME = "mlflow"
ORDER = 22
ACCEPTS = "an MLflow model (MLmodel)"

MLMODEL = "MLmodel"


def recognizes(source: Source) -> bool:
    """By the name of the file, which no other format has."""
    return source.has(MLMODEL) if source.is_directory else source.path.name == MLMODEL
