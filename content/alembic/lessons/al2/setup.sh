# What AL1 has left: Alembic set up, the first model, no revision yet.
export DATABASE_URL=postgresql+psycopg://app:secret@localhost/city
export CITY=postgresql://app:secret@localhost/city
alembic init migrations
sed -i 's|^sqlalchemy.url = .*|sqlalchemy.url =|' alembic.ini
mv env.py migrations/env.py
