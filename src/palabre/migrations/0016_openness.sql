-- The network's keys; the newest signs. `names`: the secret behind pseudonyms in public records, the same for ever.
CREATE TABLE signing_keys (
    seq int PRIMARY KEY,
    public_key bytea NOT NULL,
    private_key bytea,                 -- null: replaced by a newer one
    endorsement bytea,                 -- by the key before: so that who knows that one may trust this one
    names bytea NOT NULL,
    created_at timestamptz NOT NULL
);

-- Who holds the rows still cannot take an entry out of the middle, nor change its place: the next one refers to it.
ALTER TABLE case_events ADD COLUMN follows bytea GENERATED ALWAYS AS (nullif(previous, '')) STORED;
ALTER TABLE case_events ADD CONSTRAINT case_events_hash UNIQUE (case_id, hash);
ALTER TABLE case_events ADD CONSTRAINT case_events_follow
    FOREIGN KEY (case_id, follows) REFERENCES case_events (case_id, hash);
CREATE INDEX case_events_at ON case_events (at);
REVOKE UPDATE, DELETE, TRUNCATE ON case_events FROM CURRENT_USER;
GRANT UPDATE (follows) ON case_events TO CURRENT_USER;   -- which nobody can set: the foreign key's own look-up asks for it

ALTER TABLE cases ADD COLUMN sealed int NOT NULL DEFAULT 0;   -- how many of its log's entries a seal covers
CREATE INDEX cases_unsealed ON cases (id) WHERE events > sealed;

-- One chain over all cases: each seal says how long the log of each case was that changed, and its last hash.
CREATE TABLE log_seals (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    heads text NOT NULL,               -- canonical JSON [[case, entries, hash]…], to the letter as it was hashed
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    key_seq int NOT NULL,
    signature bytea NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON log_seals FROM CURRENT_USER;

-- What everybody may know of a decision, written once when its entry in the log is sealed.
CREATE TABLE public_log (
    month date NOT NULL,
    id text NOT NULL,
    at timestamptz NOT NULL,
    seal bigint NOT NULL,
    case_id bigint NOT NULL,           -- not shown: to find it again
    seq int NOT NULL,
    refers_to text,
    entry text NOT NULL,               -- JSON
    PRIMARY KEY (month, id)
);
CREATE INDEX public_log_by_time ON public_log (month, at, id);
CREATE INDEX public_log_by_id ON public_log (id);

-- All rules as they stood, version by version; decisions cite the number.
CREATE TABLE rule_versions (
    version int PRIMARY KEY,
    rules jsonb NOT NULL,              -- [{"id", "text", "hint"}] in order
    changed_by bigint,
    created_at timestamptz NOT NULL
);
INSERT INTO rule_versions (version, rules, created_at)
    SELECT 1, jsonb_agg(jsonb_build_object('id', id, 'text', text, 'hint', hint) ORDER BY position, id), max(created_at)
    FROM rules WHERE retired_at IS NULL HAVING count(*) > 0;

ALTER TABLE terms ADD COLUMN summary text NOT NULL DEFAULT '';    -- what changed, for members to read
ALTER TABLE terms ADD COLUMN applies_at timestamptz NOT NULL DEFAULT now();
UPDATE terms SET applies_at = created_at;

-- Reports of a finished or running period, as published.
CREATE TABLE transparency_reports (
    starts date NOT NULL,
    ends date NOT NULL,
    made_at timestamptz NOT NULL,
    seal bigint NOT NULL,
    numbers text NOT NULL,             -- JSON
    PRIMARY KEY (starts, ends)
);
