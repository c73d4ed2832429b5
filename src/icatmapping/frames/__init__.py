"""Mappings that outgrow memory: the same questions, answered by polars, DuckDB, Spark and what narwhals reaches."""
