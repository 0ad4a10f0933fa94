-- Who takes part, and in which course of which guild.
create table member (
    id          uuid primary key,
    discord_id  bigint not null unique,
    name        text not null,
    recorded_at timestamptz not null default now()
);

create table cohort (
    id          uuid primary key,
    guild_id    bigint not null,
    course_id   text not null,
    recorded_at timestamptz not null default now(),
    unique (guild_id, course_id)
);

create table enrolment (
    id          uuid primary key,
    cohort_id   uuid not null references cohort,
    member_id   uuid not null references member,
    role        text not null check (role in ('learner', 'instructor')),
    recorded_at timestamptz not null default now(),
    unique (cohort_id, member_id)
);
create index on enrolment (member_id);

-- Discord may deliver an interaction again after a reconnect: each is acted on once.
create table handled_interaction (
    interaction_id bigint primary key,
    recorded_at    timestamptz not null default now()
);
create index on handled_interaction (recorded_at);
