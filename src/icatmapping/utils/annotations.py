"""
What annotations say of the values of a field, and how they are made to say it to whoever asks. Knows nothing of the
mapping.
"""

from __future__ import annotations

import builtins
import re
import sys
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["complete_names", "is_annotated", "is_optional", "is_tuple"]


def is_annotated(kind: Any) -> bool:
    """Return whether a type is annotated with a format."""
    origin: Any = get_origin(kind)
    return origin is Annotated


def is_tuple(kind: Any) -> bool:
    """Return whether a field holds several values."""
    origin: Any = get_origin(kind)
    return origin is tuple


def is_optional(kind: Any) -> bool:
    """Return whether a field may be null."""
    return type(None) in get_args(kind)


# --- annotations of public names -------------------------------------------------------------------------------------

_NAME = re.compile(r"(?<![\w.\"'])[A-Za-z_]\w*")
_LIBRARIES = {"nw": "narwhals", "nx": "networkx", "pa": "pyarrow", "pd": "pandas", "pl": "polars"}
"""Libraries that are imported when they are used, by what annotations call them."""


def complete_names(found: object, homes: Mapping[str, str]) -> None:
    """
    Give the modules of a class or function the names that its annotations use and that they import for type checkers
    alone, so that `typing.get_type_hints` finds them.

    Args:
        found: The class or function; anything else is left alone.
        homes: For each name that annotations may use, the module in which it is. Of others the source is asked.
    """
    for owner in _annotated(found):
        module = sys.modules.get(getattr(owner, "__module__", ""))
        known: dict[str, Any] = vars(module) if module is not None else {}
        # Methods that attrs writes have names of their own.
        seen: dict[str, Any] = getattr(owner, "__globals__", known)
        for annotation in getattr(owner, "__annotations__", {}).values():
            for name in _NAME.findall(annotation) if isinstance(annotation, str) else ():
                if not hasattr(builtins, name) and (name not in seen or isinstance(seen[name], str)):
                    seen.update(_Names(known, homes).found(name))


class _Names(dict[str, Any]):
    """The names of a module, and those that its annotations may use beside them."""

    def __init__(self, known: Mapping[str, Any], homes: Mapping[str, str]) -> None:
        super().__init__(known)
        self._homes = homes

    def found(self, name: str) -> dict[str, Any]:
        """Return what a name means, if it means anything: of an alias that is text, the type that it stands for."""
        try:
            meant = self[name]
        except KeyError:
            return {}
        return {name: eval(meant, {}, self) if isinstance(meant, str) else meant}  # noqa: S307 - an alias, and ours

    def __missing__(self, name: str) -> Any:
        if name in _LIBRARIES:
            return _Library(_LIBRARIES[name])
        home_name = self._homes.get(name) or _imports_for_checkers(self["__name__"]).get(name)
        if home_name is None:
            return vars(builtins)[name]
        home = import_module(home_name)
        if home_name == name or not hasattr(home, name):
            return home
        return next(iter(_Names(vars(home), self._homes).found(name).values()))


@cache
def _imports_for_checkers(module: str) -> Mapping[str, str]:
    """Return the module that each name comes from which a module imports, as its source says, if there is one."""
    import ast  # noqa: PLC0415 - hardly ever needed

    spec = getattr(sys.modules[module], "__spec__", None)
    read = getattr(getattr(spec, "loader", None), "get_source", None)
    source = read(module) if read is not None else None
    imports = [node for node in ast.walk(ast.parse(source or "")) if isinstance(node, ast.ImportFrom)]
    return {each.asname or each.name: node.module for node in imports if node.module for each in node.names}


def _annotated(found: object) -> Iterator[object]:
    """Yield a function; or a class with what it inherits, and their methods and properties."""
    package = __name__.partition(".")[0]
    if not isinstance(found, type):
        yield found
        return
    for kind in found.__mro__:
        if kind.__module__.partition(".")[0] == package:
            yield kind
            for member in vars(kind).values():
                yield getattr(member, "fget", None) or getattr(member, "__func__", member)


class _Library:
    """A library whose classes are imported when an annotation is evaluated; any type, if it is not installed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        try:
            found = getattr(import_module(self._name), name)
        except ImportError:
            return Any
        return found if hasattr(found, "__class_getitem__") or self._name != "networkx" else _Generic(found)


class _Generic:
    """A class that is generic for type checkers alone."""

    def __init__(self, kind: type) -> None:
        self._kind = kind

    def __getitem__(self, _: object) -> type:
        return self._kind
