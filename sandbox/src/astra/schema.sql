CREATE TABLE astra_organization (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);

CREATE TABLE astra_user (
    key INTEGER PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES astra_organization,
    id TEXT NOT NULL,
    email TEXT NOT NULL,
    -- `email` in lower case: two addresses that differ in case only are one person.
    email_key TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Ids of roles in the order in which they were given: a JSON array.
    roles TEXT NOT NULL
);
CREATE UNIQUE INDEX astra_user_id ON astra_user (id, organization);
CREATE UNIQUE INDEX astra_user_email ON astra_user (organization, email_key);

-- Custom roles; the built-in ones are the same everywhere and stand in `roles.json`.
CREATE TABLE astra_role (
    key INTEGER PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES astra_organization,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- As on the wire.
    policy TEXT NOT NULL,
    last_update_date_time TEXT NOT NULL,
    last_update_user_id TEXT NOT NULL
);

-- A token is not tied to a person: it has an organization and roles of its own.
CREATE TABLE astra_token (
    token TEXT PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES astra_organization,
    role TEXT NOT NULL,
    roles TEXT NOT NULL,
    -- Whether the inventory names it.
    listed INTEGER NOT NULL
) WITHOUT ROWID;
