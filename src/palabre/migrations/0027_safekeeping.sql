-- What is or was wrong with safekeeping. `subject`: which plan, standby or machine. `seen_at`: when it was last found so;
-- what is no longer found is over. Whoever tells the owners claims it first, so that they are told once.
CREATE TABLE safekeeping_alarms (
    kind          text NOT NULL,
    subject       text NOT NULL,
    since         timestamptz NOT NULL,
    seen_at       timestamptz NOT NULL,
    details       jsonb NOT NULL DEFAULT '{}',
    told_at       timestamptz,
    ended_at      timestamptz,
    end_told_at   timestamptz,
    claimed_until timestamptz,
    PRIMARY KEY (kind, subject, since)
);
CREATE UNIQUE INDEX safekeeping_alarms_under_way ON safekeeping_alarms (kind, subject) WHERE ended_at IS NULL;

-- Whose turn it is to drill: one at a time on all machines, under a lease that a running drill renews.
CREATE TABLE drill_turns (
    turn         text PRIMARY KEY,
    drill_id     bigint NOT NULL,
    leased_until timestamptz NOT NULL
);
