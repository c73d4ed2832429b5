"""
The one table of collections: what each is called, how its records are named and what they refer to.

Free of attrs, so that a query can be answered without the classes of the records. Everything that lists collections,
roles, keys or kinds reads this table, so a new collection is one entry.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BODIES",
    "COLLECTIONS",
    "DESCRIPTOR",
    "FILES",
    "FIXED_TABLES",
    "KIND_VOCABULARIES",
    "LOCATED",
    "OPTIONAL_FILES",
    "QUERIED",
    "RECORD_FILES",
    "ROLES",
    "UNDERTAKINGS",
    "CollectionSchema",
    "Kind",
    "Value",
    "collection_of",
]

Value: TypeAlias = str | int
"""A value of a dimension: a term, a code, an id, or a year."""
Kind: TypeAlias = type[Any] | str
"""A kind of record: its class, or the name of its collection."""

BODIES = ("entities", "organizations")
"""The collections of those that take part in what others hold."""


class CollectionSchema(NamedTuple):
    """
    What there is to know of a collection beside its records.

    Attributes:
        name: Its name, which is that of its file.
        singular: What one of its records is called.
        title: What its records are, in a few words.
        key: The fields that tell its records apart.
        roles: The fields that name those who take part in a record.
        kind_vocabulary: The vocabulary of the field ``kind``, or None if the records have none.
        foreign_keys: For each field that refers to records, the collections in which they are, and by which field.
        is_queried: Whether a dataset has it as a collection that can be asked.
        is_fixed: Whether the library fixes its content, so that packages bring none of their own.
        may_be_missing: Whether a package may lack its file, and has the bundled one then.
        is_undertaking: Whether its records are work that goes on for a time, with a scope and responses.
    """

    name: str
    singular: str
    title: str
    key: tuple[str, ...] = ("id",)
    roles: tuple[str, ...] = ()
    kind_vocabulary: str | None = None
    foreign_keys: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType({})
    is_queried: bool = True
    is_fixed: bool = False
    is_undertaking: bool = False
    may_be_missing: bool = False

    @property
    def file(self) -> str:
        """The name of its file in a data package."""
        return f"{self.name}.json"


def _references(**fields: tuple[tuple[str, ...], str]) -> Mapping[str, tuple[tuple[str, ...], str]]:
    return MappingProxyType(fields)


_TOBODIES = (BODIES, "id")
_TO_COUNTRY = (("countries",), "alpha3")

COLLECTIONS: Mapping[str, CollectionSchema] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            CollectionSchema(
                "entities",
                "entity",
                "Members of ICAT",
                kind_vocabulary="entity_kind",
                foreign_keys=_references(headquarters=_TO_COUNTRY),
            ),
            CollectionSchema(
                "organizations",
                "organization",
                "Everyone else that takes part",
                kind_vocabulary="organization_kind",
                foreign_keys=_references(
                    country=_TO_COUNTRY, part_of=_TOBODIES, successor=_TOBODIES, body_of=(("partnerships",), "id")
                ),
            ),
            CollectionSchema(
                "initiatives",
                "initiative",
                "Programmes, projects, operations and campaigns",
                roles=("leads", "partners", "donors"),
                kind_vocabulary="initiative_kind",
                foreign_keys=_references(leads=_TOBODIES, partners=_TOBODIES, donors=_TOBODIES),
                is_undertaking=True,
            ),
            CollectionSchema(
                "partnerships",
                "partnership",
                "Multi-stakeholder bodies",
                roles=("members",),
                kind_vocabulary="partnership_kind",
                foreign_keys=_references(members=_TOBODIES, initiative=(("initiatives",), "id")),
                is_undertaking=True,
            ),
            CollectionSchema(
                "resources",
                "resource",
                "Publications",
                roles=("publishers",),
                kind_vocabulary="resource_kind",
                foreign_keys=_references(publishers=_TOBODIES),
            ),
            CollectionSchema(
                "hosts",
                "host",
                "Hosts of web pages, and how their pages count as evidence",
                key=("host",),
                foreign_keys=_references(owner=_TOBODIES),
                is_queried=False,
            ),
            CollectionSchema(
                "findings", "finding", "What ICAT published in 2021 about its own mapping", is_queried=False
            ),
            CollectionSchema(
                "groupings",
                "grouping",
                "Groupings of countries",
                is_queried=False,
                may_be_missing=True,
            ),
            CollectionSchema(
                "countries",
                "country",
                "Countries (ISO 3166-1, and Kosovo) with their M49 sub-regions and regions",
                key=("alpha3",),
                is_queried=False,
                is_fixed=True,
            ),
            CollectionSchema(
                "vocabulary",
                "term",
                "Terms with their labels and definitions",
                key=("vocabulary", "value"),
                is_queried=False,
                is_fixed=True,
            ),
        )
    }
)
"""Every collection by name, in the order in which they are listed."""

DESCRIPTOR = "datapackage.json"
"""The file that describes a data package."""
FILES: tuple[str, ...] = tuple(entry.file for entry in COLLECTIONS.values())
"""The data files of a package, beside its descriptor."""
FIXED_TABLES: tuple[str, ...] = tuple(name for name, entry in COLLECTIONS.items() if entry.is_fixed)
"""The collections whose content the library fixes."""
RECORD_FILES: tuple[str, ...] = tuple(name for name, entry in COLLECTIONS.items() if not entry.is_fixed)
"""The collections that packages bring."""
OPTIONAL_FILES: tuple[str, ...] = tuple(entry.file for entry in COLLECTIONS.values() if entry.may_be_missing)
"""The data files that a package may lack, and has the bundled ones then."""
QUERIED: tuple[str, ...] = tuple(name for name, entry in COLLECTIONS.items() if entry.is_queried)
"""The collections that can be asked."""
ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: entry.roles for name, entry in COLLECTIONS.items() if entry.roles}
)
"""For every collection in whose records somebody takes part, the fields that name them."""
LOCATED: tuple[str, ...] = tuple(ROLES)
"""The collections whose records name countries and regions: those in which somebody takes part."""
UNDERTAKINGS: tuple[str, ...] = tuple(name for name, entry in COLLECTIONS.items() if entry.is_undertaking)
"""The collections of work that goes on for a time."""
KIND_VOCABULARIES: Mapping[str, str] = MappingProxyType(
    {name: entry.kind_vocabulary for name, entry in COLLECTIONS.items() if entry.kind_vocabulary is not None}
)
"""The vocabulary of the field ``kind`` of each collection that has one."""


def collection_of(kind: Kind) -> str:
    """Return the name of the collection that the records of a kind are in."""
    return kind if isinstance(kind, str) else str(kind.collection)
