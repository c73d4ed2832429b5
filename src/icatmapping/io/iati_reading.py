"""
Records from activity files of the IATI standard, read activity by activity so that memory does not grow with the file.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from icatmapping.dataset import Dataset, load
from icatmapping.errors import MissingExtraError, UnknownNameError, UnreadableFileError
from icatmapping.io.cells import slug
from icatmapping.io.dates import parse_date
from icatmapping.io.drafting import Drafter
from icatmapping.io.iati_codes import IATI_CODES, IATI_WORDS, KINDS_OF_BODIES, REGIONS, by_key, judge, patterns
from icatmapping.io.table_reading import check_checked
from icatmapping.model import geography
from icatmapping.model.fields import STATEMENT, Format
from icatmapping.utils.arguments import check_choice

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping
    from xml.etree.ElementTree import Element

    from icatmapping.io.drafts import Draft
    from icatmapping.io.iati_codes import IatiCode, IatiWord
    from icatmapping.io.table_reading import NewBodiesChoice

__all__ = ["OWN_VOCABULARY", "Reading", "read_iati"]

OWN_VOCABULARY = "urn:icatmapping:vocabulary:"
"""What the address of a vocabulary begins with by which `to_iati` says the terms of the mapping."""
MAX_ACTIVITY = 1 << 24
"""How large one activity may be, in bytes."""
_CHUNK = 1 << 16


def read_iati(
    path: str | os.PathLike[str],
    *,
    ds: Dataset | None = None,
    codes: Iterable[IatiCode] | None = None,
    words: Iterable[IatiWord] | None = None,
    everything: bool = False,
    new_bodies: NewBodiesChoice = "list",
    checked: str | None = None,
) -> Draft:
    """
    Read an activity file of the IATI standard, version 2.0x, and return a draft of initiatives.

    Only activities about trafficking in persons become records; `draft.left_out` tells the others. Whether one is
    about it is judged by its sectors, policy markers and tags, and by the words of its title and description: see
    ``icatmapping.io.iati_codes``, a table of codes with their meaning, which can be replaced. Why one was taken is in
    ``draft.extra``. Accountable organizations lead (else the extending or the reporting one), those that implement or
    extend are partners, funding ones donors.

    Args:
        path: The file.
        ds: The dataset whose names are known; by default the bundled one.
        codes: The codes that count: ``[*IATI_CODES, IatiCode("sector", "1", "15190", "Migration", "decides")]``. By
            default `IATI_CODES`.
        words: The words that count. By default `IATI_WORDS`.
        everything: Whether every activity is taken, whatever it is about.
        new_bodies: What becomes of names of bodies that nobody knows: ``"list"`` tells them, ``"add"`` makes
            organizations of them.
        checked: When it was read (YYYY-MM); by default the dataset's own present.

    Raises:
        UnreadableFileError: If it is no activity file, or its XML is broken before the first activity, or declares
            entities.
        MissingExtraError: If defusedxml is not installed.
    """
    check_choice("new_bodies", new_bodies, ("list", "add"))
    check_checked(checked)
    file = Path(path)
    dataset = load() if ds is None else ds
    drafter = Drafter(
        dataset,
        "initiatives",
        file=file.name,
        sheet=None,
        source=None,
        checked=checked,
        add_bodies=new_bodies == "add",
    )
    reading = Reading(drafter, file, codes, words, everything=everything)
    for _ in reading.taken():
        pass
    return drafter.draft()


class Reading:
    """An activity file that is read, activity by activity, into what makes records of them."""

    def __init__(
        self,
        drafter: Drafter,
        file: Path,
        codes: Iterable[IatiCode] | None,
        words: Iterable[IatiWord] | None,
        *,
        everything: bool,
    ) -> None:
        self._drafter, self._file, self._everything = drafter, file, everything
        self._codes = by_key(IATI_CODES if codes is None else codes)
        self._words = patterns(IATI_WORDS if words is None else words)

    def taken(self, *, is_stream: bool = False) -> Iterator[None]:
        """Give the drafter one activity after the other; yield after each of which it may have made a record."""
        drafter, count = self._drafter, 0
        try:
            for count, activity in enumerate(_activities(self._file, drafter.notes), 1):
                if self._take(count, _read(activity), is_stream=is_stream):
                    yield
        except _BrokenError as error:
            if not count:
                raise UnreadableFileError(self._file.name, str(error)) from None
            drafter.notes.append(f"the file breaks off after {count:,} activities, which were read: {error}")
        drafter.notes.append(f"{count:,} activit{'y' if count == 1 else 'ies'} in the file")

    def _take(self, count: int, said: _Said, *, is_stream: bool) -> bool:
        drafter, cells = self._drafter, (said.identifier, said.title)
        relevance = judge(said.codes, f"{said.title}. {said.description}", self._codes, self._words)
        if said.status == "5":
            drafter.leave_out(count, "is cancelled", cells)
            return False
        if not (relevance.is_about or self._everything or said.terms):
            said_of_it = f"; {relevance.reasons[0]} alone does not say so" if relevance.reasons else ""
            reason = f"is not about trafficking in persons by its codes and words{said_of_it}"
            drafter.leave_out(count, reason, cells)
            return False
        reasons = {"About trafficking for": "\n".join(relevance.reasons)} if relevance.reasons else {}
        values = _values(drafter, count, said)
        if is_stream and drafter.has_passed(str(values.get("id"))):
            drafter.leave_out(count, "has the identifier of an earlier activity", cells)
            return False
        for name, found in (("themes", relevance.themes), ("forms", relevance.forms)):
            if not said.terms:
                values[name] = list(dict.fromkeys([*values.get(name, ()), *found]))
        drafter.put(count, values, {**reasons, **said.rest}, cells)
        return True


class _BrokenError(Exception):
    """XML that ends or breaks where it must not."""


class _Limited:
    """A file that refuses to be read on when one activity takes too much of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(_CHUNK if size < 0 else min(size, _CHUNK))
        self.since += len(data)
        if self.since > MAX_ACTIVITY:
            message = f"holds an activity of more than {MAX_ACTIVITY >> 20} MB"
            raise _BrokenError(message)
        return data


