"""
The questions of the benchmark of frames as somebody writes them who knows the layout of the tables and the engine.

Each asks for the numbers that the library's answer is made of, how many records there are and how many have no value
among them, and nothing else: no labels, shares, expected counts or sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

__all__ = ["DUCKDB", "POLARS"]


def _sql(*queries: str) -> Callable[[duckdb.DuckDBPyConnection], Any]:
    """Return what asks some queries, of which those that make a table answer nothing."""

    def ask(connection: duckdb.DuckDBPyConnection) -> list[Any]:
        return [connection.execute(query).fetchall() for query in queries]

    return ask


def _counted(column: str) -> tuple[str, str]:
    return (
        f"select v, count(*) from (select unnest({column}) as v from t) group by all",
        f"select count(*), count(*) filter (len({column}) = 0) from t",
    )


_PAIRS = "select a, unnest(b) as b from (select unnest({down}) as a, {across} as b from {of})"
_CODED = "(from t where len(d_form) > 0)"
_IN_NIGERIA = "list_contains(d_country, 'NGA')"
_BOTH = "list_contains(d_participant, 'unodc') and list_contains(d_participant, 'unicef')"
_TWO = "list_contains(d_participant, 'iom') and list_contains(d_participant, 'ilo')"
_NEWEST = "order by last_active desc nulls last, id limit 100"

DUCKDB: dict[str, Callable[[duckdb.DuckDBPyConnection], Any]] = {
    "coverage by country": _sql(*_counted("d_country")),
    "coverage by region, fractional": _sql(
        "select v, n, count(*) from (select unnest(d_region) as v, len(d_region) as n from t) group by all",
        "select count(*), count(*) filter (len(d_region) = 0) from t",
    ),
    "crosstab country × theme": _sql(
        f"select a, b, count(*) from ({_PAIRS.format(down='d_country', across='d_theme', of='t')}) group by all",
        "select count(*), count(*) filter (len(d_country) = 0 or len(d_theme) = 0) from t",
    ),
    "timeline": _sql(*_counted("d_year")),
    "where(region, years), by form": _sql(
        "create or replace temp view part as from t "
        "where list_contains(d_region, 'africa') and last_active >= 2014 and first_active <= 2019",
        *[query.replace("from t", "from part") for query in _counted("d_form")],
    ),
    "portfolio of UNODC": _sql(
        "create or replace temp view whole as select d_country, d_theme, first_active as f, last_active as l, "
        "list_contains(d_member_entity, 'unodc') as mine from t where len(d_member_entity) > 0",
        "select a, b, count(*), count(*) filter (mine), min(f) filter (mine), max(l) filter (mine) from (select a, "
        "unnest(d_theme) as b, mine, f, l from (select unnest(d_country) as a, d_theme, mine, f, l from whole)) "
        "group by all",
        "select count(*) filter (mine), count(*) filter (len(d_country) > 0 and len(d_theme) > 0), count(*) filter "
        "(mine and len(d_country) > 0 and len(d_theme) > 0) from whole",
    ),
    "IOM beside the ILO": _sql(
        "create or replace temp view part as select d_country, d_theme, first_active as f, last_active as l, "
        "list_contains(d_member_entity, 'iom') as one, list_contains(d_member_entity, 'ilo') as other from t "
        "where list_contains(d_member_entity, 'iom') or list_contains(d_member_entity, 'ilo')",
        "select a, b, f, l, one, other, count(*) from (select a, unnest(d_theme) as b, f, l, one, other from "
        "(select unnest(d_country) as a, d_theme, f, l, one, other from part)) group by all",
        "select count(*) filter (one), count(*) filter (other) from part",
        "create or replace temp table twins as select t.id, greatest(t.last_active, a.last_active) as last_active "
        "from t join agreed a on t.id = a.initiative where "
        "(list_contains(t.d_participant, 'iom') or list_contains(a.d_participant, 'iom')) and "
        "(list_contains(t.d_participant, 'ilo') or list_contains(a.d_participant, 'ilo'))",
        f"create or replace temp table apart as select id, last_active from t where {_TWO} and id not in "
        "(select initiative from agreed where initiative is not null)",
        f"create or replace temp table newest as select id from (from twins union all from apart) {_NEWEST}",
        "from t semi join newest using (id)",
        f"select * from agreed where {_TWO} {_NEWEST}",
    ),
    "gaps country × form in Africa": _sql(
        *[
            f"select a, b, count(*) from ({_PAIRS.format(down=down, across='d_form', of=_CODED)}) group by all"
            for down in ("d_country", "d_own_subregion", "d_own_region")
        ],
        *[
            f"select v, count(*) from (select unnest({down}) as v from {_CODED}) group by all"
            for down in ("d_country", "d_own_subregion", "d_own_region", "d_form")
        ],
        "select count(*), count(*) filter (len(d_form) = 0) from t where list_contains(d_region, 'africa')",
        "select v, count(*) from (select unnest(d_country) as v from t where len(d_form) = 0) group by all",
        "select v, count(*) from (select unnest(d_form) as v from t where len(d_country) = 0 and len(d_named_area) = 0 "
        "and scope = 'global') group by all",
        f"select a, b, count(*) from ({_PAIRS.format(down='d_named_area', across='d_form', of=_CODED)}) group by all",
    ),
    "five paths in a country on a theme": _sql(
        "create or replace temp table here as select id, d_participant as p, last_active, len(d_target_country) as n, "
        f"list_contains(d_theme, 'child_protection') as topic from t where {_IN_NIGERIA}",
        "create or replace temp table seats as select id, unnest(p) as p, len(p) as size, last_active, n from here "
        "where len(p) > 1",
        "create or replace temp table steps as select e.p as e, s.p as p, sum(0.5 ** ((2026 - coalesce(s.last_active, "
        "2006)) / 5.0) / s.n / (s.size - 1)) as w, count(*) as number, min(s.last_active), max(s.last_active) "
        "from seats e join seats s using (id) where e.p in ('unodc', 'unicef') and s.p <> e.p group by e.p, s.p",
        "create or replace temp table best as select a.p from steps a join steps b on a.p = b.p and a.e = 'unodc' and "
        "b.e = 'unicef' order by 1 / a.w + 1 / b.w limit 5",
        "from steps",
        *[
            "create or replace temp table shown as select id from (select h.id, row_number() over (partition by "
            f"b.p order by h.topic desc, h.last_active desc nulls last, h.id) as place from here h join best b "
            f"on list_contains(h.p, b.p) and list_contains(h.p, '{end}')) where place <= 100; "
            "select t.* exclude (d_country) from t semi join shown using (id)"
            for end in ("unodc", "unicef")
        ],
        f"select count(*), count(*) filter ({_IN_NIGERIA}), max(last_active) from t where {_BOTH}",
        f"create or replace temp table newest as select id from t where {_BOTH} {_NEWEST}",
        "from t semi join newest using (id)",
    ),
}
"""What is asked of a connection that has the initiatives as a view ``t``, the partnerships as ``agreed``."""


def _size(column: str) -> pl.Expr:
    return pl.col(column).list.len()


def _apart(lf: pl.LazyFrame, *columns: str) -> pl.LazyFrame:
    for column in columns:
        lf = lf.explode(column, empty_as_null=False, keep_nulls=False)
    return lf


def _list(lf: pl.LazyFrame, column: str) -> list[pl.DataFrame]:
    counts = _apart(lf.select(column), column).group_by(column).len()
    return [counts.collect(), lf.select(pl.len(), (_size(column) == 0).sum().alias("none")).collect()]


def _pairs(lf: pl.LazyFrame, down: str, across: str) -> pl.DataFrame:
    return _apart(lf.select(down, across), down, across).group_by(down, across).len().collect()


def _fractional(lf: pl.LazyFrame) -> list[pl.DataFrame]:
    sized = lf.select("d_region", n=_size("d_region"))
    counts = _apart(sized, "d_region").group_by("d_region", "n").len()
    return [counts.collect(), sized.select(pl.len(), (pl.col("n") == 0).sum().alias("none")).collect()]


def _crosstab(lf: pl.LazyFrame) -> list[pl.DataFrame]:
    lacking = (_size("d_country") == 0) | (_size("d_theme") == 0)
    return [_pairs(lf, "d_country", "d_theme"), lf.select(pl.len(), lacking.sum().alias("none")).collect()]


def _part(lf: pl.LazyFrame) -> list[pl.DataFrame]:
    in_africa = pl.col("d_region").list.contains("africa")
    return _list(lf.filter(in_africa, pl.col("last_active") >= 2014, pl.col("first_active") <= 2019), "d_form")


def _portfolio(lf: pl.LazyFrame) -> list[pl.DataFrame]:
    mine = pl.col("d_member_entity").list.contains("unodc")
    whole = lf.filter(_size("d_member_entity") > 0).select(
        "d_country", "d_theme", mine=mine, f=pl.when(mine).then("first_active"), l=pl.when(mine).then("last_active")
    )
    cells = _apart(whole, "d_country", "d_theme").group_by("d_country", "d_theme")
    placed = (_size("d_country") > 0) & (_size("d_theme") > 0)
    numbers = whole.select(mine=pl.col("mine").sum(), all=placed.sum(), own=(placed & pl.col("mine")).sum())
    counts = cells.agg(pl.len(), pl.col("mine").sum(), pl.col("f").min(), pl.col("l").max())
    return [counts.collect(), numbers.collect()]


def _newest(lf: pl.LazyFrame, one: str, other: str) -> pl.DataFrame:
    """Return the newest hundred records in which two take part."""
    p = pl.col("d_participant").list
    shared = lf.filter(p.contains(one) & p.contains(other)).select("id", "last_active")
    newest = shared.sort("last_active", "id", descending=[True, False], nulls_last=True).head(100)
    return lf.filter(pl.col("id").is_in(newest.collect()["id"].to_list())).collect()


def _beside(lf: pl.LazyFrame, agreed: pl.LazyFrame) -> list[pl.DataFrame]:
    one, other = (pl.col("d_member_entity").list.contains(who) for who in ("iom", "ilo"))
    part = lf.select("d_country", "d_theme", "first_active", "last_active", one=one, other=other)
    part = part.filter(pl.col("one") | pl.col("other"))
    keys = ("d_country", "d_theme", "first_active", "last_active", "one", "other")
    counts = _apart(part, "d_country", "d_theme").group_by(*keys).len()
    numbers = part.select(pl.col("one").sum(), pl.col("other").sum())
    p, q = pl.col("d_participant").list, pl.col("d_participant_right").list
    met = (p.contains("iom") | q.contains("iom")) & (p.contains("ilo") | q.contains("ilo"))
    named = agreed.filter(pl.col("initiative").is_not_null()).select("initiative", "d_participant", "last_active")
    both = lf.select("id", "d_participant", "last_active").join(named, left_on="id", right_on="initiative")
    twins = both.filter(met).select("id", last_active=pl.max_horizontal("last_active", "last_active_right"))
    others = lf.join(named, left_on="id", right_on="initiative", how="anti")
    shared = others.filter(p.contains("iom") & p.contains("ilo")).select("id", "last_active")
    newest = pl.concat([twins, shared]).sort("last_active", "id", descending=[True, False], nulls_last=True).head(100)
    records = lf.filter(pl.col("id").is_in(newest.collect()["id"].to_list()))
    return [counts.collect(), numbers.collect(), records.collect(), _newest(agreed, "iom", "ilo")]


def _gaps(lf: pl.LazyFrame) -> list[pl.DataFrame]:
    coded, uncoded = lf.filter(_size("d_form") > 0), lf.filter(_size("d_form") == 0)
    rows = ("d_country", "d_own_subregion", "d_own_region")
    found = [_pairs(coded, down, "d_form") for down in (*rows, "d_named_area")]
    for some, columns in ((coded, (*rows, "d_form")), (uncoded, ("d_country",))):
        found += [_apart(some.select(column), column).group_by(column).len().collect() for column in columns]
    placeless = (_size("d_country") == 0) & (_size("d_named_area") == 0) & (pl.col("scope") == "global")
    found.append(_apart(lf.filter(placeless).select("d_form"), "d_form").group_by("d_form").len().collect())
    named = lf.filter(pl.col("d_region").list.contains("africa"))
    found.append(named.select(pl.len(), (_size("d_form") == 0).sum().alias("none")).collect())
    return found


def _paths(lf: pl.LazyFrame) -> list[pl.DataFrame]:
    p = pl.col("d_participant").list
    topic = pl.col("d_theme").list.contains("child_protection")
    here = lf.filter(pl.col("d_country").list.contains("NGA")).select(
        "id", "last_active", topic=topic, p="d_participant", size=p.len(), n=_size("d_target_country")
    )
    here = here.collect().lazy()
    seats = _apart(here.filter(pl.col("size") > 1), "p").collect().lazy()
    ends = seats.filter(pl.col("p").is_in(["unodc", "unicef"])).select("id", e="p")
    age = 2026 - pl.col("last_active").fill_null(2006)
    weight = 0.5 ** (age / 5) / pl.col("n") / (pl.col("size") - 1)
    steps = ends.join(seats, on="id").filter(pl.col("p") != pl.col("e")).group_by("e", "p")
    tied = steps.agg(
        w=weight.sum(), number=pl.len(), first=pl.col("last_active").min(), last=pl.col("last_active").max()
    )
    found = tied.collect()
    sides = [found.lazy().filter(pl.col("e") == end) for end in ("unodc", "unicef")]
    both = sides[0].join(sides[1], on="p").with_columns(d=1 / pl.col("w") + 1 / pl.col("w_right"))
    best = both.sort("d").head(5).collect()["p"].to_list()
    shown: list[str] = []
    for end in ("unodc", "unicef"):
        for one in best:
            shared = here.filter(pl.col("p").list.contains(end), pl.col("p").list.contains(one))
            order = shared.sort("topic", "last_active", "id", descending=[True, True, False], nulls_last=True)
            shown += order.head(100).select("id").collect()["id"].to_list()
    records = lf.filter(pl.col("id").is_in(sorted({*shown}))).collect()
    anywhere = lf.filter(p.contains("unodc") & p.contains("unicef"))
    in_nigeria = pl.col("d_country").list.contains("NGA")
    count = anywhere.select(pl.len(), in_nigeria.sum(), pl.col("last_active").max().alias("last")).collect()
    return [found, records, count, _newest(lf, "unodc", "unicef")]


def _alone(ask: Callable[[pl.LazyFrame], Any]) -> Callable[[pl.LazyFrame, pl.LazyFrame], Any]:
    return lambda lf, _: ask(lf)


POLARS: dict[str, Callable[[pl.LazyFrame, pl.LazyFrame], Any]] = {
    "coverage by country": lambda lf, _: _list(lf, "d_country"),
    "coverage by region, fractional": _alone(_fractional),
    "crosstab country × theme": _alone(_crosstab),
    "timeline": lambda lf, _: _list(lf, "d_year"),
    "where(region, years), by form": _alone(_part),
    "portfolio of UNODC": _alone(_portfolio),
    "IOM beside the ILO": _beside,
    "gaps country × form in Africa": _alone(_gaps),
    "five paths in a country on a theme": _alone(_paths),
}
"""What is asked of the initiatives and the partnerships as lazy frames."""
