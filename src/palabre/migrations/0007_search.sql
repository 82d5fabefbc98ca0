CREATE TABLE search_posts (
    post_id bigint PRIMARY KEY,
    author_id bigint NOT NULL,
    visibility text NOT NULL,
    audience bigint[] NOT NULL,
    words tsvector NOT NULL
);
CREATE INDEX search_posts_words ON search_posts USING gin (words) WITH (fastupdate = off);

CREATE TABLE search_accounts (
    account_id bigint PRIMARY KEY,
    trigrams text[] NOT NULL,
    followers bigint NOT NULL DEFAULT 0
);
CREATE INDEX search_accounts_trigrams ON search_accounts USING gin (trigrams);
