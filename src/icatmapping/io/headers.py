"""
What people call the columns of their tables, in English, French and Spanish, and which row of a sheet is the header.

Knows nothing of values.
"""

from __future__ import annotations

from functools import cache
from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from attrs import fields

from icatmapping.io.columns import CODES, IDS, field_title
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.utils.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["PERIOD", "TOPICS", "Header", "field_of", "find_header", "hashtag_row", "is_blank"]

PERIOD, TOPICS = "period", "topics"
"""What a column may be beside a field of records: start and end in one, and terms of any vocabulary."""

# Which names, folded, stand for a field of every kind of record that has it.
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "id": "id|identifier|code|ref|reference|project id|project code|project number|activity id|activity code"
        "|record id|identifiant|code projet|code du projet|numero de projet|identificador|codigo"
        "|codigo del proyecto",
        "title": "title|name|project|project title|project name|name of project|name of the project"
        "|title of the project|title of project|initiative|initiative name|activity|activity name|activity title"
        "|programme|program|programme name|programme title|titre|intitule|nom|nom du projet|titre du projet"
        "|intitule du projet|projet|activite|titulo|nombre|nombre del proyecto|titulo del proyecto|proyecto"
        "|iniciativa|actividad|denominacion",
        "acronym": "acronym|abbreviation|short name|short title|acronyme|sigle|sigla|acronimo|siglas",
        "summary": "summary|description|abstract|objective|objectives|about|purpose|overview|project description"
        "|brief description|short description|resume|descriptif|objectif|objectifs|resumen|descripcion|objetivo"
        "|objetivos",
        "kind": "kind|type|category|project type|activity type|kind of initiative|type de projet|nature|tipo"
        "|categorie|categoria|tipo de proyecto",
        "leads": "lead|leads|lead agency|lead agencies|lead organization|lead organizations|lead entity|implementer"
        "|implementing agency|implementing organization|implementing organisation|implemented by|organization"
        "|organizations|organisation|organisations|agency|agencies|agencia|agence|executing agency|managed by"
        "|un agency|un agencies|chef de file|organisme|organisme responsable|agence d execution"
        "|agence de mise en oeuvre|organizacion|organismo|organismo responsable|entidad|entidad ejecutora"
        "|agencia ejecutora|who|qui|quien",
        "partners": "partner|partners|implementing partner|implementing partners|partner organizations"
        "|partner agencies|partner organisations|with|in partnership with|cooperating partners|partenaire"
        "|partenaires|partenaires d execution|partenaires de mise en oeuvre|socio|socios|asociados|contrapartes"
        "|aliados",
        "donors": "donor|donors|funder|funders|funding|funded by|funding source|source of funding|funding agency"
        "|financed by|bailleur|bailleurs|bailleur de fonds|bailleurs de fonds|donateur|donateurs|financement"
        "|finance par|donante|donantes|financiador|financiadores|fuente de financiamiento|financiado por",
        "members": "member|members|membership|participants|participating organizations|membres|miembros|integrantes",
        "publishers": "publisher|publishers|published by|author|authors|editeur|editeurs|auteur|auteurs|editor"
        "|autor|autores|publicado por",
        "scope": "scope|level|geographic scope|geographical scope|coverage|portee|niveau|alcance|nivel|ambito",
        "countries": "country|countries|location|locations|where|place|places|geographic area|geography"
        "|target countries|beneficiary country|beneficiary countries|recipient country|country of implementation"
        "|pays|pays beneficiaires|lieu|lieux|zone|pais|paises|lugar|lugares|ubicacion|paises beneficiarios|ou|donde",
        "regions": "region|regions|area|areas|subregion|sub region|regional|regiones",
        "forms": "form|forms|form of exploitation|forms of exploitation|exploitation|type of exploitation"
        "|types of exploitation|type of trafficking|forme d exploitation|formes d exploitation|exploitation visee"
        "|forma de explotacion|formas de explotacion|tipo de trata",
        "responses": "response|responses|type of response|type of support|type of assistance|modality|intervention"
        "|interventions|reponse|reponses|type d intervention|respuesta|respuestas|tipo de intervencion|intervencion",
        "themes": "theme|themes|thematic area|thematic areas|thematic focus|focus|focus area|area of work|pillar"
        "|pillars|theme s|thematique|thematiques|axe|pilier|tema|temas|area tematica|areas tematicas|eje|pilar",
        TOPICS: "topic|topics|keyword|keywords|tags|subject|subjects|mots cles|sujets|palabras clave|etiquetas|cluster",
        "target_groups": "target group|target groups|beneficiary|beneficiaries|target population|target audience"
        "|audience|for whom|beneficiaires|groupe cible|groupes cibles|public cible|pour qui|beneficiarios"
        "|grupo meta|grupos meta|poblacion objetivo|grupo destinatario|destinatarios|para quien",
        "sectors": "sector|sectors|economic sector|economic sectors|industry|industries|secteur|secteurs"
        "|secteur economique|sectores|sector economico|rubro",
        "start": "start|start date|starts|begin|begin date|began|starting date|from|date from|project start"
        "|launch date|launched|commencement date|date de debut|debut|date de demarrage|demarrage|inicio"
        "|fecha de inicio|desde",
        "end": "end|end date|ends|finish|finish date|ended|closing date|completion date|to|until|date to"
        "|project end|date de fin|fin|date de cloture|cloture|fecha de fin|fecha final|fecha de termino|termino"
        "|hasta|fecha de cierre",
        PERIOD: "period|duration|dates|date|years|timeframe|time frame|project period|implementation period|periode"
        "|duree|annees|calendrier|periodo|duracion|fechas|anos|plazo|when|quand|cuando",
        "year": "year|publication year|year of publication|annee|ano|ano de publicacion",
        "status": "status|state|project status|statut|etat|etat d avancement|estado|situacion",
        "last_seen": "last seen|last active|latest activity|derniere activite|ultima actividad",
        "url": "url|page|link|website|web|web page|webpage|web site|project page|site|site web|lien|pagina|enlace"
        "|pagina web|sitio web",
        "website": "website|web site|web|homepage|home page|url|link|page|site web|site|sitio web|pagina web",
        "sources": "source|sources|source url|source s|fuente|fuentes|reference document|references",
        "checked": "checked|last checked|last read|date checked|sources last read|verified|verifie|verificado",
        "languages": "language|languages|langue|langues|idioma|idiomas",
        "country": "country|country of origin|seat|headquarters|pays|siege|pais|sede",
        "aliases": "alias|aliases|other names|also known as|autres noms|otros nombres",
        "part_of": "part of|parent|parent organization|relevant de|parte de|depende de",
        "former_ids": "former ids|former id",
        "initiative": "initiative",
        "name": "name|title|partnership|organization|organisation|full name|nom|titre|partenariat|organisme|nombre"
        "|organizacion|alianza",
        "identifiers": "identifiers|doi|isbn|ror",
    }
)


