"""Version: the model files of the versions that a configuration serves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.readers.against_model import Contract
from sigcheck.readers.named_entry import entry
from sigcheck.readers.triton import backend
from sigcheck.readers.triton.config import Tensor, read_states
from sigcheck.readers.triton.difference import RULE, Beside
from sigcheck.schema.errors import SourceError
from sigcheck.schema.finding import Finding
from sigcheck.schema.signature import SERVING_KEY, Model, Note, Signature

_HELP = "correct the configuration, or serve the model that it speaks for"

# Where backends look for a model unless told (triton-inference-server/server, docs/user_guide/model_repository.md).
_NAMES = ("model.savedmodel", "model.graphdef", "model.onnx")
_BACKENDS = frozenset({"tensorflow", "onnxruntime"})
# What keeps states: backends of ONNX, TensorRT and PyTorch alone (triton-inference-server/server,
# docs/user_guide/implicit_state_management.md; nor does tensorflow_backend, src/tensorflow.cc, make any).
_STATELESS = frozenset({"saved_model", "frozen_graph"})
_FED = "list it as an input and an output, for clients to feed back, or serve the model as ONNX"
_TAKES_ONE = "the server takes any of them. Name one in the parameter TF_SIGNATURE_DEF"
# The tag of the graph that is served, unless told.
_TAG = "serve"
# A version that is served is a number above 0.
_MOST_VERSIONS = 10


def compare(folder: Source, config: Message, inputs: list[Tensor], outputs: list[Tensor]) -> Beside:
    """The configuration of a folder against the models of its versions. A model that cannot be read is a note."""
    from sigcheck.readers import read_source

    findings: list[Finding] = []
    notes: list[Note] = []
    files, left_out = _files(folder, config)
    if left_out:
        notes.append(Note(place=folder.path.name, message=f"not compared with a model: {left_out}"))
    for file in files:
        try:
            model = read_source(file)
        except SourceError as error:
            notes.append(Note(place=file.place, message=f"not compared with: {error}"))
            continue
        contract = Contract(RULE, "served as", file.place, _HELP)
        own = _signatures(model, config)
        if not own:
            found = ", ".join(one.key for one in model.signatures) or "none"
            findings.append(contract.finding(_key(config), f"the signature that is served; {file.place} has {found}"))
            continue
        if model.reader == "onnx":
            own = [_overridden(one, file, inputs) for one in own]
        told = [list(_of_signature(contract, one, model.reader, config, inputs, outputs)) for one in own]
        nearest = min(told, key=len)
        findings += nearest
        if len(own) > 1:
            listed = ", ".join(one.key for one in own)
            notes.append(Note(place=file.place, message=f"none of {listed} is {SERVING_KEY}: {_TAKES_ONE}"))
    return Beside(tuple(findings), tuple(notes))


class Newest(NamedTuple):
    """The newest model that is served: where it lies, and the signature that is."""

    place: str
    signature: Signature


def newest(folder: Source, config: Message) -> Newest | None:
    """The model that the server takes inputs and outputs from; None where none is known. Raises SourceError."""
    from sigcheck.readers import read_source

    files, _ = _files(folder, config)
    model = read_source(files[-1]) if files else None
    # Of a frozen graph it takes none (tensorflow_backend, src/tensorflow.cc, AutoCompleteConfig).
    own = [] if model is None or model.reader == "frozen_graph" else _signatures(model, config)
    return Newest(files[-1].place, own[0]) if len(own) == 1 else None


def _key(config: Message) -> str:
    return _parameter(config, "TF_SIGNATURE_DEF") or SERVING_KEY


def _parameter(config: Message, name: str) -> str:
    return str(config.get("parameters", {}).get(name, {}).get("string_value", ""))


def _signatures(model: Model, config: Message) -> list[Signature]:
    """The signature that is served: of a SavedModel by its key, or any where the configuration names none.

    The server takes the first of a table without an order (triton-inference-server/tensorflow_backend,
    src/tensorflow_backend_tf.cc, INIT_OP_SIGNATURE_DEF_KEY).
    """
    if model.reader != "saved_model":
        return list(model.signatures[:1])
    key, tag = _key(config), _parameter(config, "TF_GRAPH_TAG") or _TAG
    named = {one.key: one for one in model.signatures}
    found = named.get(f"{key}@{tag}") or named.get(key)
    if found is not None:
        return [found]
    if _parameter(config, "TF_SIGNATURE_DEF"):
        return []
    return [one for one in model.signatures if one.key.endswith(f"@{tag}")] or list(model.signatures)


def _overridden(own: Signature, file: Source, inputs: list[Tensor]) -> Signature:
    """A signature of ONNX with what the configuration lets clients give though the graph has a value for it."""
    from sigcheck.readers.onnx.signature import read_overridable

    known = {one.name for one in own.inputs}
    named = {one.end.name for one in inputs if one.end.optional} - known
    if not named:
        return own
    return own.model_copy(
        update={"inputs": (*own.inputs, *(one for one in read_overridable(file) if one.name in named))}
    )


def _of_signature(
    contract: Contract, own: Signature, reader: str, config: Message, inputs: list[Tensor], outputs: list[Tensor]
) -> Iterator[Finding]:
    takes, gives = ({one.name: one for one in side} for side in (own.inputs, own.outputs))
    taken = {one.end.name: backend.said(one, takes.get(one.end.name), config) for one in inputs}
    given = {one.end.name: backend.said(one, gives.get(one.end.name), config) for one in outputs}
    if reader == "frozen_graph":
        # A graph has as many outputs as nodes, and names but the last ones.
        given = {}
    yield from contract.against(taken, given, own, _fed_by_server(config))
    yield from backend.inputs(contract, inputs, takes)
    yield from backend.outputs(contract, given, gives)
    states = read_states(config)
    kept = {} if reader == "frozen_graph" else states["output"]
    yield from contract.against(
        states["input"], kept, own, {name for end in own.inputs for name in end.parts or (end.name,)}
    )
    if reader in _STATELESS:
        for name, spec in states["input"].items():
            message = f"{spec} is a state that the server keeps, and its backend of TensorFlow models keeps none"
            yield contract.finding(name, message).model_copy(update={"help": _FED})


def _fed_by_server(config: Message) -> frozenset[str]:
    """The inputs of the model that no client feeds: states and controls of sequences, and what describes a batch."""
    sequence = config.get("sequence_batching", {})
    return frozenset(
        [
            *(one.get("input_name", "") for one in sequence.get("state", ())),
            *(one.get("name", "") for one in sequence.get("control_input", ())),
            *(name for one in config.get("batch_input", ()) for name in one.get("target_name", ())),
        ]
    )


def _files(folder: Source, config: Message) -> tuple[list[Source], str | None]:
    """The model of each version that is served, and why there is none of one."""
    told = config.get("default_model_filename", "")
    versions = _served(folder.names(), config.get("version_policy", {}))
    found = [_file(folder.child(version), (told,) if told else _NAMES) for version in versions]
    if not versions:
        return [], "no version that is served lies here"
    without = next((version for version, file in zip(versions, found, strict=True) if file is None), None)
    run_by = config.get("backend", "")
    if without is None:
        left_out = None
    elif run_by and run_by not in _BACKENDS and not told:
        left_out = f"version {without} is run by the backend {run_by[:40]!r}, whose models are not read"
    else:
        left_out = f"version {without} has no {told or ' or '.join(_NAMES)}"
    return [file for file in found if file is not None], left_out


def _file(version: Source | None, names: Sequence[str]) -> Source | None:
    if version is None:
        return None
    file = next((found for name in names if (found := entry(version, name)) is not None), None)
    if file is not None and file.is_directory and file.path.suffix == ".onnx":
        # Of an ONNX model with weights of its own, the folder has the name of the file in it.
        return file.child(file.path.name) or file
    return file


def _served(names: list[str], policy: Message) -> list[str]:
    versions = sorted((int(name), name) for name in names if name.isascii() and name.isdecimal() and name[0] != "0")
    if "specific" in policy:
        wanted = set(policy["specific"].get("versions", ()))
        versions = [one for one in versions if one[0] in wanted]
    elif "all" not in policy:
        versions = versions[-max(1, policy.get("latest", {}).get("num_versions", 1)) :]
    return [name for _, name in versions[-_MOST_VERSIONS:]]
