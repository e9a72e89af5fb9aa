"""Modules of these tests that run models in a process of their own: TensorFlow may abort it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.copied import CAN_COPY, ROOT, of_programs


def told_by(module, *arguments, timeout=600):
    """What a module tells of the models that it runs: its last line, as JSON. `timeout` is in seconds."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as log:
        argv = [module, *map(str, arguments)]
        code = _run(argv, out, log, timeout)
        told, problems = (file.seek(0) or file.read().decode() for file in (out, log))
    assert code == 0, problems[-2000:]
    return json.loads(told.splitlines()[-1])


def _run(argv, out, log, timeout):
    if not CAN_COPY:
        command = [sys.executable, "-m", *argv]
        return subprocess.run(command, cwd=ROOT, stdout=out, stderr=log, check=False, timeout=timeout).returncode
    with Path(os.devnull).open("rb") as nothing:
        copy = of_programs().copy(argv, [nothing.fileno(), out.fileno(), log.fileno()], cwd=ROOT, env=os.environ)
    try:
        return copy.wait(timeout)
    except BaseException:
        # Nobody waits for it any longer, be it for an interrupt.
        copy.kill()
        raise
