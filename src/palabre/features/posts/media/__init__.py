"""Images in posts: checked, re-encoded, described, kept in the blob store."""

from palabre.features.posts.media.library import (
    Upload,
    attach,
    delete_all,
    describe,
    detach,
    discard,
    discard_unused,
    may_serve,
    of_post,
    one,
    parse_focus,
    upload,
)

__all__ = [
    "Upload",
    "attach",
    "delete_all",
    "describe",
    "detach",
    "discard",
    "discard_unused",
    "may_serve",
    "of_post",
    "one",
    "parse_focus",
    "upload",
]
