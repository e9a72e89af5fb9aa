"""A proof of an adapter that a person wrote, as an assertion."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sigcheck.api import draft_pair
from sigcheck.encodings.whole_file import read_whole
from sigcheck.reports.parts.digest import counted
from sigcheck.reports.parts.page import printable
from sigcheck.schema.bind import Bind
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import Binding, Verification
from sigcheck.schema.system_error import system_words
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.stages.draft import Draft
from sigcheck.testing.compatibility import Facts
from sigcheck.testing.saved_case import explain_case
from sigcheck.verification.job import Job

# An adapter is a few kilobytes: a larger file is something else.
_MOST_BYTES = 4 * 2**20


def assert_adapter(  # noqa: PLR0913  # what a test says of an adapter it says by keyword
    adapter: Callable[..., Any] | str | os.PathLike[str],
    provided: object,
    required: object,
    *,
    bind: Bind | None = None,
    facts: Facts | None = None,
    policy: Policy | None = None,
    values: bool = True,
    run_adapter: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
) -> Verification:
    """Asserts that an adapter written by hand turns what is provided into what is required.

    It is traced with the provided specs, unknown sizes kept unknown, and its results must be of
    the required specs; then it is run on the generated tensors that emitted adapters are proved
    with. Where sigcheck has a plan of its own that assumes nothing, the values must be those of
    the plan, unless `values` is False.

    The adapter takes a dict of outputs by name and gives a dict of inputs by name; where there
    is one of each, bare tensors do. A path is a file that defines `adapt`. It runs in a worker
    process with limits, behind walls where the system has them (`walls` of the result says which),
    and where it is not byte for byte what sigcheck writes, with `run_adapter` only: it is a program.
    A function runs in this process, with what it may do to it.

    Returns what was proved. Raises AssertionError with the failed cases, SourceError and
    UsageError where a side cannot be read, a file is not to be run, or TensorFlow is not installed.
    """
    __tracebackhide__ = True
    import importlib.util

    if importlib.util.find_spec("tensorflow") is None:
        problem = "TensorFlow is not installed, expected it for running an adapter. pip install 'sigcheck[tensorflow]'."
        raise UsageError("assert_adapter", problem)
    draft = draft_pair(provided, required, names=bind, policy=policy or DEFAULT_POLICY, facts=facts)
    job = Job(
        source="",
        # No tensor can be made of an unknown dtype.
        provided=tuple(endpoint for endpoint in draft.outputs if endpoint.spec.dtype is not None),
        required=tuple(endpoint for endpoint in draft.inputs if endpoint.spec.dtype is not None),
        bindings=tuple(filter(_is_certain, draft.match.bindings)) if values else (),
        is_handwritten=True,
    )
    if isinstance(adapter, str | os.PathLike):
        name, path = os.fspath(adapter), Path(adapter)
        source = _read(path)
        if not run_adapter and not _is_written(draft, source):
            problem = "not what sigcheck writes between these, but somebody's program. Run it with run_adapter=True."
            raise UsageError(name, problem)
        verification = _prove_source(source, job, timeout)
    else:
        name, verification = getattr(adapter, "__qualname__", repr(adapter)), _prove_function(adapter, job)
    if verification.level == "typed" and not verification.failures:
        raise UsageError(name, f"could not be run: {verification.reason}. Allow more time, or prove it elsewhere.")
    if verification.failures:
        is_bare = callable(adapter) and len(job.provided) == 1 and _takes_bare(adapter, job)
        raise AssertionError(_explain(name, job, verification, is_bare=is_bare))
    return verification


def _is_certain(binding: Binding) -> bool:
    """Whether the plan rests on nothing that a person may know better."""
    return binding.plan is not None and not any(step.assumption for step in binding.steps)


def _read(path: Path) -> str:
    try:
        # Git may check files out with CRLF.
        return read_whole(path, _MOST_BYTES, "an adapter").decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {system_words(error)}. Check the path.") from None
    except UnicodeDecodeError:
        raise SourceError(str(path), "not UTF-8 text, expected Python. Check the path.") from None


def _is_written(draft: Draft, source: str) -> bool:
    from sigcheck.adapters.python_source import write_python
    from sigcheck.adapters.written import is_written

    return draft.has_adapter and is_written(source, write_python(draft.producer, draft.consumer, draft.match.bindings))


def _prove_source(source: str, job: Job, timeout: float) -> Verification:
    from sigcheck.verification.verify import verify

    (verification,) = verify([job.model_copy(update={"source": source})], "executed", timeout)
    return verification


def _prove_function(adapter: Callable[..., Any], job: Job) -> Verification:
    from sigcheck.transforms import BY_NAME
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    return prove(job, "executed", BY_NAME, TensorFlowRunner(_by_name(adapter, job)))


def _by_name(adapter: Callable[..., Any], job: Job) -> Callable[[dict[str, Any]], Any]:
    """The function from a dict to a dict, where it takes or gives one bare tensor."""
    is_single = len(job.provided) == 1 and _takes_bare(adapter, job)

    def adapt(outputs: dict[str, Any]) -> Any:
        (argument,) = outputs.values() if is_single else (outputs,)
        adapted = adapter(argument)
        if isinstance(adapted, Mapping) or len(job.required) != 1:
            return dict(adapted) if isinstance(adapted, Mapping) else adapted
        return {job.required[0].name: adapted}

    return adapt


def _takes_bare(adapter: Callable[..., Any], job: Job) -> bool:
    """Whether the function is meant for one bare tensor; told by trying, because no annotation has to say it."""
    from sigcheck.verification.tensors import type_spec

    (endpoint,) = job.provided
    spec = type_spec(endpoint.spec)
    named = _traced(adapter, {endpoint.name: spec})
    if isinstance(named, Mapping):
        # A function that passes anything on takes a dict too.
        return not any(one.name in named for one in job.required) and _traced(adapter, spec) is not None
    return named is None and _traced(adapter, spec) is not None


def _traced(adapter: Callable[..., Any], argument: Any) -> Any:
    """What the function gives for an argument of this type, or None where it takes none such."""
    import tensorflow as tf

    try:
        return tf.function(adapter, input_signature=[argument]).get_concrete_function().structured_outputs
    except Exception:  # noqa: BLE001  # whatever it raises, the proof tells it
        return None


def _explain(name: str, job: Job, verification: Verification, *, is_bare: bool) -> str:
    lines = [f"{name} does not turn what is provided into what is required", ""]
    lines += [f"  provided  {endpoint}" for endpoint in job.provided]
    lines += [f"  required  {endpoint}" for endpoint in job.required]
    lines += ["", f"{counted(len(verification.failures), 'failure')}, {verification.level}:"]
    for failure in verification.failures:
        lines += [f"  {failure.binding}: {failure.message}", f"    case  {failure.case}"]
        lines += explain_case(failure, name, job.provided, is_bare=is_bare)
    plans = [f"  {one.required}: {one.whole}" for one in job.bindings]
    if plans and verification.level == "executed":
        lines += ["", "values are compared with this plan; values=False compares types only:", *plans]
    return "\n".join(map(printable, lines))
