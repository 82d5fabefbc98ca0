-- Signing in in two steps: a code from an app (RFC 6238) after the password. Nothing of it needs anybody's service.
CREATE TABLE two_factor (
    account_id   bigint PRIMARY KEY,
    secret       text NOT NULL,            -- base32, as apps take it
    since        timestamptz,              -- NULL: shown, not yet confirmed by a first code
    last_step    bigint NOT NULL DEFAULT 0 -- a code works once
);

CREATE TABLE recovery_codes (
    account_id   bigint NOT NULL,
    code_hash    bytea NOT NULL,
    PRIMARY KEY (account_id, code_hash)
);

ALTER TABLE one_time_links DROP CONSTRAINT one_time_links_purpose_check;
ALTER TABLE one_time_links ADD CONSTRAINT one_time_links_purpose_check
    CHECK (purpose IN ('confirm', 'reset', 'own', 'second'));
