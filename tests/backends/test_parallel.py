"""
Another networkx backend can do the work.

Run where nx-parallel is installed, with the networkx that it works with:
``pip install . pytest nx-parallel==0.3 networkx==3.4.2 && pytest --noconftest tests/backends``
"""

from __future__ import annotations

import pytest

import icatmapping as im


@pytest.fixture
def ds() -> im.Dataset:
    """Give the bundled dataset."""
    return im.load()


def test_betweenness_is_the_same_by_a_parallel_backend(ds: im.Dataset) -> None:
    """What is handed to networkx as backend computes the same ranking."""
    alone = im.brokers(ds, country="Kenya")
    parallel = im.brokers(ds, country="Kenya", backend="parallel")
    assert [row.organization for row in alone] == [row.organization for row in parallel]
    assert [row.betweenness for row in parallel] == pytest.approx([row.betweenness for row in alone])


def test_a_backend_that_is_not_installed_is_named(ds: im.Dataset) -> None:
    """The error of networkx comes through."""
    with pytest.raises(ImportError, match="no-such-backend"):
        im.brokers(ds, country="Kenya", backend="no-such-backend")
