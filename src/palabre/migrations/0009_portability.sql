CREATE TABLE imports (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    source text NOT NULL,              -- which account elsewhere: an unfinished import of the same goes on
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    done int NOT NULL DEFAULT 0,
    total int NOT NULL DEFAULT 0,
    taken jsonb NOT NULL DEFAULT '{}',     -- {"posts": 3000, …}
    already jsonb NOT NULL DEFAULT '{}',   -- the same of what an earlier import had taken
    PRIMARY KEY (account_id, id)
);

-- Which post each thing in the archive became: a second run goes on where the first stopped.
CREATE TABLE imported_posts (
    account_id bigint NOT NULL,
    source_key text NOT NULL,
    post_id bigint NOT NULL,
    import_id bigint NOT NULL,
    PRIMARY KEY (account_id, source_key)
);
CREATE INDEX imported_posts_by_key ON imported_posts (source_key);

-- What was not taken, and why.
CREATE TABLE import_skips (
    account_id bigint NOT NULL,
    import_id bigint NOT NULL,
    what text NOT NULL,
    why text NOT NULL,
    count int NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, import_id, what, why)
);
