"""The database: its address and its sessions."""

import os
from collections.abc import AsyncIterator
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine


def database_url() -> str:
    """The address in DATABASE_URL, such as sqlite+aiosqlite:///city.db."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise RuntimeError(
            "DATABASE_URL is not set: export it, such as sqlite+aiosqlite:///city.db"
        )
    return url


@lru_cache
def engine_of(url: str) -> AsyncEngine:
    return create_async_engine(url)


async def session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine_of(database_url()), expire_on_commit=False) as opened:
        yield opened
