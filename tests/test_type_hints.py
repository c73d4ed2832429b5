"""
Annotations that programs read: `typing.get_type_hints` gives types for every public name.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
import typing

import networkx as nx
import pandas as pd
import pytest

import icatmapping as im

PUBLIC = [name for name in im.__all__ if callable(getattr(im, name))]


def _typed(name: str) -> list[typing.Any]:
    """Give a public function, or a class with its methods and properties."""
    found = getattr(im, name)
    if not isinstance(found, type):
        return [found]
    members = [member for _, member in inspect.getmembers_static(found)]
    plain = [getattr(member, "fget", None) or getattr(member, "__func__", member) for member in members]
    ours = [one for one in plain if inspect.isfunction(one) and "icatmapping" in one.__code__.co_filename]
    return [found, *ours]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_has_types(name: str) -> None:
    """Functions, classes, their methods and properties: no text is left that only a type checker understands."""
    for one in _typed(name):
        hints = typing.get_type_hints(one)
        assert set(hints) >= set(vars(one).get("__annotations__", {}))
        assert not any(isinstance(hint, str) for hint in hints.values())


def test_the_types_are_the_classes_themselves() -> None:
    """Those of this library and of others, which are imported when the types are asked for."""
    assert typing.get_type_hints(im.country_brief)["ds"] is im.Dataset
    assert typing.get_type_hints(im.collaboration_paths)["return"] is im.Paths
    assert typing.get_type_hints(im.partnership_graph)["return"] is nx.Graph
    assert typing.get_type_hints(im.Collection.to_pandas)["return"] is pd.DataFrame
    assert typing.get_type_hints(im.tidy)["records"] == im.Collection[typing.Any]


def test_a_public_name_that_is_asked_for_imports_no_library_for_its_types() -> None:
    """Neither networkx nor data frames."""
    asked = "im.partnership_graph, im.Collection"
    code = f"import icatmapping as im, sys; {asked}; print({{'networkx', 'pandas'}} & {{*sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
