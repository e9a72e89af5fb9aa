"""What is no model and is often taken for one: what it is, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sigcheck.encodings.remote import is_store
from sigcheck.encodings.source import Source
from sigcheck.readers.folder import find_first_model
from sigcheck.readers.preset import NoModel, preset
from sigcheck.readers.saved_model.recognize import BINARY
from sigcheck.schema.address import is_address

_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_ARCHIVES = frozenset({".tar", ".tgz", ".tbz2", ".txz", ".xz", ".bz2", ".zst", ".7z", ".rar"})
# The first bytes of a file that Git LFS has not fetched (git-lfs/docs/spec.md); DVC writes one beside the file.
LFS_POINTER = b"version https://"
_DVC_POINTER = ".dvc"
# A checkpoint is a list of names, an index, and data in pieces; TensorFlow 1 wrote the graph beside them.
_INDEX, _PIECE, _LIST = ".index", ".data-", "checkpoint"
_GRAPH = ".meta"
_TENSORS = ".safetensors"
# Protocols 2 to 5 begin so (pickletools); what PyTorch saves is a zip of one.
_PICKLES = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
# Names of a folder that are looked at: a checkpoint has a handful, a run leaves hundreds.
_MOST_NAMES = 10_000
_SAVE = "Save the model itself, with model.save or tf.saved_model.save, and name that"


_LFS = NoModel("a pointer of Git LFS: the file itself is not here", "Run `git lfs pull`.")
_DVC = NoModel("a pointer of DVC: the file itself is another", "Run `dvc pull`, and name the file beside it.")
_NO_MODEL = NoModel("not a model", "Check the path.")
_EMPTY = NoModel("an empty file", "Check the path.")
_CHECKPOINT = NoModel("a checkpoint: weights, without the model that they belong to", f"{_SAVE}.")
_PICKLE = NoModel(
    "a pickle, which is a program and never opened",
    "Export the model that it holds, with torch.export, torch.onnx or as a SavedModel, and name that.",
)
_PROGRAM = NoModel(
    "a program that PyTorch exported, which PyTorch alone opens",
    "In Python, call sigcheck.read(torch.export.load(FILE)), or sigcheck.check with it; or write it with "
    "torch.onnx.export, and name that file.",
)
# An archive of a graph and of weights (torch.export.save; Keras' export of the format "torch").
_OPENED_BY_OTHERS = {**dict.fromkeys((".pkl", ".pickle", ".pt", ".pth"), _PICKLE), ".pt2": _PROGRAM}
_CODE = NoModel("Python code, which is never run", "Save the model that it makes, and name the file.")
_META = NoModel(
    "the graph of a TensorFlow 1 checkpoint, which does not say what goes in and out",
    "Export it as a SavedModel with signatures, or freeze it to a .pb file, and name that.",
)


def pointer(source: Source) -> NoModel | None:
    """What stands for a file, or for that of a SavedModel, where it was not fetched; None where it is there."""
    file = source.child(BINARY) if source.is_directory else source
    return _LFS if file is not None and file.head == LFS_POINTER else None


def either(names: Sequence[str]) -> str:
    """`a, b or c`."""
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)


def describe(source: Source, accepted: Sequence[str], usual: str) -> NoModel:
    """What a source is that no reader takes; `accepted` is what they take, each with the ending that it has.

    `usual` is what is expected where no ending says it: fifteen formats are more than anybody reads.
    """
    if not source.is_directory:
        found = _of_file(source.head, source.path.name, source.path.suffix)
    elif (known := preset(source)) is not None:
        # Before the weights in it, which an HDF5 file holds.
        found = known
    elif (model := find_first_model(source)) is not None:
        return NoModel("a folder that is no model itself, but holds some", f"Name one, such as {model.place}.")
    else:
        found = _of_folder(source.names()[:_MOST_NAMES])
    around = _folder_of_model(source)
    if around is not None:
        return NoModel("a part of a SavedModel, not a model", f"Name the folder: {around}.")
    named = [] if source.is_directory else _of_ending(source.path.suffix, accepted)
    if named and found == _NO_MODEL:
        return NoModel(f"{found.is_what}, expected {either(named)}", "Export or copy it again.")
    return NoModel(f"{found.is_what}, expected {either(named) or usual}", found.cure)


def _of_ending(suffix: str, accepted: Sequence[str]) -> list[str]:
    """What the name of a file says that it is: nobody who names a .keras file means another format."""
    return [one for one in accepted if suffix and re.search(rf"(?<![\w.]){re.escape(suffix)}(?!\w)", one)]


def _folder_of_model(source: Source) -> str | None:
    """The SavedModel that a source lies in; None where it lies in none, or where its server answers to any name."""
    is_far = is_address(source.text)
    if is_far and not is_store(source.text):
        return None
    for above, folder in enumerate(list(source.path.parents)[:2], start=1):
        if source.files.kind(folder / BINARY) == "file":
            # A path makes one slash of the two of an address.
            return source.place.rstrip("/").rsplit("/", above)[0] if is_far else str(folder)
    return None


def _of_folder(names: list[str]) -> NoModel:
    if _LIST in names or any(_is_checkpoint(name) for name in names):
        return _CHECKPOINT
    return NoModel("a folder without a model" if names else "an empty folder", "Check the path.")


def _of_file(head: bytes, name: str, suffix: str) -> NoModel:
    found = _NO_MODEL
    if suffix == _DVC_POINTER:
        found = _DVC
    elif not head:
        found = _EMPTY
    elif suffix in _OPENED_BY_OTHERS:
        found = _OPENED_BY_OTHERS[suffix]
    elif head.startswith(_ZIP):
        found = NoModel("a zip archive that is no .keras file", "Unpack it, and name the model in it.")
    elif head.startswith(_GZIP) or suffix in _ARCHIVES:
        found = NoModel("a packed archive", "Unpack it, and name the model in it.")
    elif suffix == _GRAPH:
        found = _META
    elif name == _LIST or _is_checkpoint(name) or suffix == _TENSORS:
        found = _CHECKPOINT
    elif head.startswith(_PICKLES):
        found = _PICKLE
    elif suffix == ".py":
        found = _CODE
    return found


def _is_checkpoint(name: str) -> bool:
    return name.endswith(_INDEX) or _PIECE in name
