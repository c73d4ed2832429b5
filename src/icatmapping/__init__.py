"""
Who does what against trafficking in persons, where, when and with whom: a mapping that a program can ask.

``load()`` gives the bundled dataset; everything else takes it or a part of it. Importing this package reads no data
and loads no other library: what a first query can do without is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from icatmapping import _presentation
from icatmapping.collection import Collection
from icatmapping.dataset import Dataset, load
from icatmapping.errors import (
    AmbiguousNameError,
    DatasetError,
    Fault,
    IcatMappingError,
    MissingExtraError,
    UnknownNameError,
)
from icatmapping.geography import country
from icatmapping.vocabulary import (
    EntityKind,
    Evidence,
    Form,
    IdentifierType,
    Membership,
    OrganizationKind,
    PartnershipKind,
    PriorityArea,
    Region,
    ResourceKind,
    Response,
    Scope,
    Status,
    TargetGroup,
    Theme,
)

_presentation.install(lambda shown: import_module("icatmapping.display").as_html(shown))

if TYPE_CHECKING:
    from icatmapping.briefing import Brief, country_brief
    from icatmapping.comparing import (
        Findings,
        Gap,
        Gaps,
        Overlap,
        Overlaps,
        Portfolio,
        findings,
        gaps,
        overlaps,
        portfolio,
    )
    from icatmapping.counting import (
        Concentration,
        Coverage,
        CoverageRow,
        Crosstab,
        Timeline,
        concentration,
        coverage,
        crosstab,
        timeline,
    )
    from icatmapping.display import plots
    from icatmapping.geography import Country
    from icatmapping.interchange.frames import Tidy, tidy
    from icatmapping.interchange.graphs import write_graph
    from icatmapping.interchange.hxl import to_hxl, write_hxl
    from icatmapping.interchange.jsonld import to_jsonld
    from icatmapping.interchange.package import write_package
    from icatmapping.network import (
        Brokers,
        Communities,
        NetworkSummary,
        affiliation_graph,
        brokers,
        communities,
        network_summary,
        partnership_graph,
    )
    from icatmapping.partners import Suggestion, Suggestions, suggest_partners
    from icatmapping.paths import Connection, Connections, Path, Paths, Step, collaboration_paths, connections
    from icatmapping.records import Entity, Finding, Identifier, Initiative, Organization, Partnership, Resource

__version__ = "0.2.0"

_HOME_OF = {
    **dict.fromkeys(("Brief", "country_brief"), "briefing"),
    **dict.fromkeys(("Findings", "Gap", "Gaps", "Overlap", "Overlaps", "Portfolio"), "comparing"),
    **dict.fromkeys(("findings", "gaps", "overlaps", "portfolio"), "comparing"),
    **dict.fromkeys(("Concentration", "Coverage", "CoverageRow", "Crosstab", "Timeline"), "counting"),
    **dict.fromkeys(("concentration", "coverage", "crosstab", "timeline"), "counting"),
    **dict.fromkeys(("Brokers", "Communities", "NetworkSummary", "affiliation_graph", "brokers"), "network"),
    **dict.fromkeys(("communities", "network_summary", "partnership_graph"), "network"),
    **dict.fromkeys(("Suggestion", "Suggestions", "suggest_partners"), "partners"),
    **dict.fromkeys(("Connection", "Connections", "Path", "Paths", "Step"), "paths"),
    **dict.fromkeys(("collaboration_paths", "connections"), "paths"),
    **dict.fromkeys(("Tidy", "tidy"), "interchange.frames"),
    **dict.fromkeys(("to_hxl", "write_hxl"), "interchange.hxl"),
    **dict.fromkeys(("Entity", "Finding", "Identifier", "Initiative", "Organization"), "records"),
    **dict.fromkeys(("Partnership", "Resource"), "records"),
    "Country": "geography",
    "to_jsonld": "interchange.jsonld",
    "write_graph": "interchange.graphs",
    "write_package": "interchange.package",
}
"""What is imported when first asked for, and the module that it lives in."""
_MODULES = {"plots": "display.plots", **{name: name for name in ("extending", "loading", "records")}}
"""The modules that are imported when first asked for."""


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{_MODULES[name]}")
    home = _HOME_OF.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF, *_MODULES})


__all__ = [
    "AmbiguousNameError",
    "Brief",
    "Brokers",
    "Collection",
    "Communities",
    "Concentration",
    "Connection",
    "Connections",
    "Country",
    "Coverage",
    "CoverageRow",
    "Crosstab",
    "Dataset",
    "DatasetError",
    "Entity",
    "EntityKind",
    "Evidence",
    "Fault",
    "Finding",
    "Findings",
    "Form",
    "Gap",
    "Gaps",
    "IcatMappingError",
    "Identifier",
    "IdentifierType",
    "Initiative",
    "Membership",
    "MissingExtraError",
    "NetworkSummary",
    "Organization",
    "OrganizationKind",
    "Overlap",
    "Overlaps",
    "Partnership",
    "PartnershipKind",
    "Path",
    "Paths",
    "Portfolio",
    "PriorityArea",
    "Region",
    "Resource",
    "ResourceKind",
    "Response",
    "Scope",
    "Status",
    "Step",
    "Suggestion",
    "Suggestions",
    "TargetGroup",
    "Theme",
    "Tidy",
    "Timeline",
    "UnknownNameError",
    "__version__",
    "affiliation_graph",
    "brokers",
    "collaboration_paths",
    "communities",
    "concentration",
    "connections",
    "country",
    "country_brief",
    "coverage",
    "crosstab",
    "findings",
    "gaps",
    "load",
    "network_summary",
    "overlaps",
    "partnership_graph",
    "plots",
    "portfolio",
    "suggest_partners",
    "tidy",
    "timeline",
    "to_hxl",
    "to_jsonld",
    "write_graph",
    "write_hxl",
    "write_package",
]
