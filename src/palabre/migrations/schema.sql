-- Made by `make docs` from the migrations; edit those instead.

CREATE TABLE account_counts (
    account_id bigint NOT NULL,
    posts bigint DEFAULT 0 NOT NULL,
    followers bigint DEFAULT 0 NOT NULL,
    following bigint DEFAULT 0 NOT NULL,
    last_post_at timestamp with time zone
);

CREATE TABLE account_notes (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    comment text NOT NULL
);

CREATE TABLE accounts (
    id bigint NOT NULL,
    username text NOT NULL,
    domain text,
    display_name text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    note_html text DEFAULT ''::text NOT NULL,
    fields jsonb DEFAULT '[]'::jsonb NOT NULL,
    avatar_key text,
    avatar_static_key text,
    header_key text,
    header_static_key text,
    locked boolean DEFAULT false NOT NULL,
    bot boolean DEFAULT false NOT NULL,
    discoverable boolean DEFAULT true NOT NULL,
    indexable boolean DEFAULT true NOT NULL,
    hide_collections boolean DEFAULT false NOT NULL,
    standing text DEFAULT 'active'::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    fragment bytea NOT NULL,
    CONSTRAINT accounts_standing_check CHECK ((standing = ANY (ARRAY['pending'::text, 'active'::text, 'limited'::text, 'frozen'::text, 'suspended'::text, 'deleted'::text])))
);

CREATE TABLE active_days (
    account_id bigint NOT NULL,
    day date NOT NULL
);

CREATE TABLE appeals (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    decision_id bigint NOT NULL,
    moderator_id bigint NOT NULL,
    side text NOT NULL,
    appellant_id bigint DEFAULT 0 NOT NULL,
    notice_id bigint DEFAULT 0 NOT NULL,
    words text NOT NULL,
    after bigint,
    state text DEFAULT 'open'::text NOT NULL,
    lodged_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    panel_id bigint,
    outcome text,
    judge_id bigint,
    replaced_by bigint,
    reason text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT appeals_by_jury CHECK (((judge_id IS DISTINCT FROM 0) OR (panel_id IS NOT NULL))),
    CONSTRAINT appeals_by_one CHECK (((appellant_id = 0) <> (notice_id = 0))),
    CONSTRAINT appeals_by_somebody_else CHECK (((judge_id = 0) OR ((judge_id <> moderator_id) AND (judge_id <> appellant_id)))),
    CONSTRAINT appeals_conceded CHECK (((outcome IS DISTINCT FROM 'conceded'::text) OR ((side = 'author'::text) AND (judge_id IS NULL)))),
    CONSTRAINT appeals_decided CHECK (((state = 'decided'::text) = (outcome IS NOT NULL))),
    CONSTRAINT appeals_judged CHECK (((outcome IS NULL) OR (outcome = 'conceded'::text) OR (judge_id IS NOT NULL))),
    CONSTRAINT appeals_outcome_check CHECK ((outcome = ANY (ARRAY['upheld'::text, 'overturned'::text, 'replaced'::text, 'conceded'::text]))),
    CONSTRAINT appeals_side_check CHECK ((side = ANY (ARRAY['author'::text, 'reporter'::text]))),
    CONSTRAINT appeals_state_check CHECK ((state = ANY (ARRAY['open'::text, 'jury'::text, 'decided'::text, 'withdrawn'::text])))
);

CREATE TABLE apps (
    client_id text NOT NULL,
    id bigint NOT NULL,
    secret_hash bytea NOT NULL,
    name text NOT NULL,
    website text DEFAULT ''::text NOT NULL,
    redirect_uris text[] NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE archive_copies (
    key text NOT NULL,
    place text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    stored_size bigint NOT NULL,
    stored_sha256 bytea NOT NULL
);

CREATE TABLE archive_plans (
    id bigint NOT NULL,
    destination text NOT NULL,
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    recipients text[] NOT NULL,
    every interval NOT NULL,
    keep integer NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT archive_plans_every_check CHECK ((every >= '00:01:00'::interval)),
    CONSTRAINT archive_plans_keep_check CHECK ((keep >= 1))
);

CREATE TABLE archive_runs (
    id bigint NOT NULL,
    plan_id bigint,
    destination text NOT NULL,
    archive text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    failed_at timestamp with time zone,
    error text,
    rows bigint,
    bytes bigint,
    new_bytes bigint,
    media bigint,
    CONSTRAINT archive_runs_check CHECK (((finished_at IS NULL) OR (failed_at IS NULL)))
);

CREATE TABLE blocks (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint NOT NULL
);

CREATE TABLE bookmarks (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    post_author_id bigint NOT NULL,
    id bigint NOT NULL
);

CREATE TABLE bulk_cases (
    bulk_id bigint NOT NULL,
    case_id bigint NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    decision_id bigint,
    why text DEFAULT ''::text NOT NULL,
    CONSTRAINT bulk_cases_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'decided'::text, 'left'::text, 'undone'::text, 'kept'::text])))
);

CREATE TABLE bulk_decisions (
    id bigint NOT NULL,
    moderator_id bigint NOT NULL,
    ruling jsonb NOT NULL,
    state text NOT NULL,
    undo_reason text DEFAULT ''::text NOT NULL,
    undone_by bigint,
    reopen boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT bulk_decisions_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'undoing'::text, 'undone'::text])))
);

CREATE TABLE canonical_email_blocks (
    hash bytea NOT NULL,
    id bigint NOT NULL,
    created_by bigint,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE case_alarms (
    case_id bigint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    share double precision NOT NULL,
    lane text NOT NULL,
    rang_at timestamp with time zone NOT NULL
);

CREATE TABLE case_events (
    case_id bigint NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    kind text NOT NULL,
    data text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    follows bytea GENERATED ALWAYS AS (NULLIF(previous, '\x'::bytea)) STORED
);

CREATE TABLE cases (
    id bigint NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    account_id bigint NOT NULL,
    categories text[] DEFAULT '{}'::text[] NOT NULL,
    reports integer DEFAULT 0 NOT NULL,
    excerpt text DEFAULT ''::text NOT NULL,
    assigned_to bigint,
    opened_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    events integer DEFAULT 0 NOT NULL,
    head bytea DEFAULT '\x'::bytea NOT NULL,
    sources text[] DEFAULT '{}'::text[] NOT NULL,
    severity integer DEFAULT 0 NOT NULL,
    lane text DEFAULT 'rest'::text NOT NULL,
    due_at timestamp with time zone,
    priority double precision DEFAULT 0 NOT NULL,
    place double precision GENERATED ALWAYS AS (
CASE lane
    WHEN 'deadline'::text THEN COALESCE((EXTRACT(epoch FROM (due_at AT TIME ZONE 'UTC'::text)))::double precision, ('50000000000'::numeric)::double precision)
    WHEN 'threat'::text THEN (('100000000000'::numeric)::double precision - priority)
    ELSE (('200000000000'::numeric)::double precision - priority)
END) STORED,
    due_order double precision GENERATED ALWAYS AS (COALESCE((EXTRACT(epoch FROM (due_at AT TIME ZONE 'UTC'::text)))::double precision, ('50000000000'::numeric)::double precision)) STORED,
    signals jsonb DEFAULT '[]'::jsonb NOT NULL,
    words tsvector DEFAULT ''::tsvector NOT NULL,
    group_id bigint,
    leased_until timestamp with time zone,
    alarm_at timestamp with time zone,
    wound_for timestamp with time zone,
    sealed integer DEFAULT 0 NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT cases_lane_check CHECK ((lane = ANY (ARRAY['deadline'::text, 'threat'::text, 'rest'::text]))),
    CONSTRAINT cases_state_check CHECK ((state = ANY (ARRAY['open'::text, 'decided'::text])))
);

CREATE TABLE decisions (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    moderator_id bigint NOT NULL,
    action text NOT NULL,
    post_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    changed bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    rule_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    reason text NOT NULL,
    answer text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    undone_by bigint,
    undone_reason text,
    decided_by text DEFAULT 'moderator'::text NOT NULL,
    facts text DEFAULT ''::text NOT NULL,
    law text DEFAULT ''::text NOT NULL,
    policy_version integer DEFAULT 0 NOT NULL,
    sources text[] DEFAULT '{}'::text[] NOT NULL,
    detected text DEFAULT 'people'::text NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    expires_at timestamp with time zone,
    ended text,
    overturned_on bigint,
    on_appeal bigint,
    rule_texts text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT decisions_decided_by_check CHECK ((decided_by = ANY (ARRAY['moderator'::text, 'jury'::text, 'rule'::text]))),
    CONSTRAINT decisions_detected_check CHECK ((detected = ANY (ARRAY['people'::text, 'rule'::text]))),
    CONSTRAINT decisions_ended_check CHECK ((ended = ANY (ARRAY['undone'::text, 'expired'::text, 'overturned'::text]))),
    CONSTRAINT decisions_overturned CHECK (((ended IS DISTINCT FROM 'overturned'::text) OR ((overturned_on IS NOT NULL) AND (undone_by IS NOT NULL))))
);

CREATE TABLE desks (
    account_id bigint NOT NULL,
    break_after integer DEFAULT 40 NOT NULL,
    shortcuts boolean DEFAULT true NOT NULL,
    taken integer DEFAULT 0 NOT NULL
);

CREATE TABLE domain_allows (
    domain text NOT NULL,
    id bigint NOT NULL,
    allowed_by bigint,
    allowed_at timestamp with time zone NOT NULL
);

CREATE TABLE domain_events (
    domain text NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    kind text NOT NULL,
    data text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE domain_exclusions (
    domain text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    excluded_by bigint,
    excluded_at timestamp with time zone NOT NULL
);

CREATE TABLE domain_list_entries (
    list_id bigint NOT NULL,
    domain text NOT NULL,
    severity text NOT NULL,
    reject_media boolean NOT NULL,
    reject_reports boolean NOT NULL,
    obfuscate boolean NOT NULL,
    public_comment text NOT NULL,
    state text NOT NULL,
    accepted_by bigint,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT domain_list_entries_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'accepted'::text, 'in_force'::text, 'dismissed'::text, 'gone'::text])))
);