def _activities(file: Path, notes: list[str]) -> Iterator[Element]:
    """Yield the activities of a file one by one; each is forgotten when the next is asked for."""
    try:
        import defusedxml  # noqa: PLC0415 - optional
        from defusedxml import ElementTree  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("defusedxml", "iati") from None
    try:
        with file.open("rb") as stream:
            limited = _Limited(stream)
            events = ElementTree.iterparse(limited, events=("start", "end"), forbid_dtd=True)
            _, root = next(events)
            _check_root(file, root, notes)
            for event, element in events:
                if event == "end" and element.tag == "iati-activity":
                    limited.since = 0
                    yield element
                    root.clear()
                elif event == "end" and element.tag in _HEAVY:
                    _lighten(element)
    except defusedxml.DefusedXmlException:
        message = "declares a document type or entities, which no IATI file needs and which may harm; take them out"
        raise UnreadableFileError(file.name, message) from None
    except ElementTree.ParseError as error:
        message = f"is not well-formed XML: {error}"
        raise _BrokenError(message) from None
    except OSError as error:
        raise UnreadableFileError(file.name, f"cannot be read: {error.strerror or error}") from None
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        message = f"cannot be decoded: {str(error)[:200]}"
        raise _BrokenError(message) from None


def _check_root(file: Path, root: Element, notes: list[str]) -> None:
    if root.tag == "iati-organisations":
        raise UnreadableFileError(file.name, "is an organisation file of the IATI standard; an activity file is wanted")
    if root.tag != "iati-activities":
        message = (
            f"is not an activity file of the IATI standard: it begins with <{root.tag[:80]}>, not <iati-activities>"
        )
        raise UnreadableFileError(file.name, message)
    version = root.get("version", "")
    if not version.startswith("2."):
        stated = f"states version {version[:20]!r}" if version else "states no version"
        notes.append(f"the file {stated} and is read as version 2.0x; what other versions say otherwise may be lost")


_HEAVY = frozenset(
    {"transaction", "budget", "planned-disbursement", "result", "conditions", "crs-add", "fss", "location"}
)
"""Elements of which an activity may have thousands, and of which codes and places at most are read."""
_KEPT = frozenset({"sector", "recipient-country", "recipient-region"})


def _lighten(element: Element) -> None:
    kept = [child for child in element if child.tag in _KEPT] if element.tag == "transaction" else []
    element.clear()
    element.extend(kept)


class _Said(NamedTuple):
    """What an activity says."""

    identifier: str
    title: str
    description: str
    status: str
    scope: str
    updated: str
    page: str | None
    dates: Mapping[str, str]
    bodies: tuple[tuple[str, str, str, str], ...]
    countries: tuple[str, ...]
    regions: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str, str], ...]
    terms: Mapping[str, list[str]]
    rest: Mapping[str, str]


