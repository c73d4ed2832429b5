"""
Published findings beside the mapping: verdicts from rules that are written down here once more.
"""

from __future__ import annotations

from collections import Counter
from math import fsum
from typing import TYPE_CHECKING

import icatmapping as im
from support.packages import KINDS, bundled
from support.reference import Reference
from support.strategies import dataset

if TYPE_CHECKING:
    from support.packages import Raw

REFERENCE = Reference({kind: bundled(kind) for kind in (*KINDS, "groupings")})


def test_every_finding_is_checked_in_order(ds: im.Dataset, raw: Raw) -> None:
    """Each published statement stands there with its verdict, rule, figure and sources."""
    found = im.findings(ds)
    assert [(row.id, row.statement, list(row.sources)) for row in found] == [
        (finding["id"], finding["statement"], finding["sources"]) for finding in raw["findings"]
    ]
    assert all(row.rule and row.figure for row in found)


def test_findings_agree_or_differ_as_the_files_say(ds: im.Dataset, raw: Raw) -> None:
    """The verdicts are those of rules written down here once more, from the plain records."""
    entities, initiatives = raw["entities"], raw["initiatives"]
    by_form = Counter(form for entity in entities for form in entity["forms"]).most_common()
    regions = [REFERENCE.values("initiatives", record, "region") for record in initiatives]
    located = [values for values in regions if values]
    engaged = Counter(region for values in regions for region in values)
    half = fsum(len(values & {"europe", "central_asia", "africa"}) / len(values) for values in located) / len(located)
    coded = [set(entity["responses"]) for entity in entities if entity["responses"]]
    primary = ("technical_assistance", "normative_policy", "knowledge_development")
    trained = [record["target_groups"] for record in initiatives if "capacity_building" in record["responses"]]
    groups = Counter(group for some in trained for group in some)
    areas = {area for record in initiatives for area in REFERENCE.values("initiatives", record, "priority_area")}
    expected = {
        "anchored-on-review": len(areas) == 6,
        "forms-most-addressed": by_form[2][1] > by_form[3][1]
        and {form for form, _ in by_form[:3]} == {"sexual_exploitation", "labour_exploitation", "child_trafficking"},
        "levels": {record["scope"] for record in initiatives} == {"global", "regional", "national"},
        "membership-size": sum(entity["membership"] != "partner" for entity in entities) == 29,
        "regions-half": 0.4 <= half < 0.5,
        "regions-most-engaged": min(engaged[r] for r in ("europe", "central_asia", "africa", "middle_east"))
        >= max(engaged[r] for r in ("asia_pacific", "latin_america_caribbean", "north_america")),
        "response-capacity-building": sum("capacity_building" in some for some in coded) > len(coded) / 2,
        "responses-primary": all(sum(value in some for some in coded) > len(coded) / 2 for value in primary),
        "structure-of-resource": all(raw[kind] for kind in KINDS if kind != "organizations"),
        "training-target-groups": {g for g, _ in groups.most_common(3)}
        == {"law_enforcement", "policymakers", "civil_society"},
    }
    verdicts = {row.id: row.verdict for row in im.findings(ds)}
    compared = {name: "agrees" if agrees else "differs" for name, agrees in expected.items()}
    assert verdicts == compared | dict.fromkeys(("co-chair-2021", "uk-funding"), "cannot be compared")


def test_findings_of_ones_own_that_have_no_rule_are_not_compared(small: Raw) -> None:
    """A statement that nobody wrote a rule for, or that names nothing that there is, is no error."""
    source = small["findings"][0]["sources"]
    new = {"statement": "Something.", "sources": source}
    small["findings"] = [
        {"id": "levels", "dimension": "scope", "values": [], **new},
        {"id": "my-own", "dimension": "form", "values": ["organ_removal"], **new},
        {"id": "structure-of-resource", "dimension": None, "values": ["horses"], **new},
    ]
    checked = im.findings(dataset(small))
    assert [row.verdict for row in checked] == ["cannot be compared"] * 3
