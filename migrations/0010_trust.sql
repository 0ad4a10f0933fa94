-- How far the reports of a run can be trusted, with what its provider said of it: a verdict is worked out from
-- these rows and the policy of the practice.
create table trust (
    submission_id uuid primary key references submission,
    level         text not null check (level in ('verified', 'advisory', 'needs_review', 'refused')),
    facts         jsonb not null,
    recorded_at   timestamptz not null default now()
);
create index on trust (submission_id) where level = 'needs_review';

alter table grade add column reason text;
comment on column grade.author is 'docent, or the Discord id of the instructor who set the grade';
comment on column grade.reason is 'why an instructor set the grade; null when docent worked it out';
