"""Palabre: a social network that keeps its house in order and cannot be switched off."""

__version__ = "0.1.0"
