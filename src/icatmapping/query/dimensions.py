"""
The one table of dimensions: by what a record can be asked for, counted or tabulated.

A dimension gives the values that a record has, the label of a value, and its universe (every value that there could
be). Queries, statistics and tables all read this table, so a new dimension is one entry. It knows nothing of who asks.
"""

from __future__ import annotations

from operator import index
from types import MappingProxyType
from typing import TYPE_CHECKING, SupportsIndex

from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.model import geography
from icatmapping.model.schema import KIND_VOCABULARIES, LOCATED, ROLES, UNDERTAKINGS, Kind, Value, collection_of
from icatmapping.model.time import Span, as_span
from icatmapping.model.vocabulary import VOCABULARIES, Evidence, PriorityArea, find_term, parse, terms
from icatmapping.query.readers import Direct, FieldReader, SingleReader, YearReader, optional_field, union
from icatmapping.utils.text import fold, join_or, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from icatmapping.model.records import Record
    from icatmapping.query.codes import Codes
    from icatmapping.query.directory import Directory

__all__ = ["DIMENSIONS", "Dimension", "dimension", "dimensions_of", "parse_years"]


def _entities(directory: Directory, *roles: tuple[str, ...]) -> tuple[str, ...]:
    return directory.entities_of(union(directory, *roles))


def _regions(directory: Directory, countries: tuple[str, ...], areas: tuple[str, ...]) -> tuple[str, ...]:
    """Return the regions of a record: of its countries, and those in which an area that it names lies wholly."""
    region_of = directory.areas.region_of
    found = [region_of.get(area) for area in areas]
    found += map(geography.region_of, countries)
    return tuple(dict.fromkeys([region for region in found if region is not None]))


def _region(_: Directory, country: str | None) -> tuple[str, ...]:
    return optional_field(_, geography.region_of(country) if country else None)


