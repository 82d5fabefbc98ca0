-- What comes in from outside, with or without an account. Each address in it is an item that gets an answer.
CREATE TABLE notices (
    id bigint PRIMARY KEY,
    secret text NOT NULL,              -- of the link under which its sender reads what becomes of it
    source text NOT NULL CHECK (source IN ('notice', 'host', 'store', 'authority', 'order', 'flagger', 'flag')),
    sender text NOT NULL DEFAULT '',   -- 'notifier:…', 'member:…' or 'email:…'; nothing where nobody is named
    notifier_id bigint,                -- who has a key of his own
    member_id bigint,
    name text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT '',
    locale text NOT NULL DEFAULT 'en',
    category text NOT NULL,
    law text NOT NULL DEFAULT '',
    explanation text NOT NULL DEFAULT '',
    good_faith boolean NOT NULL DEFAULT false,
    reference text NOT NULL DEFAULT '',
    issued_on date,
    items int NOT NULL,
    unfiled int NOT NULL,
    unanswered int NOT NULL,
    received_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    closed_at timestamptz,
    told_at timestamptz                -- when its sender was last written to about an outcome
);
CREATE INDEX notices_open ON notices (due_at, id) WHERE closed_at IS NULL;
CREATE INDEX notices_of_sender ON notices (sender, id) WHERE sender <> '';

CREATE TABLE notice_items (
    notice_id bigint NOT NULL,
    line bigint NOT NULL,
    url text NOT NULL,
    comment text NOT NULL DEFAULT '',
    category text NOT NULL DEFAULT '', -- if the line says another than the notice
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'filed', 'answered')),
    problem text NOT NULL DEFAULT '',  -- why it could not be brought before the moderators
    remarks text[] NOT NULL DEFAULT '{}',
    account_id bigint,
    post_id bigint,
    case_id bigint,
    report_id bigint,
    decision_id bigint,
    answer text NOT NULL DEFAULT '',   -- a moderator's own words
    answered_by bigint,
    answered_at timestamptz,
    PRIMARY KEY (notice_id, line)
);
CREATE INDEX notice_items_of_subject ON notice_items (notice_id, account_id, coalesce(post_id, 0)) WHERE case_id IS NOT NULL;
CREATE INDEX notice_items_of_case ON notice_items (case_id) WHERE case_id IS NOT NULL;

-- What was sent in, byte for byte; the same file from the same kind of sender comes in once.
CREATE TABLE notice_files (
    sha256 bytea NOT NULL,
    sender text NOT NULL,
    notice_id bigint NOT NULL,
    name text NOT NULL,
    content bytea NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (sha256, sender)
);
CREATE INDEX notice_files_of_notice ON notice_files (notice_id);

-- Hosts, stores, authorities and trusted flaggers who have a key.
CREATE TABLE notifiers (
    id bigint PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('host', 'store', 'authority', 'flagger')),
    name text NOT NULL,
    email text NOT NULL DEFAULT '',
    locale text NOT NULL DEFAULT 'en',
    areas text[] NOT NULL DEFAULT '{}',
    key_hash bytea NOT NULL,
    created_by bigint NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- How what somebody sent in was decided, report by report.
CREATE TABLE sender_records (
    sender text NOT NULL,
    report_id bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('acted', 'dismissed', 'unfounded')),
    PRIMARY KEY (sender, report_id)
);

-- Who sends in notices or reports without ground again and again (DSA, Article 23): as it stands, and how it came to that.
CREATE TABLE senders (
    sender text PRIMARY KEY,
    proposed text CHECK (proposed IN ('warn', 'suspend')),
    warned_at timestamptz,
    suspended_until timestamptz,
    reason text NOT NULL DEFAULT ''
);
CREATE INDEX senders_proposed ON senders (sender) WHERE proposed IS NOT NULL;
CREATE INDEX senders_under_measures ON senders (sender) WHERE warned_at IS NOT NULL;
CREATE TABLE sender_events (
    sender text NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('warned', 'suspended', 'lifted')),
    moderator_id bigint NOT NULL,
    reason text NOT NULL,
    until timestamptz,
    at timestamptz NOT NULL,
    PRIMARY KEY (sender, id)
);

-- That a post was there and whose, for a while; nothing of what it said.
CREATE TABLE removed_posts (
    author_id bigint NOT NULL,
    id bigint NOT NULL,
    removed_at timestamptz NOT NULL,
    PRIMARY KEY (author_id, id)
);
CREATE INDEX removed_posts_by_id ON removed_posts (id);
CREATE INDEX removed_posts_by_age ON removed_posts (removed_at);
