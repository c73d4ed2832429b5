"""
What a country's pages ask: the paths between all pairs of members, on every topic, and how near work is to it.

All pairs of a country share its affiliation network, so that none is built twice.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from icatmapping.briefing.support import nearness
from icatmapping.model import geography
from icatmapping.network.affiliations import UNDERTAKINGS, Affiliations, collect_events
from icatmapping.network.context import TOPICS, Context, make_context
from icatmapping.network.path_query import PathQuery
from icatmapping.network.weighting import DEFAULT_HALF_LIFE
from icatmapping.query.dimensions import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from icatmapping.network.affiliations import Event
    from icatmapping.site.context import Site

__all__ = ["PairPaths", "find_pairs", "topics_of", "write_country_data"]

K, MAX_HOPS = 5, 4
"""How many paths there are at most between two members, and of how many steps: the defaults of the library."""
NEARNESS = (1.0, 0.5, 0.25)
"""How near work can be to a country; all else is elsewhere."""

PairPaths = dict[tuple[str, str], list[tuple[str, ...]]]


def find_pairs(site: Site, alpha3: str) -> tuple[Affiliations, PairPaths, dict[str, PairPaths]]:
    """
    Find the paths between all pairs of members in a country.

    Returns:
        The network; the paths of each pair; and for each topic, such as ``"theme:child_protection"``, those of the
        pairs whose paths differ for it.
    """
    context = make_context(
        site.ds,
        of=UNDERTAKINGS,
        donors=False,
        organs="fold",
        weighting="relevance",
        half_life=DEFAULT_HALF_LIFE,
        topic="prefer",
        criteria={"country": alpha3},
    )
    network = context.affiliations()
    active = sorted(site.ds.directory.entity_ids & network.events_of.keys())
    queries = {pair: _query(context, *pair) for pair in combinations(active, 2)}
    found = {pair: query.search(network, K, "hops") for pair, query in queries.items()}
    plain = {pair: paths for pair, paths in found.items() if paths}
    by_topic: dict[str, PairPaths] = {}
    for topic, nodes in sorted(_topics(site, network).items()):
        on_topic = Affiliations(network.events, _part_of(network), nodes)
        # A single path is the same on every topic.
        several = {pair: queries[pair].search(on_topic, K, "hops") for pair, paths in plain.items() if len(paths) > 1}
        other = {pair: paths for pair, paths in several.items() if paths != plain[pair]}
        if other:
            by_topic[topic] = other
    return network, plain, by_topic


def _query(context: Context, source: str, target: str) -> PathQuery:
    return PathQuery(context, source, target, MAX_HOPS, external=True, foreign_governments=False)


def _part_of(network: Affiliations) -> Callable[[Event], float]:
    return lambda event: network.parts[event.node]


def topics_of(site: Site, event: Event) -> list[str]:
    """Return the topics of an event, each as its dimension and value, sorted."""
    found = {
        f"{name}:{value}"
        for record in event.records
        for name in TOPICS
        if record.collection in DIMENSIONS[name].readers
        for value in DIMENSIONS[name].values(record, site.ds.directory)
    }
    return sorted(found)


def _topics(site: Site, network: Affiliations) -> dict[str, frozenset[str]]:
    """Return the nodes of the events on each topic."""
    found: dict[str, set[str]] = {}
    for node, event in network.events.items():
        for topic in topics_of(site, event):
            found.setdefault(topic, set()).add(node)
    return {topic: frozenset(nodes) for topic, nodes in found.items()}


def write_country_data(site: Site, alpha3: str) -> None:
    """Write what the scripts of the pages need of a country, as a script of its own."""
    network, plain, by_topic = find_pairs(site, alpha3)
    events = sorted(network.events.values(), key=_rank)
    every = [*plain.values(), *[paths for pairs in by_topic.values() for paths in pairs.values()]]
    bodies = sorted({one for paths in every for path in paths for one in path})
    place = {one: number for number, one in enumerate(bodies)}

    def coded(pairs: PairPaths) -> dict[str, list[list[int]]]:
        return {f"{a} {b}": [[place[one] for one in path] for path in paths] for (a, b), paths in pairs.items()}

    members = site.ds.directory.entity_ids
    used = [event for event in events if any(one in place or one in members for one in event.roles)]
    topics = sorted({topic for event in used for topic in topics_of(site, event)})
    number_of = {topic: number for number, topic in enumerate(topics)}
    active = {one: len(network.events_of[one]) for one in sorted(members & network.events_of.keys())}
    site.data(
        f"country-{alpha3}",
        {
            "events": [_event(site, event, place, number_of) for event in used],
            "bodies": [[one, site.ds.directory.label(one), site.body(one).href] for one in bodies],
            "active": active,
            "paths": coded(plain),
            "topics": topics,
            "onTopic": {topic: coded(pairs) for topic, pairs in by_topic.items()},
            "near": _near(site, alpha3),
        },
    )


def _rank(event: Event) -> tuple[float, int, str]:
    """Return what evidence is put in order by, beside topic and participants: newest, then of few countries."""
    newest = 0 if event.last_active is None else -event.last_active
    return (newest, len(event.countries), event.node)


def _event(site: Site, event: Event, place: Mapping[str, int], number_of: Mapping[str, int]) -> list[Any]:
    records = [[site.path(record), record.label, record.period] for record in event.records]
    topics = [number_of[topic] for topic in topics_of(site, event)]
    taking_part = sorted(place[one] for one in event.roles if one in place)
    return [records, event.first_active, event.last_active, topics, taking_part]


# --- how near work is to a country ------------------------------------------------------------------------------------


def _near(site: Site, alpha3: str) -> dict[str, list[list[int]]]:
    """Return by collection the places of the records that are near a country, as in `NEARNESS`."""
    country = geography.country(alpha3)
    found: dict[str, list[list[int]]] = {}
    for collection in UNDERTAKINGS:
        known: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = {}
        groups: list[list[int]] = [[] for _ in NEARNESS]
        for number, event in enumerate(_events(site, collection)):
            key = (event.countries, event.records[0].regions)
            if key not in known:
                known[key] = nearness(site.ds, country, event)
            if known[key] in NEARNESS:
                groups[NEARNESS.index(known[key])].append(number)
        found[collection] = groups
    return found


def _events(site: Site, collection: Any) -> Iterable[Event]:
    """Return the event of each record of a collection, in order."""
    events = collect_events(site.ds, of=(collection,), criteria={})
    return events.values()