CREATE TABLE domain_lists (
    id bigint NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    severity text DEFAULT 'suspend'::text NOT NULL,
    adopt boolean DEFAULT false NOT NULL,
    created_by bigint,
    created_at timestamp with time zone NOT NULL,
    next_fetch_at timestamp with time zone NOT NULL,
    fetched_at timestamp with time zone,
    etag text DEFAULT ''::text NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    left_out integer DEFAULT 0 NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT domain_lists_severity_check CHECK ((severity = ANY (ARRAY['none'::text, 'limit'::text, 'suspend'::text])))
);

CREATE TABLE domain_logs (
    domain text NOT NULL,
    events integer DEFAULT 0 NOT NULL,
    head bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE domain_measures (
    domain text NOT NULL,
    id bigint NOT NULL,
    severity text NOT NULL,
    reject_media boolean DEFAULT false NOT NULL,
    reject_reports boolean DEFAULT false NOT NULL,
    obfuscate boolean DEFAULT false NOT NULL,
    private_comment text DEFAULT ''::text NOT NULL,
    public_comment text DEFAULT ''::text NOT NULL,
    list_id bigint,
    set_by bigint,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT domain_measures_severity_check CHECK ((severity = ANY (ARRAY['none'::text, 'limit'::text, 'suspend'::text])))
);

CREATE TABLE domain_move_accounts (
    move_id bigint NOT NULL,
    account_id bigint NOT NULL,
    old_actor text NOT NULL,
    new_actor text NOT NULL
);

CREATE TABLE domain_move_followers (
    move_id bigint NOT NULL,
    account_id bigint NOT NULL,
    follower_id bigint NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    CONSTRAINT domain_move_followers_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'confirmed'::text, 'failed'::text])))
);

CREATE TABLE domain_moves (
    id bigint NOT NULL,
    old_origin text NOT NULL,
    new_origin text NOT NULL,
    state text DEFAULT 'preparing'::text NOT NULL,
    at_account bigint DEFAULT 0 NOT NULL,
    at_followed bigint DEFAULT 0 NOT NULL,
    at_follower bigint DEFAULT 0 NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ready_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    CONSTRAINT domain_moves_state_check CHECK ((state = ANY (ARRAY['preparing'::text, 'ready'::text, 'cancelled'::text])))
);

CREATE TABLE drill_turns (
    turn text NOT NULL,
    drill_id bigint NOT NULL,
    leased_until timestamp with time zone NOT NULL
);

CREATE TABLE drills (
    id bigint NOT NULL,
    destination text NOT NULL,
    archive text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    well boolean,
    outcome jsonb DEFAULT '{}'::jsonb NOT NULL,
    error text
);

CREATE TABLE duties (
    id bigint NOT NULL,
    kind text NOT NULL,
    payload bytea NOT NULL,
    run_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    claimed_at timestamp with time zone,
    dead_at timestamp with time zone,
    last_error text,
    errand boolean DEFAULT false NOT NULL
);

CREATE TABLE email_domain_attempts (
    domain text NOT NULL,
    day date NOT NULL,
    ip inet NOT NULL,
    attempts integer DEFAULT 1 NOT NULL
);

CREATE TABLE email_domain_blocks (
    domain text NOT NULL,
    id bigint NOT NULL,
    created_by bigint,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE emails (
    email text NOT NULL,
    account_id bigint NOT NULL
);

CREATE TABLE exports (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    state text NOT NULL,
    unasked boolean NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    total integer DEFAULT 0 NOT NULL,
    new_key text NOT NULL,
    key text,
    bytes bigint DEFAULT 0 NOT NULL,
    made_at timestamp with time zone,
    keep_until timestamp with time zone,
    CONSTRAINT exports_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'making'::text, 'ready'::text, 'failed'::text, 'removed'::text])))
);

CREATE TABLE farewells (
    end_id bigint NOT NULL,
    kind text NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT farewells_kind_check CHECK ((kind = ANY (ARRAY['announced'::text, 'week'::text, 'day'::text, 'over'::text, 'archives'::text, 'last_archives'::text])))
);

CREATE TABLE favourites (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    post_author_id bigint NOT NULL,
    id bigint NOT NULL
);

CREATE TABLE file_holds (
    key text NOT NULL,
    holder_id bigint NOT NULL,
    until timestamp with time zone,
    unwanted boolean DEFAULT false NOT NULL
);

CREATE TABLE follow_requests (
    account_id bigint NOT NULL,
    requester_id bigint NOT NULL,
    id bigint NOT NULL,
    reblogs boolean DEFAULT true NOT NULL,
    notify boolean DEFAULT false NOT NULL,
    languages text[]
);

CREATE TABLE followers (
    account_id bigint NOT NULL,
    follower_id bigint NOT NULL,
    id bigint NOT NULL,
    notify boolean DEFAULT false NOT NULL
);

CREATE TABLE follows (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint NOT NULL,
    reblogs boolean DEFAULT true NOT NULL,
    notify boolean DEFAULT false NOT NULL,
    languages text[]
);

CREATE TABLE handles (
    handle text NOT NULL,
    account_id bigint NOT NULL,
    retired_at timestamp with time zone
);

CREATE TABLE held_posts (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    rule_id bigint NOT NULL,
    version integer NOT NULL,
    case_id bigint NOT NULL,
    held_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    asked_at timestamp with time zone
);

CREATE TABLE home_entries (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    author_id bigint NOT NULL,
    reblog_of_id bigint,
    reblog_of_author_id bigint
);

CREATE TABLE home_readers (
    account_id bigint NOT NULL,
    last_read_at timestamp with time zone NOT NULL
);

