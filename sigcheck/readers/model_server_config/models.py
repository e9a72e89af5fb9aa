"""The models of a configuration, and where each lies.

A server has paths of its own, such as `/models/encoder`: the folder of the configuration stands for as much of the
beginning of a path as does not lie in it. Nothing outside of that folder is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sigcheck.encodings.message import Message, Messages, fields
from sigcheck.encodings.source import Source
from sigcheck.encodings.text_format import parse_message
from sigcheck.readers.named_entry import inside
from sigcheck.readers.saved_model.versions import versions_in, with_selector
from sigcheck.schema.errors import SourceError
from sigcheck.schema.near_name import near_names
from sigcheck.schema.selection import parse_selector

# Each is a folder to look into.
_MOST_MODELS = 1_000
# Of a path.
_MOST_NAMES = 50

# tensorflow_serving/config/model_server_config.proto; labels are a map, of which the entries are messages.
_MESSAGES = Messages(
    {
        "ModelServerConfig": fields(model_config_list="1 ModelConfigList"),
        "ModelConfigList": fields(config=f"1 ModelConfig many {_MOST_MODELS}"),
        "ModelConfig": fields(
            name="1 text",
            base_path="2 text",
            model_version_policy="7 ServableVersionPolicy",
            version_labels="8 VersionLabelsEntry many 1000",
        ),
        "VersionLabelsEntry": fields(key="1 text", value="2 int"),
        "ServableVersionPolicy": fields(latest="100 Latest", all="101 All", specific="102 Specific"),
        "Latest": fields(num_versions="1 int"),
        "All": {},
        "Specific": fields(versions="1 int many 1000"),
    },
    {},
)


class Served(NamedTuple):
    """A model of the configuration at a place: the versions that are served by their numbers, and numbers by labels."""

    place: str
    name: str
    versions: Mapping[int, Source]
    labels: Mapping[str, int]

    def version(self, said: str | None) -> Source:
        """The version of a number or label; the greatest where none is said. Raises SourceError for another."""
        if said is None:
            number: int | None = max(self.versions)
        else:
            by_number = {str(version): version for version in self.versions}
            number = by_number.get(said.lstrip("0") or "0", self.labels.get(said))
        if number is not None and number in self.versions:
            return self.versions[number]
        labelled = [label for label, one in self.labels.items() if one in self.versions]
        listed = ", ".join([*map(str, self.versions), *labelled])
        meant = f"label {said} of {self.name} stands for version {number}, which" if said in self.labels else None
        problem = f"{meant or f'version {said} of {self.name}'} is not served; served are {listed}."
        raise SourceError(self.place, f"{problem} Name one with {self.place}#{self.name}@{max(self.versions)}.")


def read_configs(source: Source) -> dict[str, Message]:
    """What is said of each model, by its name. Raises ValueError where the file is none, or says a name twice."""
    with source.content() as content:
        written = parse_message("ModelServerConfig", content, _MESSAGES)
    found: dict[str, Message] = {}
    for one in written.get("model_config_list", {}).get("config", ()):
        if one.get("name", "") in found:
            raise ValueError(f"two models called {one.get('name', '')[:80]!r}")
        found[one["name"]] = one
    if not found:
        raise ValueError("no models")
    return found


def chosen(configs: Mapping[str, Message], name: str, place: str) -> Message:
    """What is said of one model. Raises SourceError where there is none of the name."""
    if name not in configs:
        near = near_names(name, list(configs)) or list(configs)[:10]
        raise SourceError(place, f"no model {name[:80]!r} but {', '.join(near)}. Name one with {place}#{near[0]}.")
    return configs[name]


def find(source: Source, config: Message) -> Served:
    """Where a model lies. Raises SourceError where it lies outside of the folder, or none of its versions is there."""
    name, path = config["name"], config.get("base_path", "")
    base = _base(source.folder(), path)
    if base is None:
        problem = (
            f"base_path {path[:200]!r} of {name} is no folder beside this file. Put the models there, or name one."
        )
        raise SourceError(source.place, problem)
    versions = _policy(versions_in(base), config.get("model_version_policy", {}))
    if not versions:
        problem = f"no version of {name} that is to be served lies in its base_path {path[:200]!r}. Put it there."
        raise SourceError(source.place, problem)
    labels = {one.get("key", ""): one.get("value", 0) for one in config.get("version_labels", ())}
    return Served(source.place, name, versions, labels)


def located(source: Source) -> Source | None:
    """The version that is meant; None where there are several models and none is named.

    Raises ValueError or KeyError where the file is broken, SourceError where what is named is not there.
    """
    configs = read_configs(source)
    said = parse_selector(source.selector)
    if said.key is None and len(configs) > 1:
        return None
    config = chosen(configs, said.key if said.key is not None else next(iter(configs)), source.place)
    version = find(source, config).version(said.tags[0] if said.tags else None)
    return with_selector(version, None)


def _base(folder: Source | None, path: str) -> Source | None:
    names = [name for name in path.split("/") if name]
    if len(names) > _MOST_NAMES:
        return None
    own = folder.path.parts if folder is not None else ()
    tails = [names[at:] for at in range(len(names))]
    # One that lies in the folder by its whole path comes first.
    if folder is not None and path.startswith("/") and tuple(path.split("/")[1 : len(own)]) == own[1:]:
        tails.insert(0, names[len(own) - 1 :])
    for tail in tails:
        found = inside(folder, "/".join(tail)) if folder is not None and tail else None
        if found is not None and found.is_directory:
            return found
    return None


def _policy(versions: Mapping[int, Source], policy: Message) -> Mapping[int, Source]:
    """Those of all versions that are served; by default the greatest alone."""
    if "all" in policy:
        return versions
    if "specific" in policy:
        named = policy["specific"].get("versions", ())
        return {number: one for number, one in versions.items() if number in named}
    count = policy.get("latest", {}).get("num_versions", 1)
    return {number: versions[number] for number in sorted(versions)[-count:]} if count > 0 else {}
