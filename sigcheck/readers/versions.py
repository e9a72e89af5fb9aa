"""Versions: a folder of numbered SavedModels, as TensorFlow Serving takes it, stands for one of them.

So does a `models.config` of the server for one of its models, by its name.
"""

from __future__ import annotations

from sigcheck.encodings.source import Source
from sigcheck.readers.version_folder import versions_in, with_selector
from sigcheck.schema.selection import parse_selector

# What a server's configuration is called, and how one begins. Each file of a folder is asked for it.
_CONFIG, _CONFIG_HEAD = ".config", b"model_config_li"


def served_version(source: Source) -> Source:
    """The version that is meant: the greatest, or that of `base/#@3`; the source itself where it is no such folder.

    Of `models.config#NAME` it is that of the model of this name.
    """
    if not source.is_directory:
        if source.path.suffix != _CONFIG and not source.head.lstrip().startswith(_CONFIG_HEAD):
            return source
        from sigcheck.readers.model_server_config.served import served_model

        return served_model(source) or source
    found = versions_in(source)
    if not found:
        return source
    said = parse_selector(source.selector)
    number = int(said.tags[0]) if said.tags and len(said.tags) == 1 and said.tags[0].isdecimal() else None
    return with_selector(found[number], said.key) if number is not None and number in found else found[max(found)]
