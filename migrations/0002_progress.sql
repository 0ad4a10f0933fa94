-- Facts of reading, ticking and answering. Nothing here is updated: a change of mind is a new row.
create table reading (
    id           bigint generated always as identity primary key,
    enrolment_id uuid not null references enrolment,
    module_id    text not null,
    recorded_at  timestamptz not null default now(),
    unique (enrolment_id, module_id)
);

create table tick (
    id           bigint generated always as identity primary key,
    enrolment_id uuid not null references enrolment,
    item_id      text not null,
    ticked       boolean not null,
    recorded_at  timestamptz not null default now()
);
create index on tick (enrolment_id, item_id, id desc);

-- An attempt keeps the questions as they were drawn, so that a mark can be worked out again.
create table attempt (
    id           uuid primary key,
    enrolment_id uuid not null references enrolment,
    bank_id      text not null,
    seed         bigint not null,
    pass_mark_bp integer not null check (pass_mark_bp between 0 and 10000),
    questions    jsonb not null check (jsonb_typeof(questions) = 'array'),
    recorded_at  timestamptz not null default now()
);
create index on attempt (enrolment_id, bank_id, recorded_at desc);

create table answer (
    attempt_id  uuid not null references attempt,
    position    integer not null check (position >= 0),
    given       jsonb not null,
    recorded_at timestamptz not null default now(),
    primary key (attempt_id, position)
);

create table mark (
    attempt_id  uuid primary key references attempt,
    correct     integer not null check (correct >= 0),
    total       integer not null check (total > 0 and correct <= total),
    passed      boolean not null,
    recorded_at timestamptz not null default now()
);
