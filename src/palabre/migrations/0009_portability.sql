CREATE TABLE imports (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    archive_sha256 text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    done int NOT NULL DEFAULT 0,
    total int NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
);

-- Which post each thing in the archive became: a second run goes on where the first stopped.
CREATE TABLE imported_posts (
    account_id bigint NOT NULL,
    source_key text NOT NULL,
    post_id bigint NOT NULL,
    PRIMARY KEY (account_id, source_key)
);

CREATE TABLE import_skips (
    account_id bigint NOT NULL,
    import_id bigint NOT NULL,
    what text NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (account_id, import_id, what)
);
