"""Light imports: pydantic without what its import builds and no command uses, a third of what `show` takes.

Of a command's own process alone: who imports sigcheck gets pydantic as it is.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import typing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_LIGHT = frozenset({"pydantic", "pydantic_core", "annotated_types"})
_FIELDS = "__dataclass_fields__"
_dataclass = dataclasses.dataclass
# What a class may have of its own, or ask for, is done by the real decorator.
_OWN = frozenset({"__init__", "__eq__", "__repr__", "__hash__", "__setattr__", "__delattr__"})
_KNOWN = frozenset({"frozen", "slots", "kw_only"})
_NONE = object()


def lighten_imports() -> None:
    """Makes the imports of pydantic that follow light ones.

    It searches every installed package for plugins, unless told not to, and then still imports what it would look
    with: importlib.metadata and, through it, email. For a type of secrets it loads hmac and, through it, OpenSSL; for
    the name of the system, which uuid asks, a module of patterns. Its own classes are made by `_light_classes`.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _stand_in("pydantic.plugin._loader", get_plugins=tuple)
    _stand_in("secrets")
    if hasattr(os, "uname"):
        _stand_in("platform", system=lambda: os.uname().sysname)
    sys.meta_path.insert(0, _LightFinder)


def _stand_in(name: str, **known: Any) -> None:
    """Puts a module in the place of one that is not loaded: it knows these names, and loads the real one for others.

    The lazy loader of the standard library loads as soon as another module imports the name.
    """
    answer = ModuleType(name)

    def ask_the_real_one(wanted: str) -> Any:
        if wanted.startswith("__"):
            # The import system asks every module for some of these.
            raise AttributeError(wanted)
        if sys.modules.get(name) is answer:
            del sys.modules[name]
        return getattr(import_module(name), wanted)

    vars(answer).update(known, __getattr__=ask_the_real_one)
    sys.modules.setdefault(name, answer)


class _LightFinder:
    """Finds modules where they are found, and has those of pydantic make light classes."""

    @classmethod
    def find_spec(cls, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The spec of a module of pydantic; None of any other, which is found as without this."""
        if name.partition(".")[0] not in _LIGHT:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            vars(spec.loader)["exec_module"] = partial(_run_light, spec.loader.exec_module)
        return spec


def _run_light(run: Callable[[ModuleType], None], module: ModuleType) -> None:
    with _light_classes():
        run(module)


@contextmanager
def _light_classes() -> Iterator[None]:
    """Data classes are made when they are used, and typed dicts are the plain ones that they are at run time.

    Making either compiles texts of Python, one for each method or field, and a command uses one class in ten.
    """
    # Before: it has a TypedDict of its own, made of that of the standard library.
    import typing_extensions

    light = (
        (dataclasses, "dataclass", _light_dataclass),
        (typing, "TypedDict", _PlainDict),
        (typing_extensions, "TypedDict", _PlainDict),
    )
    kept = [getattr(module, name) for module, name, _ in light]
    for module, name, made in light:
        setattr(module, name, made)
    try:
        yield
    finally:
        for (module, name, _), real in zip(light, kept, strict=True):
            setattr(module, name, real)


class _PlainDict(dict[str, Any]):
    """The base of typed dicts whose fields nobody asks for: calling one gives a dict."""

    def __new__(cls, *fields: Any, **named: Any) -> Any:
        """A dict."""
        return dict(*fields, **named)

    def __init_subclass__(cls, **options: Any) -> None:
        """Takes what a typed dict is told of its fields: `total`, `closed`."""
        super().__init_subclass__()


def _light_dataclass(made: type | None = None, /, **options: Any) -> Any:
    """As `dataclasses.dataclass`, with methods that look the fields up, until somebody asks for what these lack."""
    if made is None:
        return partial(_light_dataclass, **options)
    if not options.keys() <= _KNOWN or not _OWN.isdisjoint(vars(made)):
        return _dataclass(**options)(made)
    # Slots would make another class, of which nobody holds the one that is here.
    _Postponed(made, {name: value for name, value in options.items() if name != "slots"})
    return made


class _Postponed:
    """A data class whose methods are not written yet: stands where its fields are looked for, by who inherits too."""

    def __init__(self, made: type, options: dict[str, Any]) -> None:
        self._made, self._options = made, options
        methods: dict[str, Callable[..., Any]] = {
            "__init__": self._start,
            "__eq__": self._equal,
            "__repr__": lambda one: repr(self._written(one)),
        }
        if options.get("frozen"):
            methods |= {"__hash__": lambda one: hash(self._values(one)), "__setattr__": _refuse}
        self._methods = {_FIELDS: self, "__hash__": None, **{name: _method(call) for name, call in methods.items()}}
        for name, one in self._methods.items():
            setattr(made, name, one)

    def __get__(self, instance: Any, owner: type) -> Any:
        """The fields of the class, as its decorator makes them."""
        self.write()
        return getattr(owner, _FIELDS)

    def write(self) -> None:
        """Makes the class what its decorator says."""
        if vars(self._made).get(_FIELDS) is self:
            for name in self._methods:
                delattr(self._made, name)
            _dataclass(**self._options)(self._made)

    def _written(self, instance: Any) -> Any:
        self.write()
        return instance

    @cached_property
    def _defaults(self) -> dict[str, Any] | None:
        """The default of each field; None where a field has more than one, or the class inherits some."""
        annotated = vars(self._made).get("__annotations__", {})
        defaults = {name: vars(self._made).get(name, _NONE) for name in annotated}
        are_plain = not any("Var" in str(one) or "KW_ONLY" in str(one) for one in annotated.values())
        has_more = any(isinstance(one, dataclasses.Field) for one in defaults.values())
        inherits = any(_FIELDS in vars(base) for base in self._made.__mro__[1:])
        return defaults if are_plain and not has_more and not inherits else None

    def _start(self, instance: Any, /, *given: Any, **named: Any) -> None:
        """Sets the fields; what is given wrong is refused by the real one."""
        defaults = self._defaults
        told = dict(zip(defaults or (), given, strict=False))
        is_right = defaults is not None and len(told) == len(given) and not (given and self._options.get("kw_only"))
        fields = {**(defaults or {}), **told, **named}
        if not is_right or told.keys() & named.keys() or len(fields) != len(defaults or ()) or _NONE in fields.values():
            self._written(instance).__init__(*given, **named)
            return
        vars(instance).update(fields)
        if hasattr(instance, "__post_init__"):
            instance.__post_init__()

    def _values(self, instance: Any) -> tuple[Any, ...]:
        return tuple(getattr(instance, name) for name in self._defaults or ())

    def _equal(self, one: Any, other: Any) -> Any:
        return self._values(one) == self._values(other) if one.__class__ is other.__class__ else NotImplemented


def _method(call: Callable[..., Any]) -> Callable[..., Any]:
    """A function, which is bound to instances as no other thing that is called."""
    return lambda instance, /, *given, **named: call(instance, *given, **named)


def _refuse(_: Any, name: str, __: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
