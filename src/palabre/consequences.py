"""What follows from what: every event, and the duties that follow from it, each done alone after commit.

The one place that ties a lower feature to a higher one.
"""

from palabre.base import events
from palabre.features import graph, moderation
from palabre.features.accounts import events as account
from palabre.features.moderation.tell import mail_letters
from palabre.features.posts import events as post
from palabre.features.posts.erase import erase_posts
from palabre.features.posts.publish import find_language
from palabre.features.posts.remove import erase_media, orphan_replies
from palabre.features.timelines import place

CONSEQUENCES: events.Consequences = {
    account.AccountCreated: (),
    account.SignUpWaits: (),
    account.MemberJoined: (),
    account.ProfileEdited: (),
    account.StandingChanged: (),
    account.AccountDeleted: (erase_posts,),
    post.PostPublished: (place.place, find_language),
    post.PostEdited: (),
    post.PostRemoved: (orphan_replies, erase_media),
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
    moderation.Reported: (),
    moderation.Decided: (mail_letters,),
}

events.wire(CONSEQUENCES)
