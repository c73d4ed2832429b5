"""
The bundled dataset made as large as a test or a benchmark wants.
"""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import evolve, fields

import icatmapping as im
from icatmapping.datapackage.package import Package

if TYPE_CHECKING:
    from collections.abc import Callable


def scale_up(ds: im.Dataset, n_initiatives: int, n_organizations: int | None = None, seed: int = 0) -> im.Dataset:
    """
    Grow a dataset to any size without changing what it is like.

    Everything in the dataset is kept. Organizations are cloned in turn, each clone with the kind and country of its
    original; initiatives, and partnerships and resources in proportion, are drawn with replacement from those there
    are. A drawn record keeps its countries, themes, dates and the number of its participants in every role. Entities
    stay who they are; for any other participant one of its clones takes part. A partnership that is the same
    undertaking as an initiative is drawn as the twin of a drawn one. The same arguments give an equal dataset.
    """
    kept = len(ds.organizations)
    n_organizations = kept if n_organizations is None else n_organizations
    if n_initiatives < len(ds.initiatives) or n_organizations < kept:
        message = f"a dataset of {len(ds.initiatives)} initiatives and {kept} organizations only grows"
        raise ValueError(message)
    growth = _Growth(ds, n_organizations, random.Random(seed))
    factor = n_initiatives / len(ds.initiatives)
    initiatives = growth.initiatives(n_initiatives)
    package = Package(
        entities=tuple(ds.entities),
        organizations=growth.organizations,
        initiatives=initiatives,
        partnerships=growth.partnerships(round(factor * len(ds.partnerships))),
        resources=growth.resources(round(factor * len(ds.resources))),
        findings=ds.findings,
        hosts=ds.hosts,
        groupings=ds.groupings,
    )
    return im.Dataset.from_package(package)


_DRAWN = ("leads", "partners", "donors", "members", "publishers", "countries", "regions", "themes", "forms")
_DRAWN += ("responses", "target_groups", "sectors")
"""The lists of a record that are drawn value by value."""


def diversify(ds: im.Dataset, seed: int = 0) -> im.Dataset:
    """
    Draw every list of a dataset anew, value by value.

    A list is as long as some list of its field and has values that are as frequent as they were, each drawn without
    regard to the others: there are nearly as many combinations as records, where in a dataset that was made by
    `scale_up` there are no more than in the one that it was made from. All else is kept. The same arguments give an
    equal dataset.
    """
    rng = random.Random(seed)
    names = ("initiatives", "partnerships", "resources")
    drawn = {name: _drawn_anew(tuple(ds.collection(name)), rng) for name in names}
    others = {name: tuple(ds.collection(name)) for name in ("entities", "organizations")}
    package = Package(**others, **drawn, findings=ds.findings, hosts=ds.hosts, groupings=ds.groupings)
    return im.Dataset.from_package(package)


def _drawn_anew(records: tuple[Any, ...], rng: random.Random) -> tuple[Any, ...]:
    kind = type(records[0])
    columns: list[list[Any]] = []
    for field in fields(kind):
        column = [getattr(record, field.name) for record in records]
        if field.name in _DRAWN:
            lengths = rng.choices([len(values) for values in column], k=len(column))
            drawn = iter(rng.choices([value for values in column for value in values], k=sum(lengths)))
            column = [tuple(dict.fromkeys(islice(drawn, length))) for length in lengths]
        columns.append(column)
    return tuple(map(kind, *columns))


class _Growth:
    def __init__(self, ds: im.Dataset, n_organizations: int, rng: random.Random) -> None:
        self._ds = ds
        self._rng = rng
        originals = tuple(ds.organizations)
        self._clones: dict[str, list[str]] = {one.id: [one.id] for one in originals}
        found = list(originals)
        while len(found) < n_organizations:
            copy, place = divmod(len(found), len(originals))
            original = originals[place]
            clone = evolve(
                original,
                id=f"{original.id}-{copy}",
                acronym=None if original.acronym is None else f"{original.acronym}{copy}",
                name=f"{original.name} {copy}",
                aliases=tuple(f"{alias} {copy}" for alias in original.aliases),
                body_of=None,
                former_ids=(),
            )
            self._clones[original.id].append(clone.id)
            found.append(clone)
        self.organizations = tuple(sorted(found, key=_id))
        self._twins: dict[str, list[tuple[str, dict[str, str]]]] = {
            one.initiative: [] for one in ds.partnerships if one.initiative is not None
        }

    def initiatives(self, wanted: int) -> tuple[im.Initiative, ...]:
        def clone(original: im.Initiative, rest: tuple[Any, ...], number: int) -> im.Initiative:
            cast: dict[str, str] = {}
            leads, partners, donors = (
                self._cast(role, cast) for role in (original.leads, original.partners, original.donors)
            )
            identifier = f"{original.id}-{number:07d}"
            if original.id in self._twins:
                self._twins[original.id].append((identifier, cast))
            title = f"{original.title} {number}"
            return im.Initiative(
                identifier, title, original.acronym, original.summary, original.kind, leads, partners, donors, *rest, ()
            )

        return self._drawn(tuple(self._ds.initiatives), wanted, clone, after="donors")

    def partnerships(self, wanted: int) -> tuple[im.Partnership, ...]:
        def clone(original: im.Partnership, rest: tuple[Any, ...], number: int) -> im.Partnership:
            free = self._twins.get(original.initiative or "")
            twin, cast = free.pop() if free else (None, {})
            members = self._cast(original.members, cast)
            made = im.Partnership(
                f"{original.id}-{number:07d}",
                f"{original.name} {number}",
                original.acronym,
                original.kind,
                original.summary,
                members,
                *rest,
                (),
            )
            return evolve(made, initiative=twin)

        return self._drawn(tuple(self._ds.partnerships), wanted, clone, after="members")

    def resources(self, wanted: int) -> tuple[im.Resource, ...]:
        def clone(original: im.Resource, rest: tuple[Any, ...], number: int) -> im.Resource:
            publishers = self._cast(original.publishers, {})
            identifier = f"{original.id}-{number:07d}"
            return im.Resource(identifier, f"{original.title} {number}", original.kind, publishers, *rest, ())

        return self._drawn(tuple(self._ds.resources), wanted, clone, after="publishers")

    def _drawn(self, originals: tuple[Any, ...], wanted: int, clone: Callable[..., Any], after: str) -> tuple[Any, ...]:
        """Clone originals drawn with replacement; what lies between a field and the former ids is shared with them."""
        names = [field.name for field in fields(type(originals[0]))]
        shared = names[names.index(after) + 1 : names.index("former_ids")]
        rests = [tuple(getattr(original, name) for name in shared) for original in originals]
        places = self._rng.choices(range(len(originals)), k=wanted - len(originals))
        clones = [clone(originals[place], rests[place], number) for number, place in enumerate(places)]
        return tuple(sorted([*originals, *clones], key=_id))

    def _cast(self, role: tuple[str, ...], cast: dict[str, str]) -> tuple[str, ...]:
        """Say who plays a role; an organization that plays several in one record is the same clone in all."""
        clones, draw = self._clones, self._rng.random
        if clones.keys().isdisjoint(role):
            return role
        for one in role:
            if one in clones and one not in cast:
                choice = clones[one]
                cast[one] = choice[int(draw() * len(choice))]
        return tuple([cast.get(one, one) for one in role])


def _id(record: Any) -> str:
    identifier: str = record.id
    return identifier
