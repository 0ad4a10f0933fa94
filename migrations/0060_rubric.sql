-- The rules a grade was worked out by, whole, each once under the digest of its contents: with the reports and
-- the facts of a run they give the same grade at any time.
create table rubric (
    digest      text primary key check (digest ~ '^[0-9a-f]{64}$'),
    course_id   text not null,
    practice_id text not null,
    version     integer not null,
    body        jsonb not null,
    recorded_at timestamptz not null default now()
);

alter table grade
    add column rubric_digest text references rubric,
    add column asked_by bigint;
comment on column grade.rubric_digest is 'null for a grade that an instructor set, and for those from before rules were stored';
comment on column grade.asked_by is 'the Discord id of the instructor who had the grade worked out again';
comment on column grade.reason is 'why there is a newer row; null for the first that docent worked out';

-- A submission is graded once; whatever comes later says why.
create unique index grade_once on grade (submission_id) where author = 'docent' and reason is null;

-- A file that was there and could not be read is evidence as well.
alter table report
    alter column body drop not null,
    add column unreadable text,
    add check ((body is null) <> (unreadable is null));
