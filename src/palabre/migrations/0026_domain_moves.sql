-- The network moves to another name for good, and tells every follower elsewhere (ActivityPub's Move).
-- A plan is made by walking all accounts, then all followers; the places it came to let it go on after an interruption.
CREATE TABLE domain_moves (
    id bigint PRIMARY KEY,
    old_origin text NOT NULL,
    new_origin text NOT NULL,
    state text NOT NULL DEFAULT 'preparing' CHECK (state IN ('preparing', 'ready', 'cancelled')),
    at_account bigint NOT NULL DEFAULT 0,      -- accounts up to this one are planned
    at_followed bigint NOT NULL DEFAULT 0,     -- followers up to this pair are in the ledger
    at_follower bigint NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL,
    ready_at timestamptz,
    cancelled_at timestamptz
);
CREATE UNIQUE INDEX domain_moves_one ON domain_moves ((true)) WHERE state <> 'cancelled';

CREATE TABLE domain_move_accounts (
    move_id bigint NOT NULL,
    account_id bigint NOT NULL,
    old_actor text NOT NULL,
    new_actor text NOT NULL,
    PRIMARY KEY (move_id, account_id)
);

-- The ledger: one row for each follower elsewhere of each account here.
CREATE TABLE domain_move_followers (
    move_id bigint NOT NULL,
    account_id bigint NOT NULL,
    follower_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'confirmed', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL,
    error text NOT NULL DEFAULT '',            -- of the last attempt
    PRIMARY KEY (move_id, account_id, follower_id)
);
CREATE INDEX domain_move_followers_by_state ON domain_move_followers (move_id, state, account_id, follower_id);
CREATE INDEX domain_move_followers_of ON domain_move_followers (follower_id);
