-- What the law wants preserved: sealed when made, opened with a reason that the case's log keeps, gone by itself when its time is up.
CREATE TABLE legal_holds (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('life', 'terrorist', 'child', 'order')),
    reason text NOT NULL,
    authority text NOT NULL DEFAULT '',
    reference text NOT NULL DEFAULT '',    -- the authority's own number for it
    sealed text NOT NULL,              -- canonical JSON: the account and its connections as they were; empty once purged
    sha256 bytea NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    purged_at timestamptz,
    PRIMARY KEY (case_id, id)
);
CREATE INDEX legal_holds_ending ON legal_holds (until) WHERE purged_at IS NULL;
CREATE INDEX legal_holds_by_age ON legal_holds (id);

-- Decided cases whose evidence is still there: erased once no window, hold or appeal needs it.
ALTER TABLE cases ADD COLUMN erased_at timestamptz;
CREATE INDEX cases_to_erase ON cases (decided_at) WHERE state = 'decided' AND erased_at IS NULL;
