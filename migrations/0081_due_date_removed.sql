-- A due time that a server set is removed by a newer row without one: then the course's counts again.
alter table due_date alter column due_at drop not null;
comment on column due_date.due_at is 'null when the server''s own time was removed';
