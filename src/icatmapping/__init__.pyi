from icatmapping import plots as plots
from icatmapping.briefing.brief import (
    Brief as Brief,
)
from icatmapping.briefing.brief import (
    country_brief as country_brief,
)
from icatmapping.briefing.support import (
    Support as Support,
)
from icatmapping.briefing.support import (
    SupportRow as SupportRow,
)
from icatmapping.briefing.support import (
    find_support as find_support,
)
from icatmapping.dataset import (
    Dataset as Dataset,
)
from icatmapping.dataset import (
    load as load,
)
from icatmapping.errors import (
    AmbiguousNameError as AmbiguousNameError,
)
from icatmapping.errors import (
    DatasetError as DatasetError,
)
from icatmapping.errors import (
    DatasetWarning as DatasetWarning,
)
from icatmapping.errors import (
    EngineError as EngineError,
)
from icatmapping.errors import (
    Fault as Fault,
)
from icatmapping.errors import (
    IcatMappingError as IcatMappingError,
)
from icatmapping.errors import (
    MissingExtraError as MissingExtraError,
)
from icatmapping.errors import (
    UnknownNameError as UnknownNameError,
)
from icatmapping.errors import (
    UnreadableFileError as UnreadableFileError,
)
from icatmapping.frames.frames import (
    Frames as Frames,
)
from icatmapping.frames.frames import (
    Records as Records,
)
from icatmapping.frames.scanning import (
    scan as scan,
)
from icatmapping.frames.writing import (
    write_frames as write_frames,
)
from icatmapping.io.changes import (
    Change as Change,
)
from icatmapping.io.changes import (
    Changes as Changes,
)
from icatmapping.io.changes import (
    changes as changes,
)
from icatmapping.io.citations import (
    Reference as Reference,
)
from icatmapping.io.citations import (
    References as References,
)
from icatmapping.io.citations import (
    cite as cite,
)
from icatmapping.io.citations import (
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
    flatten_graph as flatten_graph,
)
from icatmapping.io.graphs import (
    write_graph as write_graph,
)
from icatmapping.io.hxl import (
    to_hxl as to_hxl,
)
from icatmapping.io.hxl import (
    write_hxl as write_hxl,
)
from icatmapping.io.hxl_reading import (
    read_hxl as read_hxl,
)
from icatmapping.io.iati import (
    to_iati as to_iati,
)
from icatmapping.io.iati import (
    write_iati as write_iati,
)
from icatmapping.io.iati_codes import (
    IATI_CODES as IATI_CODES,
)
from icatmapping.io.iati_codes import (
    IATI_WORDS as IATI_WORDS,
)
from icatmapping.io.iati_codes import (
    IatiCode as IatiCode,
)
from icatmapping.io.iati_codes import (
    IatiWord as IatiWord,
)
from icatmapping.io.iati_reading import (
    read_iati as read_iati,
)
from icatmapping.io.iati_streaming import (
    IatiStream as IatiStream,
)
from icatmapping.io.iati_streaming import (
    iati_stream as iati_stream,
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
)
from icatmapping.io.tidy import (
    tidy as tidy,
)
from icatmapping.model import geography as geography
from icatmapping.model import records as records
from icatmapping.model import vocabulary as vocabulary
from icatmapping.model.geography import (
    country as country,
)
from icatmapping.model.records import (
    Country as Country,
)
from icatmapping.model.records import (
    Entity as Entity,
)
from icatmapping.model.records import (
    Finding as Finding,
)
from icatmapping.model.records import (
    Grouping as Grouping,
)
from icatmapping.model.records import (
    Identifier as Identifier,
)
from icatmapping.model.records import (
    Initiative as Initiative,
)
from icatmapping.model.records import (
    Organization as Organization,
)
from icatmapping.model.records import (
    Partnership as Partnership,
)
from icatmapping.model.records import (
    Resource as Resource,
)
from icatmapping.model.vocabulary import (
    EntityKind as EntityKind,
)
from icatmapping.model.vocabulary import (
    Evidence as Evidence,
)
from icatmapping.model.vocabulary import (
    Form as Form,
)
from icatmapping.model.vocabulary import (
    GroupingKind as GroupingKind,
)
from icatmapping.model.vocabulary import (
    IdentifierType as IdentifierType,
)
from icatmapping.model.vocabulary import (
    InitiativeKind as InitiativeKind,
)
from icatmapping.model.vocabulary import (
    Membership as Membership,
)
from icatmapping.model.vocabulary import (
    OrganizationKind as OrganizationKind,
)
from icatmapping.model.vocabulary import (
    PartnershipKind as PartnershipKind,
)
from icatmapping.model.vocabulary import (
    PriorityArea as PriorityArea,
)
from icatmapping.model.vocabulary import (
    Region as Region,
)
from icatmapping.model.vocabulary import (
    ResourceKind as ResourceKind,
)
from icatmapping.model.vocabulary import (
    Response as Response,
)
from icatmapping.model.vocabulary import (
    Scope as Scope,
)
from icatmapping.model.vocabulary import (
    Sector as Sector,
)
from icatmapping.model.vocabulary import (
    Status as Status,
)
from icatmapping.model.vocabulary import (
    TargetGroup as TargetGroup,
)
from icatmapping.model.vocabulary import (
    Theme as Theme,
)
from icatmapping.model.vocabulary import (
    terms as terms,
)
from icatmapping.network.connections import (
    Connection as Connection,
)
from icatmapping.network.connections import (
    Connections as Connections,
)
from icatmapping.network.connections import (
    connections as connections,
)
from icatmapping.network.graphs import (
    affiliation_graph as affiliation_graph,
)
from icatmapping.network.graphs import (
    partnership_graph as partnership_graph,
)
from icatmapping.network.measures import (
    Brokers as Brokers,
)
from icatmapping.network.measures import (
    Communities as Communities,
)
from icatmapping.network.measures import (
    NetworkSummary as NetworkSummary,
)
from icatmapping.network.measures import (
    brokers as brokers,
)
from icatmapping.network.measures import (
    communities as communities,
)
from icatmapping.network.measures import (
    network_summary as network_summary,
)
from icatmapping.network.partners import (
    Suggestion as Suggestion,
)
from icatmapping.network.partners import (
    Suggestions as Suggestions,
)
from icatmapping.network.partners import (
    suggest_partners as suggest_partners,
)
from icatmapping.network.paths import (
    Path as Path,
)
from icatmapping.network.paths import (
    Paths as Paths,
)
from icatmapping.network.paths import (
    Step as Step,
)
from icatmapping.network.paths import (
    collaboration_paths as collaboration_paths,
)
from icatmapping.query import dimensions as dimensions
from icatmapping.query.collection import (
    Collection as Collection,
)
from icatmapping.query.search import (
    Hit as Hit,
)
from icatmapping.query.search import (
    Hits as Hits,
)
from icatmapping.site.writing import (
    write_site as write_site,
)
from icatmapping.statistics.concentration import (
    Concentration as Concentration,
)
from icatmapping.statistics.concentration import (
    concentration as concentration,
)
from icatmapping.statistics.coverage import (
    Coverage as Coverage,
)
from icatmapping.statistics.coverage import (
    CoverageRow as CoverageRow,
)
from icatmapping.statistics.coverage import (
    coverage as coverage,
)
from icatmapping.statistics.crosstab import (
    Crosstab as Crosstab,
)
from icatmapping.statistics.crosstab import (
    crosstab as crosstab,
)
from icatmapping.statistics.findings import (
    Findings as Findings,
)
from icatmapping.statistics.findings import (
    findings as findings,
)
from icatmapping.statistics.gaps import (
    Gap as Gap,
)
from icatmapping.statistics.gaps import (
    Gaps as Gaps,
)
from icatmapping.statistics.gaps import (
    gaps as gaps,
)
from icatmapping.statistics.overlaps import (
    Overlap as Overlap,
)
from icatmapping.statistics.overlaps import (
    Overlaps as Overlaps,
)
from icatmapping.statistics.overlaps import (
    Uncoordinated as Uncoordinated,
)
from icatmapping.statistics.overlaps import (
    overlaps as overlaps,
)
from icatmapping.statistics.portfolio import (
    Comparison as Comparison,
)
from icatmapping.statistics.portfolio import (
    Portfolio as Portfolio,
)
from icatmapping.statistics.portfolio import (
    compare as compare,
)
from icatmapping.statistics.portfolio import (
    portfolio as portfolio,
)
from icatmapping.statistics.timeline import (
    Timeline as Timeline,
)
from icatmapping.statistics.timeline import (
    timeline as timeline,
)

__version__: str

__all__ = [
    "IATI_CODES",
    "IATI_WORDS",
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
    "EngineError",
    "Entity",
    "EntityKind",
    "Evidence",
    "Fault",
    "Finding",
    "Findings",
    "Form",
    "Frames",
    "Gap",
    "Gaps",
    "Grouping",
    "GroupingKind",
    "Hit",
    "Hits",
    "IatiCode",
    "IatiStream",
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
    "Records",
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
    "flatten_graph",
    "gaps",
    "iati_stream",
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
    "scan",
    "suggest_partners",
    "terms",
    "tidy",
    "timeline",
    "to_csv",
    "to_excel",
    "to_hxl",
    "to_iati",
    "to_jsonld",
    "write_frames",
    "write_graph",
    "write_hxl",
    "write_iati",
    "write_package",
    "write_site",
    "write_template",
]
