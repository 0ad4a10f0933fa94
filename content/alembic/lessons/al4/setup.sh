# What AL2 has left, with the synchronous env.py and an empty database, as CI has it.
export DATABASE_URL=postgresql+psycopg://app:secret@localhost/city
export CITY=postgresql://app:secret@localhost/city
alembic init migrations
sed -i 's|^sqlalchemy.url = .*|sqlalchemy.url =|' alembic.ini
mv env.py migrations/env.py
mv versions/*.py migrations/versions
rmdir versions
