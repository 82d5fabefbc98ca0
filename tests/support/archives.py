"""Archives in the true formats of Mastodon and X, made up from a seed: `write_mastodon`, `write_twitter`.

Each writer also says what a right reader must find in what it wrote (`Expected`), from its sources, not by reading.
"""

from tests.support.archive_mastodon import write_csvs, write_mastodon
from tests.support.archive_parts import Expected, ExpectedPost, Form, Packer, picture
from tests.support.archive_twitter import write_grailbird, write_twitter

__all__ = [
    "Expected",
    "ExpectedPost",
    "Form",
    "Packer",
    "picture",
    "write_csvs",
    "write_grailbird",
    "write_mastodon",
    "write_twitter",
]
