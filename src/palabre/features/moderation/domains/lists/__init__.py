"""Block lists that others keep: fetched every day, taken in as drafts, retracted where they say no more.

subscribe, edit, unsubscribe, subscriptions, subscription: which lists, in which order
drafts, count_drafts, accept, accept_all, dismiss: what they propose
exclude, include, exclusions: what is never taken from them
"""

from palabre.features.moderation.domains.lists.drafts import Draft, accept, accept_all, count_drafts, dismiss, drafts
from palabre.features.moderation.domains.lists.exclusions import Exclusion, exclude, exclusions, include
from palabre.features.moderation.domains.lists.fetch import fetch_due, fetch_list
from palabre.features.moderation.domains.lists.subscribe import (
    Subscription,
    Wish,
    edit,
    fetch_now,
    subscribe,
    subscription,
    subscriptions,
    unsubscribe,
)

__all__ = [
    "Draft",
    "Exclusion",
    "Subscription",
    "Wish",
    "accept",
    "accept_all",
    "count_drafts",
    "dismiss",
    "drafts",
    "edit",
    "exclude",
    "exclusions",
    "fetch_due",
    "fetch_list",
    "fetch_now",
    "include",
    "subscribe",
    "subscription",
    "subscriptions",
    "unsubscribe",
]
