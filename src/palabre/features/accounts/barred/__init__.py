"""Whom the community keeps out: networks by address, providers of e-mail by domain, single mailboxes by hash.

check_access(db, ip): at every door; sign_up_rule(conn, ip), check_email(conn, email): when somebody signs up
ip_blocks, ip_block, block_ip, change_ip_block, unblock_ip
email_domains, email_domain, block_email_domain, unblock_email_domain; with who tried over the last week
mailboxes, mailbox, block_mailbox, unblock_mailbox, mailbox_matches

Verbs for the staff take `by`, the caller: anybody else is Forbidden.
"""

from palabre.features.accounts.barred.emails import (
    EmailDomain,
    Mailbox,
    block_email_domain,
    block_mailbox,
    check_email,
    email_domain,
    email_domains,
    forget_attempts,
    mailbox,
    mailbox_matches,
    mailboxes,
    unblock_email_domain,
    unblock_mailbox,
)
from palabre.features.accounts.barred.ips import (
    IpBlock,
    block_ip,
    change_ip_block,
    check_access,
    ip_block,
    ip_blocks,
    sign_up_rule,
    unblock_ip,
)
from palabre.features.accounts.barred.rules import SEVERITIES

__all__ = [
    "SEVERITIES",
    "EmailDomain",
    "IpBlock",
    "Mailbox",
    "block_email_domain",
    "block_ip",
    "block_mailbox",
    "change_ip_block",
    "check_access",
    "check_email",
    "email_domain",
    "email_domains",
    "forget_attempts",
    "ip_block",
    "ip_blocks",
    "mailbox",
    "mailbox_matches",
    "mailboxes",
    "sign_up_rule",
    "unblock_email_domain",
    "unblock_ip",
    "unblock_mailbox",
]
