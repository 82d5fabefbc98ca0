CREATE TABLE home_entries (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    author_id bigint NOT NULL,
    reblog_of_id bigint,
    reblog_of_author_id bigint,
    PRIMARY KEY (account_id, post_id)
);

-- Authors followed by so many that their posts are fetched on reading instead of copied to every follower.
CREATE TABLE pulled_authors (
    account_id bigint PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT now()
);

-- Whose home timeline is kept ready. Without a row it is built from the follows on the next visit.
CREATE TABLE home_readers (
    account_id bigint PRIMARY KEY,
    last_read_at timestamptz NOT NULL
);

CREATE TABLE markers (
    account_id bigint NOT NULL,
    timeline text NOT NULL CHECK (timeline IN ('home', 'notifications')),
    last_read_id bigint NOT NULL,
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, timeline)
);

CREATE TABLE notifications (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    type text NOT NULL,
    from_id bigint NOT NULL,
    post_id bigint NOT NULL DEFAULT 0, -- 0: about no post
    post_author_id bigint,
    about_id bigint NOT NULL DEFAULT 0,    -- the report or decision it is about
    details jsonb,
    group_key text,                    -- null: stands alone
    PRIMARY KEY (account_id, id)
);
-- A duty done twice notifies once.
CREATE UNIQUE INDEX notifications_once ON notifications (account_id, type, from_id, post_id, about_id);
CREATE INDEX notifications_from ON notifications (account_id, from_id);
CREATE INDEX notifications_grouped ON notifications (account_id, group_key, id) WHERE group_key IS NOT NULL;
CREATE INDEX notifications_of_post ON notifications (post_id) WHERE post_id <> 0;
