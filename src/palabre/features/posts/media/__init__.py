"""Images in posts: checked, re-encoded, described, kept in the blob store."""

from palabre.features.posts.media.library import (
    Files,
    Upload,
    attach,
    describe,
    detach,
    discard,
    discard_unused,
    erase_files,
    may_serve,
    of_post,
    one,
    parse_focus,
    upload,
)

__all__ = [
    "Files",
    "Upload",
    "attach",
    "describe",
    "detach",
    "discard",
    "discard_unused",
    "erase_files",
    "may_serve",
    "of_post",
    "one",
    "parse_focus",
    "upload",
]
