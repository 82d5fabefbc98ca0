"""Archives in the true formats of Mastodon and X, made up from a seed: `write_mastodon`, `write_twitter`.

Each writer also says what a right reader must find in what it wrote (`Expected`), from its sources, not by reading.
"""

from palabre.demo.archives.mastodon import write_csvs, write_mastodon
from palabre.demo.archives.parts import Expected, ExpectedPost, Form, Packer, picture
from palabre.demo.archives.twitter import write_grailbird, write_twitter

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
