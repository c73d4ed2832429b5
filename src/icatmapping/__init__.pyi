from icatmapping import plots as plots
from icatmapping.model import geography as geography
from icatmapping.model import records as records
from icatmapping.model import vocabulary as vocabulary
from icatmapping.query import dimensions as dimensions
from icatmapping.briefing.brief import (
    Brief as Brief,
    country_brief as country_brief,
)
from icatmapping.briefing.support import (
    Support as Support,
    SupportRow as SupportRow,
    find_support as find_support,
)
from icatmapping.dataset import (
    Dataset as Dataset,
    load as load,
)
from icatmapping.errors import (
    AmbiguousNameError as AmbiguousNameError,
    DatasetError as DatasetError,
    DatasetWarning as DatasetWarning,
    Fault as Fault,
    IcatMappingError as IcatMappingError,
    MissingExtraError as MissingExtraError,
    UnknownNameError as UnknownNameError,
    UnreadableFileError as UnreadableFileError,
)
from icatmapping.io.changes import (
    Change as Change,
    Changes as Changes,
    changes as changes,
)
from icatmapping.io.citations import (
    Reference as Reference,
    References as References,
    cite as cite,
    references as references,
)
from icatmapping.io.delimited import (
    to_csv as to_csv,
)
from icatmapping.io.drafts import (
    Draft as Draft,
)
from icatmapping.io.excel import (
    to_excel as to_excel,
)
from icatmapping.io.graphs import (
    write_graph as write_graph,
)
from icatmapping.io.hxl import (
    to_hxl as to_hxl,
    write_hxl as write_hxl,
)
from icatmapping.io.hxl_reading import (
    read_hxl as read_hxl,
)
from icatmapping.io.iati import (
    to_iati as to_iati,
    write_iati as write_iati,
)
from icatmapping.io.iati_codes import (
    IATI_CODES as IATI_CODES,
    IATI_WORDS as IATI_WORDS,
    IatiCode as IatiCode,
    IatiWord as IatiWord,
)
from icatmapping.io.iati_reading import (
    read_iati as read_iati,
)
from icatmapping.io.jsonld import (
    to_jsonld as to_jsonld,
)
from icatmapping.io.package import (
    write_package as write_package,
)
from icatmapping.io.table_reading import (
    read_table as read_table,
)
from icatmapping.io.template import (
    write_template as write_template,
)
from icatmapping.io.tidy import (
    Tidy as Tidy,
    tidy as tidy,
)
from icatmapping.model.geography import (
    country as country,
)
from icatmapping.model.records import (
    Country as Country,
    Entity as Entity,
    Finding as Finding,
    Grouping as Grouping,
    Identifier as Identifier,
    Initiative as Initiative,
    Organization as Organization,
    Partnership as Partnership,
    Resource as Resource,
)
from icatmapping.model.vocabulary import (
    EntityKind as EntityKind,
    Evidence as Evidence,
    Form as Form,
    GroupingKind as GroupingKind,
    IdentifierType as IdentifierType,
    InitiativeKind as InitiativeKind,
    Membership as Membership,
    OrganizationKind as OrganizationKind,
    PartnershipKind as PartnershipKind,
    PriorityArea as PriorityArea,
    Region as Region,
    ResourceKind as ResourceKind,
    Response as Response,
    Scope as Scope,
    Sector as Sector,
    Status as Status,
    TargetGroup as TargetGroup,
    Theme as Theme,
    terms as terms,
)
from icatmapping.network.connections import (
    Connection as Connection,
    Connections as Connections,
    connections as connections,
)
from icatmapping.network.graphs import (
    affiliation_graph as affiliation_graph,
    partnership_graph as partnership_graph,
)
from icatmapping.network.measures import (
    Brokers as Brokers,
    Communities as Communities,
    NetworkSummary as NetworkSummary,
    brokers as brokers,
    communities as communities,
    network_summary as network_summary,
)
from icatmapping.network.partners import (
    Suggestion as Suggestion,
    Suggestions as Suggestions,
    suggest_partners as suggest_partners,
)
from icatmapping.network.paths import (
    Path as Path,
    Paths as Paths,
    Step as Step,
    collaboration_paths as collaboration_paths,
)
from icatmapping.query.collection import (
    Collection as Collection,
)
from icatmapping.query.search import (
    Hit as Hit,
    Hits as Hits,
)
from icatmapping.statistics.concentration import (
    Concentration as Concentration,
    concentration as concentration,
)
from icatmapping.statistics.coverage import (
    Coverage as Coverage,
    CoverageRow as CoverageRow,
    coverage as coverage,
)
from icatmapping.statistics.crosstab import (
    Crosstab as Crosstab,
    crosstab as crosstab,
)
from icatmapping.statistics.findings import (
    Findings as Findings,
    findings as findings,
)
from icatmapping.statistics.gaps import (
    Gap as Gap,
    Gaps as Gaps,
    gaps as gaps,
)
from icatmapping.statistics.overlaps import (
    Overlap as Overlap,
    Overlaps as Overlaps,
    Uncoordinated as Uncoordinated,
    overlaps as overlaps,
)
from icatmapping.statistics.portfolio import (
    Comparison as Comparison,
    Portfolio as Portfolio,
    compare as compare,
    portfolio as portfolio,
)
from icatmapping.statistics.timeline import (
    Timeline as Timeline,
    timeline as timeline,
)

__version__: str

__all__ = [
    "AmbiguousNameError",
    "Brief",
    "Brokers",
    "Change",
    "Changes",
    "Collection",
    "Communities",
    "Comparison",
    "Concentration",
    "Connection",
    "Connections",
    "Country",
    "Coverage",
    "CoverageRow",
    "Crosstab",
    "Dataset",
    "DatasetError",
    "DatasetWarning",
    "Draft",
    "Entity",
    "EntityKind",
    "Evidence",
    "Fault",
    "Finding",
    "Findings",
    "Form",
    "Gap",
    "Gaps",
    "Grouping",
    "GroupingKind",
    "Hit",
    "Hits",
    "IATI_CODES",
    "IATI_WORDS",
    "IatiCode",
    "IatiWord",
    "IcatMappingError",
    "Identifier",
    "IdentifierType",
    "Initiative",
    "InitiativeKind",
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
    "Reference",
    "References",
    "Region",
    "Resource",
    "ResourceKind",
    "Response",
    "Scope",
    "Sector",
    "Status",
    "Step",
    "Suggestion",
    "Suggestions",
    "Support",
    "SupportRow",
    "TargetGroup",
    "Theme",
    "Tidy",
    "Timeline",
    "Uncoordinated",
    "UnknownNameError",
    "UnreadableFileError",
    "__version__",
    "affiliation_graph",
    "brokers",
    "changes",
    "cite",
    "collaboration_paths",
    "communities",
    "compare",
    "concentration",
    "connections",
    "country",
    "country_brief",
    "coverage",
    "crosstab",
    "find_support",
    "findings",
    "gaps",
    "load",
    "network_summary",
    "overlaps",
    "partnership_graph",
    "plots",
    "portfolio",
    "read_hxl",
    "read_iati",
    "read_table",
    "references",
    "suggest_partners",
    "terms",
    "tidy",
    "timeline",
    "to_csv",
    "to_excel",
    "to_hxl",
    "to_iati",
    "to_jsonld",
    "write_graph",
    "write_hxl",
    "write_iati",
    "write_package",
    "write_template",
]
