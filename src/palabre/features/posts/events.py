"""What can happen to posts."""

from palabre.base.events import Event


class PostPublished(Event, frozen=True):
    post_id: int
    author_id: int
    quiet: bool = False


class PostLanguageFound(Event, frozen=True):
    """Its author had not said which."""

    post_id: int
    author_id: int


class PostEdited(Event, frozen=True):
    post_id: int
    author_id: int


class PostRemoved(Event, frozen=True):
    """`media_keys`: the files that nothing refers to any more."""

    post_id: int
    author_id: int
    thread_id: int
    media_keys: list[str]


class PostWithheld(Event, frozen=True):
    post_id: int
    author_id: int


class PostRestored(Event, frozen=True):
    post_id: int
    author_id: int


class PostReleased(Event, frozen=True):
    """A held post is out, under another id: by this one it is known no more."""

    held_as: int
    author_id: int


class PostBoosted(Event, frozen=True):
    boost_id: int
    post_id: int
    author_id: int
    by: int
    quiet: bool = False


class PostUnboosted(Event, frozen=True):
    boost_id: int
    post_id: int
    author_id: int
    by: int


class PostFavourited(Event, frozen=True):
    post_id: int
    author_id: int
    by: int
    quiet: bool = False


class PostUnfavourited(Event, frozen=True):
    post_id: int
    author_id: int
    by: int
