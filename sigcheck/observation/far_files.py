"""Far files: those that an address names, a pattern or a folder of a store."""

from __future__ import annotations

import glob
from pathlib import PurePath

from sigcheck.encodings.reach import Budget
from sigcheck.encodings.remote import StoreFiles, is_store
from sigcheck.observation.sources import reader_of
from sigcheck.schema.errors import SourceError


def far_files(address: str) -> list[str]:
    """The files that an address names, in order: of a store those that it matches, or that lie in a folder.

    A web server has no list of what it has: there an address is one file. Raises SourceError where the store does not
    answer, and for a pattern of addresses of a server.
    """
    if not is_store(address):
        # A mark of interrogation begins a query there.
        if "*" in address.partition("?")[0]:
            raise SourceError(address, "a pattern, and a server has no list of its files. Name each of them.")
        return [address]
    store = StoreFiles(address, Budget.of_data())
    # A file may have the name of a pattern, as on this machine.
    if glob.has_magic(address) and store.kind(PurePath(address)) is None:
        return store.matching(PurePath(address))
    if reader_of(address) is not None or store.kind(PurePath(address)) != "folder":
        return [address]
    names = store.names(PurePath(address))
    return [f"{address.rstrip('/')}/{name}" for name in names if reader_of(name) is not None]