CREATE TABLE idempotency_keys (
    account_id bigint NOT NULL,
    key text NOT NULL,
    post_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE import_skips (
    account_id bigint NOT NULL,
    import_id bigint NOT NULL,
    what text NOT NULL,
    why text NOT NULL,
    count integer DEFAULT 1 NOT NULL
);

CREATE TABLE imported_posts (
    account_id bigint NOT NULL,
    source_key text NOT NULL,
    post_id bigint NOT NULL,
    import_id bigint NOT NULL
);

CREATE TABLE imports (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    source text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    done integer DEFAULT 0 NOT NULL,
    total integer DEFAULT 0 NOT NULL,
    taken jsonb DEFAULT '{}'::jsonb NOT NULL,
    already jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE instance_settings (
    name text NOT NULL,
    value jsonb NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_by bigint
);

CREATE TABLE invites (
    code text NOT NULL,
    created_by bigint NOT NULL,
    most_uses integer,
    uses integer DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE ip_blocks (
    id bigint NOT NULL,
    ip cidr NOT NULL,
    severity text NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    created_by bigint,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT ip_blocks_severity_check CHECK ((severity = ANY (ARRAY['sign_up_requires_approval'::text, 'sign_up_block'::text, 'no_access'::text])))
);

CREATE TABLE jurors (
    account_id bigint NOT NULL,
    salt bytea NOT NULL,
    joined_at timestamp with time zone NOT NULL
);

CREATE TABLE jury_ballots (
    panel_id bigint NOT NULL,
    seat integer NOT NULL,
    answer text NOT NULL,
    reason text NOT NULL,
    nonce bytea NOT NULL,
    cast_at timestamp with time zone NOT NULL,
    CONSTRAINT jury_ballots_answer_check CHECK ((answer = ANY (ARRAY['uphold'::text, 'overturn'::text])))
);

CREATE TABLE jury_camp_sizes (
    camp smallint NOT NULL,
    members integer NOT NULL,
    built_at timestamp with time zone NOT NULL
);

CREATE TABLE jury_camps (
    account_id bigint NOT NULL,
    camp smallint NOT NULL
);

CREATE TABLE jury_panels (
    id bigint NOT NULL,
    state text DEFAULT 'next'::text NOT NULL,
    seed bytea NOT NULL,
    commitment bytea NOT NULL,
    committed_at timestamp with time zone NOT NULL,
    case_id bigint,
    decision_id bigint,
    question text,
    rule_id bigint,
    words text DEFAULT ''::text NOT NULL,
    excluded bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    seats integer DEFAULT 0 NOT NULL,
    votes integer DEFAULT 0 NOT NULL,
    hours integer DEFAULT 0 NOT NULL,
    called_by bigint,
    called_at timestamp with time zone,
    closes_at timestamp with time zone,
    drawn_at timestamp with time zone,
    pool bytea,
    pool_size integer DEFAULT 0 NOT NULL,
    pool_digest bytea,
    passed_over text[] DEFAULT '{}'::text[] NOT NULL,
    next_at timestamp with time zone,
    closed_at timestamp with time zone,
    outcome text,
    why_none text,
    CONSTRAINT jury_panels_outcome_check CHECK ((outcome = ANY (ARRAY['uphold'::text, 'overturn'::text, 'none'::text]))),
    CONSTRAINT jury_panels_question_check CHECK ((question = ANY (ARRAY['uphold'::text, 'borderline'::text]))),
    CONSTRAINT jury_panels_state_check CHECK ((state = ANY (ARRAY['next'::text, 'called'::text, 'open'::text, 'closed'::text])))
);

CREATE TABLE jury_seats (
    panel_id bigint NOT NULL,
    seat integer NOT NULL,
    account_id bigint NOT NULL,
    juror text NOT NULL,
    replaces integer,
    state text DEFAULT 'drawn'::text NOT NULL,
    drawn_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    reminded_at timestamp with time zone,
    answered_at timestamp with time zone,
    CONSTRAINT jury_seats_state_check CHECK ((state = ANY (ARRAY['drawn'::text, 'voted'::text, 'silent'::text, 'recused'::text, 'left'::text])))
);

CREATE TABLE legal_holds (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    authority text DEFAULT ''::text NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    sealed text NOT NULL,
    sha256 bytea NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    purged_at timestamp with time zone,
    CONSTRAINT legal_holds_kind_check CHECK ((kind = ANY (ARRAY['life'::text, 'terrorist'::text, 'child'::text, 'order'::text])))
);

CREATE TABLE letters (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    case_id bigint NOT NULL,
    kind text NOT NULL,
    decision_id bigint NOT NULL,
    undoing boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    appeal_id bigint,
    secret_hash bytea,
    secret_until timestamp with time zone,
    CONSTRAINT letters_kind_check CHECK ((kind = ANY (ARRAY['author'::text, 'reporter'::text, 'appeal'::text, 'question'::text])))
);

CREATE TABLE log_seals (
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    heads text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    key_seq integer NOT NULL,
    signature bytea NOT NULL
);

CREATE TABLE markers (
    account_id bigint NOT NULL,
    timeline text NOT NULL,
    last_read_id bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT markers_timeline_check CHECK ((timeline = ANY (ARRAY['home'::text, 'notifications'::text])))
);

CREATE TABLE media (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    post_id bigint,
    "position" integer DEFAULT 0 NOT NULL,
    kind text NOT NULL,
    original_key text NOT NULL,
    small_key text NOT NULL,
    meta jsonb NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    focus_x real DEFAULT 0 NOT NULL,
    focus_y real DEFAULT 0 NOT NULL,
    blurhash text NOT NULL,
    color text DEFAULT ''::text NOT NULL,
    bytes bigint NOT NULL,
    detached_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE members (
    account_id bigint NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    role text DEFAULT 'member'::text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    confirmed_at timestamp with time zone,
    approved_at timestamp with time zone,
    approved_by bigint,
    reason text DEFAULT ''::text NOT NULL,
    invite_code text,
    terms_version integer,
    terms_accepted_at timestamp with time zone,
    preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    sign_up_ip inet,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_active_at timestamp with time zone DEFAULT now() NOT NULL,
    signed_up_with text,
    CONSTRAINT members_role_check CHECK ((role = ANY (ARRAY['member'::text, 'moderator'::text, 'owner'::text])))
);

CREATE TABLE migrations (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE mirror_queue (
    standby text NOT NULL,
    id bigint NOT NULL,
    key text NOT NULL,
    gone boolean NOT NULL,
    bytes bigint NOT NULL
);

CREATE TABLE mutes (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint NOT NULL,
    notifications boolean DEFAULT true NOT NULL,
    expires_at timestamp with time zone
);

CREATE TABLE new_homes (
    account_id bigint NOT NULL,
    url text NOT NULL,
    said_at timestamp with time zone NOT NULL
);

CREATE TABLE notice_files (
    sha256 bytea NOT NULL,
    sender text NOT NULL,
    notice_id bigint NOT NULL,
    name text NOT NULL,
    content bytea NOT NULL,
    received_at timestamp with time zone NOT NULL
);

CREATE TABLE notice_items (
    notice_id bigint NOT NULL,
    line bigint NOT NULL,
    url text NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    category text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    remarks text[] DEFAULT '{}'::text[] NOT NULL,
    account_id bigint,
    post_id bigint,
    case_id bigint,
    report_id bigint,
    decision_id bigint,
    answer text DEFAULT ''::text NOT NULL,
    answered_by bigint,
    answered_at timestamp with time zone,
    CONSTRAINT notice_items_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'filed'::text, 'answered'::text])))
);

CREATE TABLE notices (
    id bigint NOT NULL,
    secret text NOT NULL,
    source text NOT NULL,
    sender text DEFAULT ''::text NOT NULL,
    notifier_id bigint,
    member_id bigint,
    name text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    category text NOT NULL,
    law text DEFAULT ''::text NOT NULL,
    explanation text DEFAULT ''::text NOT NULL,
    good_faith boolean DEFAULT false NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    issued_on date,
    items integer NOT NULL,
    unfiled integer NOT NULL,
    unanswered integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    told_at timestamp with time zone,
    CONSTRAINT notices_source_check CHECK ((source = ANY (ARRAY['notice'::text, 'host'::text, 'store'::text, 'authority'::text, 'order'::text, 'flagger'::text, 'flag'::text])))
);

CREATE TABLE notifications (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    type text NOT NULL,
    from_id bigint NOT NULL,
    post_id bigint DEFAULT 0 NOT NULL,
    post_author_id bigint,
    about_id bigint DEFAULT 0 NOT NULL,
    details jsonb,
    group_key text
);

CREATE TABLE notifiers (
    id bigint NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    areas text[] DEFAULT '{}'::text[] NOT NULL,
    key_hash bytea NOT NULL,
    created_by bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT notifiers_kind_check CHECK ((kind = ANY (ARRAY['host'::text, 'store'::text, 'authority'::text, 'flagger'::text])))
);

CREATE TABLE oauth_codes (
    account_id bigint NOT NULL,
    code_hash bytea NOT NULL,
    client_id text NOT NULL,
    redirect_uri text NOT NULL,
    scopes text[] NOT NULL,
    challenge text,
    challenge_method text,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE one_time_links (
    account_id bigint NOT NULL,
    link_hash bytea NOT NULL,
    purpose text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT one_time_links_purpose_check CHECK ((purpose = ANY (ARRAY['confirm'::text, 'reset'::text, 'own'::text, 'second'::text])))
);

CREATE TABLE open_subjects (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    case_id bigint NOT NULL
);

CREATE TABLE pins (
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    id bigint NOT NULL
);

CREATE TABLE post_counts (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    replies integer DEFAULT 0 NOT NULL,
    reblogs integer DEFAULT 0 NOT NULL,
    favourites integer DEFAULT 0 NOT NULL
);

CREATE TABLE post_revisions (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    id bigint NOT NULL,
    fragment bytea NOT NULL,
    written_at timestamp with time zone NOT NULL
);

CREATE TABLE post_tags (
    tag text NOT NULL,
    post_id bigint NOT NULL,
    author_id bigint NOT NULL
);

CREATE TABLE posts (
    author_id bigint NOT NULL,
    id bigint NOT NULL,
    visibility text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    spoiler text DEFAULT ''::text NOT NULL,
    sensitive boolean DEFAULT false NOT NULL,
    language text,
    in_reply_to_id bigint,
    in_reply_to_author_id bigint,
    thread_id bigint NOT NULL,
    reblog_of_id bigint,
    reblog_of_author_id bigint,
    audience bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    has_media boolean DEFAULT false NOT NULL,
    client_id text,
    created_at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone,
    withheld_at timestamp with time zone,
    quiet boolean DEFAULT false NOT NULL,
    fragment bytea,
    held_at timestamp with time zone,
    held_as bigint,
    covered boolean DEFAULT false NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    CONSTRAINT posts_visibility_check CHECK ((visibility = ANY (ARRAY['public'::text, 'unlisted'::text, 'private'::text, 'direct'::text])))
);

CREATE TABLE print_bands (
    band bigint NOT NULL,
    group_id bigint NOT NULL
);

CREATE TABLE prints (
    group_id bigint NOT NULL,
    minhash bigint[] NOT NULL,
    media bytea NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE public_log (
    month date NOT NULL,
    id text NOT NULL,
    at timestamp with time zone NOT NULL,
    seal bigint NOT NULL,
    case_id bigint NOT NULL,
    seq integer NOT NULL,
    refers_to text,
    entry text NOT NULL
);

CREATE TABLE pulled_authors (
    account_id bigint NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);

CREATE UNLOGGED TABLE rate_windows (
    name text NOT NULL,
    hits integer NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE recovery_codes (
    account_id bigint NOT NULL,
    code_hash bytea NOT NULL
);

CREATE TABLE removed_posts (
    author_id bigint NOT NULL,
    id bigint NOT NULL,
    removed_at timestamp with time zone NOT NULL
);

CREATE TABLE reporter_records (
    account_id bigint NOT NULL,
    upheld integer DEFAULT 0 NOT NULL,
    refused integer DEFAULT 0 NOT NULL,
    stale boolean DEFAULT false NOT NULL
);

CREATE TABLE reports (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    reporter_id bigint,
    account_id bigint NOT NULL,
    post_ids bigint[] NOT NULL,
    comment text NOT NULL,
    category text NOT NULL,
    rule_ids bigint[] NOT NULL,
    forward boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    source text DEFAULT 'member'::text NOT NULL,
    notice_id bigint,
    due_at timestamp with time zone,
    CONSTRAINT reports_source_check CHECK ((source = ANY (ARRAY['member'::text, 'notice'::text, 'host'::text, 'store'::text, 'authority'::text, 'order'::text, 'flagger'::text, 'flag'::text, 'rule'::text, 'staff'::text])))
);

CREATE TABLE restorations (
    id bigint NOT NULL,
    archive text NOT NULL,
    source text NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    restored_at timestamp with time zone NOT NULL
);

CREATE TABLE reviews (
    case_id bigint NOT NULL,
    decision_id bigint NOT NULL,
    moderator_id bigint NOT NULL,
    reviewer_id bigint NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    drawn_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    action text,
    reason text DEFAULT ''::text NOT NULL,
    same_action boolean,
    same_direction boolean,
    done_at timestamp with time zone,
    CONSTRAINT reviews_by_somebody_else CHECK (((reviewer_id <> 0) AND (reviewer_id <> moderator_id))),
    CONSTRAINT reviews_done CHECK (((state = 'done'::text) = (action IS NOT NULL))),
    CONSTRAINT reviews_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'lapsed'::text])))
);

