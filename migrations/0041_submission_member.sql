-- For whom a submission counts: its member, and those who were in their group when it was handed in.
create table submission_member (
    submission_id uuid not null references submission,
    enrolment_id  uuid not null references enrolment,
    primary key (submission_id, enrolment_id)
);
create index on submission_member (enrolment_id);

insert into submission_member (submission_id, enrolment_id) select id, enrolment_id from submission;
