-- Archives of the whole network that are taken by themselves. `options` opens the place (an object store's keys).
CREATE TABLE archive_plans (
    id          bigint PRIMARY KEY,
    destination text NOT NULL UNIQUE,
    options     jsonb NOT NULL DEFAULT '{}',
    recipients  text[] NOT NULL,
    every       interval NOT NULL CHECK (every >= interval '1 minute'),
    keep        integer NOT NULL CHECK (keep >= 1),
    since       timestamptz NOT NULL DEFAULT now(),
    next_at     timestamptz NOT NULL DEFAULT now()
);

-- Each archive that was begun: by a plan or by hand. `destination` carries no secrets.
CREATE TABLE archive_runs (
    id          bigint PRIMARY KEY,
    plan_id     bigint,
    destination text NOT NULL,
    archive     text NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    failed_at   timestamptz,
    error       text,
    rows        bigint,
    bytes       bigint,  -- stored in all: files of the archive and its media
    new_bytes   bigint,  -- of these, sent this time
    media       bigint,
    CHECK (finished_at IS NULL OR failed_at IS NULL)
);
CREATE INDEX archive_runs_by_time ON archive_runs (started_at);

-- What lies in which place, so that media are sent there once. Forgotten, all would be sent again.
CREATE TABLE archive_copies (
    key           text NOT NULL,
    place         text NOT NULL,
    size          bigint NOT NULL,
    sha256        bytea NOT NULL,
    stored_size   bigint NOT NULL,
    stored_sha256 bytea NOT NULL,
    PRIMARY KEY (key, place)
);
CREATE INDEX archive_copies_by_place ON archive_copies (place, key);

-- Archives brought back on trial. `outcome`: what was compared and opened, in figures.
CREATE TABLE drills (
    id          bigint PRIMARY KEY,
    destination text NOT NULL,
    archive     text NOT NULL DEFAULT '',
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    well        boolean,
    outcome     jsonb NOT NULL DEFAULT '{}',
    error       text
);
CREATE INDEX drills_by_time ON drills (started_at);
