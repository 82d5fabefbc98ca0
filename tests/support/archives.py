"""Archives in the true formats of Mastodon and X, as the demonstration makes them."""

from palabre.demo.archives import (
    Expected,
    ExpectedPost,
    Form,
    Packer,
    picture,
    write_csvs,
    write_grailbird,
    write_mastodon,
    write_twitter,
)

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
