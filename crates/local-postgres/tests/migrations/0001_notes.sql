CREATE TYPE mood AS ENUM ('calm', 'busy');

CREATE TABLE note (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body text NOT NULL,
    mood mood NOT NULL DEFAULT 'calm',
    details jsonb NOT NULL DEFAULT '{}',
    changed_at timestamptz
);

CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER note_stamp BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION stamp();
