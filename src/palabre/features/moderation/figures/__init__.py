"""Figures for the staff, counted from what is there when asked: by day, by kind, and who comes back.

measure(conn, by, key, first, last, subject): so many a day; `MEASURES` says of what
dimension(conn, by, key, first, last, subject, limit): what there is most of; `DIMENSIONS` says of what
retention(conn, by, first, last, frequency): of those who joined together, how many were here later
"""

from palabre.features.moderation.figures.count import (
    DIMENSIONS,
    MEASURES,
    Cohort,
    Measure,
    Share,
    Size,
    dimension,
    measure,
    retention,
)

__all__ = ["DIMENSIONS", "MEASURES", "Cohort", "Measure", "Share", "Size", "dimension", "measure", "retention"]
