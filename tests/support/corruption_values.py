"""
Damage to data packages: to the values of records.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from support.corruption_base import (
    DESCRIPTOR,
    RECORDS,
    RULED,
    Damage,
    Outcome,
    Place,
    key_of,
    types_of,
)
from support.packages import ROLES, Files, Json, dumped

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence


CONTENT: dict[str, Callable[[random.Random, Files], Damage]] = {}
ContentDamage: TypeAlias = "Callable[[random.Random, Files], Damage]"


def register_content(make: ContentDamage) -> ContentDamage:
    CONTENT[make.__name__.strip("_").replace("_", " ")] = make
    return make


class Spot:
    """A record somewhere in some files, which may be changed."""

    def __init__(self, rng: random.Random, files: Files, among: Sequence[str] = RECORDS) -> None:
        self.files = files
        self.file = rng.choice(among)
        self.records: list[Json] = json.loads(files[self.file])
        self.position = rng.randrange(len(self.records))
        self.record = self.records[self.position]
        self.name = str(self.record[key_of(self.file)])

    def done(self, expected: Outcome, *places: Place, text: str | None = None) -> Damage:
        """Give the damage; in place of "%HERE%" a text that ``json`` would not write."""
        data = dumped(self.records)
        if text is not None:
            data = data.replace(b'"%HERE%"', text.encode())
        return Damage({**self.files, self.file: data}, expected, places or (Place(self.file),))

    def place(self, name: str = "") -> Place:
        """Give the place of a field of the record."""
        return Place(self.file, self.name, name)


def draw_value(
    rng: random.Random, record: Json, wanted: Callable[[Any], bool] = lambda _: True
) -> tuple[Any, Any, str]:
    """Choose a value of a record, maybe an item of a list: what holds it, its key there, its field."""
    places: list[tuple[Any, Any, str]] = [(record, name, name) for name in record]
    for name, value in record.items():
        if isinstance(value, list):
            places += [(value, number, f"{name}[]") for number in range(len(value))]
    good = [place for place in places if wanted(place[0][place[1]])]
    return rng.choice(good)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


@register_content
def _drop_a_field(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, (*RECORDS, *RULED))
    name = rng.choice(list(spot.record))
    del spot.record[name]
    if name in (key_of(spot.file), "vocabulary"):
        return spot.done("refused", Place(spot.file, f"[{spot.position}]"))
    return spot.done("either" if name == "identifiers" else "refused", Place(spot.file, "", name))


@register_content
def _rename_a_field(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files)
    name = rng.choice(list(spot.record))
    spellings = [name.upper(), name.title(), f"{name}s", f" {name}", f"{name}\0", name.replace("e", "\u0435")]
    spelt = rng.choice([spelling for spelling in (*spellings, name[:-1]) if spelling not in spot.record])
    record = {spelt if one == name else one: value for one, value in spot.record.items()}
    spot.records[spot.position] = record
    return spot.done("refused", Place(spot.file, spot.name if name != key_of(spot.file) else f"[{spot.position}]"))


@register_content
def _add_a_field(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, (*RECORDS, *RULED))
    spot.record[rng.choice(["x", "", "\ud800", "\0", "Id", "name " * 99, "__class__"])] = rng.choice([None, 1, "x", {}])
    return spot.done("refused", Place(spot.file))


_OF_TYPES: tuple[Any, ...] = (None, True, False, 0, 2020, 2020.0, -0.0, "x", "2020", [], ["x"], {}, {"id": "x"}, [[]])


@register_content
def _retype_a_value(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files)
    holder, key, name = draw_value(rng, spot.record)
    holder[key] = rng.choice([value for value in _OF_TYPES if type(value) is not type(holder[key])])
    if type(holder[key]) in types_of(spot.file)[name]:
        return spot.done("either", spot.place(), Place(spot.file, f"[{spot.position}]"))
    at = f"[{spot.position}]" if name == key_of(spot.file) else spot.name
    return spot.done("refused", Place(spot.file, at, name.removesuffix("[]")))


@register_content
def _swap_two_values(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files)
    one, other = rng.sample(list(spot.record), 2)
    spot.record[one], spot.record[other] = spot.record[other], spot.record[one]
    return spot.done("either", *map(Place, RECORDS))


@register_content
def _put_junk_in_a_value(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files)
    holder, key, _ = draw_value(rng, spot.record)
    words = ["2020", "2020-02", "NGA", "en", "iom", "global", "prevention", "africa", "https://un.org/", "other", "Q1"]
    noise = "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(1, 30)))
    letters = "".join(rng.choice("aAéßı\u0301\u202e\u00ad\ufeff\u2028 -'\"<&") for _ in range(10))
    holder[key] = rng.choice(
        [rng.choice(words), [rng.choice(words)], rng.sample(words, 3), rng.randrange(3000), noise, letters]
    )
    return spot.done("either", *map(Place, RECORDS))


@register_content
def _duplicate_a_record(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, (*RECORDS, *RULED))
    twin = dict(spot.record)
    if "sources" in twin and rng.random() < 0.5:
        twin["sources"] = ["https://example.org/twin"]
    spot.records.insert(rng.randrange(len(spot.records) + 1), twin)
    return spot.done("refused", Place(spot.file))


@register_content
def _duplicate_a_key(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, (*RECORDS, *RULED))
    name = rng.choice(list(spot.record))
    spot.record["%HERE%"] = 0
    data = dumped(spot.records).replace(b'"%HERE%": 0', dumped(name) + b": " + dumped(spot.record[name]))
    return Damage({**files, spot.file: data}, "refused", (Place(spot.file),))


@register_content
def _reorder_records_and_fields(rng: random.Random, files: Files) -> Damage:
    mixed = dict(files)
    for file in (*RECORDS, *RULED):
        records: list[Json] = json.loads(files[file])
        items = [dict(rng.sample(list(record.items()), len(record))) for record in records]
        mixed[file] = dumped(rng.sample(items, len(items)))
    return Damage(mixed, "loads", ())


@register_content
def _drop_a_record(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, RECORDS[:5])
    spot.records.remove(spot.record)
    places = [Place(told=repr(spot.name)), Place(field="part_of")]
    return spot.done("refused" if _is_referred_to(spot.name, files) else "either", *places)


@register_content
def _rename_an_id(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, RECORDS[:5])
    spot.record["id"] = rng.choice([f"{spot.name}-2", f"x{spot.name}", spot.name.upper(), f"{spot.name}-", "", "a b"])
    fine = re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", spot.record["id"]) is not None
    places = (Place(told=repr(spot.name)), Place(spot.file, "", "id"))
    return spot.done("refused" if not fine or _is_referred_to(spot.name, files) else "either", *places)


def _is_referred_to(name: str, files: Files) -> bool:
    """Tell whether a role or a link of any record holds an id."""
    for file in RECORDS:
        for record in json.loads(files[file]):
            held = [record.get(link) for link in ("part_of", "body_of", "initiative", "owner")]
            if name in held or any(name in record.get(role, ()) for role in ROLES):
                return True
    return False


@register_content
def _rename_every_id_of_a_file(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, RECORDS[:2])
    for record in spot.records:
        record["id"] += "x"
    return spot.done("refused", Place(told="is not the id of any record"))


@register_content
def _refer_to_nobody(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, RECORDS[:5])
    links = [name for name in ("part_of", "body_of", "initiative", *ROLES) if name in spot.record]
    if not links:
        spot.record["former_ids"] = ["Nobody"]
        return spot.done("refused", spot.place("former_ids"))
    name = rng.choice(links)
    wrong = rng.choice(["nobody", "icatx", "a" * 5000, "un-1", "IOM", "iom ", "\u0456om", "ilo\0", spot.name])
    if name in ROLES:
        spot.record[name].insert(0, wrong)
    else:
        spot.record[name] = wrong
    return spot.done("refused", spot.place(name))


@register_content
def _make_an_organ_of_itself(rng: random.Random, files: Files) -> Damage:
    organizations: list[Json] = json.loads(files["organizations.json"])
    ring = rng.sample(organizations, rng.randint(1, min(len(organizations), 20)))
    for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
        one["part_of"] = other["id"]
    places = [Place("organizations.json", one["id"], "part_of") for one in ring]
    return Damage({**files, "organizations.json": dumped(organizations)}, "refused", tuple(places))


@register_content
def _chain_many_organs(rng: random.Random, files: Files) -> Damage:
    organizations: list[Json] = json.loads(files["organizations.json"])
    blank = {**organizations[0], "body_of": None, "former_ids": [], "identifiers": []}
    count = rng.choice([5, 50, 101, 4000])
    chain = [{**blank, "id": f"link-{number}", "part_of": f"link-{number + 1}"} for number in range(count)]
    chain[-1]["part_of"] = None
    data = dumped([*organizations, *chain])
    expected: Outcome = "refused" if count > 101 else "loads"
    return Damage({**files, "organizations.json": data}, expected, (Place("organizations.json", "link-0", "part_of"),))


@register_content
def _reuse_a_former_id(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, RECORDS[:5])
    spot.record["former_ids"] = [rng.choice(spot.records)["id"]]
    return spot.done("refused", spot.place("former_ids"))


@register_content
def _end_before_the_start(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, ("initiatives.json", "partnerships.json", "entities.json"))
    first, last = {"i": ("start", "end"), "p": ("established", "ended"), "e": ("joined", "left")}[spot.file[0]]
    dates: list[tuple[Any, Any]] = [("2020", "2019-12"), ("2020-02", "2020-01")] if first == "start" else [(2020, 2019)]
    spot.record[first], spot.record[last] = rng.choice(dates)
    return spot.done("refused", spot.place(last))


@register_content
def _respell_a_term(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, RECORDS[:5])
    names = ["kind", "status", "scope", "membership", "levels", "regions", "themes", "forms", "responses", "countries"]
    names += ["target_groups", "languages", "headquarters", "country", "checked", "start"]
    having = [name for name in names if spot.record.get(name)]
    name = rng.choice(having)
    holder: Any
    key: Any
    holder, key = (spot.record[name], 0) if isinstance(spot.record[name], list) else (spot.record, name)
    text: str = holder[key]
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in text)
    spelt = (f"{text}.", f" {text}", f"{text}\u200b", text + text, text[:-1], wide, text.swapcase())
    holder[key] = rng.choice([spelling for spelling in spelt if spelling != text])
    return spot.done("refused", spot.place(name))


@register_content
def _break_text(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files)
    holder, key, name = draw_value(rng, spot.record, is_text)
    text: str = holder[key]
    middle = rng.randrange(1, len(text) + 1) if len(text) > 1 else 1
    bad = rng.choice(["\0", "\n", "\t", "\x1b[31m", "\x7f", "\x85", "\ud800", "\udfff", "\udcff\ud800"])
    holder[key] = rng.choice(["", " ", f"{text} ", f"\u3000{text}", f"{text[:middle]}{bad}{text[middle:]}"])
    at = spot.place(name.removesuffix("[]"))
    return spot.done("refused", at, Place(spot.file, "", key_of(spot.file)))


@register_content
def _write_without_end(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files)
    holder, key, name = draw_value(rng, spot.record, is_text)
    length = rng.choice([20_001, 20_001, 200_000, 200_000, 10_000_000])
    holder[key] = rng.choice(["x", "a.", "é", "\U0001f30d", "-a", "\ud800"]) * length
    at = spot.place(name.removesuffix("[]"))
    # In a zip file ten million times the same is taken for a bomb.
    bomb_like = Place(spot.file, told="is too large")
    return spot.done("refused", at, Place(spot.file, f"[{spot.position}]"), bomb_like)


@register_content
def _list_without_end(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files)
    name = rng.choice([name for name, value in spot.record.items() if isinstance(value, list)] or list(spot.record))
    count = rng.choice([300, 3000, 30_000])
    spot.record[name] = rng.choice([[f"x{number}" for number in range(count)], ["NGA"] * count, [None] * count])
    expected: Outcome = "either" if name in ("aliases", "legal_basis", "values", "former_ids") else "refused"
    return spot.done(expected, Place(spot.file, "", name))


@register_content
def _write_what_is_no_number(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, (*RECORDS, *RULED))
    holder, key, _ = draw_value(rng, spot.record)
    holder[key] = "%HERE%"
    wrong = ["1e400", "-1e400", "1e-400", "9" * 4000, "-" + "9" * 4000, "9" * 100_000, "1" + "0" * 300 + ".5", "20.20"]
    wrong += ["NaN", "Infinity", "-Infinity", "01", "+1", ".5"]
    return spot.done("refused", Place(spot.file), text=rng.choice(wrong))


@register_content
def _nest_deeply(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, (*RECORDS, *RULED))
    holder, key, _ = draw_value(rng, spot.record)
    holder[key] = "%HERE%"
    depth = rng.choice([3, 50, 500, rng.randrange(800, 1010), 5000, 100_000])
    left, right = rng.choice([("[", "]"), ('{"a":', "}"), ('[{"id":', "}]")])
    return spot.done("refused", Place(spot.file), text=left * depth + "0" + right * depth)


@register_content
def _be_no_list_of_records(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(RECORDS + RULED)
    roots: list[Any] = [None, {}, "records", 7, True, {"records": []}, [None], [7], [[]], ["x"]]
    roots += [[{}] * rng.choice([1, 1000, 60_000]), [[]] * 60_000, list(range(60_000))]
    return Damage({**files, file: dumped(rng.choice(roots))}, "refused", (Place(file),))


@register_content
def _change_what_the_library_fixes(rng: random.Random, files: Files) -> Damage:
    spot = Spot(rng, files, RULED)
    name = rng.choice(["drop", "add", "change"])
    if name == "drop":
        # A vocabulary that is missing as a whole came later than the package.
        spot.records[:] = [one for one in spot.records if one is not spot.record]
        left = {one.get("vocabulary") for one in spot.records}
        return spot.done("refused" if spot.record.get("vocabulary") in left else "either", Place(spot.file))
    if name == "add":
        spot.records.append({**spot.record, key_of(spot.file): rng.choice(["new", "", "ZZZ", None, ["x"]])})
        return spot.done("refused", Place(spot.file))
    holder, key, _ = draw_value(rng, spot.record)
    holder[key] = rng.choice(["else", {}, 12.5, "\ud800"])
    return spot.done("refused", Place(spot.file))


@register_content
def _change_the_descriptor(rng: random.Random, files: Files) -> Damage:
    described = json.loads(files[DESCRIPTOR])
    resources = described["resources"]
    one = rng.choice(resources)
    changes: dict[str, Callable[[], Any]] = {
        "drop": lambda: resources.remove(one),
        "repeat": lambda: resources.append(one),
        "path": lambda: one.update(path=rng.choice([None, 7, "x.json", [], "../initiatives.json"])),
        "list": lambda: described.update(resources=rng.choice([None, {}, "x", [], [None], [[]]])),
        "version": lambda: described.update(version=rng.choice([7, [], "", "\ud800", "\0", "x" * 10**6, "1\n2"])),
    }
    name = rng.choice([*changes, "harmless"])
    if name == "harmless":
        described |= {"title": ["anything", 1e300], "x": {"\ud800": None}, "version": rng.choice(["7", "2026.12", "ü"])}
        resources.reverse()
        return Damage({**files, DESCRIPTOR: dumped(described)}, "loads", ())
    changes[name]()
    return Damage({**files, DESCRIPTOR: dumped(described)}, "refused", (Place(DESCRIPTOR),))
