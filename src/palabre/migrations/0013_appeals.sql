-- Somebody asks for another judgement on a decision. Who made it can't be changed under the appeal, nor judge it.
CREATE TABLE appeals (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    decision_id bigint NOT NULL,
    moderator_id bigint NOT NULL,      -- who made the decision; 0: nobody in person
    side text NOT NULL CHECK (side IN ('author', 'reporter')),
    appellant_id bigint NOT NULL DEFAULT 0,    -- the member, or 0 and
    notice_id bigint NOT NULL DEFAULT 0,       -- the notice whose sender appeals
    words text NOT NULL,
    after bigint,                      -- the appeal that a moderator turned down, where a jury is asked now
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'jury', 'decided', 'withdrawn')),
    lodged_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    panel_id bigint,                   -- the jury's
    outcome text CHECK (outcome IN ('upheld', 'overturned', 'replaced', 'conceded')),
    judge_id bigint,                   -- 0: a jury
    replaced_by bigint,                -- the decision that took its place
    reason text NOT NULL DEFAULT '',
    decided_at timestamptz,
    PRIMARY KEY (case_id, id),
    CONSTRAINT appeals_by_judge UNIQUE (case_id, id, judge_id),
    CONSTRAINT appeals_by_one CHECK ((appellant_id = 0) <> (notice_id = 0)),
    CONSTRAINT appeals_decided CHECK ((state = 'decided') = (outcome IS NOT NULL)),
    -- Giving in isn't judging: only who appealed against being restricted can gain by it.
    CONSTRAINT appeals_conceded CHECK (outcome IS DISTINCT FROM 'conceded' OR (side = 'author' AND judge_id IS NULL)),
    CONSTRAINT appeals_judged CHECK (outcome IS NULL OR outcome = 'conceded' OR judge_id IS NOT NULL),
    CONSTRAINT appeals_by_somebody_else CHECK (judge_id = 0 OR judge_id NOT IN (moderator_id, appellant_id)),
    CONSTRAINT appeals_by_jury CHECK (judge_id IS DISTINCT FROM 0 OR panel_id IS NOT NULL),
    CONSTRAINT appeals_of_decision FOREIGN KEY (case_id, decision_id, moderator_id)
        REFERENCES decisions (case_id, id, moderator_id) DEFERRABLE
);
CREATE UNIQUE INDEX appeals_one_open ON appeals (case_id, decision_id, appellant_id, notice_id)
    WHERE state IN ('open', 'jury');
CREATE INDEX appeals_waiting ON appeals (due_at, id) WHERE state IN ('open', 'jury');
CREATE INDEX appeals_of_member ON appeals (appellant_id, id) WHERE appellant_id <> 0;
CREATE INDEX appeals_of_notice ON appeals (notice_id, id) WHERE notice_id <> 0;
CREATE INDEX appeals_decided_at ON appeals (decided_at) WHERE decided_at IS NOT NULL;

-- What is overturned, or decided anew, names the appeal; its judge is who did it, and can't be changed afterwards.
ALTER TABLE decisions ADD COLUMN overturned_on bigint;
ALTER TABLE decisions ADD COLUMN on_appeal bigint;
ALTER TABLE decisions ADD CONSTRAINT decisions_overturned
    CHECK (ended IS DISTINCT FROM 'overturned' OR (overturned_on IS NOT NULL AND undone_by IS NOT NULL));
ALTER TABLE decisions ADD CONSTRAINT decisions_overturned_by_judge FOREIGN KEY (case_id, overturned_on, undone_by)
    REFERENCES appeals (case_id, id, judge_id) DEFERRABLE;
ALTER TABLE decisions ADD CONSTRAINT decisions_anew_by_judge FOREIGN KEY (case_id, on_appeal, moderator_id)
    REFERENCES appeals (case_id, id, judge_id) DEFERRABLE;

ALTER TABLE letters DROP CONSTRAINT letters_kind_check;
ALTER TABLE letters ADD CONSTRAINT letters_kind_check CHECK (kind IN ('author', 'reporter', 'appeal', 'question'));
ALTER TABLE letters ADD COLUMN appeal_id bigint;      -- which one is answered, or asked about

-- A share of the decisions, drawn by lot, is made again by somebody who doesn't see the first.
CREATE TABLE reviews (
    case_id bigint NOT NULL,
    decision_id bigint NOT NULL,
    moderator_id bigint NOT NULL,      -- who made the decision; 0: nobody in person
    reviewer_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'lapsed')),
    drawn_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    action text,
    reason text NOT NULL DEFAULT '',
    same_action boolean,
    same_direction boolean,            -- both restrict, or neither does
    done_at timestamptz,
    PRIMARY KEY (case_id, decision_id),
    CONSTRAINT reviews_done CHECK ((state = 'done') = (action IS NOT NULL)),
    CONSTRAINT reviews_by_somebody_else CHECK (reviewer_id <> 0 AND reviewer_id <> moderator_id),
    CONSTRAINT reviews_of_decision FOREIGN KEY (case_id, decision_id, moderator_id)
        REFERENCES decisions (case_id, id, moderator_id) DEFERRABLE
);
CREATE INDEX reviews_waiting ON reviews (reviewer_id, due_at) WHERE state = 'waiting';
CREATE INDEX reviews_due ON reviews (due_at) WHERE state = 'waiting';
CREATE INDEX reviews_done_at ON reviews (done_at) WHERE state = 'done';
