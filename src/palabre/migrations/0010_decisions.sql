-- One record for every source: members, notices from outside, lists of hosts and authorities, rules, the staff itself.
ALTER TABLE reports ALTER COLUMN reporter_id DROP NOT NULL;
ALTER TABLE reports ADD COLUMN source text NOT NULL DEFAULT 'member' CHECK (source IN
    ('member', 'notice', 'host', 'store', 'authority', 'order', 'flagger', 'flag', 'rule', 'staff'));
ALTER TABLE reports ADD COLUMN notice_id bigint;
ALTER TABLE reports ADD COLUMN due_at timestamptz;
CREATE INDEX reports_of_notice ON reports (notice_id) WHERE notice_id IS NOT NULL;

-- Summed up from the reports, so that the queue reads one table.
ALTER TABLE cases ADD COLUMN sources text[] NOT NULL DEFAULT '{}';
ALTER TABLE cases ADD COLUMN severity int NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN lane text NOT NULL DEFAULT 'rest' CHECK (lane IN ('deadline', 'threat', 'rest'));
ALTER TABLE cases ADD COLUMN due_at timestamptz;
ALTER TABLE cases ADD COLUMN priority double precision NOT NULL DEFAULT 0;
UPDATE cases SET due_at = opened_at + interval '7 days', sources = '{member}', severity = CASE
    WHEN 'threat' = ANY (categories) THEN 3 WHEN 'legal' = ANY (categories) THEN 2
    WHEN categories && '{violation,spam}' THEN 1 ELSE 0 END,
    lane = CASE WHEN 'threat' = ANY (categories) THEN 'threat' ELSE 'rest' END;

-- Everything that a statement of reasons has to say (DSA, Article 17(3)).
ALTER TABLE decisions ADD COLUMN decided_by text NOT NULL DEFAULT 'moderator'
    CHECK (decided_by IN ('moderator', 'jury', 'rule'));           -- moderator_id is 0 where nobody in person decided
ALTER TABLE decisions ADD COLUMN facts text NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN law text NOT NULL DEFAULT '';     -- the provision, where the ground is a law
ALTER TABLE decisions ADD COLUMN policy_version int NOT NULL DEFAULT 0;    -- of the community's rules
ALTER TABLE decisions ADD COLUMN sources text[] NOT NULL DEFAULT '{}';     -- what had come in by then
ALTER TABLE decisions ADD COLUMN detected text NOT NULL DEFAULT 'people' CHECK (detected IN ('people', 'rule'));
ALTER TABLE decisions ADD COLUMN label text NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN expires_at timestamptz;
ALTER TABLE decisions ADD COLUMN ended text CHECK (ended IN ('undone', 'expired', 'overturned'));
UPDATE decisions SET ended = 'undone' WHERE undone_at IS NOT NULL;
UPDATE decisions d SET sources = c.sources FROM cases c WHERE c.id = d.case_id;
CREATE INDEX decisions_expiring ON decisions (expires_at) WHERE undone_at IS NULL AND expires_at IS NOT NULL;
-- What appeals refer to, so that who decided can't be changed under them.
ALTER TABLE decisions ADD CONSTRAINT decisions_by_whom UNIQUE (case_id, id, moderator_id);

ALTER TABLE accounts DROP CONSTRAINT accounts_standing_check;
ALTER TABLE accounts ADD CONSTRAINT accounts_standing_check
    CHECK (standing IN ('pending', 'active', 'limited', 'frozen', 'suspended', 'deleted'));
