-- Members who are willing to sit on juries. The salt gives each of them another pseudonym on every panel.
CREATE TABLE jurors (
    account_id bigint PRIMARY KEY,
    salt bytea NOT NULL,
    joined_at timestamptz NOT NULL
);

-- Who belongs to which camp of the follow graph, found anew every day; who is in none of the larger ones isn't here.
CREATE TABLE jury_camps (
    account_id bigint PRIMARY KEY,
    camp smallint NOT NULL
);
CREATE TABLE jury_camp_sizes (
    camp smallint PRIMARY KEY,         -- 0: members in no camp
    members int NOT NULL,
    built_at timestamptz NOT NULL
);

-- A panel exists, and the hash of its seed is public, before there is a question for it (state 'next').
CREATE TABLE jury_panels (
    id bigint PRIMARY KEY,
    state text NOT NULL DEFAULT 'next' CHECK (state IN ('next', 'called', 'open', 'closed')),
    seed bytea NOT NULL,               -- secret until the panel is closed
    commitment bytea NOT NULL,         -- sha256 of the seed
    committed_at timestamptz NOT NULL,
    case_id bigint,
    decision_id bigint,
    question text CHECK (question IN ('uphold', 'borderline')),
    rule_id bigint,                    -- of a borderline case: which rule it may break
    words text NOT NULL DEFAULT '',    -- the appellant's, or the moderator's who asks
    excluded bigint[] NOT NULL DEFAULT '{}',   -- parties to the case beside its author and its reporters
    seats int NOT NULL DEFAULT 0,
    votes int NOT NULL DEFAULT 0,
    hours int NOT NULL DEFAULT 0,
    called_by bigint,                  -- the moderator who asks; null: an appeal does
    called_at timestamptz,
    closes_at timestamptz,
    drawn_at timestamptz,
    pool bytea,                        -- canonical JSON {pseudonym: camp}, zstd; forgotten when the evidence is
    pool_size int NOT NULL DEFAULT 0,
    pool_digest bytea,
    passed_over text[] NOT NULL DEFAULT '{}',  -- pseudonyms of those whose turn it was, but who are partial or gone
    next_at timestamptz,               -- when something has to be done next
    closed_at timestamptz,
    outcome text CHECK (outcome IN ('uphold', 'overturn', 'none')),
    why_none text
);
CREATE INDEX jury_panels_next ON jury_panels (id) WHERE state = 'next';
CREATE INDEX jury_panels_due ON jury_panels (next_at) WHERE state = 'open';
CREATE INDEX jury_panels_called ON jury_panels (id) WHERE state IN ('called', 'open', 'closed');
CREATE INDEX jury_panels_closed ON jury_panels (closed_at, id) WHERE state = 'closed';
CREATE INDEX jury_panels_of_case ON jury_panels (case_id, id) WHERE case_id IS NOT NULL;

CREATE TABLE jury_seats (
    panel_id bigint NOT NULL,
    seat int NOT NULL,
    account_id bigint NOT NULL,        -- 0: has left the network
    juror text NOT NULL,               -- the pseudonym
    replaces int,                      -- the seat whose place it took
    state text NOT NULL DEFAULT 'drawn' CHECK (state IN ('drawn', 'voted', 'silent', 'recused', 'left')),
    drawn_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    reminded_at timestamptz,
    answered_at timestamptz,
    PRIMARY KEY (panel_id, seat)
);
CREATE INDEX jury_seats_of_account ON jury_seats (account_id, drawn_at);

-- Never changed. The case's log has the hash of each from the moment it is cast.
CREATE TABLE jury_ballots (
    panel_id bigint NOT NULL,
    seat int NOT NULL,
    answer text NOT NULL CHECK (answer IN ('uphold', 'overturn')),
    reason text NOT NULL,
    nonce bytea NOT NULL,
    cast_at timestamptz NOT NULL,
    PRIMARY KEY (panel_id, seat)
);
