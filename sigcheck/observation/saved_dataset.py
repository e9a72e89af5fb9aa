"""Saved dataset: the files in a folder that `tf.data.Dataset.save` wrote (snapshot.proto)."""

from __future__ import annotations

from pathlib import Path

from sigcheck.encodings.message import Messages, decode, fields
from sigcheck.encodings.whole_file import read_whole
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import unreadable

_METADATA = "snapshot.metadata"
_MOST_BYTES = 1 << 20
_MESSAGES = Messages({"Snapshot": fields(run_id="2 text", version="4 int", finalized="1000 bool")}, {})
# The one that keeps tensors as records; `Dataset.save` writes no other.
_VERSION = 2


def saved_files(folder: Path) -> list[str] | None:
    """The files of the dataset that is saved in the folder; None where none is.

    Raises SourceError where its saving did not end, or it was saved in another form.
    """
    place = folder / _METADATA
    if not place.is_file():
        return None
    try:
        found = decode("Snapshot", read_whole(place, _MOST_BYTES, "what a dataset is saved as"), messages=_MESSAGES)
    except OSError as error:
        raise SourceError(str(place), unreadable(error)) from None
    except ValueError:
        raise SourceError(str(place), "not what a dataset is saved as. Save it again.") from None
    run = found.get("run_id", "")
    if found.get("version") != _VERSION or not run or Path(run).name != run:
        raise SourceError(str(place), "another form of a snapshot, expected that of tf.data.Dataset.save. Save it so.")
    if not found.get("finalized"):
        raise SourceError(str(folder), "a dataset whose saving did not end. Save it again.")
    return sorted(str(one) for one in (folder / run).glob("*/*.snapshot"))