@cache
def _fields_by_name(collection: str) -> Mapping[str, str]:
    """Return the field that every name of a column stands for, folded, in a table of records of a collection."""
    names = [attribute.name for attribute in fields(RECORD_CLASSES[collection])]
    spelled = dict(_NAMES)
    found: dict[str, str] = {}
    extra = [PERIOD, TOPICS] if "themes" in names else []
    for name in [*extra, *names]:
        if name == "name" and collection == "partnerships":
            spelled["name"] = f"{_NAMES['name']}|{_NAMES['title']}"
        for spelling in spelled.get(name, "").split("|"):
            if spelling:
                found.setdefault(spelling, name)
    # The names that the library itself writes go before all others.
    for name in names:
        found[fold(field_title(name))] = found[fold(name)] = name
    return MappingProxyType(found)


class Header(NamedTuple):
    """
    What the header of a table says of a column.

    Attributes:
        text: It as it is written.
        field: The field that the column holds, or None if nobody knows.
        is_coded: Whether it says that ids or codes are in it, beside another column with their names.
    """

    text: str
    field: str | None
    is_coded: bool = False


def field_of(text: str, collection: str, mapping: Mapping[str, str | None]) -> Header:
    """
    Return what a column holds by its header.

    Args:
        text: The header.
        collection: The collection of which records are made.
        mapping: For headers as people give them, folded, the field that they stand for; None for a column to be left.

    Examples:
        >>> field_of("Bailleurs de fonds", "initiatives", {}).field, field_of("Leads (ids)", "initiatives", {}).field
        ('donors', 'leads')
    """
    key = fold(text)
    if key in mapping:
        return Header(text, mapping[key])
    known = _fields_by_name(collection)
    for suffix in (IDS, CODES):
        if text.strip().endswith(suffix):
            field = known.get(fold(text.strip().removesuffix(suffix)))
            return Header(text, field, is_coded=field is not None)
    if key in known:
        return Header(text, known[key])
    # As in "Country/ies", in "Start date (dd/mm/yyyy)", in "Lead agency / Organisme chef de file".
    for part in _shorter(text):
        if fold(part) in known:
            return Header(text, known[fold(part)])
    return Header(text, None)


