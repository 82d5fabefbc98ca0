-- How far the community's farewell has come: each letter that goes to everybody, and everybody's archive.
CREATE TABLE farewells (
    end_id bigint NOT NULL,            -- which announcement of the end
    kind text NOT NULL CHECK (kind IN ('announced', 'week', 'day', 'over', 'archives', 'last_archives')),
    done bigint NOT NULL DEFAULT 0,    -- members
    finished_at timestamptz,
    PRIMARY KEY (end_id, kind)
);

-- Where members can be found afterwards: their pages lead there.
CREATE TABLE new_homes (
    account_id bigint NOT NULL PRIMARY KEY,
    url text NOT NULL,
    said_at timestamptz NOT NULL
);
