-- A post that waits for a moderator before anybody but its author sees it. On release it gets a new id and time; by the
-- old one cases go on naming it.
ALTER TABLE posts ADD COLUMN held_at timestamptz;
ALTER TABLE posts ADD COLUMN held_as bigint;
CREATE INDEX posts_held ON posts (author_id, id) WHERE held_at IS NOT NULL;
CREATE INDEX posts_held_as ON posts (author_id, held_as) WHERE held_as IS NOT NULL;
DROP INDEX posts_local;
CREATE INDEX posts_local ON posts (id DESC)
    WHERE visibility = 'public' AND reblog_of_id IS NULL AND withheld_at IS NULL AND held_at IS NULL;

-- Rules before publication. What a rule says lies in its versions; `active_version` is the one in force.
CREATE TABLE screening_rules (
    id bigint PRIMARY KEY,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'active', 'off')),
    version int NOT NULL,
    active_version int,
    active_since timestamptz,          -- when this version came into force
    disarmed_at timestamptz,           -- it switched itself off: it hit too much
    trouble text NOT NULL DEFAULT '',  -- why it could not be applied, when last it couldn't
    created_at timestamptz NOT NULL
);

CREATE TABLE screening_versions (
    rule_id bigint NOT NULL,
    version int NOT NULL,
    content jsonb NOT NULL,
    changed_by bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (rule_id, version)
);

-- Who switched a rule on or off, and when. changed_by 0: it disarmed itself.
CREATE TABLE screening_switches (
    rule_id bigint NOT NULL,
    id bigint NOT NULL,
    version int NOT NULL,
    state text NOT NULL,
    changed_by bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (rule_id, id)
);

CREATE TABLE screening_hits (
    rule_id bigint NOT NULL,
    id bigint NOT NULL,
    version int NOT NULL,
    action text NOT NULL,
    author_id bigint NOT NULL,         -- 0: has left
    post_id bigint NOT NULL,           -- 0: its author was asked to think again
    case_id bigint,
    variables jsonb NOT NULL,          -- what the rule saw
    outcome text CHECK (outcome IN ('confirmed', 'rejected')),     -- what a human made of it
    at timestamptz NOT NULL,
    PRIMARY KEY (rule_id, id)
);
CREATE INDEX screening_hits_of_case ON screening_hits (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX screening_hits_of_author ON screening_hits (author_id);

-- A dry run of one version over last week's posts, batch by batch.
CREATE TABLE screening_trials (
    rule_id bigint NOT NULL,
    version int NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    total bigint NOT NULL DEFAULT 0,
    seen bigint NOT NULL DEFAULT 0,
    hits bigint NOT NULL DEFAULT 0,
    newcomers bigint NOT NULL DEFAULT 0,       -- hits by them
    authors bigint[] NOT NULL DEFAULT '{}',
    samples bigint[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (rule_id, version)
);

CREATE TABLE held_posts (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    rule_id bigint NOT NULL,
    version int NOT NULL,
    case_id bigint NOT NULL,
    held_at timestamptz NOT NULL,
    due_at timestamptz,                -- null: it waits as long as it takes
    asked_at timestamptz,              -- its author asked for a human
    PRIMARY KEY (author_id, post_id)
);
CREATE INDEX held_posts_of_case ON held_posts (case_id);
CREATE INDEX held_posts_due ON held_posts (due_at) WHERE due_at IS NOT NULL;

-- Whom a rule asked to think again, about which words: sent once more, they pass.
CREATE TABLE screening_asked (
    account_id bigint NOT NULL,
    words bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (account_id, words)
);
CREATE INDEX screening_asked_by_age ON screening_asked (at);
