-- Where a case waits. Smaller comes first: cases with a deadline from outside by when they are due, then threats, then the
-- rest, those by priority. One number, so that one index serves the whole queue.
ALTER TABLE cases ADD COLUMN place double precision GENERATED ALWAYS AS (CASE lane
    WHEN 'deadline' THEN coalesce(extract(epoch FROM due_at AT TIME ZONE 'UTC')::double precision, 5e10)
    WHEN 'threat' THEN 1e11 - priority
    ELSE 2e11 - priority END) STORED;
ALTER TABLE cases ADD COLUMN due_order double precision GENERATED ALWAYS AS
    (coalesce(extract(epoch FROM due_at AT TIME ZONE 'UTC')::double precision, 5e10)) STORED;
ALTER TABLE cases ADD COLUMN signals jsonb NOT NULL DEFAULT '[]';    -- why its priority is what it is
ALTER TABLE cases ADD COLUMN words tsvector NOT NULL DEFAULT '';     -- of what was reported, for finding it
ALTER TABLE cases ADD COLUMN group_id bigint;        -- the first case of those alike; its own id: none so far
ALTER TABLE cases ADD COLUMN leased_until timestamptz;    -- taken by "the next case": back in the queue from then on
ALTER TABLE cases ADD COLUMN alarm_at timestamptz;   -- when its next alarm rings; null: none any more
ALTER TABLE cases ADD COLUMN wound_for timestamptz;  -- the due_at by which `alarm_at` was set
CREATE INDEX cases_by_place ON cases (place, id) WHERE state = 'open';
CREATE INDEX cases_in_lane ON cases (lane, place, id) WHERE state = 'open';
CREATE INDEX cases_by_due ON cases (due_order, id) WHERE state = 'open';
CREATE INDEX cases_alike ON cases (group_id, place, id) WHERE state = 'open';
CREATE INDEX cases_alike_by_due ON cases (group_id, due_order, id) WHERE state = 'open';
CREATE INDEX cases_in_hand ON cases (assigned_to, id) WHERE state = 'open' AND assigned_to IS NOT NULL;
CREATE INDEX cases_leased ON cases (leased_until) WHERE state = 'open' AND leased_until IS NOT NULL;
CREATE INDEX cases_by_words ON cases USING gin (words) WHERE state = 'open';
CREATE INDEX cases_ringing ON cases (alarm_at) WHERE state = 'open' AND alarm_at IS NOT NULL;
CREATE INDEX cases_to_wind ON cases (id) WHERE state = 'open' AND wound_for IS DISTINCT FROM due_at;
-- When the staff last did anything, and how many decisions somebody took in a row.
CREATE INDEX case_events_of_staff ON case_events (at) WHERE actor_id IS NOT NULL AND kind IN
    ('assigned', 'unassigned', 'noted', 'decided', 'undone', 'reopened', 'recategorised', 'raised', 'looked');
CREATE INDEX decisions_of_moderator ON decisions (moderator_id, id) WHERE moderator_id <> 0;

-- Near-duplicates: the first case of a group keeps its MinHash and owns the bands of it that nobody owned.
CREATE TABLE prints (
    group_id bigint PRIMARY KEY,
    minhash bigint[] NOT NULL,         -- empty: too little text to compare
    media bytea NOT NULL,              -- of all its pictures together; empty: none
    made_at timestamptz NOT NULL
);
CREATE INDEX prints_by_age ON prints (made_at);
CREATE TABLE print_bands (
    band bigint PRIMARY KEY,
    group_id bigint NOT NULL
);
CREATE INDEX print_bands_of_group ON print_bands (group_id);

-- How often somebody's reports were found right, among the last hundred decided.
CREATE TABLE reporter_records (
    account_id bigint PRIMARY KEY,
    upheld int NOT NULL DEFAULT 0,
    refused int NOT NULL DEFAULT 0,
    stale boolean NOT NULL DEFAULT false    -- to be counted again
);

-- Many cases decided by one form. Each gets its decision of its own; this is how far it has come.
CREATE TABLE bulk_decisions (
    id bigint PRIMARY KEY,
    moderator_id bigint NOT NULL,
    ruling jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'undoing', 'undone')),
    undo_reason text NOT NULL DEFAULT '',
    undone_by bigint,
    reopen boolean NOT NULL DEFAULT false,  -- whether the cases are opened again when it is undone
    created_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX bulk_decisions_of ON bulk_decisions (moderator_id, id);
CREATE TABLE bulk_cases (
    bulk_id bigint NOT NULL,
    case_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'decided', 'left', 'undone', 'kept')),
    decision_id bigint,
    why text NOT NULL DEFAULT '',      -- the code of what stood against it
    PRIMARY KEY (bulk_id, case_id)
);
CREATE INDEX bulk_cases_waiting ON bulk_cases (bulk_id, state, case_id);
CREATE INDEX bulk_cases_of_case ON bulk_cases (case_id);

-- What a moderator set up for himself.
CREATE TABLE desks (
    account_id bigint PRIMARY KEY,
    break_after int NOT NULL DEFAULT 40,    -- decisions in a row; 0: never say so
    shortcuts boolean NOT NULL DEFAULT true,
    taken int NOT NULL DEFAULT 0        -- how often "the next case" was asked for
);
CREATE TABLE saved_filters (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    wanted jsonb NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- Alarms that rang, each once.
CREATE TABLE case_alarms (
    case_id bigint NOT NULL,
    due_at timestamptz NOT NULL,
    share double precision NOT NULL,   -- of the time that was left; 0: it was up
    lane text NOT NULL,
    rang_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, due_at, share)
);
CREATE INDEX case_alarms_by_lane ON case_alarms (lane, rang_at);
