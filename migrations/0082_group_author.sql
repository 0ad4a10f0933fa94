-- Instructors put groups together and dissolve them, and say why.
alter table group_event
    add column author bigint,
    add column reason text,
    drop constraint group_event_kind_check,
    add check (kind in ('invited', 'joined', 'declined', 'left', 'withdrawn')),
    add check ((author is null) = (reason is null));
comment on column group_event.author is 'Discord id of the instructor; null for what members did themselves';
comment on column group_event.kind is 'withdrawn: an invitation that went with its group';
