"""What reading a file loads: nothing heavy, and nothing of another format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readers.test_mutated_files import SEEDS

HEAVY = ("tensorflow", "keras", "numpy", "h5py", "networkx", "fsspec", "flatbuffers", "asyncio")


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.tflite", "model.json"])
def test_reading_imports_nothing_heavy(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(SEEDS[name]())
    code = (
        f"import json, sys; from sigcheck.readers import read; read({str(path)!r}); print(json.dumps([*sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert not loaded & set(HEAVY)
    assert ("sigcheck.readers.keras.config.model" in loaded) == (name in {"model.keras", "model.h5"})
    assert ("sigcheck.readers.tflite.metadata" in loaded) == (name == "model.tflite")
    assert "sigcheck.readers.saved_model.meta_graph" not in loaded
    assert "sigcheck.readers.graph_def.nodes" not in loaded
