-- Networks that may not sign up, or not come in at all.
CREATE TABLE ip_blocks (
    id bigint PRIMARY KEY,
    ip cidr NOT NULL UNIQUE,
    severity text NOT NULL CHECK (severity IN ('sign_up_requires_approval', 'sign_up_block', 'no_access')),
    comment text NOT NULL DEFAULT '',
    created_by bigint,
    created_at timestamptz NOT NULL,
    expires_at timestamptz             -- null: until lifted
);

-- Providers of e-mail, and all below their domains, whose addresses are not taken.
CREATE TABLE email_domain_blocks (
    domain text PRIMARY KEY,
    id bigint NOT NULL UNIQUE,
    created_by bigint,
    created_at timestamptz NOT NULL
);

-- Who tried all the same, for a week.
CREATE TABLE email_domain_attempts (
    domain text NOT NULL,              -- the one that is blocked
    day date NOT NULL,
    ip inet NOT NULL,
    attempts int NOT NULL DEFAULT 1,
    PRIMARY KEY (domain, day, ip)
);

-- Single addresses that are not taken, nor any that leads to the same mailbox; the addresses themselves aren't kept.
CREATE TABLE canonical_email_blocks (
    hash bytea PRIMARY KEY,            -- SHA-256 of the address without dots and +tags
    id bigint NOT NULL UNIQUE,
    created_by bigint,
    created_at timestamptz NOT NULL
);

-- The application (client_id) by which somebody signed up; null: the pages here.
ALTER TABLE members ADD COLUMN signed_up_with text;

-- On which days a member was here, for a year: how many are, and how many come back.
CREATE TABLE active_days (
    account_id bigint NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (account_id, day)
);
CREATE INDEX active_days_by_day ON active_days (day);

-- What the moderators say of a hashtag. Not reviewed: it doesn't trend.
ALTER TABLE tags ADD COLUMN usable boolean NOT NULL DEFAULT true, ADD COLUMN listable boolean NOT NULL DEFAULT true,
    ADD COLUMN trendable boolean NOT NULL DEFAULT false, ADD COLUMN reviewed_at timestamptz, ADD COLUMN reviewed_by bigint;
CREATE INDEX tags_by_use ON tags USING brin (last_used_at);

-- What is talked of, found anew every few minutes, reviewed or not.
CREATE TABLE trends (
    kind text NOT NULL CHECK (kind IN ('tag', 'post')),
    subject text NOT NULL,             -- a hashtag, folded, or a post's id
    author_id bigint NOT NULL DEFAULT 0,
    score double precision NOT NULL,
    PRIMARY KEY (kind, subject)
);

-- Whether a post may be shown among what is talked of.
CREATE TABLE trend_reviews (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    approved boolean NOT NULL,
    reviewed_by bigint NOT NULL,
    reviewed_at timestamptz NOT NULL,
    PRIMARY KEY (author_id, post_id)
);

-- For figures by day; next to nothing to keep, since ids grow with time.
CREATE INDEX favourites_by_time ON favourites USING brin (id);
CREATE INDEX decisions_by_time ON decisions USING brin (id);
