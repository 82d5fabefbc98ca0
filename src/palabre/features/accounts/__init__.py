"""People: sign-up, sessions and tokens, roles, standing, profiles."""

from palabre.base.tables import Table, Tables
from palabre.features.accounts import barred
from palabre.features.accounts.links import owner_link
from palabre.features.accounts.members.agree import accept_terms
from palabre.features.accounts.members.credentials import (
    ask_reset,
    change_email,
    change_password,
    reset_link,
    reset_password,
    set_password,
)
from palabre.features.accounts.members.delete import delete_account, remove
from palabre.features.accounts.members.figures import Totals, totals
from palabre.features.accounts.members.invites import Invite, invite, invites
from palabre.features.accounts.members.invites import check as check_invite
from palabre.features.accounts.members.invites import revoke as revoke_invite
from palabre.features.accounts.members.manage import (
    Member,
    approve,
    discard_unconfirmed,
    member,
    members,
    reject,
    set_role,
    set_standing,
    waiting,
)
from palabre.features.accounts.members.preferences import Preferences, set_preferences
from palabre.features.accounts.members.preferences import of as preferences_of
from palabre.features.accounts.members.sign_in import (
    SecondStep,
    Session,
    check_password,
    end_other_sessions,
    end_session,
    sessions,
    sign_in,
    sign_in_second,
    start_session,
)
from palabre.features.accounts.members.sign_up import (
    SignUp,
    add_member,
    check_owner_link,
    confirm,
    confirm_again,
    own,
    sign_up,
)
from palabre.features.accounts.members.traces import traces
from palabre.features.accounts.people import (
    by_handle,
    by_handles,
    create,
    look,
    look_at,
    look_in_order,
    mentioned,
    targets,
)
from palabre.features.accounts.profile import (
    Picture,
    Profile,
    edit_profile,
    may_serve,
    prepare_picture,
    remove_picture,
    source,
)
from palabre.features.accounts.store import count, forget_old_days
from palabre.features.accounts.tokens import Caller, account_of, grant, recognise, revoke, revoke_all
from palabre.features.accounts.view import AccountView

TABLES: Tables = {
    "accounts": Table("id"),
    "handles": Table("handle"),
    "account_counts": Table("account_id"),
    "members": Table("account_id"),
    "emails": Table("email"),
    "invites": Table("code"),
    "tokens": Table("account_id"),
    "apps": Table("client_id"),
    "oauth_codes": Table("account_id"),
    "one_time_links": Table("account_id"),
    "active_days": Table("account_id"),
    "two_factor": Table("account_id"),
    "recovery_codes": Table("account_id"),
    "ip_blocks": Table(None),
    "email_domain_blocks": Table(None),
    "email_domain_attempts": Table("domain"),
    "canonical_email_blocks": Table(None),
}

__all__ = [
    "TABLES",
    "AccountView",
    "Caller",
    "Invite",
    "Member",
    "Picture",
    "Preferences",
    "Profile",
    "SecondStep",
    "Session",
    "SignUp",
    "Totals",
    "accept_terms",
    "account_of",
    "add_member",
    "approve",
    "ask_reset",
    "barred",
    "by_handle",
    "by_handles",
    "change_email",
    "change_password",
    "check_invite",
    "check_owner_link",
    "check_password",
    "confirm",
    "confirm_again",
    "count",
    "create",
    "delete_account",
    "discard_unconfirmed",
    "edit_profile",
    "end_other_sessions",
    "end_session",
    "forget_old_days",
    "grant",
    "invite",
    "invites",
    "look",
    "look_at",
    "look_in_order",
    "may_serve",
    "member",
    "members",
    "mentioned",
    "own",
    "owner_link",
    "preferences_of",
    "prepare_picture",
    "recognise",
    "reject",
    "remove",
    "remove_picture",
    "reset_link",
    "reset_password",
    "revoke",
    "revoke_all",
    "revoke_invite",
    "sessions",
    "set_password",
    "set_preferences",
    "set_role",
    "set_standing",
    "sign_in",
    "sign_in_second",
    "sign_up",
    "source",
    "start_session",
    "targets",
    "totals",
    "traces",
    "two_factor",
    "waiting",
]
