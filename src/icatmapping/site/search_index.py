"""
The index of the search in the browser: the texts of all records and the names of what they are coded as.

It has the form in which MiniSearch saves its own, with the words that the library's own search would look for: in one
spelling and stemmed by SQLite.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, Any

from icatmapping.model import geography
from icatmapping.model.schema import COLLECTIONS, KIND_VOCABULARIES, QUERIED
from icatmapping.model.vocabulary import terms
from icatmapping.query.search_texts import COMMON
from icatmapping.site.context import shorten
from icatmapping.site.facts import line
from icatmapping.utils.text import SAME_SPELLINGS, fold, unify_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from icatmapping.model.records import Record
    from icatmapping.site.context import Site

__all__ = ["FIELDS", "stems", "write_search"]

FIELDS = ("name", "acronym", "body", "more", "codes")
"""What is searched: names and titles, acronyms, summaries and mandates, other names, and what records are coded as."""
_CODED = {"themes": "theme", "forms": "form", "responses": "response", "target_groups": "target_group"} | {
    "sectors": "sector"
}
_SUMMARY = 300


def write_search(site: Site) -> None:
    """Write the index and what is shown of what it finds, as scripts."""
    documents: list[list[str]] = []
    texts: list[tuple[str, ...]] = []
    names_of = _country_names()
    aliases = list(_aliases(names_of))
    for country in geography.countries():
        texts.append((country.name, country.alpha3, "", " ".join(names_of[country.alpha3]), ""))
        documents.append([f"countries/{country.alpha3}.html", country.name, "Country", "", ""])
    for collection in QUERIED:
        for record in site.ds.collection(collection):
            summary = str(getattr(record, "summary", "") or getattr(record, "mandate", ""))
            texts.append(
                (
                    record.label,
                    str(getattr(record, "acronym", None) or ""),
                    summary,
                    " ".join(getattr(record, "aliases", ())),
                    " ".join(_codes(site, record)),
                )
            )
            kind = COLLECTIONS[collection].singular.capitalize()
            told = line(site, record) if collection not in ("entities", "organizations") else record.kind.label
            documents.append([site.path(record), record.label, kind, told, shorten(summary, _SUMMARY)])
    index = _index(texts)
    spellings = [(pattern.pattern, spelling.replace("\\1", "$1")) for pattern, spelling in SAME_SPELLINGS]
    words = {"common": sorted(COMMON), "aliases": aliases, "spellings": spellings}
    site.data("search", {"documents": documents, "index": index, **words})


def _country_names() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {country.alpha3: [] for country in geography.countries()}
    for alpha3, name in geography.names():
        if alpha3 in found and name.isascii():
            found[alpha3].append(name)
    return found


def _aliases(names_of: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    """Yield what countries and terms are called as well, and what the index calls them, both in one spelling."""
    found: dict[str, str] = {}
    for alpha3, names in names_of.items():
        found |= {_spelled(name): _spelled(geography.name_of(alpha3)) for name in names}
    for name in (*_CODED.values(), *KIND_VOCABULARIES.values()):
        for term in terms(name).values():
            found |= {_spelled(alias): _spelled(term.label) for alias in term.aliases}
    for alias, name in found.items():
        if alias and alias != name:
            yield alias, name


def _spelled(text: str) -> str:
    return unify_spelling(fold(text))


def _codes(site: Site, record: Record) -> Iterable[str]:
    """Yield the names of everything that a record is coded as."""
    vocabularies = [(value, terms(name)) for field, name in _CODED.items() for value in getattr(record, field, ())]
    kind = getattr(record, "kind", None)
    if kind is not None:
        vocabularies.append((kind, terms(KIND_VOCABULARIES[record.collection])))
    for value, vocabulary in vocabularies:
        yield vocabulary[str(value)].label
    for alpha3 in getattr(record, "countries", ()) or filter(None, [getattr(record, "country", None)]):
        yield geography.name_of(str(alpha3))
    for area in getattr(record, "regions", ()):
        yield site.area(str(area)).text
    for role in record.roles:
        yield from map(site.ds.directory.label, getattr(record, role))


def _index(texts: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    """Return the index of some texts, each a document with the fields `FIELDS`."""
    split = [[_spelled(text).split() for text in document] for document in texts]
    stem_of = stems({word for document in split for words in document for word in words} - COMMON)
    postings: dict[str, dict[str, dict[str, int]]] = {}
    lengths: dict[str, list[int]] = {}
    for number, document in enumerate(split):
        lengths[str(number)] = []
        for field, words in enumerate(document):
            counts = Counter(stem_of[word] for word in words if word in stem_of)
            lengths[str(number)].append(len(counts))
            for stem, count in counts.items():
                postings.setdefault(stem, {}).setdefault(str(field), {})[str(number)] = count
    size = max(len(texts), 1)
    return {
        "documentCount": len(texts),
        "nextId": len(texts),
        "documentIds": {str(number): number for number in range(len(texts))},
        "fieldIds": {name: number for number, name in enumerate(FIELDS)},
        "fieldLength": lengths,
        "averageFieldLength": [
            round(sum(found[place] for found in lengths.values()) / size, 3) for place in range(len(FIELDS))
        ],
        "storedFields": {},
        "dirtCount": 0,
        "index": sorted([stem, fields] for stem, fields in postings.items()),
        "serializationVersion": 2,
    }


def stems(words: Iterable[str]) -> dict[str, str]:
    """
    Return the stem of each word, as the library's search sees it.

    >>> stems(["trafficking", "children"])
    {'children': 'children', 'trafficking': 'traffick'}
    """
    ordered = sorted(words)
    connection = sqlite3.connect(":memory:")
    try:
        tokens = "tokenize='porter unicode61 remove_diacritics 0'"
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(word, {tokens})")
        connection.execute("CREATE VIRTUAL TABLE found USING fts5vocab('words', 'instance')")
        connection.executemany("INSERT INTO words(rowid, word) VALUES (?, ?)", enumerate(ordered))
        return {ordered[row]: stem for stem, row in connection.execute("SELECT term, doc FROM found ORDER BY doc")}
    finally:
        connection.close()
