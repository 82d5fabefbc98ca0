-- Whatever was brought before the moderators, from whichever side. `reports`, `categories` and `excerpt` sum up what
-- hangs on it, so that the queue reads one table.
CREATE TABLE cases (
    id bigint PRIMARY KEY,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'decided')),
    account_id bigint NOT NULL,        -- whom it concerns
    categories text[] NOT NULL DEFAULT '{}',
    reports int NOT NULL DEFAULT 0,
    excerpt text NOT NULL DEFAULT '',
    assigned_to bigint,
    opened_at timestamptz NOT NULL,
    decided_at timestamptz,
    events int NOT NULL DEFAULT 0,     -- how many entries its log has, and the hash of the last
    head bytea NOT NULL DEFAULT ''
);
CREATE INDEX cases_open ON cases (id) WHERE state = 'open';
CREATE INDEX cases_decided ON cases (id) WHERE state = 'decided';
CREATE INDEX cases_of_account ON cases (account_id, id);

-- Which open case a post (0: the account as such) is in, so that reports at the same moment meet in one.
CREATE TABLE open_subjects (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    case_id bigint NOT NULL,
    PRIMARY KEY (account_id, post_id)
);
CREATE INDEX open_subjects_of_case ON open_subjects (case_id);

CREATE TABLE reports (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    reporter_id bigint NOT NULL,
    account_id bigint NOT NULL,
    post_ids bigint[] NOT NULL,
    comment text NOT NULL,
    category text NOT NULL,
    rule_ids bigint[] NOT NULL,
    forward boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, id)
);
CREATE INDEX reports_by_id ON reports (id);
CREATE INDEX reports_by_reporter ON reports (reporter_id, id);

-- What was reported, as it was, whatever its author does afterwards.
CREATE TABLE snapshots (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,           -- 0: the account as such
    content text NOT NULL,             -- canonical JSON, to the letter as it was hashed
    sha256 bytea NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, id)
);
CREATE INDEX snapshots_of_post ON snapshots (post_id) WHERE post_id <> 0;

CREATE TABLE decisions (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,        -- whom it concerns
    moderator_id bigint NOT NULL,
    action text NOT NULL,
    post_ids bigint[] NOT NULL DEFAULT '{}',
    changed bigint[] NOT NULL DEFAULT '{}',    -- those of the posts that this very decision changed
    rule_ids bigint[] NOT NULL DEFAULT '{}',
    reason text NOT NULL,              -- for the author
    answer text NOT NULL DEFAULT '',   -- for those who reported; empty: the reason
    decided_at timestamptz NOT NULL,
    undone_at timestamptz,
    undone_by bigint,
    undone_reason text,
    PRIMARY KEY (case_id, id)
);
CREATE INDEX decisions_about ON decisions (account_id, id);

-- Everything that happened in a case, in order, never changed: each entry carries the hash of the one before.
CREATE TABLE case_events (
    case_id bigint NOT NULL,
    seq int NOT NULL,
    at timestamptz NOT NULL,
    actor_id bigint,
    kind text NOT NULL,
    data text NOT NULL,                -- canonical JSON, to the letter as it was hashed
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (case_id, seq)
);

-- What a decision, or its undoing, says to the people concerned.
CREATE TABLE letters (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    case_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('author', 'reporter')),
    decision_id bigint NOT NULL,
    undoing boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (account_id, id)
);
