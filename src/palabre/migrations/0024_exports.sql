-- A member's own takeout: what it stands at, and where the file lies. One for each account; a new one replaces it.
CREATE TABLE exports (
    account_id bigint NOT NULL PRIMARY KEY,
    id bigint NOT NULL,                    -- new with each asking
    state text NOT NULL CHECK (state IN ('waiting', 'making', 'ready', 'failed', 'removed')),
    unasked boolean NOT NULL,              -- made for everybody as the network winds down: after those asked for
    asked_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,          -- when it may be begun, or begun anew: its maker died or failed
    attempts int NOT NULL DEFAULT 0,
    done int NOT NULL DEFAULT 0,
    total int NOT NULL DEFAULT 0,
    new_key text NOT NULL,                 -- in the blob store: where the one being made is put
    key text,                              -- the one that can be downloaded, also while the next is made
    bytes bigint NOT NULL DEFAULT 0,
    made_at timestamptz,
    keep_until timestamptz                 -- null: as long as nobody says otherwise
);
CREATE INDEX exports_waiting ON exports (unasked, asked_at) WHERE state IN ('waiting', 'making');
CREATE INDEX exports_ending ON exports (keep_until) WHERE key IS NOT NULL;
