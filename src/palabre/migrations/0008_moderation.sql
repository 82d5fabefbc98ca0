-- Whatever was brought before the moderators, from whichever side.
CREATE TABLE cases (
    id bigint PRIMARY KEY,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'decided')),
    account_id bigint NOT NULL,        -- whom it concerns
    category text NOT NULL,
    assigned_to bigint,
    opened_at timestamptz NOT NULL,
    decided_at timestamptz
);
CREATE INDEX cases_open ON cases (id) WHERE state = 'open';
CREATE INDEX cases_of_account ON cases (account_id, id);

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
CREATE INDEX reports_by_reporter ON reports (reporter_id, id);

-- What was reported, as it was, whatever its author does afterwards.
CREATE TABLE snapshots (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    post_id bigint,
    content jsonb NOT NULL,
    sha256 bytea NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, id)
);
CREATE INDEX snapshots_of_post ON snapshots (post_id) WHERE post_id IS NOT NULL;

CREATE TABLE decisions (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    moderator_id bigint NOT NULL,
    action text NOT NULL,
    post_ids bigint[] NOT NULL DEFAULT '{}',
    rule_ids bigint[] NOT NULL DEFAULT '{}',
    reason text NOT NULL,
    decided_at timestamptz NOT NULL,
    undone_at timestamptz,
    undone_by bigint,
    undone_reason text,
    PRIMARY KEY (case_id, id)
);

-- Everything that happened in a case, in order, never changed: each entry carries the hash of the one before.
CREATE TABLE case_events (
    case_id bigint NOT NULL,
    seq int NOT NULL,
    at timestamptz NOT NULL,
    actor_id bigint,
    kind text NOT NULL,
    data jsonb NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (case_id, seq)
);

-- What a decision says to the people concerned.
CREATE TABLE letters (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    case_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('author', 'reporter')),
    decision_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (account_id, id)
);
