-- Who hands in a practice together.
create table practice_group (
    id          uuid primary key,
    cohort_id   uuid not null references cohort,
    practice_id text not null,
    recorded_at timestamptz not null default now()
);

-- Who is in which group now; one for each practice.
create table group_member (
    enrolment_id uuid not null references enrolment,
    practice_id  text not null,
    group_id     uuid not null references practice_group,
    recorded_at  timestamptz not null default now(),
    primary key (enrolment_id, practice_id)
);
create index on group_member (group_id);

-- Everything that happened in groups, kept for ever.
create table group_event (
    id           bigint generated always as identity primary key,
    group_id     uuid not null references practice_group,
    enrolment_id uuid not null references enrolment,
    kind         text not null check (kind in ('invited', 'joined', 'declined', 'left')),
    recorded_at  timestamptz not null default now()
);
create index on group_event (group_id, enrolment_id, id desc);
