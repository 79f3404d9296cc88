-- Partners and their keys, submissions, reports, deliveries, leases.
--
-- Moments are microseconds since 1970 in UTC. Bodies, problems, answers and
-- secrets are sealed before they come here. Everything below a submission goes
-- with it when its row is deleted. A body lies apart from its submission, so that
-- the outcome can be written without writing the body again.
-- The text is that of the SQLite migration but for the lines that say so.

-- +goose Up

CREATE TABLE partners (
    id         text PRIMARY KEY,
    name       text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE applications (
    id          text PRIMARY KEY,
    partner_id  text NOT NULL REFERENCES partners (id),
    name        text NOT NULL,
    environment text NOT NULL CHECK (environment IN ('production', 'sandbox')),
    revision    bigint NOT NULL,
    created_at  bigint NOT NULL
);
CREATE INDEX applications_partner ON applications (partner_id);

-- Revisions are only added, never changed.
CREATE TABLE settings (
    application_id text NOT NULL REFERENCES applications (id),
    revision       bigint NOT NULL CHECK (revision > 0),
    body           bytea NOT NULL, -- SQLite: blob, here and below
    created_at     bigint NOT NULL,
    PRIMARY KEY (application_id, revision)
);

CREATE TABLE credentials (
    id             text PRIMARY KEY,
    application_id text NOT NULL REFERENCES applications (id),
    code           text NOT NULL,
    hash           bytea NOT NULL,
    created_at     bigint NOT NULL,
    expires_at     bigint,
    revoked_at     bigint
);
CREATE INDEX credentials_code ON credentials (code);
CREATE INDEX credentials_application ON credentials (application_id);

CREATE TABLE secrets (
    id             text PRIMARY KEY,
    application_id text NOT NULL REFERENCES applications (id),
    sealed         bytea NOT NULL,
    created_at     bigint NOT NULL,
    retired_at     bigint
);
CREATE INDEX secrets_application ON secrets (application_id);

CREATE TABLE submissions (
    id                text PRIMARY KEY,
    application_id    text NOT NULL REFERENCES applications (id),
    state             text NOT NULL CHECK (state IN ('accepted', 'computed', 'failed')),
    received_at       bigint NOT NULL,
    reference_day     text NOT NULL,
    settings_revision bigint NOT NULL,
    secret_id         text NOT NULL,
    wrapped_key       bytea, -- NULL: erased
    size              bigint NOT NULL,
    tax_hash          bytea, -- NULL: anonymous
    finished_at       bigint,
    failure           text NOT NULL DEFAULT '',
    problem_count     bigint NOT NULL,
    problems          bytea,
    not_sent          text, -- a JSON array
    CHECK ((state = 'accepted') = (finished_at IS NULL))
);
CREATE INDEX submissions_received ON submissions (application_id, received_at);

CREATE TABLE userdata (
    submission_id text PRIMARY KEY REFERENCES submissions (id) ON DELETE CASCADE,
    body          bytea
);

CREATE TABLE idempotency_keys (
    application_id text NOT NULL REFERENCES applications (id),
    key            text NOT NULL,
    body_hash      bytea NOT NULL,
    submission_id  text NOT NULL REFERENCES submissions (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    created_at     bigint NOT NULL,
    expires_at     bigint NOT NULL,
    PRIMARY KEY (application_id, key)
);
CREATE INDEX idempotency_keys_submission ON idempotency_keys (submission_id);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE reports (
    id             text PRIMARY KEY,
    submission_id  text NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    application_id text NOT NULL REFERENCES applications (id),
    ordinal        bigint NOT NULL,
    product        text NOT NULL,
    version        text NOT NULL,
    part           bigint NOT NULL,
    code           bigint NOT NULL,
    size           bigint NOT NULL,
    created_at     bigint NOT NULL,
    body           bytea -- last, so that lists do not read it
);
CREATE INDEX reports_submission ON reports (submission_id, ordinal);

CREATE TABLE endpoints (
    id             text PRIMARY KEY, -- made of application and URL
    application_id text NOT NULL REFERENCES applications (id),
    url            text NOT NULL,
    gone           boolean NOT NULL,
    failing_since  bigint,
    last_probe_at  bigint,
    parallel       bigint NOT NULL,
    created_at     bigint NOT NULL
);
CREATE INDEX endpoints_application ON endpoints (application_id);

CREATE TABLE deliveries (
    id               text PRIMARY KEY,
    report_id        text NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    submission_id    text NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    application_id   text NOT NULL REFERENCES applications (id),
    endpoint_id      text NOT NULL REFERENCES endpoints (id),
    state            text NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
    attempts         bigint NOT NULL,
    created_at       bigint NOT NULL,
    first_attempt_at bigint,
    next_attempt_at  bigint,
    finished_at      bigint,
    CHECK (state <> 'pending' OR next_attempt_at IS NOT NULL)
);
CREATE INDEX deliveries_report ON deliveries (report_id);
CREATE INDEX deliveries_submission ON deliveries (submission_id);
CREATE INDEX deliveries_oldest ON deliveries (endpoint_id, created_at, id, next_attempt_at) WHERE state = 'pending';
CREATE INDEX deliveries_due ON deliveries (endpoint_id, next_attempt_at) WHERE state = 'pending';

CREATE TABLE attempts (
    id          text PRIMARY KEY,
    delivery_id text NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    number      bigint NOT NULL,
    at          bigint NOT NULL,
    status      bigint NOT NULL,
    latency     bigint NOT NULL, -- microseconds
    failure     text NOT NULL,
    answer      bytea
);
CREATE INDEX attempts_delivery ON attempts (delivery_id, at);

-- The queue clients that are alive.
CREATE TABLE processes (
    id          text PRIMARY KEY,
    lease_until bigint NOT NULL
);

-- One row, written to see that the database takes writes.
CREATE TABLE probes (
    id bigint PRIMARY KEY CHECK (id = 1),
    at bigint NOT NULL
);

-- PostgreSQL only: what is sealed cannot be compressed, so do not try.
ALTER TABLE userdata ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE reports ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE submissions ALTER COLUMN problems SET STORAGE EXTERNAL;
ALTER TABLE attempts ALTER COLUMN answer SET STORAGE EXTERNAL;
