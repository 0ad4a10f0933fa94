-- A run belongs to the member who handed it in first, with every attempt of it.
create table run_claim (
    provider    text not null,
    host        text not null,
    run_id      bigint not null,
    member_id   uuid not null references member,
    recorded_at timestamptz not null default now(),
    primary key (provider, host, run_id)
);

create table submission (
    id           uuid primary key,
    enrolment_id uuid not null references enrolment,
    practice_id  text,
    provider     text not null,
    host         text not null,
    repository   text not null,
    run_id       bigint not null,
    attempt      integer not null check (attempt > 0),
    run          jsonb not null,
    reply_to     jsonb not null,
    recorded_at  timestamptz not null default now(),
    unique (provider, host, run_id, attempt),
    foreign key (provider, host, run_id) references run_claim
);
create index on submission (enrolment_id, recorded_at desc);
comment on column submission.practice_id is 'what the member chose; null leaves it to the reports of the run';
comment on column submission.reply_to is 'where the answer goes when it comes later';

-- What each report of the run said, normalised: a grade is worked out from these rows and nothing else.
create table report (
    submission_id uuid not null references submission,
    artifact      text not null,
    path          text not null,
    side          text not null,
    digest        text not null,
    body          jsonb not null,
    recorded_at   timestamptz not null default now(),
    primary key (submission_id, artifact, path)
);

create table grade (
    id             bigint generated always as identity primary key,
    submission_id  uuid not null references submission,
    practice_id    text not null,
    rubric_version integer not null,
    score_bp       integer not null check (score_bp between 0 and 10000),
    grade          text not null,
    sheet          jsonb not null,
    author         text not null default 'docent',
    recorded_at    timestamptz not null default now()
);
create index on grade (submission_id, id desc);
comment on table grade is 'the newest row of a submission counts; a correction is a new row with its author';

-- A submission that cannot be graded, and why; the words are those of the CI errors.
create table submission_failure (
    submission_id uuid primary key references submission,
    code          text not null,
    recorded_at   timestamptz not null default now()
);
