"""A real Postgres at the address that the lessons show: postgresql+psycopg://app:secret@localhost/city.

`scripts/with-postgres.sh` gives a server on a socket in a folder; a reader's has a port. So a port of
this machine is passed on to that socket, and PGPORT, which every driver knows, says which.
"""

import asyncio
import os
import subprocess
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROLE = "CREATE ROLE app LOGIN SUPERUSER PASSWORD 'secret'"
FRESH = ("DROP DATABASE IF EXISTS city WITH (FORCE)", "CREATE DATABASE city OWNER app")


class Database:
    """The server of `DATABASE_URL`, as it is under with-postgres.sh."""

    def __init__(self, url: str) -> None:
        self._folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        self._socket = self._folder / ".s.PGSQL.5432"
        self._query(ROLE)
        self.port = _pass_on(self._socket)

    def environment(self) -> dict[str, str]:
        """What leads a driver here from `localhost` without a port."""
        return {"PGPORT": str(self.port), "PGCONNECT_TIMEOUT": "10"}

    def fresh(self) -> None:
        """An empty database `city`."""
        for query in FRESH:
            self._query(query)

    def _query(self, query: str) -> None:
        command = ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", str(self._folder), "-U", "postgres", "-d", "postgres"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment["PGOPTIONS"] = "-c client_min_messages=warning"
        subprocess.run([*command, "-c", query], check=True, env=environment)


def _pass_on(socket: Path) -> int:
    """A new port of 127.0.0.1 whose connections end at the socket."""
    opened: list[int] = []
    ready = threading.Event()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass  # Either side may hang up; the other then hears it from the close below.
        finally:
            writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(str(socket))
        await asyncio.gather(copy(reader, to_server), copy(from_server, writer))

    async def serve() -> None:
        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        opened.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
    if not ready.wait(10):
        raise RuntimeError("no port could be opened for the lessons")
    return opened[0]