def _read(activity: Element) -> _Said:
    identifier = " ".join((activity.findtext("iati-identifier") or "").split())
    descriptions = {one.get("type", "1"): _narrative(one, activity) for one in activity.findall("description")}
    reporting = activity.find("reporting-org")
    bodies = [] if reporting is None else [_body("reporting", reporting, activity)]
    bodies += [_body(one.get("role", ""), one, activity) for one in activity.findall("participating-org")]
    terms: dict[str, list[str]] = {}
    for tag in activity.iter("tag"):
        name = tag.get("vocabulary-uri", "").removeprefix(OWN_VOCABULARY)
        if tag.get("vocabulary") == "99" and name != tag.get("vocabulary-uri", ""):
            terms.setdefault(name, []).append(tag.get("code", ""))
    return _Said(
        identifier=identifier,
        title=_narrative(activity.find("title"), activity),
        description=descriptions.get("1") or next(iter(descriptions.values()), ""),
        status=_code(activity.find("activity-status")),
        scope=_code(activity.find("activity-scope")),
        updated=activity.get("last-updated-datetime", ""),
        page=_page(activity),
        dates={one.get("type", ""): _date(one) for one in activity.findall("activity-date")},
        bodies=tuple(bodies),
        countries=tuple(dict.fromkeys(one.get("code", "") for one in activity.iter("recipient-country"))),
        regions=tuple(
            dict.fromkeys(
                (one.get("vocabulary-uri", one.get("vocabulary", "1")), one.get("code", ""))
                for one in activity.iter("recipient-region")
            )
        ),
        codes=tuple(_codes(activity)),
        terms=terms,
        rest=_rest(activity, descriptions),
    )


def _codes(activity: Element) -> Iterator[tuple[str, str, str]]:
    for sector in activity.iter("sector"):
        yield "sector", sector.get("vocabulary") or "1", sector.get("code", "")
    for tag in activity.iter("tag"):
        yield "tag", tag.get("vocabulary", ""), tag.get("code", "")
    for marker in activity.iter("policy-marker"):
        if marker.get("significance") in ("2", "3", "4"):  # a principal objective at least
            yield "policy-marker", marker.get("vocabulary") or "1", marker.get("code", "")


def _rest(activity: Element, descriptions: Mapping[str, str]) -> Mapping[str, str]:
    """Return what is said that no field holds."""
    rest = {"IATI identifier": " ".join((activity.findtext("iati-identifier") or "").split())}
    for kind, name in (("2", "Objectives"), ("3", "Target groups"), ("4", "Other description")):
        rest[name] = descriptions.get(kind, "")
    sectors = [f"{one.get('vocabulary') or '1'}: {one.get('code', '')}" for one in activity.findall("sector")]
    if sectors:
        rest["Sectors (vocabulary: code)"] = "\n".join(dict.fromkeys(sectors))
    return {name: text for name, text in rest.items() if text}


_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def _narrative(element: Element | None, activity: Element) -> str:
    """Return what an element says: in English if it does, else as it says it first."""
    if element is None:
        return ""
    told = [
        (one.get(_LANGUAGE) or activity.get(_LANGUAGE) or "en", " ".join("".join(one.itertext()).split()))
        for one in element.findall("narrative")
    ]
    texts = [(language, text) for language, text in told if text]
    if not texts:
        return " ".join((element.text or "").split())  # as version 1.0x has it
    return next((text for language, text in texts if language.lower().startswith("en")), texts[0][1])


def _code(element: Element | None) -> str:
    return "" if element is None else element.get("code", "")


def _date(element: Element) -> str:
    """Return a date as exactly as it is known: `to_iati` says in words where the day, or the month, is not."""
    iso = element.get("iso-date", "")
    stated = " ".join((element.findtext("narrative") or "").split())
    return stated if Format.DATE.fits(stated) and iso.startswith(stated) else iso


def _body(role: str, element: Element, activity: Element) -> tuple[str, str, str, str]:
    return role, element.get("ref", "").strip(), _narrative(element, activity), element.get("type", "")


def _page(activity: Element) -> str | None:
    """Return the page on the activity: a document link of the category for it."""
    for link in activity.findall("document-link"):
        address = link.get("url", "").strip()
        if any(one.get("code") == "A12" for one in link.findall("category")) and Format.ADDRESS.fits(address):
            return address
    return None


_STATUS: Mapping[str, str] = MappingProxyType({"2": "ongoing", "3": "ongoing", "4": "completed"})
_SCOPE: Mapping[str, str] = MappingProxyType(
    {"1": "global", "2": "regional", "3": "regional"} | dict.fromkeys(("4", "5", "6", "7", "8"), "national")
)


