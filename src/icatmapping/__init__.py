"""
Who does what against trafficking in persons, where, when and with whom: a mapping that a program can ask.

``load()`` gives the bundled dataset; everything else takes it or a part of it. Importing this package reads no data
and loads no optional library.
"""

from __future__ import annotations

from icatmapping.collection import Collection
from icatmapping.dataset import Dataset, load
from icatmapping.errors import AmbiguousNameError, DatasetError, Fault, IcatMappingError, UnknownNameError
from icatmapping.geography import Country, country
from icatmapping.network import affiliation_graph, partnership_graph
from icatmapping.paths import Path, Paths, Step, collaboration_paths
from icatmapping.records import Entity, Finding, Initiative, Organization, Partnership, Resource
from icatmapping.vocabulary import (
    EntityKind,
    Evidence,
    Form,
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

__version__ = "0.1.0"

__all__ = [
    "AmbiguousNameError",
    "Collection",
    "Country",
    "Dataset",
    "DatasetError",
    "Entity",
    "EntityKind",
    "Evidence",
    "Fault",
    "Finding",
    "Form",
    "IcatMappingError",
    "Initiative",
    "Membership",
    "Organization",
    "OrganizationKind",
    "Partnership",
    "PartnershipKind",
    "Path",
    "Paths",
    "PriorityArea",
    "Region",
    "Resource",
    "ResourceKind",
    "Response",
    "Scope",
    "Status",
    "Step",
    "TargetGroup",
    "Theme",
    "UnknownNameError",
    "__version__",
    "affiliation_graph",
    "collaboration_paths",
    "country",
    "load",
    "partnership_graph",
]
