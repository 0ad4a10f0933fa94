-- Commits that are graded once more, in runs of the instructors' own.
create table audit (
    id            uuid primary key,
    submission_id uuid not null references submission,
    reply_to      jsonb,
    recorded_at   timestamptz not null default now()
);
create index on audit (submission_id);
comment on column audit.id is 'in the name of the run that it starts, so that the run is found';
comment on column audit.reply_to is 'where the instructor who asked is answered; null when it was drawn as a sample';

-- How an audit ended: with a grade, or with a word of the CI errors.
create table audit_end (
    audit_id    uuid primary key references audit,
    grade_id    bigint references grade,
    run         jsonb,
    code        text,
    recorded_at timestamptz not null default now(),
    check ((grade_id is null) <> (code is null))
);
comment on column audit_end.run is 'the run of the instructors'' repository';
comment on column grade.author is 'docent, regrade for a run of the instructors'' own, or the Discord id of the instructor who set the grade';
