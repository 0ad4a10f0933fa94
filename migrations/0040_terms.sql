-- When practices are due: for a whole server, and for one member. The newest row counts.
create table due_date (
    id          bigint generated always as identity primary key,
    cohort_id   uuid not null references cohort,
    practice_id text not null,
    due_at      timestamptz not null,
    author      bigint not null,
    recorded_at timestamptz not null default now()
);
create index on due_date (cohort_id, practice_id, id desc);
comment on column due_date.author is 'Discord id of the instructor';

create table extension (
    id           bigint generated always as identity primary key,
    enrolment_id uuid not null references enrolment,
    practice_id  text not null,
    due_at       timestamptz not null,
    author       bigint not null,
    reason       text not null,
    recorded_at  timestamptz not null default now()
);
create index on extension (enrolment_id, practice_id, id desc);
comment on column extension.author is 'Discord id of the instructor';

-- In which language a member is told what they did not ask for; known from their last use.
alter table member add column locale text;
