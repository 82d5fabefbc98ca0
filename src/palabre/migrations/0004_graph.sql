-- A follow is kept twice, so that each side finds its own in one place.
CREATE TABLE follows (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint NOT NULL,
    reblogs boolean NOT NULL DEFAULT true,
    notify boolean NOT NULL DEFAULT false,
    languages text[],
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX follows_by_age ON follows (account_id, id);

CREATE TABLE followers (
    account_id bigint NOT NULL,        -- who is followed
    follower_id bigint NOT NULL,
    id bigint NOT NULL,
    notify boolean NOT NULL DEFAULT false,     -- as in follows: who wants to know of each post
    PRIMARY KEY (account_id, follower_id)
);
CREATE INDEX followers_by_age ON followers (account_id, id);
CREATE INDEX followers_to_notify ON followers (account_id, follower_id) WHERE notify;

CREATE TABLE follow_requests (
    account_id bigint NOT NULL,        -- who is asked
    requester_id bigint NOT NULL,
    id bigint NOT NULL,
    reblogs boolean NOT NULL DEFAULT true,
    notify boolean NOT NULL DEFAULT false,
    languages text[],
    PRIMARY KEY (account_id, requester_id)
);
CREATE INDEX follow_requests_by_age ON follow_requests (account_id, id);
CREATE INDEX follow_requests_by_requester ON follow_requests (requester_id);

CREATE TABLE blocks (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint NOT NULL,
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX blocks_by_age ON blocks (account_id, id);

CREATE TABLE mutes (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint NOT NULL,
    notifications boolean NOT NULL DEFAULT true,
    expires_at timestamptz,
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX mutes_by_age ON mutes (account_id, id);

-- A member's private note on somebody.
CREATE TABLE account_notes (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    comment text NOT NULL,
    PRIMARY KEY (account_id, target_id)
);
