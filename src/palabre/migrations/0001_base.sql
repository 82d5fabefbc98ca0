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
