"""The worker: a process of its own that proves one job after another.

    python -m sigcheck.verification.worker [MODEL_BYTES]

Reads requests from its standard input and writes answers to its standard output, each one
line of JSON. It answers a request with any number of `progress` lines and one `result`.
MODEL_BYTES is the size of the largest models that it is to run, which it needs memory for.
Whatever an adapter prints goes to standard error, and an adapter that reads finds nothing.
"""

from __future__ import annotations

import base64
import faulthandler
import json
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from sigcheck.schema.report import VerificationLevel
from sigcheck.verification.job import Job, Subject

# Beyond what TensorFlow has taken when it is loaded. The largest generated tensor and its
# copies take less than a tenth of this.
MEMORY_BYTES = 4 * 2**30
# A model is held as its file and as variables, and once more while it is loaded.
_COPIES_OF_A_MODEL = 4
# How much later than its parent's limit a worker whose parent has died ends itself.
_GRACE_SECONDS = 10.0


def main() -> None:
    """Answers requests until the input ends."""
    requests, answers = _take_streams()

    def answer(**message: Any) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    def progress(level: VerificationLevel, case: str, cases: int, subject: Subject = "adapter", /) -> None:
        answer(progress={"level": level, "case": case, "cases": cases, "subject": subject})

    # TensorFlow is imported here, before any job, so that its start is not put down to the first.
    import tensorflow as tf

    from sigcheck.transforms import BY_NAME
    from sigcheck.verification.counterexample import unpack
    from sigcheck.verification.prove import prove, prove_case

    # The first operation starts the runtime and its threads.
    tf.constant(0.0).numpy()
    models = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    limit_memory(MEMORY_BYTES + _COPIES_OF_A_MODEL * models)
    answer(ready=tf.__version__)
    for line in requests:
        request = json.loads(line)
        faulthandler.dump_traceback_later(request["seconds"] + _GRACE_SECONDS, exit=True)
        job = Job.model_validate(request["job"])
        if job.case is None:
            verification = prove(job, request["level"], BY_NAME, progress)
        else:
            verification = prove_case(job, unpack("case", base64.b64decode(job.case), job.used), BY_NAME)
        faulthandler.cancel_dump_traceback_later()
        answer(result=verification.model_dump(mode="json"))


def _take_streams() -> tuple[TextIO, TextIO]:
    """The two pipes, moved away from where an adapter could reach them by reading or printing."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    return requests, answers


def limit_memory(more: int) -> None:
    """Limits what this process may take from now on, in bytes, where the system can (Linux).

    Private writable memory is what counts (RLIMIT_DATA): TensorFlow maps much more address
    space than it uses, so that a limit of that (RLIMIT_AS) would stop it for nothing.
    """
    if sys.platform != "linux":
        return
    import resource

    status = Path("/proc/self/status").read_text(encoding="ascii")
    taken = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:"))
    limit = taken + more
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No file that an adapter or a model writes fills the disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (more, more))


if __name__ == "__main__":
    main()
