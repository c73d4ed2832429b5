"""
Finding records by words: one full-text index of a dataset, its words stemmed and in one spelling.

What a record says itself stands in the index; what it is coded as (its countries, areas, terms, participants) is found
by any name of these, and from there through the indexes that queries use. Knows nothing of statistics and graphs.
"""

from __future__ import annotations

import re
import sqlite3
import weakref
from bisect import bisect_left
from itertools import islice, takewhile, zip_longest
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from icatmapping.datapackage.bundled import column
from icatmapping.model import geography
from icatmapping.model.schema import KIND_VOCABULARIES, LOCATED
from icatmapping.model.vocabulary import terms
from icatmapping.query.bitsets import positions_of
from icatmapping.query.conditions import NAMED_AREA
from icatmapping.query.dimensions import DIMENSIONS
from icatmapping.query.search_texts import COMMON, Speller, Texts, places_in, texts_of
from icatmapping.results import Row, Table
from icatmapping.utils.laziness import BUILDING, cached_property
from icatmapping.utils.text import fold, nearest, unify_spelling

if TYPE_CHECKING:
    from collections.abc import Collection as Sized
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from icatmapping.model.records import Record
    from icatmapping.model.schema import Value
    from icatmapping.query.areas import Areas
    from icatmapping.query.store import Store

__all__ = ["MAX_WORDS", "Hit", "Hits", "Ranked", "TextIndex", "search_words"]

MAX_WORDS = 100
"""How many different words of a text are searched for."""
_NAMING = (*LOCATED, "entities")
"""The collections whose records name areas."""
_MAX_COMPLETIONS = 100
_VALUE_BEGINNING = 4
"""How many letters a beginning must have to stand for the name of a country, an area, a term or a participant."""
_WEIGHTS = (10.0, 8.0, 3.0, 1.0)
"""How much a word counts in the name or title, the acronym, the summary or mandate, and in other names."""
_VALUE_WEIGHT = 1.0
_PENDING = 1 << 26
"""How many bytes of the index are put together before they are written."""
_SNIPPET_WORDS = 40


@frozen(repr=False)
class Hit(Row):
    """
    A record that a search found.

    Attributes:
        record: The record.
        collection: The name of the collection that it is in.
        score: How well it fits the words, higher is better; comparable within one search only.
        snippet: What it says, around the words of the search, which are marked: ``"… **shelters** for women …"``.
    """

    record: Record
    collection: str
    score: float
    snippet: str

    def _repr_summary(self) -> str:
        return f" {self.record.label!r} in {self.collection}"


@frozen(repr=False)
class Hits(Table[Hit]):
    """
    What a search of a whole dataset found, best first; records that meet all words before others.

    Attributes:
        rows: The hits.
        total: How many records were found, of which these are the best.
        text: What was searched for.
        suggestion: The text with each word that no record has replaced by the nearest word of the dataset; None if
            every word is found, or nothing is near.
    """

    rows: tuple[Hit, ...]
    total: int
    text: str
    suggestion: str | None

    def _repr_summary(self) -> str:
        asked = f" for {self.text!r}{super()._repr_summary()}"
        return asked if self.suggestion is None else f"{asked}; did you mean {self.suggestion!r}?"


def search_words(text: str) -> list[str]:
    """
    Return the words that a text is searched for by: in one spelling, each once, without those that everybody uses.

    A word that begins another one is left out: it asks for nothing more.

    >>> search_words("the Labour of children"), search_words("of the"), search_words("train trainers")
    (['children', 'labor'], ['of', 'the'], ['trainers'])
    """
    words = sorted(set(unify_spelling(fold(text)).split()))
    telling = [word for word in words if word not in COMMON] or words
    distinct = [word for word, after in zip_longest(telling, telling[1:], fillvalue="") if not after.startswith(word)]
    return distinct[:MAX_WORDS]


