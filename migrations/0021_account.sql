-- Which account at a CI provider is whose. One to one at each host; names change, numbers do not.
create table linked_account (
    member_id   uuid not null references member,
    provider    text not null,
    host        text not null,
    account_id  bigint not null,
    recorded_at timestamptz not null default now(),
    primary key (host, member_id),
    unique (host, account_id)
);

-- Every link that was made, kept for ever.
create table account_event (
    id          uuid primary key,
    member_id   uuid not null references member,
    provider    text not null,
    host        text not null,
    account_id  bigint not null,
    login       text not null,
    -- The run that proved it.
    run_id      bigint not null,
    recorded_at timestamptz not null default now()
);
create index on account_event (member_id, recorded_at desc);

-- The branch a member is asked to push, to prove an account.
create table account_nonce (
    member_id  uuid primary key references member,
    branch     text not null unique,
    expires_at timestamptz not null
);
