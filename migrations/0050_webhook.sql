-- Webhooks that woke a waiting submission. Each wakes once, under whatever name it comes again: what a forge signs
-- is the body, and not always the delivery's id.
create table webhook_delivery (
    submission_id uuid not null references submission,
    delivery      text not null,
    body_sha256   bytea not null,
    recorded_at   timestamptz not null default now(),
    primary key (submission_id, delivery),
    unique (submission_id, body_sha256)
);
create index on webhook_delivery (recorded_at);
