-- Hosts that follow this one, each with its name in the address by which it calls.
CREATE TABLE standbys (
    name text PRIMARY KEY,
    since timestamptz NOT NULL,        -- of this registration: a standby that knows another must copy anew
    seen_at timestamptz,
    copied_at timestamptz              -- when it had all media there were; from then on the queue alone says what it lacks
);

-- Media written or deleted that a standby has not confirmed yet.
CREATE TABLE mirror_queue (
    standby text NOT NULL,
    id bigint NOT NULL,
    key text NOT NULL,
    gone boolean NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (standby, id)
);