CREATE TABLE rule_versions (
    version integer NOT NULL,
    rules jsonb NOT NULL,
    changed_by bigint,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE rules (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    text text NOT NULL,
    hint text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone
);

CREATE TABLE safekeeping_alarms (
    kind text NOT NULL,
    subject text NOT NULL,
    since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    told_at timestamp with time zone,
    ended_at timestamp with time zone,
    end_told_at timestamp with time zone,
    claimed_until timestamp with time zone
);

CREATE TABLE saved_answers (
    id bigint NOT NULL,
    name text NOT NULL,
    text text NOT NULL,
    changed_by bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

CREATE TABLE saved_filters (
    account_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    wanted jsonb NOT NULL
);

CREATE TABLE screening_asked (
    account_id bigint NOT NULL,
    words bytea NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE screening_hits (
    rule_id bigint NOT NULL,
    id bigint NOT NULL,
    version integer NOT NULL,
    action text NOT NULL,
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    case_id bigint,
    variables jsonb NOT NULL,
    outcome text,
    at timestamp with time zone NOT NULL,
    CONSTRAINT screening_hits_outcome_check CHECK ((outcome = ANY (ARRAY['confirmed'::text, 'rejected'::text])))
);

CREATE TABLE screening_rules (
    id bigint NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    version integer NOT NULL,
    active_version integer,
    active_since timestamp with time zone,
    disarmed_at timestamp with time zone,
    trouble text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT screening_rules_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'active'::text, 'off'::text])))
);

