"""Version: the model files of the versions that a configuration serves."""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.readers.against_model import Contract
from sigcheck.readers.named_entry import entry
from sigcheck.readers.triton.config import Tensor, read_states
from sigcheck.readers.triton.difference import RULE, Beside
from sigcheck.schema.errors import SourceError
from sigcheck.schema.finding import Finding
from sigcheck.schema.signature import SERVING_KEY, Note, Signature

_HELP = "correct the configuration, or serve the model that it speaks for"

# Where backends look for a model unless told (triton-inference-server/server, docs/user_guide/model_repository.md).
_NAMES = ("model.savedmodel", "model.graphdef", "model.onnx")
# What keeps states: backends of ONNX, TensorRT and PyTorch alone (triton-inference-server/server,
# docs/user_guide/implicit_state_management.md; nor does tensorflow_backend, src/tensorflow.cc, make any).
_STATELESS = frozenset({"saved_model", "frozen_graph"})
_FED = "list it as an input and an output, for clients to feed back, or serve the model as ONNX"
# A version that is served is a number above 0.
_MOST_VERSIONS = 10


def compare(folder: Source, config: Message, inputs: list[Tensor], outputs: list[Tensor]) -> Beside:
    """The configuration of a folder against the models of its versions. A model that cannot be read is a note."""
    from sigcheck.readers import read_source

    findings: list[Finding] = []
    notes: list[Note] = []
    for file in _files(folder, config):
        try:
            model = read_source(file)
        except SourceError as error:
            notes.append(Note(place=file.place, message=f"not compared with: {error}"))
            continue
        contract = Contract(RULE, "served as", file.place, _HELP)
        key = config.get("parameters", {}).get("TF_SIGNATURE_DEF", {}).get("string_value") or SERVING_KEY
        named = [one for one in model.signatures if one.key == key] or list(model.signatures[:1])
        if model.reader == "saved_model" and (not named or named[0].key != key):
            found = ", ".join(one.key for one in model.signatures) or "none"
            findings.append(contract.finding(key, f"the signature that is served; {file.place} has {found}"))
        elif named:
            findings += _of_signature(contract, named[0], model.reader, config, inputs, outputs)
    return Beside(tuple(findings), tuple(notes))


def _of_signature(
    contract: Contract, own: Signature, reader: str, config: Message, inputs: list[Tensor], outputs: list[Tensor]
) -> Iterator[Finding]:
    # A graph has as many outputs as nodes, and names but the last ones.
    given = {} if reader == "frozen_graph" else {one.end.name: one.inner for one in outputs}
    yield from contract.against({one.end.name: one.inner for one in inputs}, given, own, _fed_by_server(config))
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


def _files(folder: Source, config: Message) -> Iterator[Source]:
    """Yields the model of each version that is served."""
    told = config.get("default_model_filename", "")
    for version in _served(folder.names(), config.get("version_policy", {})):
        inside = folder.child(version)
        names = (told,) if told else _NAMES
        file = next((found for name in names if inside and (found := entry(inside, name)) is not None), None)
        if file is not None:
            yield file


def _served(names: list[str], policy: Message) -> list[str]:
    versions = sorted((int(name), name) for name in names if name.isascii() and name.isdecimal() and name[0] != "0")
    if "specific" in policy:
        wanted = set(policy["specific"].get("versions", ()))
        versions = [one for one in versions if one[0] in wanted]
    elif "all" not in policy:
        versions = versions[-max(1, policy.get("latest", {}).get("num_versions", 1)) :]
    return [name for _, name in versions[-_MOST_VERSIONS:]]
