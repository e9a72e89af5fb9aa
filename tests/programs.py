"""Modules of these tests that run models in a process of their own: TensorFlow may abort it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def told_by(module, *arguments, timeout=600):
    """What a module tells of the models that it runs: its last line, as JSON. `timeout` is in seconds."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=timeout)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])
