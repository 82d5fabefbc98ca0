CREATE TABLE duties (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    payload bytea NOT NULL,
    run_at timestamptz NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    claimed_at timestamptz,
    dead_at timestamptz,
    last_error text
);
CREATE INDEX duties_due ON duties (run_at) WHERE dead_at IS NULL;

-- Attempts counted across processes: sign-in, sign-up, posting. Lost in a crash without harm.
CREATE UNLOGGED TABLE rate_windows (
    name text PRIMARY KEY,
    hits int NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Files that must outlive what they were part of, as evidence: neither served to the public nor erased.
CREATE TABLE file_holds (
    key text NOT NULL,
    holder_id bigint NOT NULL,         -- the case that needs it
    until timestamptz,                 -- null: until further notice
    unwanted boolean NOT NULL DEFAULT false,   -- nothing but holds refers to it any more: erase it with the last
    PRIMARY KEY (key, holder_id)
);
CREATE INDEX file_holds_of_holder ON file_holds (holder_id);
CREATE INDEX file_holds_ending ON file_holds (until) WHERE until IS NOT NULL;
