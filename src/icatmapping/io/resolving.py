"""
What people write in a cell to what records hold: countries and areas, bodies, terms, several of them in one cell.

Every name is resolved as everywhere in the library; what cannot be is told, with the nearest, and never guessed.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.model import geography
from icatmapping.model.vocabulary import find_term, parse, terms
from icatmapping.query.directory import STATE_KINDS
from icatmapping.utils.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.query.areas import AreaKind
    from icatmapping.query.directory import Directory

__all__ = ["NOTHING", "TOPIC_FIELDS", "Found", "Resolver", "Unresolved", "split_cell"]

NOTHING = frozenset(
    {"", "n a", "na", "none", "nil", "null", "tbd", "tbc", "unknown", "not applicable", "not stated", "nd", "s o", "x"}
)
"""What people write, folded, where there is nothing to say."""
TOPIC_FIELDS = {
    "themes": "theme",
    "forms": "form",
    "responses": "response",
    "target_groups": "target_group",
    "sectors": "sector",
}
"""The fields of terms of which a record has several, and the vocabulary of each."""
_ANYWHERE = frozenset(
    {
        "global",
        "worldwide",
        "world",
        "international",
        "all countries",
        "multi country",
        "mondial",
        "monde",
        "mundial",
        "multiple countries",
    }
)
_HARD = re.compile(r"\s*[\n\r;|•]+\s*|\s*\t\s*")
_SOFT = re.compile(r"\s*[,/&+]\s*|\s+(?:and|et|y|und|e|with)\s+", re.IGNORECASE)
MAX_SEEN = 200_000
"""How many names are kept with what was found."""
MAX_SUGGESTED = 500
"""For how many names that nobody knows the nearest is sought."""
MAX_PARTS = 300
"""How many values a cell may hold."""


class Unresolved(NamedTuple):
    """A value that nobody knows: what was written, why it cannot be taken, and what may have been meant."""

    text: str
    message: str
    nearest: str | None


class Found(NamedTuple):
    """What a cell says: the values of each field, and what of it could not be resolved."""

    values: dict[str, list[str]]
    unresolved: list[Unresolved]


def split_cell(text: str) -> list[str]:
    r"""
    Return the values that stand in one cell, each on a line or between semicolons or bars.

    >>> split_cell("Ghana; Togo\nBenin"), split_cell("Korea, Republic of")
    (['Ghana', 'Togo', 'Benin'], ['Korea, Republic of'])
    """
    return [part for part in _HARD.split(text.strip()) if part][:MAX_PARTS]


class Resolver:
    """The names of a dataset, and what has been looked up before."""

    def __init__(self, ds: Dataset) -> None:
        self.ds = ds
        self.directory: Directory = ds.directory
        self._suggestions_left = MAX_SUGGESTED
        self._seen: dict[tuple[str, str], dict[str, list[str]] | Unresolved] = {}

    def resolve(self, field: str, text: str, home: Sequence[str] = ()) -> Found:
        """
        Resolve a cell of a field: as a whole, else its parts, else the parts of its parts if all of them are known.

        Args:
            field: ``"countries"``, ``"bodies"``, a field of terms, ``"topics"`` or the name of a vocabulary.
            text: What is written.
            home: The countries (alpha-3) of the record, for names that several bodies have.
        """
        found = Found({}, [])
        for part in split_cell(text):
            if fold(part) in NOTHING:
                continue
            for one in self._parts(field, part, home):
                if isinstance(one, Unresolved):
                    found.unresolved.append(one)
                else:
                    for name, values in one.items():
                        kept = found.values.setdefault(name, [])
                        kept += [value for value in values if value not in kept]
        return found

    def _parts(self, field: str, part: str, home: Sequence[str]) -> Iterable[dict[str, list[str]] | Unresolved]:
        whole = self._one(field, part, home)
        if not isinstance(whole, Unresolved):
            return [whole]
        pieces = [piece for piece in _SOFT.split(part) if piece]
        if len(pieces) < 2:
            return [whole]
        found = [self._one(field, piece, home) for piece in pieces[:MAX_PARTS]]
        known = sum(not isinstance(one, Unresolved) for one in found)
        # "Ministry of Labour and Social Affairs" is one name that nobody knows; "Ghana, Togo, Atlantis" are three, and
        # "ILO & Greenpeace" two, as no body's name begins with that of a member.
        is_list = known == len(found) or ("," in part and known > 0 and 2 * known >= len(found))
        is_list = is_list or (field == "bodies" and any(map(self._is_member, found)))
        return found if is_list else [whole]

    def _is_member(self, found: dict[str, list[str]] | Unresolved) -> bool:
        return not isinstance(found, Unresolved) and not self.directory.entity_ids.isdisjoint(found.get("bodies", ()))

    def _one(self, field: str, text: str, home: Sequence[str]) -> dict[str, list[str]] | Unresolved:
        # Countries decide only where several bodies have the name; few names are asked for twice with other ones.
        key = (field if field != "bodies" else f"bodies {' '.join(home)}", text)
        found = self._seen.get(key)
        if found is None:
            if len(self._seen) >= MAX_SEEN:
                self._seen.clear()
            found = self._seen[key] = self._look(field, text, home)
        return found

    def _look(self, field: str, text: str, home: Sequence[str]) -> dict[str, list[str]] | Unresolved:
        look: Callable[[str], dict[str, list[str]]]
        if field in ("countries", "regions"):
            look = partial(self._place, "country" if field == "countries" else "region")
        elif field == "bodies":
            return self._body(text, home)
        elif field == "topics":
            look = _topic
        else:
            look = partial(_term, field)
        try:
            return look(text)
        except AmbiguousNameError as error:
            return Unresolved(text, f"could be {' or '.join(error.candidates[:4])}", error.candidates[0])
        except UnknownNameError as error:
            asked = TOPIC_FIELDS.get(field)
            others = [
                name
                for name in TOPIC_FIELDS.values()
                if name != asked and find_term(name, text, beginnings=False) is not None
            ]
            if asked is not None and others:
                told = f"is a {' or '.join(others)}, and no {asked}: name its column so".replace("_", " ")
                return Unresolved(text, told, None)
            return Unresolved(text, f"is not a {error.kind} that is known", self._nearest(error))

    def _nearest(self, error: UnknownNameError) -> str | None:
        """Return what may have been meant; no more after many, as each takes milliseconds."""
        if self._suggestions_left <= 0:
            return None
        self._suggestions_left -= 1
        return next(iter(error.suggestions), None)

    def _place(self, first: AreaKind, text: str) -> dict[str, list[str]]:
        """Find a country or an area; ``first`` says which of them a name is that both have, such as Micronesia."""
        if fold(text) in _ANYWHERE:
            return {"scope": ["global"]}
        area = self.directory.areas.find(text, first=first)
        return {"countries" if area.kind == "country" else "regions": [area.value]}

    def _body(self, text: str, home: Sequence[str]) -> dict[str, list[str]] | Unresolved:
        """Find a body; the name of a country stands for its government, if that is one body."""
        try:
            return {"bodies": [self.directory.lookup(text, home)]}
        except AmbiguousNameError as error:
            return Unresolved(text, f"could be {' or '.join(error.candidates[:4])}", error.candidates[0])
        except UnknownNameError as error:
            government = self._government(text)
            if government is not None:
                return {"bodies": [government]}
            return Unresolved(text, "is not a body that the dataset knows", self._nearest(error))

    def _government(self, text: str) -> str | None:
        try:
            alpha3 = geography.code_of(text)
        except (UnknownNameError, TypeError):
            return None
        by_id = self.directory.by_id
        bodies = self.directory.lookup_bodies(text) if self._has_bodies(text) else ()
        whole = [
            one for one in bodies if by_id[one].kind in STATE_KINDS and getattr(by_id[one], "part_of", None) is None
        ]
        named = [one for one in whole if fold(by_id[one].name).startswith("government of ")]
        meant = named if len(named) == 1 else whole
        return meant[0] if len(meant) == 1 and getattr(by_id[meant[0]], "country", None) == alpha3 else None

    def _has_bodies(self, text: str) -> bool:
        try:
            return bool(self.directory.lookup_bodies(text))
        except UnknownNameError:
            return False


def _term(field: str, text: str) -> dict[str, list[str]]:
    return {field: [parse(TOPIC_FIELDS.get(field, field), text)]}


def _topic(text: str) -> dict[str, list[str]]:
    """Find a term in any of the vocabularies of topics; all those in which a name is known have it."""
    found = {}
    for field, vocabulary in TOPIC_FIELDS.items():
        value = find_term(vocabulary, text, beginnings=False)
        if value is not None:
            found[field] = [value]
    if not found:
        known = [record.label for vocabulary in TOPIC_FIELDS.values() for record in terms(vocabulary).values()]
        from icatmapping.utils.text import nearest  # noqa: PLC0415 - only what is unknown needs it

        raise UnknownNameError(text, "theme, form, response, target group or sector", nearest(text, known))
    return found
