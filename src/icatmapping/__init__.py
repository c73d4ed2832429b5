"""
Who does what against trafficking in persons, where, when and with whom: a mapping that a program can ask.

``load()`` gives the bundled dataset; everything else takes it or a part of it. Importing this package reads no data
and imports no other library: each name is found when it is first asked for. Types are in ``__init__.pyi``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from icatmapping.utils.laziness import BUILDING

__version__ = "0.3.0"

_EXPORTS: dict[str, tuple[str, ...]] = {
    "briefing.brief": ("Brief", "country_brief"),
    "briefing.support": ("Support", "SupportRow", "find_support"),
    "dataset": ("Dataset", "load"),
    "errors": (
        "AmbiguousNameError",
        "DatasetError",
        "DatasetWarning",
        "EngineError",
        "Fault",
        "IcatMappingError",
        "MissingExtraError",
        "UnknownNameError",
        "UnreadableFileError",
    ),
    "frames.frames": ("Frames", "Records"),
    "frames.scanning": ("scan",),
    "frames.writing": ("write_frames",),
    "io.changes": ("Change", "Changes", "changes"),
    "io.citations": ("Reference", "References", "cite", "references"),
    "io.delimited": ("to_csv",),
    "io.drafts": ("Draft",),
    "io.excel": ("to_excel",),
    "io.graphs": ("flatten_graph", "write_graph"),
    "io.hxl": ("to_hxl", "write_hxl"),
    "io.hxl_reading": ("read_hxl",),
    "io.iati": ("to_iati", "write_iati"),
    "io.iati_codes": ("IATI_CODES", "IATI_WORDS", "IatiCode", "IatiWord"),
    "io.iati_reading": ("read_iati",),
    "io.iati_streaming": ("IatiStream", "iati_stream"),
    "io.jsonld": ("to_jsonld",),
    "io.package": ("write_package",),
    "io.table_reading": ("read_table",),
    "io.template": ("write_template",),
    "io.tidy": ("Tidy", "tidy"),
    "model.geography": ("country",),
    "model.records": (
        "Country",
        "Entity",
        "Finding",
        "Grouping",
        "Identifier",
        "Initiative",
        "Organization",
        "Partnership",
        "Resource",
    ),
    "model.vocabulary": (
        "EntityKind",
        "Evidence",
        "Form",
        "GroupingKind",
        "IdentifierType",
        "InitiativeKind",
        "Membership",
        "OrganizationKind",
        "PartnershipKind",
        "PriorityArea",
        "Region",
        "ResourceKind",
        "Response",
        "Scope",
        "Sector",
        "Status",
        "TargetGroup",
        "Theme",
        "terms",
    ),
    "network.connections": ("Connection", "Connections", "connections"),
    "network.graphs": ("affiliation_graph", "partnership_graph"),
    "network.measures": ("Brokers", "Communities", "NetworkSummary", "brokers", "communities", "network_summary"),
    "network.partners": ("Suggestion", "Suggestions", "suggest_partners"),
    "network.paths": ("Path", "Paths", "Step", "collaboration_paths"),
    "query.collection": ("Collection",),
    "site.writing": ("write_site",),
    "query.search": ("Hit", "Hits"),
    "statistics.concentration": ("Concentration", "concentration"),
    "statistics.coverage": ("Coverage", "CoverageRow", "coverage"),
    "statistics.crosstab": ("Crosstab", "crosstab"),
    "statistics.findings": ("Findings", "findings"),
    "statistics.gaps": ("Gap", "Gaps", "gaps"),
    "statistics.overlaps": ("Overlap", "Overlaps", "Uncoordinated", "overlaps"),
    "statistics.portfolio": ("Comparison", "Portfolio", "compare", "portfolio"),
    "statistics.timeline": ("Timeline", "timeline"),
}
"""The public names by the module in which each is defined."""
_SUBMODULES = {
    "dimensions": "query.dimensions",
    "geography": "model.geography",
    "plots": "plots",
    "records": "model.records",
    "vocabulary": "model.vocabulary",
}
"""The public modules by name."""
_HOME_OF = {name: module for module, names in _EXPORTS.items() for name in names}
_TYPES: dict[str, tuple[str, ...]] = {
    "datapackage.overlay": ("Overlay",),
    "datapackage.package": ("Package",),
    "io.sheets": ("Asked",),
    "model.fields": ("Year",),
    "model.records": ("Grouping", "Host", "Record"),
    "model.schema": ("Kind", "Value"),
    "query.criteria": (
        "ContextCriteria",
        "Dates",
        "InitiativeCriteria",
        "Reach",
        "SharedCriteria",
    ),
    "query.directory": ("Directory",),
}
"""What else annotations of public names use, by module; for what is not here, the source is read."""

__all__ = sorted([*_HOME_OF, "plots", "__version__"])  # noqa: PLE0605 - the stub lists them for type checkers


def __getattr__(name: str) -> Any:
    with BUILDING:  # a process that is forked in the middle of an import would wait for it without end
        if name in _SUBMODULES:
            found: Any = import_module(f"{__name__}.{_SUBMODULES[name]}")
        elif name in _HOME_OF:
            found = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
            _complete(found)
        else:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
    globals()[name] = found
    return found


def _complete(found: object) -> None:
    """Let `typing.get_type_hints` find what the annotations of a public name mean."""
    from icatmapping.utils.annotations import complete_names  # noqa: PLC0415 - importing the package imports nothing

    types = {name: f"{__name__}.{module}" for module, names in _TYPES.items() for name in names}
    homes = {name: f"{__name__}.{module}" for name, module in _HOME_OF.items()}
    abstract = dict.fromkeys(
        ("Callable", "Collection", "Iterable", "Iterator", "Mapping", "Sequence"), "collections.abc"
    )
    complete_names(found, abstract | types | homes | {"os": "os", "PathLike": "os"})


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF, *_SUBMODULES})
