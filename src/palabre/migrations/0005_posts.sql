CREATE TABLE posts (
    author_id bigint NOT NULL,
    id bigint NOT NULL,
    visibility text NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private', 'direct')),
    text text NOT NULL DEFAULT '',     -- as written
    spoiler text NOT NULL DEFAULT '',
    sensitive boolean NOT NULL DEFAULT false,
    language text,
    in_reply_to_id bigint,
    in_reply_to_author_id bigint,
    thread_id bigint NOT NULL,         -- the post that began the conversation
    reblog_of_id bigint,
    reblog_of_author_id bigint,
    audience bigint[] NOT NULL DEFAULT '{}',   -- the accounts mentioned
    tags text[] NOT NULL DEFAULT '{}',         -- folded, without #
    has_media boolean NOT NULL DEFAULT false,
    client_id text,                    -- the application it was written with
    created_at timestamptz NOT NULL,
    edited_at timestamptz,
    withheld_at timestamptz,           -- removed by a moderator, restorable
    quiet boolean NOT NULL DEFAULT false,      -- brought along from elsewhere: tells nobody
    fragment bytea,                    -- its public JSON, without author, counters and the viewer's own flags
    PRIMARY KEY (author_id, id)
);
CREATE INDEX posts_by_id ON posts (id);
CREATE INDEX posts_in_thread ON posts (thread_id, id) WHERE reblog_of_id IS NULL;
CREATE INDEX posts_local ON posts (id DESC)
    WHERE visibility = 'public' AND reblog_of_id IS NULL AND withheld_at IS NULL;
CREATE INDEX posts_with_media ON posts (author_id, id DESC) WHERE has_media AND reblog_of_id IS NULL;
CREATE INDEX posts_reblogging ON posts (reblog_of_id, id) WHERE reblog_of_id IS NOT NULL;
CREATE UNIQUE INDEX posts_reblog_once ON posts (author_id, reblog_of_id) WHERE reblog_of_id IS NOT NULL;

CREATE TABLE post_counts (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    replies int NOT NULL DEFAULT 0,
    reblogs int NOT NULL DEFAULT 0,
    favourites int NOT NULL DEFAULT 0,
    PRIMARY KEY (author_id, post_id)
);

-- What a post said before each edit.
CREATE TABLE post_revisions (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    id bigint NOT NULL,
    fragment bytea NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (author_id, post_id, id)
);

CREATE TABLE post_tags (
    tag text NOT NULL,
    post_id bigint NOT NULL,
    author_id bigint NOT NULL,
    PRIMARY KEY (tag, post_id)
);

CREATE TABLE tags (
    tag text PRIMARY KEY,              -- folded
    display text NOT NULL,             -- as first written
    last_used_at timestamptz NOT NULL
);
CREATE INDEX tags_by_prefix ON tags (tag text_pattern_ops);

CREATE TABLE favourites (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    post_author_id bigint NOT NULL,
    id bigint NOT NULL,
    PRIMARY KEY (account_id, post_id)
);
CREATE INDEX favourites_by_age ON favourites (account_id, id);
CREATE INDEX favourites_of_post ON favourites (post_id, id);

CREATE TABLE bookmarks (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    post_author_id bigint NOT NULL,
    id bigint NOT NULL,
    PRIMARY KEY (account_id, post_id)
);
CREATE INDEX bookmarks_by_age ON bookmarks (account_id, id);
CREATE INDEX bookmarks_of_post ON bookmarks (post_id, id);

CREATE TABLE pins (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    id bigint NOT NULL,
    PRIMARY KEY (account_id, post_id)
);

CREATE TABLE thread_mutes (
    account_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    PRIMARY KEY (account_id, thread_id)
);

CREATE TABLE media (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    post_id bigint,
    position int NOT NULL DEFAULT 0,
    kind text NOT NULL,                -- 'image', 'gifv'
    original_key text NOT NULL,
    small_key text NOT NULL,
    meta jsonb NOT NULL,               -- {"original": {width, height, size, aspect}, "small": …}
    description text NOT NULL DEFAULT '',
    focus_x real NOT NULL DEFAULT 0,
    focus_y real NOT NULL DEFAULT 0,
    blurhash text NOT NULL,
    color text NOT NULL DEFAULT '',
    bytes bigint NOT NULL,
    detached_at timestamptz,           -- its post was deleted: served to nobody, erased soon
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, id)
);
CREATE INDEX media_of_post ON media (account_id, post_id, position) WHERE post_id IS NOT NULL;
CREATE INDEX media_by_key ON media (original_key);
CREATE INDEX media_by_small_key ON media (small_key);
CREATE INDEX media_unused ON media (created_at) WHERE post_id IS NULL;

-- The same request sent twice publishes one post.
CREATE TABLE idempotency_keys (
    account_id bigint NOT NULL,
    key text NOT NULL,
    post_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
