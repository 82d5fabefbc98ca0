-- Each time this network was brought back from an archive. `source` carries no secrets.
CREATE TABLE restorations (
    id          bigint PRIMARY KEY,
    archive     text NOT NULL,
    source      text NOT NULL,
    taken_at    timestamptz NOT NULL,
    restored_at timestamptz NOT NULL
);
