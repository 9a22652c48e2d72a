-- Changes, append-only: a `sent` row before a change goes out, an `answered` row after.
CREATE TABLE sent (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,            -- milliseconds since 1970-01-01 UTC
    who TEXT NOT NULL,              -- the session that asked
    connection TEXT NOT NULL,
    service TEXT NOT NULL,
    organization TEXT NOT NULL,
    run INTEGER,                    -- the run and its step, if it is part of one
    row INTEGER,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    subject TEXT,                   -- whose address it is about, where that is known
    what TEXT NOT NULL,             -- JSON: what was asked of the service
    before TEXT                     -- JSON: how it stood, where that is known
) STRICT;

CREATE INDEX sent_by_organization ON sent (connection, organization, id);
CREATE INDEX sent_by_run ON sent (run, row) WHERE run IS NOT NULL;

CREATE TABLE answered (
    sent INTEGER PRIMARY KEY REFERENCES sent (id),
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,          -- done, refused, unknown, unsent
    status INTEGER,
    request_id TEXT,
    message TEXT
) STRICT;

CREATE TRIGGER sent_stays BEFORE UPDATE ON sent BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER sent_is_kept BEFORE DELETE ON sent BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER answered_stays BEFORE UPDATE ON answered BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER answered_is_kept BEFORE DELETE ON answered BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Invitations whose ids the service told: they can be withdrawn.
CREATE TABLE invites (
    connection TEXT NOT NULL,
    organization TEXT NOT NULL,
    user TEXT NOT NULL,
    invite TEXT NOT NULL,
    email TEXT NOT NULL,
    PRIMARY KEY (connection, organization, user)
) STRICT;

CREATE TABLE sessions (
    hash BLOB PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;

-- What was seen last of an organization, as the console shows it.
CREATE TABLE known (
    connection TEXT NOT NULL,
    organization TEXT NOT NULL,
    at INTEGER NOT NULL,
    users TEXT NOT NULL,            -- JSON
    PRIMARY KEY (connection, organization)
) STRICT;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    connection TEXT NOT NULL,
    organization TEXT NOT NULL,
    plan TEXT NOT NULL,             -- JSON
    state TEXT NOT NULL,            -- running, paused, stopping, done, stopped
    tally TEXT,                     -- JSON: how many steps stand how
    acts TEXT,                      -- JSON: how many steps do what
    undoes INTEGER,                 -- the run that it undoes, if that is what it is for
    base TEXT,                      -- address of the service, if it is not the sandbox
    settle INTEGER,                 -- milliseconds that a request may be on its way
    key TEXT                        -- what whoever began it named it by
) STRICT;

CREATE UNIQUE INDEX runs_by_key ON runs (key) WHERE key IS NOT NULL;

-- What is known of a row of a run; rows never touched are not here.
CREATE TABLE run_rows (
    run INTEGER NOT NULL REFERENCES runs (id),
    row INTEGER NOT NULL,           -- index of the step in the plan
    state TEXT NOT NULL,            -- JSON
    upto INTEGER NOT NULL,          -- the last `sent` row that the state takes into account
    PRIMARY KEY (run, row)
) STRICT, WITHOUT ROWID;
