"""What follows from what: every event, and the duties that follow from it, each done alone after commit.

The one place that ties a lower feature to a higher one.
"""

from palabre.base import events
from palabre.features import graph, instance, moderation, portability
from palabre.features.accounts import events as account
from palabre.features.accounts.members.agree import announce_terms
from palabre.features.graph.leave import part_from_all
from palabre.features.moderation import appeals, review, telling
from palabre.features.moderation.appeals import telling as hearing
from palabre.features.moderation.appeals import to_jury, to_notifier
from palabre.features.moderation.domains import DomainChanged, settle
from palabre.features.moderation.jury import events as jury
from palabre.features.moderation.jury.course import draw_panel
from palabre.features.moderation.jury.join import forget_juror
from palabre.features.moderation.jury.telling import remind, tell_drawn, tell_result
from palabre.features.moderation.letters import forget_letters
from palabre.features.moderation.mailing import mail_letters
from palabre.features.moderation.notices import closing, senders
from palabre.features.moderation.review.judge import raise_flag
from palabre.features.moderation.screening import hits, screen, waiting
from palabre.features.moderation.triage import weigh
from palabre.features.notifications import forget, tell
from palabre.features.posts import events as post
from palabre.features.posts import gate
from palabre.features.posts.erase import erase_posts
from palabre.features.posts.publish import find_language
from palabre.features.posts.remove import erase_media, erase_traces, orphan_replies
from palabre.features.search import index
from palabre.features.timelines import place, streams
from palabre.features.timelines.home import forget_deleted

CONSEQUENCES: events.Consequences = {
    instance.TermsAnnounced: (announce_terms,),
    account.AccountCreated: (index.index_account, settle.settle_new),
    account.SignUpWaits: (telling.tell_of_sign_up,),
    account.MemberJoined: (index.index_account,),
    account.ProfileEdited: (index.index_account,),
    account.StandingChanged: (index.index_account, settle.settle_changed),
    account.AccountDeleted: (
        erase_posts,
        part_from_all,
        forget_deleted,
        forget.forget_deleted,
        index.forget_author,
        portability.forget_imports,
        portability.forget_exports,
        portability.domain_moves.forget_moved,
        portability.wind_down.forget_home,
        forget_letters,
        waiting.forget_author,
        senders.forget_member,
        weigh.forget_reporter,
        forget_juror,
    ),
    post.PostPublished: (place.place, find_language, tell.tell_of_post, index.index_post),
    post.PostLanguageFound: (index.index_post,),
    post.PostEdited: (streams.tell_edited, tell.tell_of_edit, index.index_post),
    post.PostRemoved: (
        orphan_replies,
        erase_traces,
        erase_media,
        forget.forget_post,
        streams.tell_removed,
        index.forget_post,
    ),
    post.PostWithheld: (streams.tell_withheld, index.forget_post),
    post.PostRestored: (index.index_post, place.place_again),
    post.PostReleased: (streams.tell_released,),
    post.PostBoosted: (place.place_boost, tell.tell_of_boost),
    post.PostUnboosted: (forget.forget_boost, streams.tell_unboosted),
    post.PostFavourited: (tell.tell_of_favourite,),
    post.PostUnfavourited: (forget.forget_favourite,),
    graph.Followed: (place.welcome, tell.tell_of_follow),
    graph.FollowRequested: (tell.tell_of_request,),
    graph.FollowRequestAuthorized: (forget.forget_granted,),
    graph.FollowRequestRejected: (forget.forget_rejected,),
    graph.FollowRequestWithdrawn: (forget.forget_withdrawn,),
    graph.Unfollowed: (place.part, forget.forget_follow),
    graph.Blocked: (place.separate, forget.forget_blocked),
    graph.Muted: (forget.forget_muted,),
    DomainChanged: (settle.settle_domain,),
    moderation.Reported: (telling.tell_staff, weigh.weigh_reported),
    moderation.CaseChanged: (weigh.weigh_changed,),
    moderation.Decided: (
        telling.tell_concerned,
        mail_letters,
        review.draw,
        waiting.settle,
        hits.judge,
        closing.answer_notices,
        senders.keep_record,
        weigh.note_outcome,
    ),
    appeals.Appealed: (hearing.tell_judges, review.stop_for_appeal),
    appeals.AppealQuestioned: (hearing.tell_of_question, to_notifier.tell_question),
    appeals.AppealDecided: (hearing.tell_appellant, to_notifier.tell_outcome),
    review.Reviewed: (raise_flag,),
    jury.PanelCalled: (draw_panel,),
    jury.PanelDrawn: (tell_drawn,),
    jury.JurorReminded: (remind,),
    jury.PanelClosed: (to_jury.hear, tell_result),
}

events.wire(CONSEQUENCES)
gate.use(screen)
