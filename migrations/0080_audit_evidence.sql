-- What a grade of an audit rests on is kept beside it, as it is of a run that was handed in.
alter table report
    add column audit_id uuid references audit,
    drop constraint report_pkey;
create unique index report_of_run on report (submission_id, artifact, path) where audit_id is null;
create unique index report_of_audit on report (audit_id, artifact, path) where audit_id is not null;
comment on column report.audit_id is 'the audit whose run uploaded it; null for the run that was handed in';

alter table audit_end add column facts jsonb;
comment on column audit_end.facts is 'what the provider said of the run and of the commit; null of audits from before it was kept';

alter table grade add column audit_id uuid references audit;
update grade g set audit_id = z.audit_id from audit_end z where z.grade_id = g.id;
comment on column grade.audit_id is 'the audit whose run it rests on; null when it rests on the run that was handed in';
comment on column grade.rubric_digest is
    'null for a grade that an instructor set, and for those from before rules or the reports of audits were stored';