def _subregions(directory: Directory, countries: tuple[str, ...], areas: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sub-regions of a record: of its countries, and those that it names."""
    named = directory.areas.named
    found: list[str | None] = [area for area in areas if area in named and named[area].kind == "subregion"]
    found += map(geography.subregion_of, countries)
    return tuple(dict.fromkeys([subregion for subregion in found if subregion is not None]))


def _subregion(_: Directory, country: str | None) -> tuple[str, ...]:
    return optional_field(_, geography.subregion_of(country) if country else None)


def _groupings(directory: Directory, areas: tuple[str, ...]) -> tuple[str, ...]:
    groupings = directory.areas.groupings
    return tuple([area for area in areas if area in groupings])


def _donor_countries(directory: Directory, donors: tuple[str, ...]) -> tuple[str, ...]:
    found = map(directory.state_of, donors)
    return tuple(dict.fromkeys([alpha3 for alpha3 in found if alpha3 is not None]))


def _priority_areas(_: Directory, themes: tuple[str, ...]) -> tuple[PriorityArea, ...]:
    stated = set(themes)
    areas = terms("priority_area")
    return tuple([area for area in PriorityArea if not stated.isdisjoint(areas[area].themes)])


def _evidence_of_body(directory: Directory, identifier: str, sources: tuple[str, ...]) -> tuple[Evidence, ...]:
    return _best_grade(directory, sources, (identifier,))


def _evidence_of_work(directory: Directory, sources: tuple[str, ...], *roles: tuple[str, ...]) -> tuple[Evidence, ...]:
    return _best_grade(directory, sources, union(directory, *roles))


def _best_grade(directory: Directory, sources: Iterable[str], bodies: Iterable[str]) -> tuple[Evidence, ...]:
    wholes = directory.with_parents(bodies)
    grades = {directory.grade(address, wholes) for address in sources}
    return (min(grades, key=list(Evidence).index),)


class Dimension:
    """
    One entry of the table.

    Attributes:
        name: Its name, e.g. ``"target_group"``.
        title: Its name as people write it, e.g. ``"Target group"``.
        readers: For every collection whose records have the dimension, what gives the values of a record.
    """

    __slots__ = ("_finder", "_labeller", "_lister", "_parser", "name", "readers", "title")

    name: str
    title: str
    readers: Mapping[str, FieldReader]

    def __init__(
        self,
        name: str,
        readers: Mapping[str, FieldReader],
        parser: Callable[[object, str, Directory], Value],
        labeller: Callable[[Value, Directory], str],
        lister: Callable[[Directory], Iterable[Value]],
        finder: Callable[[object, str, Directory, Collection[str]], Iterable[Value]] | None = None,
    ) -> None:
        """
        Make an entry.

        Args:
            name: Its name.
            readers: For every collection whose records have the dimension, what gives the values of a record.
            parser: What turns what people type, of the records of a collection, into a value.
            labeller: What gives the label of a value.
            lister: What lists every value that there could be.
            finder: What turns what people type into all values that it stands for, given the countries (alpha-3) that
                the question names; by default it stands for the one that the parser gives.
        """
        self.name = name
        self.title = name.replace("_", " ").capitalize()
        self.readers = readers
        self._parser = parser
        self._labeller = labeller
        self._lister = lister
        self._finder = finder

    def values(self, record: Record, directory: Directory) -> tuple[Value, ...]:
        """Return the values that a record has; maybe none."""
        return self.readers[record.collection].values(record, directory)

    def column(self, records: Sequence[Record], kind: Kind, directory: Directory) -> Iterable[tuple[Value, ...]]:
        """Return the values of each of some records of one kind, in order; much faster than one by one."""
        return self.readers[collection_of(kind)].column(records, directory)

    def codes(self, records: Sequence[Record], kind: Kind, directory: Directory) -> Codes[tuple[Value, ...]]:
        """Return the values of some records of one kind as codes: all that is needed to count them again and again."""
        return self.readers[collection_of(kind)].codes(records, directory)

    def parse(self, value: object, kind: Kind, directory: Directory) -> Value:
        """Turn what people type into a value; raises `UnknownNameError` with the nearest ones."""
        collection = collection_of(kind)
        try:
            return self._parser(value, collection, directory)
        except AmbiguousNameError:
            raise
        except UnknownNameError as error:
            if isinstance(value, str):
                error.explain(lambda: _meaning_elsewhere(value, self.name, collection, directory))
            raise

    def find(self, value: object, kind: Kind, directory: Directory, home: Collection[str] = ()) -> tuple[Value, ...]:
        """
        Return every value that what people type stands for.

        Args:
            value: What people type.
            kind: The kind of record that is asked for.
            directory: Who is who.
            home: The countries (alpha-3) that the question names.

        Raises:
            UnknownNameError: If it stands for none; with the nearest ones.
        """
        if self._finder is None:
            return (self.parse(value, kind, directory),)
        return tuple(self._finder(value, collection_of(kind), directory, home))

    def label(self, value: Value, directory: Directory) -> str:
        """Return the label of a value."""
        return self._labeller(value, directory)

    def universe(self, directory: Directory) -> tuple[Value, ...]:
        """List every value that there could be."""
        return tuple(self._lister(directory))


def _meaning_elsewhere(text: str, asked: str, collection: str, directory: Directory) -> str:
    """Return by what else a collection can be asked for a name, in words; empty if by nothing."""
    found: dict[str, str] = {}
    for name in dimensions_of(collection):
        vocabulary = KIND_VOCABULARIES[collection] if name == "kind" else name
        is_asked = name in (asked, "evidence")
        term = find_term(vocabulary, text, beginnings=False) if vocabulary in VOCABULARIES and not is_asked else None
        if term is not None:
            found[name] = str(term)
    if not found and asked != "organization" and collection in DIMENSIONS["organization"].readers:
        body = _body_called(text, directory, loosely=asked == "entity")
        found |= {} if body is None else {"organization": body}
    if not found:
        return ""
    words = [name.replace("_", " ") for name in found]
    kinds = join_or([f"{'an' if word[0] in 'aeiou' else 'a'} {word}" for word in words])
    return f"{text!r} is {kinds}: {join_or([f'{name}={value!r}' for name, value in found.items()])}"


def _body_called(text: str, directory: Directory, *, loosely: bool) -> str | None:
    """Return the id of the body that is called so; loosely, also by a beginning or a part of a name."""
    try:
        found = directory.lookup(text)
    except UnknownNameError:
        return None
    record = directory.by_id[found]
    names = {record.id, record.label, record.acronym or "", *record.aliases}
    return found if loosely or fold(text) in set(map(fold, names)) else None


def _of_vocabulary(name: str, readers: Mapping[str, FieldReader]) -> Dimension:
    return Dimension(
        name,
        readers,
        lambda value, _collection, _directory: parse(name, value),
        lambda value, _: terms(name)[str(value)].label,
        lambda _: terms(name),
    )


def _of_bodies(name: str, readers: Mapping[str, FieldReader]) -> Dimension:
    return Dimension(
        name,
        readers,
        lambda value, _, directory: directory.lookup(value),
        lambda value, directory: directory.label(value),
        lambda directory: sorted(directory.by_id),
        lambda value, _, directory, home: directory.lookup_bodies(value, home),
    )


def _parse_country(value: object, _collection: str, _directory: Directory) -> str:
    try:
        return geography.code_of(value)  # type: ignore[arg-type]
    except TypeError:
        raise UnknownNameError(value, "country") from None


def _parse_year(value: object, _collection: str, _directory: Directory) -> int:
    span = parse_years(value)
    if span.first is None or span.first != span.last:
        raise UnknownNameError(value, "year", valid=("a single year such as 2019",))
    return span.first


def parse_years(value: object) -> Span:
    """
    Read a year or a span of years, as a number or text: ``2019``, ``"2015-2019"``, ``"2020-"``, ``"-2010"``.

    Raises:
        UnknownNameError: If it is neither.
    """
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        return Span(index(value), index(value))
    if isinstance(value, float) and value.is_integer():
        return Span(int(value), int(value))
    try:
        return as_span(value)  # type: ignore[arg-type]
    except (ValueError, AttributeError, TypeError):
        raise UnknownNameError(value, "year", valid=("2019", "'2015-2019'", "'2020-'", "'-2010'")) from None


def _parse_kind(value: object, collection: str, _directory: Directory) -> str:
    return parse(KIND_VOCABULARIES[collection], value)


def _label_kind(value: Value, _: Directory) -> str:
    for vocabulary in KIND_VOCABULARIES.values():
        if value in terms(vocabulary):
            return terms(vocabulary)[str(value)].label
    raise UnknownNameError(value, "kind")


def _all_kinds(_: Directory) -> Iterable[str]:
    return dict.fromkeys(value for vocabulary in KIND_VOCABULARIES.values() for value in terms(vocabulary))


_CODED = ("entities", *LOCATED)


_TABLE = (
    Dimension(
        "country",
        {**dict.fromkeys(LOCATED, Direct("countries")), "organizations": SingleReader("country")},
        _parse_country,
        lambda value, _: geography.name_of(str(value)),
        lambda _: geography.by_alpha3(),
    ),
    _of_vocabulary(
        "subregion",
        {
            **dict.fromkeys(LOCATED, FieldReader(_subregions, "countries", "regions")),
            "organizations": FieldReader(_subregion, "country"),
        },
    ),
    _of_vocabulary(
        "region",
        {
            **dict.fromkeys(LOCATED, FieldReader(_regions, "countries", "regions")),
            "entities": Direct("regions"),
            "organizations": FieldReader(_region, "country"),
        },
    ),
    Dimension(
        "grouping",
        dict.fromkeys(LOCATED, FieldReader(_groupings, "regions")),
        lambda value, _, directory: directory.areas.grouping(value),
        lambda value, directory: directory.areas.named[str(value)].label,
        lambda directory: sorted(directory.areas.groupings),
    ),
    _of_vocabulary("scope", {**dict.fromkeys(UNDERTAKINGS, SingleReader("scope")), "entities": Direct("levels")}),
    _of_vocabulary("theme", dict.fromkeys(_CODED, Direct("themes"))),
    _of_vocabulary("form", dict.fromkeys(_CODED, Direct("forms"))),
    _of_vocabulary("response", dict.fromkeys(("entities", *UNDERTAKINGS), Direct("responses"))),
    _of_vocabulary("target_group", dict.fromkeys(_CODED, Direct("target_groups"))),
    _of_vocabulary("sector", dict.fromkeys(LOCATED, Direct("sectors"))),
    _of_vocabulary("priority_area", dict.fromkeys(_CODED, FieldReader(_priority_areas, "themes"))),
    Dimension(
        "entity",
        {name: FieldReader(_entities, *roles) for name, roles in ROLES.items()},
        lambda value, _, directory: directory.lookup_entity(value),
        lambda value, directory: directory.label(value),
        lambda directory: sorted(directory.entity_ids),
    ),
    _of_bodies("lead", {"initiatives": Direct("leads")}),
    _of_bodies("partner", {"initiatives": Direct("partners")}),
    _of_bodies("donor", {"initiatives": Direct("donors")}),
    Dimension(
        "donor_country",
        {"initiatives": FieldReader(_donor_countries, "donors")},
        _parse_country,
        lambda value, _: geography.name_of(str(value)),
        lambda _: geography.by_alpha3(),
    ),
    _of_bodies("member", {"partnerships": Direct("members")}),
    _of_bodies("publisher", {"resources": Direct("publishers")}),
    _of_bodies("organization", {name: FieldReader(union, *roles) for name, roles in ROLES.items()}),
    Dimension("kind", dict.fromkeys(KIND_VOCABULARIES, SingleReader("kind")), _parse_kind, _label_kind, _all_kinds),
    _of_vocabulary("status", {"initiatives": SingleReader("status")}),
    Dimension(
        "year",
        {name: YearReader(name) for name in LOCATED},
        _parse_year,
        lambda value, _: str(value),
        lambda directory: directory.years,
    ),
    _of_vocabulary("language", {"resources": Direct("languages")}),
    _of_vocabulary(
        "evidence",
        {
            **dict.fromkeys(("entities", "organizations"), FieldReader(_evidence_of_body, "id", "sources")),
            **{name: FieldReader(_evidence_of_work, "sources", *roles) for name, roles in ROLES.items()},
        },
    ),
)


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType({entry.name: entry for entry in _TABLE})
"""Every dimension by name."""


def dimensions_of(kind: Kind) -> tuple[str, ...]:
    """
    List the names of the dimensions that a kind of record has.

    Args:
        kind: The class of the records, or the name of their collection.

    Examples:
        >>> import icatmapping as im
        >>> dimensions_of(im.Organization)
        ('country', 'subregion', 'region', 'kind', 'evidence')
        >>> dimensions_of("organizations") == dimensions_of(im.Organization)
        True
    """
    collection = collection_of(kind)
    return tuple([name for name, entry in DIMENSIONS.items() if collection in entry.readers])


def dimension(name: str, kind: Kind) -> Dimension:
    """
    Find a dimension of a kind of record.

    Args:
        name: The name of the dimension.
        kind: The class of the records, or the name of their collection.

    Raises:
        UnknownNameError: If records of this kind have no such dimension.

    Examples:
        >>> dimension("theme", "initiatives").title
        'Theme'
    """
    entry = DIMENSIONS.get(name)
    collection = collection_of(kind)
    if entry is None or collection not in entry.readers:
        valid = dimensions_of(collection)
        raise UnknownNameError(name, f"dimension of {collection}", nearest(str(name), valid), valid=valid)
    return entry