CREATE TABLE screening_switches (
    rule_id bigint NOT NULL,
    id bigint NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    changed_by bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

CREATE TABLE screening_trials (
    rule_id bigint NOT NULL,
    version integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    total bigint DEFAULT 0 NOT NULL,
    seen bigint DEFAULT 0 NOT NULL,
    hits bigint DEFAULT 0 NOT NULL,
    newcomers bigint DEFAULT 0 NOT NULL,
    authors bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    samples bigint[] DEFAULT '{}'::bigint[] NOT NULL
);

CREATE TABLE screening_versions (
    rule_id bigint NOT NULL,
    version integer NOT NULL,
    content jsonb NOT NULL,
    changed_by bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

CREATE TABLE search_accounts (
    account_id bigint NOT NULL,
    indexable boolean NOT NULL,
    trigrams text[] NOT NULL
);

CREATE TABLE search_posts (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    visibility text NOT NULL,
    words tsvector NOT NULL
);

CREATE TABLE sender_events (
    sender text NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    moderator_id bigint NOT NULL,
    reason text NOT NULL,
    until timestamp with time zone,
    at timestamp with time zone NOT NULL,
    CONSTRAINT sender_events_kind_check CHECK ((kind = ANY (ARRAY['warned'::text, 'suspended'::text, 'lifted'::text])))
);

CREATE TABLE sender_records (
    sender text NOT NULL,
    report_id bigint NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT sender_records_outcome_check CHECK ((outcome = ANY (ARRAY['acted'::text, 'dismissed'::text, 'unfounded'::text])))
);

CREATE TABLE senders (
    sender text NOT NULL,
    proposed text,
    warned_at timestamp with time zone,
    suspended_until timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT senders_proposed_check CHECK ((proposed = ANY (ARRAY['warn'::text, 'suspend'::text])))
);

CREATE TABLE signing_keys (
    seq integer NOT NULL,
    public_key bytea NOT NULL,
    private_key bytea,
    endorsement bytea,
    names bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE snapshots (
    case_id bigint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    content text NOT NULL,
    sha256 bytea NOT NULL,
    taken_at timestamp with time zone NOT NULL
);

CREATE TABLE standbys (
    name text NOT NULL,
    since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    copied_at timestamp with time zone
);

CREATE TABLE tags (
    tag text NOT NULL,
    display text NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    usable boolean DEFAULT true NOT NULL,
    listable boolean DEFAULT true NOT NULL,
    trendable boolean DEFAULT false NOT NULL,
    reviewed_at timestamp with time zone,
    reviewed_by bigint
);

CREATE TABLE terms (
    version integer NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    summary text DEFAULT ''::text NOT NULL,
    applies_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE thread_mutes (
    account_id bigint NOT NULL,
    thread_id bigint NOT NULL
);

CREATE TABLE tokens (
    account_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    id bigint NOT NULL,
    client_id text,
    scopes text[] NOT NULL,
    code_hash bytea,
    ip inet,
    user_agent text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone
);

CREATE TABLE transparency_reports (
    starts date NOT NULL,
    ends date NOT NULL,
    made_at timestamp with time zone NOT NULL,
    seal bigint NOT NULL,
    numbers text NOT NULL
);

CREATE TABLE trend_reviews (
    author_id bigint NOT NULL,
    post_id bigint NOT NULL,
    approved boolean NOT NULL,
    reviewed_by bigint NOT NULL,
    reviewed_at timestamp with time zone NOT NULL
);

CREATE TABLE trends (
    kind text NOT NULL,
    subject text NOT NULL,
    author_id bigint DEFAULT 0 NOT NULL,
    score double precision NOT NULL,
    CONSTRAINT trends_kind_check CHECK ((kind = ANY (ARRAY['tag'::text, 'post'::text])))
);

CREATE TABLE two_factor (
    account_id bigint NOT NULL,
    secret text NOT NULL,
    since timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL
);

ALTER TABLE account_counts ADD CONSTRAINT account_counts_pkey PRIMARY KEY (account_id);

ALTER TABLE account_notes ADD CONSTRAINT account_notes_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE accounts ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE active_days ADD CONSTRAINT active_days_pkey PRIMARY KEY (account_id, day);

ALTER TABLE appeals ADD CONSTRAINT appeals_by_judge UNIQUE (case_id, id, judge_id);

ALTER TABLE appeals ADD CONSTRAINT appeals_pkey PRIMARY KEY (case_id, id);

ALTER TABLE apps ADD CONSTRAINT apps_pkey PRIMARY KEY (client_id);

ALTER TABLE archive_copies ADD CONSTRAINT archive_copies_pkey PRIMARY KEY (key, place);

ALTER TABLE archive_plans ADD CONSTRAINT archive_plans_destination_key UNIQUE (destination);

ALTER TABLE archive_plans ADD CONSTRAINT archive_plans_pkey PRIMARY KEY (id);

ALTER TABLE archive_runs ADD CONSTRAINT archive_runs_pkey PRIMARY KEY (id);

ALTER TABLE blocks ADD CONSTRAINT blocks_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE bookmarks ADD CONSTRAINT bookmarks_pkey PRIMARY KEY (account_id, post_id);

ALTER TABLE bulk_cases ADD CONSTRAINT bulk_cases_pkey PRIMARY KEY (bulk_id, case_id);

ALTER TABLE bulk_decisions ADD CONSTRAINT bulk_decisions_pkey PRIMARY KEY (id);

ALTER TABLE canonical_email_blocks ADD CONSTRAINT canonical_email_blocks_id_key UNIQUE (id);

ALTER TABLE canonical_email_blocks ADD CONSTRAINT canonical_email_blocks_pkey PRIMARY KEY (hash);

ALTER TABLE case_alarms ADD CONSTRAINT case_alarms_pkey PRIMARY KEY (case_id, due_at, share);

ALTER TABLE case_events ADD CONSTRAINT case_events_hash UNIQUE (case_id, hash);

ALTER TABLE case_events ADD CONSTRAINT case_events_pkey PRIMARY KEY (case_id, seq);

ALTER TABLE cases ADD CONSTRAINT cases_pkey PRIMARY KEY (id);

ALTER TABLE decisions ADD CONSTRAINT decisions_by_whom UNIQUE (case_id, id, moderator_id);

ALTER TABLE decisions ADD CONSTRAINT decisions_pkey PRIMARY KEY (case_id, id);

ALTER TABLE desks ADD CONSTRAINT desks_pkey PRIMARY KEY (account_id);

ALTER TABLE domain_allows ADD CONSTRAINT domain_allows_pkey PRIMARY KEY (domain);

ALTER TABLE domain_events ADD CONSTRAINT domain_events_pkey PRIMARY KEY (domain, seq);

ALTER TABLE domain_exclusions ADD CONSTRAINT domain_exclusions_pkey PRIMARY KEY (domain);

ALTER TABLE domain_list_entries ADD CONSTRAINT domain_list_entries_pkey PRIMARY KEY (list_id, domain);

ALTER TABLE domain_lists ADD CONSTRAINT domain_lists_pkey PRIMARY KEY (id);

ALTER TABLE domain_logs ADD CONSTRAINT domain_logs_pkey PRIMARY KEY (domain);

ALTER TABLE domain_measures ADD CONSTRAINT domain_measures_pkey PRIMARY KEY (domain);

ALTER TABLE domain_move_accounts ADD CONSTRAINT domain_move_accounts_pkey PRIMARY KEY (move_id, account_id);

ALTER TABLE domain_move_followers ADD CONSTRAINT domain_move_followers_pkey PRIMARY KEY (move_id, account_id, follower_id);

ALTER TABLE domain_moves ADD CONSTRAINT domain_moves_pkey PRIMARY KEY (id);

ALTER TABLE drill_turns ADD CONSTRAINT drill_turns_pkey PRIMARY KEY (turn);

ALTER TABLE drills ADD CONSTRAINT drills_pkey PRIMARY KEY (id);

ALTER TABLE duties ADD CONSTRAINT duties_pkey PRIMARY KEY (id);

ALTER TABLE email_domain_attempts ADD CONSTRAINT email_domain_attempts_pkey PRIMARY KEY (domain, day, ip);

ALTER TABLE email_domain_blocks ADD CONSTRAINT email_domain_blocks_id_key UNIQUE (id);

ALTER TABLE email_domain_blocks ADD CONSTRAINT email_domain_blocks_pkey PRIMARY KEY (domain);

ALTER TABLE emails ADD CONSTRAINT emails_pkey PRIMARY KEY (email);

ALTER TABLE exports ADD CONSTRAINT exports_pkey PRIMARY KEY (account_id);

ALTER TABLE farewells ADD CONSTRAINT farewells_pkey PRIMARY KEY (end_id, kind);

ALTER TABLE favourites ADD CONSTRAINT favourites_pkey PRIMARY KEY (account_id, post_id);

ALTER TABLE file_holds ADD CONSTRAINT file_holds_pkey PRIMARY KEY (key, holder_id);

ALTER TABLE follow_requests ADD CONSTRAINT follow_requests_pkey PRIMARY KEY (account_id, requester_id);

ALTER TABLE followers ADD CONSTRAINT followers_pkey PRIMARY KEY (account_id, follower_id);

ALTER TABLE follows ADD CONSTRAINT follows_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE handles ADD CONSTRAINT handles_pkey PRIMARY KEY (handle);

ALTER TABLE held_posts ADD CONSTRAINT held_posts_pkey PRIMARY KEY (author_id, post_id);

ALTER TABLE home_entries ADD CONSTRAINT home_entries_pkey PRIMARY KEY (account_id, post_id);

ALTER TABLE home_readers ADD CONSTRAINT home_readers_pkey PRIMARY KEY (account_id);

ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (account_id, key);

ALTER TABLE import_skips ADD CONSTRAINT import_skips_pkey PRIMARY KEY (account_id, import_id, what, why);

ALTER TABLE imported_posts ADD CONSTRAINT imported_posts_pkey PRIMARY KEY (account_id, source_key);

ALTER TABLE imports ADD CONSTRAINT imports_pkey PRIMARY KEY (account_id, id);

ALTER TABLE instance_settings ADD CONSTRAINT instance_settings_pkey PRIMARY KEY (name);

ALTER TABLE invites ADD CONSTRAINT invites_pkey PRIMARY KEY (code);

ALTER TABLE ip_blocks ADD CONSTRAINT ip_blocks_ip_key UNIQUE (ip);

ALTER TABLE ip_blocks ADD CONSTRAINT ip_blocks_pkey PRIMARY KEY (id);

ALTER TABLE jurors ADD CONSTRAINT jurors_pkey PRIMARY KEY (account_id);

ALTER TABLE jury_ballots ADD CONSTRAINT jury_ballots_pkey PRIMARY KEY (panel_id, seat);

ALTER TABLE jury_camp_sizes ADD CONSTRAINT jury_camp_sizes_pkey PRIMARY KEY (camp);

ALTER TABLE jury_camps ADD CONSTRAINT jury_camps_pkey PRIMARY KEY (account_id);

ALTER TABLE jury_panels ADD CONSTRAINT jury_panels_pkey PRIMARY KEY (id);

ALTER TABLE jury_seats ADD CONSTRAINT jury_seats_pkey PRIMARY KEY (panel_id, seat);

ALTER TABLE legal_holds ADD CONSTRAINT legal_holds_pkey PRIMARY KEY (case_id, id);

ALTER TABLE letters ADD CONSTRAINT letters_pkey PRIMARY KEY (account_id, id);

ALTER TABLE log_seals ADD CONSTRAINT log_seals_pkey PRIMARY KEY (seq);

ALTER TABLE markers ADD CONSTRAINT markers_pkey PRIMARY KEY (account_id, timeline);

ALTER TABLE media ADD CONSTRAINT media_pkey PRIMARY KEY (account_id, id);

ALTER TABLE members ADD CONSTRAINT members_pkey PRIMARY KEY (account_id);

ALTER TABLE migrations ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE mirror_queue ADD CONSTRAINT mirror_queue_pkey PRIMARY KEY (standby, id);

ALTER TABLE mutes ADD CONSTRAINT mutes_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE new_homes ADD CONSTRAINT new_homes_pkey PRIMARY KEY (account_id);

ALTER TABLE notice_files ADD CONSTRAINT notice_files_pkey PRIMARY KEY (sha256, sender);

ALTER TABLE notice_items ADD CONSTRAINT notice_items_pkey PRIMARY KEY (notice_id, line);

ALTER TABLE notices ADD CONSTRAINT notices_pkey PRIMARY KEY (id);

ALTER TABLE notifications ADD CONSTRAINT notifications_pkey PRIMARY KEY (account_id, id);

ALTER TABLE notifiers ADD CONSTRAINT notifiers_pkey PRIMARY KEY (id);

ALTER TABLE oauth_codes ADD CONSTRAINT oauth_codes_pkey PRIMARY KEY (account_id, code_hash);

ALTER TABLE one_time_links ADD CONSTRAINT one_time_links_pkey PRIMARY KEY (account_id, link_hash);

ALTER TABLE open_subjects ADD CONSTRAINT open_subjects_pkey PRIMARY KEY (account_id, post_id);

ALTER TABLE pins ADD CONSTRAINT pins_pkey PRIMARY KEY (account_id, post_id);

ALTER TABLE post_counts ADD CONSTRAINT post_counts_pkey PRIMARY KEY (author_id, post_id);

ALTER TABLE post_revisions ADD CONSTRAINT post_revisions_pkey PRIMARY KEY (author_id, post_id, id);

ALTER TABLE post_tags ADD CONSTRAINT post_tags_pkey PRIMARY KEY (tag, post_id);

ALTER TABLE posts ADD CONSTRAINT posts_pkey PRIMARY KEY (author_id, id);

ALTER TABLE print_bands ADD CONSTRAINT print_bands_pkey PRIMARY KEY (band);

ALTER TABLE prints ADD CONSTRAINT prints_pkey PRIMARY KEY (group_id);

ALTER TABLE public_log ADD CONSTRAINT public_log_pkey PRIMARY KEY (month, id);

ALTER TABLE pulled_authors ADD CONSTRAINT pulled_authors_pkey PRIMARY KEY (account_id);

ALTER TABLE rate_windows ADD CONSTRAINT rate_windows_pkey PRIMARY KEY (name);

ALTER TABLE recovery_codes ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (account_id, code_hash);

ALTER TABLE removed_posts ADD CONSTRAINT removed_posts_pkey PRIMARY KEY (author_id, id);

ALTER TABLE reporter_records ADD CONSTRAINT reporter_records_pkey PRIMARY KEY (account_id);

ALTER TABLE reports ADD CONSTRAINT reports_pkey PRIMARY KEY (case_id, id);

ALTER TABLE restorations ADD CONSTRAINT restorations_pkey PRIMARY KEY (id);

ALTER TABLE reviews ADD CONSTRAINT reviews_pkey PRIMARY KEY (case_id, decision_id);

ALTER TABLE rule_versions ADD CONSTRAINT rule_versions_pkey PRIMARY KEY (version);

ALTER TABLE rules ADD CONSTRAINT rules_pkey PRIMARY KEY (id);

ALTER TABLE safekeeping_alarms ADD CONSTRAINT safekeeping_alarms_pkey PRIMARY KEY (kind, subject, since);

ALTER TABLE saved_answers ADD CONSTRAINT saved_answers_pkey PRIMARY KEY (id);

ALTER TABLE saved_filters ADD CONSTRAINT saved_filters_pkey PRIMARY KEY (account_id, id);

ALTER TABLE screening_asked ADD CONSTRAINT screening_asked_pkey PRIMARY KEY (account_id, words);

ALTER TABLE screening_hits ADD CONSTRAINT screening_hits_pkey PRIMARY KEY (rule_id, id);

ALTER TABLE screening_rules ADD CONSTRAINT screening_rules_pkey PRIMARY KEY (id);

ALTER TABLE screening_switches ADD CONSTRAINT screening_switches_pkey PRIMARY KEY (rule_id, id);

ALTER TABLE screening_trials ADD CONSTRAINT screening_trials_pkey PRIMARY KEY (rule_id, version);

ALTER TABLE screening_versions ADD CONSTRAINT screening_versions_pkey PRIMARY KEY (rule_id, version);

ALTER TABLE search_accounts ADD CONSTRAINT search_accounts_pkey PRIMARY KEY (account_id);

ALTER TABLE search_posts ADD CONSTRAINT search_posts_pkey PRIMARY KEY (author_id, post_id);

ALTER TABLE sender_events ADD CONSTRAINT sender_events_pkey PRIMARY KEY (sender, id);

ALTER TABLE sender_records ADD CONSTRAINT sender_records_pkey PRIMARY KEY (sender, report_id);

ALTER TABLE senders ADD CONSTRAINT senders_pkey PRIMARY KEY (sender);

ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (seq);

ALTER TABLE snapshots ADD CONSTRAINT snapshots_pkey PRIMARY KEY (case_id, id);

ALTER TABLE standbys ADD CONSTRAINT standbys_pkey PRIMARY KEY (name);

ALTER TABLE tags ADD CONSTRAINT tags_pkey PRIMARY KEY (tag);

ALTER TABLE terms ADD CONSTRAINT terms_pkey PRIMARY KEY (version);

ALTER TABLE thread_mutes ADD CONSTRAINT thread_mutes_pkey PRIMARY KEY (account_id, thread_id);

ALTER TABLE tokens ADD CONSTRAINT tokens_pkey PRIMARY KEY (account_id, token_hash);

ALTER TABLE transparency_reports ADD CONSTRAINT transparency_reports_pkey PRIMARY KEY (starts, ends);

ALTER TABLE trend_reviews ADD CONSTRAINT trend_reviews_pkey PRIMARY KEY (author_id, post_id);

ALTER TABLE trends ADD CONSTRAINT trends_pkey PRIMARY KEY (kind, subject);

ALTER TABLE two_factor ADD CONSTRAINT two_factor_pkey PRIMARY KEY (account_id);

CREATE INDEX accounts_by_domain ON accounts USING btree (reverse(domain) text_pattern_ops) WHERE (domain IS NOT NULL);

CREATE INDEX active_days_by_day ON active_days USING btree (day);

CREATE INDEX appeals_decided_at ON appeals USING btree (decided_at) WHERE (decided_at IS NOT NULL);

CREATE INDEX appeals_due ON appeals USING btree (due_at) WHERE (state = 'open'::text);

CREATE INDEX appeals_of_member ON appeals USING btree (appellant_id, id) WHERE (appellant_id <> 0);

CREATE INDEX appeals_of_notice ON appeals USING btree (notice_id, id) WHERE (notice_id <> 0);

CREATE UNIQUE INDEX appeals_one_open ON appeals USING btree (case_id, decision_id, appellant_id, notice_id) WHERE (state = ANY (ARRAY['open'::text, 'jury'::text]));

CREATE INDEX appeals_waiting ON appeals USING btree (due_at, id) WHERE (state = ANY (ARRAY['open'::text, 'jury'::text]));

CREATE INDEX archive_copies_by_place ON archive_copies USING btree (place, key);

CREATE INDEX archive_runs_by_time ON archive_runs USING btree (started_at);

CREATE INDEX blocks_by_age ON blocks USING btree (account_id, id);

CREATE INDEX bookmarks_by_age ON bookmarks USING btree (account_id, id);

CREATE INDEX bookmarks_of_post ON bookmarks USING btree (post_id, id);

CREATE INDEX bulk_cases_of_case ON bulk_cases USING btree (case_id);

CREATE INDEX bulk_cases_waiting ON bulk_cases USING btree (bulk_id, state, case_id);

CREATE INDEX bulk_decisions_of ON bulk_decisions USING btree (moderator_id, id);

CREATE INDEX case_alarms_by_lane ON case_alarms USING btree (lane, rang_at);

CREATE INDEX case_events_at ON case_events USING btree (at);

CREATE INDEX case_events_of_staff ON case_events USING btree (at) WHERE ((actor_id IS NOT NULL) AND (kind = ANY (ARRAY['assigned'::text, 'unassigned'::text, 'noted'::text, 'decided'::text, 'undone'::text, 'reopened'::text, 'recategorised'::text, 'raised'::text, 'looked'::text])));

CREATE INDEX cases_alike ON cases USING btree (group_id, place, id) WHERE (state = 'open'::text);

CREATE INDEX cases_alike_by_due ON cases USING btree (group_id, due_order, id) WHERE (state = 'open'::text);

CREATE INDEX cases_by_due ON cases USING btree (due_order, id) WHERE (state = 'open'::text);

CREATE INDEX cases_by_place ON cases USING btree (place, id) WHERE (state = 'open'::text);

CREATE INDEX cases_by_words ON cases USING gin (words) WHERE (state = 'open'::text);

CREATE INDEX cases_decided ON cases USING btree (id) WHERE (state = 'decided'::text);

CREATE INDEX cases_in_hand ON cases USING btree (assigned_to, id) WHERE ((state = 'open'::text) AND (assigned_to IS NOT NULL));

CREATE INDEX cases_in_lane ON cases USING btree (lane, place, id) WHERE (state = 'open'::text);

CREATE INDEX cases_leased ON cases USING btree (leased_until) WHERE ((state = 'open'::text) AND (leased_until IS NOT NULL));

CREATE INDEX cases_of_account ON cases USING btree (account_id, id);

CREATE INDEX cases_open ON cases USING btree (id) WHERE (state = 'open'::text);

CREATE INDEX cases_ringing ON cases USING btree (alarm_at) WHERE ((state = 'open'::text) AND (alarm_at IS NOT NULL));

CREATE INDEX cases_to_erase ON cases USING btree (decided_at) WHERE ((state = 'decided'::text) AND (erased_at IS NULL));

CREATE INDEX cases_to_wind ON cases USING btree (id) WHERE ((state = 'open'::text) AND (wound_for IS DISTINCT FROM due_at));

CREATE INDEX cases_unsealed ON cases USING btree (id) WHERE (events > sealed);

CREATE INDEX decisions_about ON decisions USING btree (account_id, id);

CREATE INDEX decisions_by_law ON decisions USING btree (law) WHERE (law <> ''::text);

CREATE INDEX decisions_by_time ON decisions USING brin (id);

CREATE INDEX decisions_expiring ON decisions USING btree (expires_at) WHERE ((undone_at IS NULL) AND (expires_at IS NOT NULL));

CREATE INDEX decisions_of_moderator ON decisions USING btree (moderator_id, id) WHERE (moderator_id <> 0);

CREATE INDEX domain_allows_by_id ON domain_allows USING btree (id);

CREATE INDEX domain_list_drafts ON domain_list_entries USING btree (domain, list_id) WHERE (state = 'draft'::text);

CREATE INDEX domain_list_entries_of_domain ON domain_list_entries USING btree (domain);

CREATE INDEX domain_list_entries_waiting ON domain_list_entries USING btree (list_id, domain) WHERE (state = ANY (ARRAY['accepted'::text, 'gone'::text]));

CREATE INDEX domain_lists_due ON domain_lists USING btree (next_fetch_at) WHERE (removed_at IS NULL);

CREATE INDEX domain_measures_by_id ON domain_measures USING btree (id);

CREATE INDEX domain_measures_of_list ON domain_measures USING btree (list_id) WHERE (list_id IS NOT NULL);

CREATE INDEX domain_move_followers_by_state ON domain_move_followers USING btree (move_id, state, account_id, follower_id);

CREATE INDEX domain_move_followers_of ON domain_move_followers USING btree (follower_id);

CREATE UNIQUE INDEX domain_moves_one ON domain_moves USING btree ((true)) WHERE (state <> 'cancelled'::text);

CREATE INDEX drills_by_time ON drills USING btree (started_at);

CREATE INDEX duties_due ON duties USING btree (errand, run_at) WHERE (dead_at IS NULL);

CREATE INDEX exports_ending ON exports USING btree (keep_until) WHERE (key IS NOT NULL);

CREATE INDEX exports_waiting ON exports USING btree (unasked, asked_at) WHERE (state = ANY (ARRAY['waiting'::text, 'making'::text]));

CREATE INDEX favourites_by_age ON favourites USING btree (account_id, id);

CREATE INDEX favourites_by_time ON favourites USING brin (id);

CREATE INDEX favourites_of_post ON favourites USING btree (post_id, id);

CREATE INDEX file_holds_ending ON file_holds USING btree (until) WHERE (until IS NOT NULL);

CREATE INDEX file_holds_of_holder ON file_holds USING btree (holder_id);

CREATE INDEX follow_requests_by_age ON follow_requests USING btree (account_id, id);

CREATE INDEX follow_requests_by_requester ON follow_requests USING btree (requester_id);

CREATE INDEX followers_by_age ON followers USING btree (account_id, id);

CREATE INDEX followers_to_notify ON followers USING btree (account_id, follower_id) WHERE notify;

CREATE INDEX follows_by_age ON follows USING btree (account_id, id);

CREATE INDEX held_posts_due ON held_posts USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX held_posts_of_case ON held_posts USING btree (case_id);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys USING btree (created_at);

CREATE INDEX imported_posts_by_key ON imported_posts USING btree (source_key);

CREATE INDEX jury_panels_called ON jury_panels USING btree (id) WHERE (state = ANY (ARRAY['called'::text, 'open'::text, 'closed'::text]));

CREATE INDEX jury_panels_closed ON jury_panels USING btree (closed_at, id) WHERE (state = 'closed'::text);

CREATE INDEX jury_panels_due ON jury_panels USING btree (next_at) WHERE (state = 'open'::text);

CREATE INDEX jury_panels_next ON jury_panels USING btree (id) WHERE (state = 'next'::text);

CREATE INDEX jury_panels_of_case ON jury_panels USING btree (case_id, id) WHERE (case_id IS NOT NULL);

CREATE INDEX jury_seats_of_account ON jury_seats USING btree (account_id, drawn_at);

CREATE INDEX legal_holds_by_age ON legal_holds USING btree (id);

CREATE INDEX legal_holds_ending ON legal_holds USING btree (until) WHERE (purged_at IS NULL);

CREATE UNIQUE INDEX letters_by_secret ON letters USING btree (account_id, secret_hash);

CREATE INDEX media_by_key ON media USING btree (original_key);

CREATE INDEX media_by_small_key ON media USING btree (small_key);

CREATE INDEX media_of_post ON media USING btree (account_id, post_id, "position") WHERE (post_id IS NOT NULL);

CREATE INDEX media_unused ON media USING btree (created_at) WHERE (post_id IS NULL);

CREATE INDEX members_on_staff ON members USING btree (role) WHERE (role <> 'member'::text);

CREATE INDEX members_waiting ON members USING btree (created_at) WHERE ((approved_at IS NULL) OR (confirmed_at IS NULL));

CREATE INDEX mutes_by_age ON mutes USING btree (account_id, id);

CREATE INDEX notice_files_of_notice ON notice_files USING btree (notice_id);

CREATE INDEX notice_items_of_case ON notice_items USING btree (case_id) WHERE (case_id IS NOT NULL);

CREATE INDEX notice_items_of_subject ON notice_items USING btree (notice_id, account_id, COALESCE(post_id, (0)::bigint)) WHERE (case_id IS NOT NULL);

CREATE INDEX notices_of_sender ON notices USING btree (sender, id) WHERE (sender <> ''::text);

CREATE INDEX notices_open ON notices USING btree (due_at, id) WHERE (closed_at IS NULL);

CREATE INDEX notifications_from ON notifications USING btree (account_id, from_id);

CREATE INDEX notifications_grouped ON notifications USING btree (account_id, group_key, id) WHERE (group_key IS NOT NULL);

CREATE INDEX notifications_of_post ON notifications USING btree (post_id) WHERE (post_id <> 0);

CREATE UNIQUE INDEX notifications_once ON notifications USING btree (account_id, type, from_id, post_id, about_id);

CREATE INDEX open_subjects_of_case ON open_subjects USING btree (case_id);

CREATE INDEX posts_by_id ON posts USING btree (id);

CREATE INDEX posts_held ON posts USING btree (author_id, id) WHERE (held_at IS NOT NULL);

CREATE INDEX posts_held_as ON posts USING btree (author_id, held_as) WHERE (held_as IS NOT NULL);

CREATE INDEX posts_in_thread ON posts USING btree (thread_id, id) WHERE (reblog_of_id IS NULL);

CREATE INDEX posts_local ON posts USING btree (id DESC) WHERE ((visibility = 'public'::text) AND (reblog_of_id IS NULL) AND (withheld_at IS NULL) AND (held_at IS NULL));

CREATE UNIQUE INDEX posts_reblog_once ON posts USING btree (author_id, reblog_of_id) WHERE (reblog_of_id IS NOT NULL);

CREATE INDEX posts_reblogging ON posts USING btree (reblog_of_id, id) WHERE (reblog_of_id IS NOT NULL);

CREATE INDEX posts_with_media ON posts USING btree (author_id, id DESC) WHERE (has_media AND (reblog_of_id IS NULL));

CREATE INDEX print_bands_of_group ON print_bands USING btree (group_id);

CREATE INDEX prints_by_age ON prints USING btree (made_at);

CREATE INDEX public_log_by_id ON public_log USING btree (id);

CREATE INDEX public_log_by_time ON public_log USING btree (month, at, id);

CREATE INDEX removed_posts_by_age ON removed_posts USING btree (removed_at);

CREATE INDEX removed_posts_by_id ON removed_posts USING btree (id);

CREATE INDEX reports_by_id ON reports USING btree (id);

CREATE INDEX reports_by_reporter ON reports USING btree (reporter_id, id);

CREATE INDEX reports_of_notice ON reports USING btree (notice_id) WHERE (notice_id IS NOT NULL);

CREATE INDEX reviews_done_at ON reviews USING btree (done_at) WHERE (state = 'done'::text);

CREATE INDEX reviews_due ON reviews USING btree (due_at) WHERE (state = 'waiting'::text);

CREATE INDEX reviews_waiting ON reviews USING btree (reviewer_id, due_at) WHERE (state = 'waiting'::text);

CREATE UNIQUE INDEX safekeeping_alarms_under_way ON safekeeping_alarms USING btree (kind, subject) WHERE (ended_at IS NULL);

CREATE INDEX screening_asked_by_age ON screening_asked USING btree (at);

CREATE INDEX screening_hits_of_author ON screening_hits USING btree (author_id);

CREATE INDEX screening_hits_of_case ON screening_hits USING btree (case_id) WHERE (case_id IS NOT NULL);

CREATE INDEX search_accounts_trigrams ON search_accounts USING gin (trigrams);

CREATE INDEX search_posts_words ON search_posts USING gin (words) WITH (fastupdate=off);

CREATE INDEX senders_proposed ON senders USING btree (sender) WHERE (proposed IS NOT NULL);

CREATE INDEX senders_under_measures ON senders USING btree (sender) WHERE (warned_at IS NOT NULL);

CREATE INDEX snapshots_of_post ON snapshots USING btree (post_id) WHERE (post_id <> 0);

CREATE INDEX tags_by_prefix ON tags USING btree (tag text_pattern_ops);

CREATE INDEX tags_by_use ON tags USING brin (last_used_at);

CREATE INDEX tokens_of_client ON tokens USING btree (client_id) WHERE (client_id IS NOT NULL);

ALTER TABLE appeals ADD CONSTRAINT appeals_of_decision FOREIGN KEY (case_id, decision_id, moderator_id) REFERENCES decisions(case_id, id, moderator_id) DEFERRABLE;

ALTER TABLE case_events ADD CONSTRAINT case_events_follow FOREIGN KEY (case_id, follows) REFERENCES case_events(case_id, hash);

ALTER TABLE decisions ADD CONSTRAINT decisions_anew_by_judge FOREIGN KEY (case_id, on_appeal, moderator_id) REFERENCES appeals(case_id, id, judge_id) DEFERRABLE;

ALTER TABLE decisions ADD CONSTRAINT decisions_overturned_by_judge FOREIGN KEY (case_id, overturned_on, undone_by) REFERENCES appeals(case_id, id, judge_id) DEFERRABLE;

ALTER TABLE reviews ADD CONSTRAINT reviews_of_decision FOREIGN KEY (case_id, decision_id, moderator_id) REFERENCES decisions(case_id, id, moderator_id) DEFERRABLE;
