# What AL2 has left: two revisions, both applied, and two residents.
export DATABASE_URL=postgresql+psycopg://app:secret@localhost/city
export CITY=postgresql://app:secret@localhost/city
alembic init migrations
sed -i 's|^sqlalchemy.url = .*|sqlalchemy.url =|' alembic.ini
mv env.py migrations/env.py
mv versions/*.py migrations/versions
rmdir versions
alembic upgrade head
psql -q $CITY -c "INSERT INTO users (email, full_name) VALUES ('mayor@example.com', 'Mayor'), ('baker@example.com', NULL)"
