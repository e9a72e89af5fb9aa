"""Loading: how a model is loaded, where a person asks for it: with which modules, and with which code of its file."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from sigcheck.schema.errors import UsageError
from sigcheck.schema.printable import shortened
from sigcheck.schema.value import Value


def _importable(name: str) -> str:
    if not all(part.isidentifier() for part in name.split(".")):
        raise ValueError(f"{shortened(repr(name))} is no name of a module, such as my_package.layers")
    return name


ModuleName = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_importable)]
LayerName = Annotated[str, Field(min_length=1, max_length=500)]


class Loading(Value):
    """What a model is loaded with.

    `imports` are modules that are imported first: their classes and functions are custom objects of Keras, and the
    operations that they register are there. `lambdas` names the Lambda layers whose code, which lies in the file, may
    run; no other does. `root` is the folder in which the modules are looked for first, the current one unless given.
    """

    imports: tuple[ModuleName, ...] = ()
    lambdas: tuple[LayerName, ...] = ()
    root: Annotated[str | None, Field(exclude=True)] = None

    @property
    def written(self) -> bool | Loading:
        """What a certificate says of it: True where there is nothing more to say."""
        return self if self.imports or self.lambdas else True


# Whether a model is loaded, and with what.
Load = bool | Loading


def loading_of(load: Load) -> Loading | None:
    """How it is loaded; None where it is not."""
    return load if isinstance(load, Loading) else Loading() if load else None


def require_load(value: object) -> None:
    """Raises UsageError for what does not say whether a model is loaded."""
    if not isinstance(value, bool | Loading):
        found = shortened(repr(value))
        raise UsageError("load", f"found {found}, expected True, False or a sigcheck.Loading. Pass one of these.")