def _shorter(text: str) -> Iterable[str]:
    head = text
    for opening in "([:\n":
        head = head.partition(opening)[0]
    yield head
    if "/" in head:
        first, _, second = head.partition("/")
        yield first
        yield second
    yield head.rstrip(" s")


def is_blank(cell: object) -> bool:
    """Return whether there is nothing in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip(" \t\r\n\u00a0\u200b\ufeff"))


MAX_HEADER_ROWS = 40
"""Among how many rows the header is looked for; what stands above it are titles."""


def hashtag_row(rows: Sequence[Sequence[object]]) -> int | None:
    """Return the position of the row of HXL hashtags, or None if there is none: most of its cells begin with #."""
    for place, row in enumerate(rows[:MAX_HEADER_ROWS]):
        filled = [str(cell).strip() for cell in row if not is_blank(cell)]
        tagged = [text for text in filled if text.startswith("#") and text[1:2].isalpha()]
        if tagged and 2 * len(tagged) > len(filled):
            return place
    return None


def find_header(
    rows: Sequence[Sequence[object]], collection: str, mapping: Mapping[str, str | None]
) -> tuple[int, list[Header]] | None:
    """
    Find the header of a table: the row of the first ones in which most cells are known names of columns.

    Args:
        rows: The first rows.
        collection: The collection of which records are made.
        mapping: Headers that are given, as in `field_of`.

    Returns:
        The position of the first row of data, and what each column holds; None if no row looks like a header.
    """
    best, highest = None, 0.0
    for place, row in enumerate(rows[:MAX_HEADER_ROWS]):
        known = {header.field for header in _headers(row, collection, mapping) if header.field is not None}
        filled = sum(not is_blank(cell) for cell in row)
        # Many known names, and not much else: a title line has one word, a row of data a known name by chance.
        score = len(known) + (len(known) / filled if filled else 0.0)
        if score > highest and (len(known) > 1 or not known.isdisjoint(("title", "name")) or (known and filled <= 3)):
            best, highest = place, score
    if best is None:
        return None
    headers = _headers(rows[best], collection, mapping)
    if best + 1 < len(rows):
        below = _headers(rows[best + 1], collection, mapping)
        if _is_second_line(headers, below) and all(
            isinstance(cell, str) for cell in rows[best + 1] if not is_blank(cell)
        ):
            return best + 2, _joined(headers, below)
    if best > 0:
        above = _headers(rows[best - 1], collection, mapping)
        if any(a.field is not None and (b is None or not b.text) for a, b in zip_longest(above, headers) if a):
            return best + 1, _joined(above, headers)
    return best + 1, headers


def _headers(row: Sequence[object], collection: str, mapping: Mapping[str, str | None]) -> list[Header]:
    return [Header("", None) if is_blank(cell) else field_of(str(cell).strip(), collection, mapping) for cell in row]


def _is_second_line(first: Sequence[Header], second: Sequence[Header]) -> bool:
    """Return whether a row goes on with a header: half as many known names as in the first line, two at least."""
    known = len({header.field for header in second} - {None})
    return known >= 2 and 2 * known >= len({header.field for header in first} - {None})


def _joined(first: Sequence[Header], second: Sequence[Header]) -> list[Header]:
    """Return a header of two lines: the more exact name is the lower one; a name over several columns goes for all."""
    found: list[Header] = []
    group = ""
    for place in range(max(len(first), len(second))):
        upper = first[place] if place < len(first) else Header("", None)
        lower = second[place] if place < len(second) else Header("", None)
        group = upper.text or (group if lower.text else "")
        meant = lower if lower.field is not None else upper
        text = " / ".join(dict.fromkeys(part for part in (group, lower.text) if part))
        found.append(Header(text, meant.field, meant.is_coded))
    return found