def _values(drafter: Drafter, row: int, said: _Said) -> dict[str, Any]:
    """Return what an activity says as fields of an initiative."""
    values: dict[str, Any] = {
        "title": said.title or said.identifier,
        "summary": (said.description or said.title)[:_MAX_SUMMARY],
        "status": _STATUS.get(said.status, "unknown"),
        "url": None if said.terms else said.page,
        "sources": list(said.terms.get("source", ()))
        or [*([said.page] if said.page else []), f"{STATEMENT}IATI activity {said.identifier or row}"],
    }
    own = next(iter(said.terms.get("id", ())), None)
    if own or said.identifier:
        values["id"] = own or slug(said.identifier)
    if said.scope in _SCOPE:
        values["scope"] = _SCOPE[said.scope]
    for name, actual, planned in (("start", "2", "1"), ("end", "4", "3")):
        date = said.dates.get(actual) or said.dates.get(planned)
        if date:
            values[name] = parse_date(date)
            if values[name] is None:
                drafter.tell(row, "activity-date", date, "is not a date")
    if said.status == "2" and said.updated and not said.terms:
        values["last_seen"] = parse_date(said.updated)
    _take_places(drafter, row, said, values)
    _take_bodies(drafter, row, said, values)
    for name, terms in said.terms.items():
        _take_terms(drafter, row, name, terms, values)
    return values


_MAX_SUMMARY = 5_000


def _take_places(drafter: Drafter, row: int, said: _Said, values: dict[str, Any]) -> None:
    names = []
    for code in said.countries:
        try:
            values.setdefault("countries", []).append(geography.code_of(code))  # "NA" is Namibia here, not "none"
        except UnknownNameError:
            drafter.tell(row, "recipient-country", code, "is not the code of a country")
    for vocabulary, code in said.regions:
        if vocabulary == f"{OWN_VOCABULARY}area":
            names.append(("recipient-region", code))
        elif vocabulary == "1" and code in REGIONS:
            names.append(("recipient-region", REGIONS[code]))
        else:
            drafter.tell(row, "recipient-region", f"{vocabulary}: {code}", "is a region that the mapping does not have")
    for element, name in names:
        found = drafter.resolver.resolve("countries", name)
        for one in found.unresolved:
            drafter.tell(row, element, one.text, one.message, one.nearest)
        for field, places in found.values.items():
            if field == "scope":
                values.setdefault("scope", places[0])
            else:
                kept = values.setdefault(field, [])
                kept += [place for place in places if place not in kept]


def _take_bodies(drafter: Drafter, row: int, said: _Said, values: dict[str, Any]) -> None:
    roles: dict[str, list[str]] = {}
    seen: dict[tuple[str, str], list[str]] = {}
    for role, reference, name, kind in said.bodies:
        found = drafter.resolver.resolve("bodies", reference).values.get("bodies", []) if reference else []
        if not found and name and role == "reporting":
            found = drafter.resolver.resolve("bodies", name).values.get("bodies", [])
        elif not found and name:
            # In several roles it is still one body, and told once.
            if (reference, name) not in seen:
                home, made = values.get("countries", ()), KINDS_OF_BODIES.get(kind, "other")
                seen[reference, name] = drafter.bodies(row, "participating-org", name, home, made)
            found = seen[reference, name]
        kept = roles.setdefault(role, [])
        kept += [one for one in found if one not in kept]
    donors = roles.get("1", [])
    leads = roles.get("2") or roles.get("3") or [one for one in roles.get("reporting", ()) if one not in donors]
    helpers = [*roles.get("3", ()), *roles.get("4", ())]
    values["leads"] = leads
    values["partners"] = [one for one in dict.fromkeys(helpers) if one not in leads]
    values["donors"] = donors


def _take_terms(drafter: Drafter, row: int, name: str, terms: Iterable[str], values: dict[str, Any]) -> None:
    """Take terms as `to_iati` writes them: exactly those of the mapping."""
    for term in terms:
        if name in ("theme", "form", "response", "target_group", "sector"):
            values.setdefault(f"{name}s", []).append(term)
        elif name == "former_id":
            values.setdefault("former_ids", []).append(term)
        elif name in ("kind", "scope", "status", "acronym", "checked", "last_seen", "url"):
            values[name] = term
        elif name not in ("id", "source"):
            drafter.tell(row, "tag", f"{name}: {term}", "is not a vocabulary of the mapping")
