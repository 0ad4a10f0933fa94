-- What all processes together remember of the CI providers. Nothing here is a fact: it may be lost
-- at any time and costs only requests.

-- Answers that a provider need not send again when they have not changed.
create table ci_answer (
    -- SHA-256 of the account and the address.
    key bytea primary key,
    tag text not null check (tag <> ''),
    body bytea not null,
    link text,
    kept_at timestamptz not null default now()
);
create index ci_answer_kept_at on ci_answer (kept_at);

-- Until when an account of a provider asked to be left alone.
create table ci_pause (
    -- SHA-256 of the API's address and the token.
    account bytea primary key,
    until timestamptz not null
);
