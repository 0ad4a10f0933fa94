-- A member who is asked to agree at a CI provider. A row lives as long as its code: fifteen minutes.
create table device_link (
    id          uuid primary key,
    member_id   uuid not null unique references member,
    host        text not null,
    -- What the provider is asked with whether the member has agreed. Good for this one question.
    device_code text not null,
    user_code   text not null,
    -- Seconds between two questions.
    pause_s     integer not null check (pause_s > 0),
    expires_at  timestamptz not null,
    reply_to    jsonb not null
);
create index on device_link (expires_at);

alter table account_event alter column run_id drop not null;
comment on column account_event.run_id is 'the run that proved it; null when the member agreed at the provider';
