CREATE TABLE astro_organization (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Id of the person who made it.
    founder TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

-- A person in one organization; the same person has the same id in each.
CREATE TABLE astro_user (
    key INTEGER PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES astro_organization,
    id TEXT NOT NULL,
    username TEXT NOT NULL,
    -- `username` in lower case: two addresses that differ in case only are one person.
    username_key TEXT NOT NULL,
    full_name TEXT NOT NULL,
    avatar_url TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    organization_role TEXT,
    -- JSON arrays, as on the wire.
    workspace_roles TEXT NOT NULL,
    deployment_roles TEXT NOT NULL,
    dag_roles TEXT NOT NULL
);
CREATE UNIQUE INDEX astro_user_id ON astro_user (id, organization);
CREATE UNIQUE INDEX astro_user_username ON astro_user (username_key, organization);
CREATE INDEX astro_user_created ON astro_user (organization, created_at, id);
CREATE INDEX astro_user_owner ON astro_user (organization)
    WHERE organization_role = 'ORGANIZATION_OWNER' AND status = 'ACTIVE';

CREATE TABLE astro_invite (
    id TEXT PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES astro_organization,
    user_id TEXT NOT NULL,
    expires_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE astro_workspace (
    id TEXT PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES astro_organization,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE astro_deployment (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES astro_workspace
) WITHOUT ROWID;

CREATE TABLE astro_custom_role (
    id TEXT PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES astro_organization,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    scope_type TEXT NOT NULL,
    created_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE astro_team (
    id TEXT PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES astro_organization,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    organization_role TEXT NOT NULL,
    is_idp_managed INTEGER NOT NULL,
    workspace_roles TEXT NOT NULL,
    created_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE astro_team_member (
    user_id TEXT NOT NULL,
    team TEXT NOT NULL REFERENCES astro_team,
    PRIMARY KEY (user_id, team)
) WITHOUT ROWID;

CREATE TABLE astro_token (
    token TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    organization INTEGER NOT NULL REFERENCES astro_organization,
    role TEXT NOT NULL
) WITHOUT ROWID;
