-- What is done about a domain and all below it, as it stands now; how it came to be, domain_events tells.
CREATE TABLE domain_measures (
    domain text PRIMARY KEY,           -- lower case, as DNS has it
    id bigint NOT NULL,
    severity text NOT NULL CHECK (severity IN ('none', 'limit', 'suspend')),
    reject_media boolean NOT NULL DEFAULT false,
    reject_reports boolean NOT NULL DEFAULT false,
    obfuscate boolean NOT NULL DEFAULT false,  -- named in public with letters left out
    private_comment text NOT NULL DEFAULT '',
    public_comment text NOT NULL DEFAULT '',
    list_id bigint,                    -- the list it is owed to; null: the moderators' own
    set_by bigint,                     -- null: nobody in person
    set_at timestamptz NOT NULL
);
CREATE INDEX domain_measures_by_id ON domain_measures (id);
CREATE INDEX domain_measures_of_list ON domain_measures (list_id) WHERE list_id IS NOT NULL;

-- Everything that was done about a domain, never changed: each entry carries the hash of the one before.
CREATE TABLE domain_logs (
    domain text PRIMARY KEY,
    events int NOT NULL DEFAULT 0,     -- how many entries there are, and the hash of the last
    head bytea NOT NULL DEFAULT ''
);
CREATE TABLE domain_events (
    domain text NOT NULL,
    seq int NOT NULL,
    at timestamptz NOT NULL,
    actor_id bigint,
    kind text NOT NULL,
    data text NOT NULL,                -- canonical JSON, to the letter as it was hashed
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (domain, seq)
);

-- Whom one talks with where one talks with nobody else (limited federation).
CREATE TABLE domain_allows (
    domain text PRIMARY KEY,
    id bigint NOT NULL,
    allowed_by bigint,
    allowed_at timestamptz NOT NULL
);
CREATE INDEX domain_allows_by_id ON domain_allows (id);

-- Never taken from a list, whatever it says; nor what lies below.
CREATE TABLE domain_exclusions (
    domain text PRIMARY KEY,
    reason text NOT NULL DEFAULT '',
    excluded_by bigint,
    excluded_at timestamptz NOT NULL
);

CREATE TABLE domain_lists (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    url text NOT NULL,
    priority int NOT NULL DEFAULT 0,   -- of two lists that name a domain, the higher is followed
    severity text NOT NULL DEFAULT 'suspend' CHECK (severity IN ('none', 'limit', 'suspend')),   -- where the list says nothing
    adopt boolean NOT NULL DEFAULT false,      -- put into force without asking
    created_by bigint,
    created_at timestamptz NOT NULL,
    next_fetch_at timestamptz NOT NULL,
    fetched_at timestamptz,
    etag text NOT NULL DEFAULT '',
    problem text NOT NULL DEFAULT '',  -- why the last try failed
    left_out int NOT NULL DEFAULT 0,   -- lines that could not be read
    removed_at timestamptz
);
CREATE INDEX domain_lists_due ON domain_lists (next_fetch_at) WHERE removed_at IS NULL;

CREATE TABLE domain_list_entries (
    list_id bigint NOT NULL,
    domain text NOT NULL,
    severity text NOT NULL,
    reject_media boolean NOT NULL,
    reject_reports boolean NOT NULL,
    obfuscate boolean NOT NULL,
    public_comment text NOT NULL,
    -- draft: waits for a moderator; accepted and gone: wait to be carried out
    state text NOT NULL CHECK (state IN ('draft', 'accepted', 'in_force', 'dismissed', 'gone')),
    accepted_by bigint,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (list_id, domain)
);
CREATE INDEX domain_list_entries_of_domain ON domain_list_entries (domain);
CREATE INDEX domain_list_entries_waiting ON domain_list_entries (list_id, domain) WHERE state IN ('accepted', 'gone');
CREATE INDEX domain_list_drafts ON domain_list_entries (domain, list_id) WHERE state = 'draft';

-- All accounts of a domain and of those below it.
CREATE INDEX accounts_by_domain ON accounts (reverse(domain) text_pattern_ops) WHERE domain IS NOT NULL;
