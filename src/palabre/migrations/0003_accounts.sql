CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    username text NOT NULL,
    domain text,                       -- null: a member of this network
    display_name text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',     -- as written
    note_html text NOT NULL DEFAULT '',
    fields jsonb NOT NULL DEFAULT '[]',    -- [{"name", "value", "value_html", "verified_at"}]
    avatar_key text,
    avatar_static_key text,
    header_key text,
    header_static_key text,
    locked boolean NOT NULL DEFAULT false,
    bot boolean NOT NULL DEFAULT false,
    discoverable boolean NOT NULL DEFAULT true,
    indexable boolean NOT NULL DEFAULT true,
    hide_collections boolean NOT NULL DEFAULT false,
    standing text NOT NULL DEFAULT 'active' 
        CHECK (standing IN ('pending', 'active', 'limited', 'suspended', 'deleted')),   -- pending: not confirmed or approved
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    fragment bytea NOT NULL            -- the account's public JSON, without its counters
);

-- Handles are unique across the network: 'alice', 'alice@elsewhere.example'; always lower case. Never given away again.
CREATE TABLE handles (
    handle text PRIMARY KEY,
    account_id bigint NOT NULL,
    retired_at timestamptz
);

-- Apart from `accounts`, since these change with every post and follow.
CREATE TABLE account_counts (
    account_id bigint PRIMARY KEY,
    posts bigint NOT NULL DEFAULT 0,
    followers bigint NOT NULL DEFAULT 0,
    following bigint NOT NULL DEFAULT 0,
    last_post_at timestamptz
);

CREATE TABLE members (
    account_id bigint PRIMARY KEY,
    email text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'moderator', 'owner')),
    locale text NOT NULL DEFAULT 'en',
    confirmed_at timestamptz,
    approved_at timestamptz,
    approved_by bigint,
    reason text NOT NULL DEFAULT '',
    invite_code text,
    terms_version int,
    terms_accepted_at timestamptz,
    preferences jsonb NOT NULL DEFAULT '{}',   -- visibility, sensitive, language, theme
    sign_up_ip inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_active_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX members_waiting ON members (created_at) WHERE approved_at IS NULL OR confirmed_at IS NULL;

CREATE TABLE emails (
    email text PRIMARY KEY,            -- lower case
    account_id bigint NOT NULL
);

CREATE TABLE invites (
    code text PRIMARY KEY,
    created_by bigint NOT NULL,
    most_uses int,
    uses int NOT NULL DEFAULT 0,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Web sessions and client tokens alike; account 0 holds the tokens of applications themselves.
CREATE TABLE tokens (
    account_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    id bigint NOT NULL,
    client_id text,                    -- null: a web session
    scopes text[] NOT NULL,
    code_hash bytea,                   -- the authorisation code it was got with: sent again, it ends the token
    ip inet,
    user_agent text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    PRIMARY KEY (account_id, token_hash)
);
CREATE INDEX tokens_of_client ON tokens (client_id) WHERE client_id IS NOT NULL;

CREATE TABLE apps (
    client_id text PRIMARY KEY,
    id bigint NOT NULL,
    secret_hash bytea NOT NULL,
    name text NOT NULL,
    website text NOT NULL DEFAULT '',
    redirect_uris text[] NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE oauth_codes (
    account_id bigint NOT NULL,
    code_hash bytea NOT NULL,
    client_id text NOT NULL,
    redirect_uri text NOT NULL,
    scopes text[] NOT NULL,
    challenge text,
    challenge_method text,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,               -- kept for a day, so that using it again is noticed
    PRIMARY KEY (account_id, code_hash)
);

-- Links sent by mail or printed by a command: confirm an address, reset a password, make the owner account.
CREATE TABLE one_time_links (
    account_id bigint NOT NULL,        -- 0: nobody yet (the owner's link)
    link_hash bytea NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('confirm', 'reset', 'own')),
    email text NOT NULL DEFAULT '',
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, link_hash)
);
