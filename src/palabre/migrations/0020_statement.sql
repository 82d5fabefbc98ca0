-- What moderators say of a post, beside what its author says: he can't edit it away, and taking it back leaves his word.
ALTER TABLE posts ADD COLUMN covered boolean NOT NULL DEFAULT false;   -- shown as sensitive, whatever `sensitive` says
ALTER TABLE posts ADD COLUMN label text NOT NULL DEFAULT '';           -- a note that readers see above it
UPDATE posts p SET covered = true, sensitive = p.spoiler <> '' FROM decisions d
WHERE d.action = 'sensitive' AND d.undone_at IS NULL AND d.account_id = p.author_id AND p.id = ANY (d.changed);

-- The rules as they were worded when the decision cited them, in the order of rule_ids.
ALTER TABLE decisions ADD COLUMN rule_texts text[] NOT NULL DEFAULT '{}';

-- The link in the mail, by which a letter can be read without signing in.
ALTER TABLE letters ADD COLUMN secret_hash bytea;
ALTER TABLE letters ADD COLUMN secret_until timestamptz;
CREATE UNIQUE INDEX letters_by_secret ON letters (account_id, secret_hash);

-- What moderators write again and again.
CREATE TABLE saved_answers (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    text text NOT NULL,
    changed_by bigint NOT NULL,
    changed_at timestamptz NOT NULL
);

-- What law is cited most is what is offered first.
CREATE INDEX decisions_by_law ON decisions (law) WHERE law <> '';