class Ranked(NamedTuple):
    """
    A record that words find.

    Attributes:
        row: Its place in the index.
        is_named: Whether it is called what was searched for.
        met: How many of the words it meets.
        score: How well it fits them.
    """

    row: int
    is_named: bool
    met: int
    score: float


class TextIndex:
    """
    The texts of all records of a dataset, to be searched by words.

    Args:
        stores: The records of every collection.
        areas: The areas that records can name.
    """

    def __init__(self, stores: Mapping[str, Store[Any]], areas: Areas) -> None:
        self._stores = stores
        self._areas = areas
        self._offsets: dict[str, int] = {}
        self._built: sqlite3.Connection | None = None
        self._names: list[str] = []
        self._acronyms: list[str] = []
        self._aliases: dict[str, list[int]] = {}
        self._values: list[tuple[str, Value]] = []
        self._vocabulary: list[str] = []
        self._size = 0
        for name, store in stores.items():
            self._offsets[name] = self._size
            self._size += len(store.records)

    # --- what is found

    def rank(self, text: str, kept: Sized[int] | None = None) -> list[Ranked]:
        """
        Return the records that meet words, in the order of the index.

        Args:
            text: The words.
            kept: The rows that are asked for, if not all.
        """
        words = search_words(text)
        met: dict[int, int] = {}
        score: dict[int, float] = {}
        with BUILDING:
            for word in words:
                for row, weight in self._rows_with(word).items():
                    met[row] = met.get(row, 0) + 1
                    score[row] = score.get(row, 0.0) + weight
            named = self._rows_named(fold(text))
        rows = sorted(met) if kept is None else sorted(met.keys() & kept)
        return [Ranked(row, row in named, met[row], score[row]) for row in rows]

    def _rows_named(self, folded: str) -> set[int]:
        """Return the rows of the records that have a name, an acronym, another name, or an id of just these words."""
        _ = self._texts
        identifier = folded.replace(" ", "-")
        rows = {
            self._offsets[name] + store.position_of[identifier]
            for name, store in self._stores.items()
            if identifier in store.position_of
        }
        called = unify_spelling(folded)
        if not called:
            return rows
        return rows.union(
            places_in(self._names, called), places_in(self._acronyms, called), self._aliases.get(called, ())
        )

    def search(self, collection: str, text: str, kept: Iterable[int]) -> list[int]:
        """
        Return the positions in a collection of the records that meet all words, best first.

        If none does, those that meet the greatest number, which must be half of them at least.

        Args:
            collection: The name of the collection.
            text: The words.
            kept: The positions that are asked for.
        """
        offset = self._offsets[collection]
        found = self.rank(text, {offset + position for position in kept})
        words = len(search_words(text))
        most = max((one.met for one in found), default=0)
        if 2 * most < words:
            return []
        best = sorted((one for one in found if one.met == most), key=_goodness)
        return [one.row - offset for one in best]

    def hits(self, text: str, limit: int, among: Mapping[str, Iterable[int]] | None = None) -> Hits:
        """
        Return the best records of all collections that meet all words, or half of them at least.

        Args:
            text: The words.
            limit: How many at most.
            among: For each collection that is looked at, the positions of the records that are asked for; None for all.
        """
        words = search_words(text)
        if not words:
            return Hits((), 0, text, None)
        every = len(words)
        kept = None
        if among is not None:
            kept = frozenset(self._offsets[name] + place for name, places in among.items() for place in places)
        found = [one for one in self.rank(text, kept) if 2 * one.met >= every]
        # One that lacks words counts for less the more it lacks.
        best = sorted(found, key=lambda one: (one.met < every, *_goodness(one, one.met / every)))[: max(limit, 0)]
        records = [(*self._record(one.row), one.score) for one in best]
        snippets = self._snippets([record for record, _, _ in records], words)
        rows = [
            Hit(record, collection, round(score, 4), snippet)
            for (record, collection, score), snippet in zip(records, snippets, strict=True)
        ]
        return Hits(tuple(rows), len(found), text, self._suggestion(text))

    def _record(self, row: int) -> tuple[Record, str]:
        collection = next(name for name in reversed(self._offsets) if self._offsets[name] <= row)
        return self._stores[collection].records[row - self._offsets[collection]], collection

    # --- one word

    def _rows_with(self, word: str) -> dict[int, float]:
        """Return how well each row fits a word, by its own words and by what it is coded as, if it does at all."""
        found = self._rows_saying(word)
        values = self._rows_coded(word)
        rarity = _VALUE_WEIGHT * max(log((self._size - len(values) + 0.5) / (len(values) + 0.5)), 0.01)
        for row in values:
            found[row] = found.get(row, 0.0) + rarity
        return found

    def _rows_saying(self, word: str) -> dict[int, float]:
        weights = ", ".join(map(str, _WEIGHTS))
        statement = f"SELECT rowid, -bm25(texts, {weights}) FROM texts WHERE texts MATCH ?"  # noqa: S608 - figures of ours
        # The word itself counts more than a longer one that begins so.
        found: dict[int, float] = dict(self._texts.execute(statement, (f'"{word}" OR "{word}"*',)))
        completions = self._completions(word)
        if completions:
            asked = " OR ".join(f'"{completion}"' for completion in completions)
            for row, weight in self._texts.execute(statement, (asked,)):
                found.setdefault(row, weight)
        return found

    def _completions(self, word: str) -> list[str]:
        """Return the words that begin so, if it is none itself: their stems may be shorter than what was typed."""
        _ = self._texts
        first = bisect_left(self._vocabulary, word)
        begun = takewhile(lambda other: other.startswith(word), islice(self._vocabulary, first, None))
        words = list(islice(begun, _MAX_COMPLETIONS))
        return [] if word in words else list(dict.fromkeys(map(unify_spelling, words)))

    def _rows_coded(self, word: str) -> set[int]:
        """Return the rows of the records that are coded as something with a word in one of its names."""
        asked = f'"{word}" OR "{word}"*' if len(word) >= _VALUE_BEGINNING else f'"{word}"'
        rows_named = self._texts.execute("SELECT rowid FROM codes WHERE codes MATCH ?", (asked,))
        found = [self._values[row] for (row,) in rows_named]
        own = f"{{name acronym more}} : ({asked})"
        for (row,) in self._texts.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (own,)):
            record_id = self._body_ids.get(row)
            if record_id is not None:
                found.append(("organization", record_id))
        rows: set[int] = set()
        coded = 0
        for name, value in found:
            for collection, store in self._stores.items():
                offset = self._offsets[collection]
                if name == "area":
                    coded |= store.area(self._areas.named[str(value)]) << offset
                elif name == "organization":  # of which there are many, each in few records
                    if collection in DIMENSIONS[name].readers:
                        rows.update([offset + position for position in store.index(name).get(value, ())])
                elif collection in (_NAMING if name == NAMED_AREA else DIMENSIONS[name].readers):
                    coded |= store.holds(name, value) << offset
        rows.update(positions_of(coded))
        return rows

    @cached_property
    def _body_ids(self) -> dict[int, str]:
        """The id of every entity and organization by row."""
        return {
            self._offsets[name] + position: identifier
            for name in ("entities", "organizations")
            for position, identifier in enumerate(column(self._stores[name].records, "id"))
        }

    # --- how it is built

    @property
    def _texts(self) -> sqlite3.Connection:
        if self._built is None:
            with BUILDING:
                if self._built is None:
                    self._built = self._build()
                    weakref.finalize(self, self._built.close)  # Python 3.13 warns of one that is only forgotten
        return self._built

    def _build(self) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        tokens = "tokenize='porter unicode61 remove_diacritics 0'"
        connection.execute("BEGIN")
        connection.execute(f"CREATE VIRTUAL TABLE texts USING fts5(name, acronym, body, more, content='', {tokens})")
        connection.execute(f"CREATE VIRTUAL TABLE codes USING fts5(names, content='', {tokens})")
        connection.execute(f"CREATE VIRTUAL TABLE sentences USING fts5(sentence, {tokens})")
        coded = list(self._coded_names())
        self._values = [value for value, _ in coded]
        said = [texts_of(name, store.records) for name, store in self._stores.items()]
        parts = [part for one in said for part in one.parts()]
        spell = Speller([*parts, *(name for _, names in coded for name in names)])
        self._vocabulary = sorted(spell.words)
        connection.executemany(
            "INSERT INTO codes(rowid, names) VALUES (?, ?)",
            ((row, " ".join(map(spell, names))) for row, (_, names) in enumerate(coded)),
        )
        # All at once, not a piece at a time that is merged with others again and again.
        connection.execute("INSERT INTO texts(texts, rank) VALUES ('hashsize', ?)", (_PENDING,))
        connection.executemany(
            "INSERT INTO texts(rowid, name, acronym, body, more) VALUES (?, ?, ?, ?, ?)", self._rows(said, spell)
        )
        connection.execute("COMMIT")
        return connection

    def _rows(self, said: Iterable[Texts], spell: Speller) -> Iterator[tuple[int, str, str, str, str]]:
        """Yield what stands in the index of every record, and keep what it is called."""
        for texts in said:
            first = len(self._names)
            bodies, acronyms = (
                list(map({text: spell(text) for text in set(some)}.__getitem__, some))
                for some in (texts.bodies, texts.acronyms)
            )
            names = list(map(spell, texts.names))
            more = [""] * len(names)
            for place, others in enumerate(texts.others):
                if others:
                    spelled = [spell(other) for other in others]
                    more[place] = " ".join(spelled)
                    for other in spelled:
                        self._aliases.setdefault(other, []).append(first + place)
            self._names += names
            self._acronyms += acronyms
            yield from zip(range(first, first + len(names)), names, acronyms, bodies, more, strict=True)

    def _coded_names(self) -> Iterator[tuple[tuple[str, Value], tuple[str, ...]]]:
        """Yield the dimension and value of everything that records are coded as, but bodies, with all its names."""
        vocabularies = {name: name for name in ("theme", "form", "response", "target_group", "sector")}
        vocabularies |= {"region": "area", "subregion": "area"} | dict.fromkeys(KIND_VOCABULARIES.values(), "kind")
        for vocabulary, name in vocabularies.items():
            for value, record in terms(vocabulary).items():
                yield (name, value), (record.label, *record.aliases)
        for identifier, grouping in self._areas.groupings.items():
            # A part of the world is where its countries are; an organization of States is not all that they do.
            yield ("area" if grouping.kind == "area" else NAMED_AREA, identifier), (grouping.name, *grouping.aliases)
        names: dict[str, list[str]] = {}
        for alpha3, name in geography.names():
            if name.isascii() or alpha3 not in names:  # those in English; the first is the name itself
                names.setdefault(alpha3, []).append(name)
        for alpha3, called in names.items():
            yield ("country", alpha3), tuple(called)

    # --- what is told of what is found

    def _suggestion(self, text: str) -> str | None:
        telling = set(search_words(text))
        told: list[str] = []
        for word in fold(text[:_MAX_SUGGESTED]).split():
            key = unify_spelling(word)
            with BUILDING:
                is_unknown = key in telling and not self._rows_with(key)
                near = self._meant(word) if is_unknown else None
            told.append(near or word)
        return " ".join(told) if told != fold(text[:_MAX_SUGGESTED]).split() else None

    def _meant(self, word: str) -> str | None:
        """Return the word that a misspelt one may stand for: of the nearest, the one that most records say."""
        import difflib  # noqa: PLC0415 - only a word that nobody uses needs it

        near = nearest(word, self._vocabulary, most=_NEAR)
        likeness = {one: difflib.SequenceMatcher(None, word, one).ratio() for one in near}
        least = max(max(likeness.values(), default=0.0) - _ALIKE, _LIKELY)
        likely = [one for one in near if likeness[one] >= least]
        return max(likely, key=self._times_said, default=None)

    def _times_said(self, word: str) -> int:
        asked = (f'"{unify_spelling(word)}"',)
        return int(self._texts.execute("SELECT count(*) FROM texts WHERE texts MATCH ?", asked).fetchone()[0])

    def _snippets(self, records: Sequence[Record], words: Sequence[str]) -> list[str]:
        """Return for each record the sentence that holds most of the words, which are marked in it."""
        sentences = [sentence for record in records for sentence in _sentences(record)]
        asked = " OR ".join([f'"{word}" OR "{word}"*' for word in words])
        asked += "".join([f' OR "{other}"' for word in words for other in self._completions(word)])
        parts = [_WORD.split(sentence) for sentence in sentences]
        folded = [" ".join(_one_word(part) for part in some[1::2]) for some in parts]
        with BUILDING:
            texts = self._texts
            texts.executemany("INSERT INTO sentences(rowid, sentence) VALUES (?, ?)", enumerate(folded))
            marked = dict(texts.execute(_MARKED, (asked,)))
            texts.execute("DELETE FROM sentences")
        told: list[str] = []
        place = 0
        for record in records:
            rows = range(place, place + len(_sentences(record)))
            place = rows.stop
            best = max(rows, key=lambda row: len(_marked_words(marked.get(row, ""))))
            told.append(_with_marks(parts[best], marked.get(best, "")) if best in marked else _cut(sentences[rows[-1]]))
        return told


