"""Where the effort is: counts, coverage, gaps, overlaps, portfolios."""
