"""
Linked data: rdflib reads it without a network, knows every term of it, and finds the records in it.
"""

from __future__ import annotations

import json
import logging
import socket
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from attrs import evolve
from hypothesis import given, settings
from rdflib.namespace import RDF, SDO

import icatmapping as im
from icatmapping.io.jsonld import to_jsonld
from icatmapping.model.records import Identifier
from icatmapping.model.vocabulary import IdentifierType
from support.strategies import SmallMapping, dataset, mapping_of, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning:rdflib")

ADDRESSES = {"url", "subjectOf", "sameAs"}


def parsed(document: dict[str, Any]) -> rdflib.Graph:
    """Let rdflib read a document."""
    return rdflib.Graph().parse(data=json.dumps(document), format="json-ld")


@pytest.fixture(scope="module")
def graph(ds: im.Dataset) -> rdflib.Graph:
    """Give the whole bundled mapping as rdflib reads it, with no network to fetch anything from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", lambda *_, **__: pytest.fail("something reached for the network"))
        return parsed(to_jsonld(ds))


def urn(kind: str, identifier: str) -> rdflib.URIRef:
    """Give the id of a node."""
    return rdflib.URIRef(f"urn:icatmapping:{kind}:{identifier}")


def links(graph: rdflib.Graph, predicate: str, subject: str) -> set[tuple[str, str]]:
    """Give who is linked to whom, among subjects of one kind."""
    found = graph.subject_objects(SDO[predicate])
    return {(str(a), str(b)) for a, b in found if str(a).startswith(f"urn:icatmapping:{subject}:")}


def said(node: dict[str, Any], *, inner: bool = False) -> Iterator[tuple[str, str, str]]:
    """Walk a node of the document and give its statements; those of a node without an id under its own content."""
    name = json.dumps(node) if inner else node["@id"]
    for key, value in node.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield name, key, json.dumps(one)
                yield from said(one, inner=True)
            elif key != "@id":
                yield name, key, one


@pytest.mark.slow
def test_every_term_is_one_of_schema_org(graph: rdflib.Graph) -> None:
    """Classes and properties, by the list of them that rdflib ships."""
    used = {*graph.predicates(), *graph.objects(None, RDF.type)} - {RDF.type}
    assert {str(term).removeprefix(str(SDO._NS)) for term in used} <= SDO.__annotations__.keys()


def test_rdflib_finds_every_statement(graph: rdflib.Graph, ds: im.Dataset) -> None:
    """As many as a plain walk through the document: no key is dropped, none is read twice."""
    nodes = to_jsonld(ds)["@graph"]
    assert len({node["@id"] for node in nodes}) == len(nodes)
    everything = [statement for node in nodes for statement in said(node)]
    # Roles and identifiers have no id: two of one content are two nodes.
    named = {statement for statement in everything if not statement[0].startswith("{")}
    nameless = [statement for statement in everything if statement[0].startswith("{")]
    assert len(graph) == len(named) + len(nameless)


def test_every_node_that_is_linked_to_is_described(graph: rdflib.Graph) -> None:
    """In the whole mapping no id of its own leads nowhere, but for the names of vocabularies."""
    sets = set(graph.objects(None, SDO.inDefinedTermSet))
    ids = {node for node in graph.objects() if str(node).startswith("urn:icatmapping:")} - sets
    assert ids <= set(graph.subjects(RDF.type))
    assert all((node, SDO.name, None) in graph for node in ids)


@settings(max_examples=25)
@given(world=worlds())
def test_who_takes_part_in_what_is_linked_so(world: SmallMapping) -> None:
    """Leads through a role, partners and members directly, donors as funders, publishers, organs to their wholes."""
    graph = parsed(to_jsonld(world.ds))
    body = "urn:icatmapping:organization:"

    def pairs(kind: str, field: str, label: str) -> set[tuple[str, str]]:
        return {
            (f"urn:icatmapping:{label}:{record['id']}", body + one)
            for record in world.raw[kind]
            for one in record[field]
        }

    roles = {
        (str(project), str(graph.value(role, SDO.member)))
        for role in graph.subjects(SDO.roleName, rdflib.Literal("lead"))
        for project in graph.subjects(SDO.member, role)
    }
    assert roles == pairs("initiatives", "leads", "initiative")
    direct = {pair for pair in links(graph, "member", "initiative") if pair[1].startswith(body)}
    assert direct == pairs("initiatives", "partners", "initiative")
    assert links(graph, "funder", "initiative") == pairs("initiatives", "donors", "initiative")
    assert links(graph, "member", "partnership") == pairs("partnerships", "members", "partnership")
    assert links(graph, "publisher", "resource") == pairs("resources", "publishers", "resource")
    assert links(graph, "parentOrganization", "organization") == {
        (body + record["id"], home + record[field])
        for record in world.raw["organizations"]
        for field, home in (("part_of", body), ("body_of", "urn:icatmapping:partnership:"))
        if record[field]
    }
    assert links(graph, "sameAs", "partnership") == {
        (f"urn:icatmapping:partnership:{record['id']}", f"urn:icatmapping:initiative:{record['initiative']}")
        for record in world.raw["partnerships"]
        if record["initiative"]
    }


def test_a_record_says_in_linked_data_what_it_says(graph: rdflib.Graph) -> None:
    """One of each kind, by hand from the data files."""
    campaign = urn("initiative", "50-for-freedom")
    assert graph.value(campaign, RDF.type) == SDO.Project
    assert graph.value(campaign, SDO.name) == rdflib.Literal("50 for Freedom")
    assert graph.value(campaign, SDO.foundingDate) == rdflib.Literal("2015-10")
    assert graph.value(campaign, SDO.url) == rdflib.URIRef("https://50forfreedom.org/")
    assert urn("theme", "legislation") in set(graph.objects(campaign, SDO.keywords))
    report = urn("resource", "1st-general-report-on-greta-s-activities")
    assert graph.value(report, RDF.type) == SDO.Report
    assert graph.value(report, SDO.datePublished) == rdflib.Literal("2011")
    assert graph.value(report, SDO.inLanguage) == rdflib.Literal("en")
    agency = urn("organization", "naptip")
    assert graph.value(agency, RDF.type) == SDO.GovernmentOrganization
    assert graph.value(graph.value(agency, SDO.location), SDO.name) == rdflib.Literal("Nigeria")
    assert graph.value(urn("theme", "legislation"), SDO.name) == rdflib.Literal("Legislation")


def test_a_part_brings_those_that_take_part_in_it(ds: im.Dataset) -> None:
    """And whatever they are part of; nobody else."""
    found = ds.initiatives.where(country="Sudan")
    graph = parsed(to_jsonld(found))
    bodies = {one for record in found for one in (*record.leads, *record.partners, *record.donors)}
    parents = {record.id: record.part_of for record in ds.organizations}
    wholes = set(bodies)
    for one in bodies:
        parent = parents.get(one)
        while parent:
            wholes.add(parent)
            parent = parents.get(parent)
    there = {str(node).removeprefix("urn:icatmapping:organization:") for node in graph.subjects(RDF.type)}
    assert there & {record.id for record in (*ds.entities, *ds.organizations)} == wholes
    assert len(set(graph.subjects(RDF.type, SDO.Project))) == len(found)


def test_identifiers_are_property_values_and_links_where_they_are_addresses(ds: im.Dataset) -> None:
    """A DOI is both; a document symbol is a value alone."""
    known = (
        Identifier(IdentifierType.DOI, "10.1000/a b<c>".replace(" ", "%")),
        Identifier(IdentifierType.DOCUMENT_SYMBOL, "A/HRC/26/37"),
    )
    record = evolve(ds.resources[0], identifiers=known)
    graph = parsed(to_jsonld(im.Collection(im.Resource, [record], ds.directory)))
    node = urn("resource", record.id)
    values = {
        (str(graph.value(one, SDO.propertyID)), str(graph.value(one, SDO.value)))
        for one in graph.objects(node, SDO.identifier)
    }
    assert values == {("doi", "10.1000/a%b<c>"), ("document_symbol", "A/HRC/26/37")}
    assert set(graph.objects(node, SDO.sameAs)) == {rdflib.URIRef("https://doi.org/10.1000/a%25b%3Cc%3E")}


def test_no_address_breaks_the_graph(caplog: pytest.LogCaptureFixture) -> None:
    """What no id of a node may hold is escaped, so that every other format can be written from it."""
    raw = mapping_of([("alpha",)]).raw
    raw["initiatives"][0] |= {"title": '"</script>\\', "sources": ['https://example.org/<a>"{b}|\\^`']}
    with caplog.at_level(logging.WARNING):
        graph = parsed(to_jsonld(dataset(raw)))
        again = rdflib.Graph().parse(data=graph.serialize(format="nt"), format="nt")
    assert not caplog.records
    assert set(again.objects(urn("initiative", "work-0"), SDO.name)) == {rdflib.Literal('"</script>\\')}
    assert set(again.objects(urn("initiative", "work-0"), SDO.subjectOf)) == {
        rdflib.URIRef("https://example.org/%3Ca%3E%22%7Bb%7D%7C%5C%5E%60")
    }