_NEAR = 5
_ALIKE = 0.12
"""How much less alike than the nearest word one may be that more records say."""
_LIKELY = 0.7
"""How alike a word must be to be what was meant."""
_MAX_SUGGESTED = 500
"""How many characters of a text are corrected."""
_WORD = re.compile(r"([^\W_][\w'’]*)")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
_MARK = "\1"
_MARKED = "SELECT rowid, highlight(sentences, 0, char(1), '') FROM sentences WHERE sentences MATCH ?"


def _goodness(one: Ranked, share: float = 1.0) -> tuple[bool, float, int]:
    """Return what ranked records are put in order by."""
    return (not one.is_named, -round(one.score * share, 9), one.row)


def _sentences(record: Record) -> list[str]:
    """Return the sentences of a record, of which the last is what is shown of it if none holds a word."""
    body: str = getattr(record, "summary", "") or getattr(record, "mandate", "")
    others = [", ".join(aliases)] if (aliases := getattr(record, "aliases", ())) else []
    sentences = [sentence for sentence in _SENTENCE_END.split(body) if sentence]
    return [*sentences, record.label, *others, *(sentences[:1] or [record.label])]


def _one_word(part: str) -> str:
    """Return a word as it stands in the index, one for one."""
    return unify_spelling(fold(part)).replace(" ", "") or "0"


def _marked_words(marked: str) -> set[str]:
    return {word for word in marked.split(" ") if word.startswith(_MARK)}


def _with_marks(parts: list[str], marked: str) -> str:
    """
    Return a sentence with marks around the words that are marked in its folded form.

    Of a long one, only the part around them.
    """
    flags = [word.startswith(_MARK) for word in marked.split(" ")]
    first = max(flags.index(True) - _SNIPPET_WORDS // 4, 0) if len(flags) > _SNIPPET_WORDS else 0
    last = min(first + _SNIPPET_WORDS, len(flags))
    told = parts[0] if not first else "… "
    for place in range(first, last):
        word, after = parts[2 * place + 1], parts[2 * place + 2]
        told += f"**{word}**{after}" if flags[place] else word + after
    return told if last == len(flags) else f"{told.rstrip()} …"


def _cut(sentence: str) -> str:
    words = sentence.split(" ")
    return sentence if len(words) <= _SNIPPET_WORDS else f"{' '.join(words[:_SNIPPET_WORDS])} …"
