"""What follows from what: every event, and the duties that follow from it, each done alone after commit.

The one place that ties a lower feature to a higher one.
"""

from palabre.base import events
from palabre.features import graph
from palabre.features.posts import events as post
from palabre.features.posts import remove
from palabre.features.timelines import place

CONSEQUENCES: events.Consequences = {
    post.PostPublished: (place.place,),
    post.PostEdited: (),
    post.PostRemoved: (remove.orphan_replies, remove.erase_media),
    post.PostWithheld: (),
    post.PostRestored: (),
    post.PostBoosted: (place.place_boost,),
    post.PostUnboosted: (),
    post.PostFavourited: (),
    post.PostUnfavourited: (),
    graph.Followed: (place.welcome,),
    graph.FollowRequested: (),
    graph.Unfollowed: (place.part,),
    graph.Blocked: (),
}

events.wire(CONSEQUENCES)
