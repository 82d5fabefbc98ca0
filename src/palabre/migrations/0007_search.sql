-- The words of a post, and marks that begin with @ or # (no word can): who may find it, by whom, when, with which tags.
-- One GIN index thus answers all of a query; features/search/marks.py says which marks there are.
CREATE TABLE search_posts (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    visibility text NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (author_id, post_id)
);
CREATE INDEX search_posts_words ON search_posts USING gin (words) WITH (fastupdate = off);

CREATE TABLE search_accounts (
    account_id bigint PRIMARY KEY,
    indexable boolean NOT NULL,        -- as its posts were indexed
    trigrams text[] NOT NULL
);
CREATE INDEX search_accounts_trigrams ON search_accounts USING gin (trigrams);
