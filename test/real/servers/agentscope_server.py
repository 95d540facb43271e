"""A real AgentScope service: on SQLite where the version can, otherwise on Redis."""

import asyncio
import subprocess
import shutil
import socket
import sys
import tempfile
import threading
from pathlib import Path

from agentscope.app import create_app
from agentscope.app.storage import AgentRecord, RedisStorage, SessionConfig, SessionRecord
from agentscope.message import Msg, TextBlock
from agentscope.state import AgentState, Task

from worlds import WorldServer, describe, serve

try:
    from agentscope.app.storage import TeamRecord
    from agentscope.app.workspace_manager import LocalWorkspaceManager
except ImportError:  # 2.0.0 has neither teams nor a message bus.
    from agentscope.app._manager import LocalWorkspaceManager

    TeamRecord = None

try:
    from agentscope.app.message_bus import InMemoryMessageBus
    from agentscope.app.storage import AsyncSQLAlchemyStorage
except ImportError:
    AsyncSQLAlchemyStorage = None


class World:
    def __init__(self, seed, parts):
        self._storage = parts["storage"]
        self._server = WorldServer(create_app(**parts))
        # The storage opens with the server, in whose loop it then lives.
        self.url = self._server.open()
        self._write([AgentRecord.model_validate(row) for row in seed["agents"]])
        if TeamRecord is not None:
            self._write([TeamRecord.model_validate(row) for row in seed["teams"]])
        self.insert(seed["sessions"])

    def insert(self, rows):
        self._write([SessionRecord.model_validate(row) for row in rows])

    def make(self, user):
        self._run(make_session(self._storage, user))

    def tell(self, rows):
        self._run(tell(self._storage, rows))

    def close(self):
        self._server.close()

    def _write(self, records):
        self._run((write_rows if AsyncSQLAlchemyStorage is not None else write_keys)(self._storage, records))

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._server.loop).result()


async def make_session(storage, user):
    """As the service makes one, with a task as an agent at work makes one, and with a message."""
    state = AgentState()
    state.tasks_context.tasks.append(Task(subject="Made now", description="Made now", metadata={}))
    data = {"name": "Made now", "system_prompt": "", "context_config": {}, "react_config": {}}
    agent_id = await storage.upsert_agent(user, AgentRecord.model_validate({"user_id": user, "data": data}))
    config = SessionConfig(workspace_id="made-now", name="Made now")
    session = await storage.upsert_session(user, agent_id, config, state=state)
    message = Msg(name=user, role="user", content=[TextBlock(text="Made now")])
    await storage.upsert_message(user, session.id, message)


async def tell(storage, rows):
    for row in rows:
        for message in row["messages"]:
            await storage.upsert_message(row["user"], row["id"], Msg.model_validate(message))


async def write_rows(storage, records):
    """As the storage writes them, but for the time of the update, which it would set to now."""
    from agentscope.app.storage._sql._mappers import _from_record
    from agentscope.app.storage._sql._tables import AgentRow, SessionRow, TeamRow

    tables = {AgentRecord: AgentRow, SessionRecord: SessionRow, TeamRecord: TeamRow}
    async with storage._session() as session:
        session.add_all([_from_record(tables[type(record)], record) for record in records])
        await session.commit()


async def write_keys(storage, records):
    """As the storage writes them, but for the times, which it would set to now."""
    keys = storage.key_config
    for record in records:
        user_id = record.user_id
        if isinstance(record, AgentRecord):
            key = storage._key(keys.agent, user_id=user_id, agent_id=record.id)
            index = storage._key(keys.agent_index, user_id=user_id)
        elif TeamRecord is not None and isinstance(record, TeamRecord):
            key = storage._key(keys.team, user_id=user_id, team_id=record.id)
            index = storage._key(keys.team_index, user_id=user_id)
        else:
            key = storage._key(keys.session, user_id=user_id, session_id=record.id)
            index = storage._key(keys.session_index, user_id=user_id, agent_id=record.agent_id)
        await storage._client.set(key, record.model_dump_json())
        await storage._client.sadd(index, record.id)


class RedisServer:
    """Debian's own where it is installed, otherwise the one that AgentScope's own tests use."""

    def __init__(self, folder):
        self._binary = shutil.which("redis-server")
        self._process = None
        self._fake = None
        if self._binary is None:
            self._start_fake()
        else:
            self._start_real(folder)

    def _start_real(self, folder):
        self.name = subprocess.run(
            [self._binary, "--version"], check=True, capture_output=True, text=True
        ).stdout.split(" sha=")[0].replace("Redis server v=", "Redis ")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [self._binary, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
            + ["--databases", "1024", "--dir", str(folder), "--loglevel", "notice"],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        for line in self._process.stdout:
            if "Ready to accept connections" in line:
                break
        else:
            raise RuntimeError("Redis did not start.")
        threading.Thread(target=self._process.stdout.read, daemon=True).start()

    def _start_fake(self):
        from importlib.metadata import version

        from fakeredis import TcpFakeServer

        self._fake = TcpFakeServer(("127.0.0.1", 0), server_type="redis")
        self.port = self._fake.server_address[1]
        self.name = f"fakeredis {version('fakeredis')}"
        threading.Thread(target=self._fake.serve_forever, daemon=True).start()

    def close(self):
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        if self._fake is not None:
            self._fake.shutdown()


def main():
    with tempfile.TemporaryDirectory(prefix="session-graph-agentscope-") as folder:
        opened = 0
        redis = RedisServer(folder) if AsyncSQLAlchemyStorage is None else None

        def open_world(seed):
            nonlocal opened
            opened += 1
            place = Path(folder) / str(opened)
            place.mkdir()
            return World(seed, parts_of_app(place, redis, opened))

        try:
            storage = "SQLite" if redis is None else redis.name
            serve(describe(["agentscope", "fastapi"], storage=storage), open_world)
        finally:
            if redis is not None:
                redis.close()


def parts_of_app(place, redis, number):
    parts = {"workspace_manager": LocalWorkspaceManager(str(place))}
    if redis is None:
        storage = AsyncSQLAlchemyStorage(f"sqlite+aiosqlite:///{place}/agentscope.db")
        return {**parts, "storage": storage, "message_bus": InMemoryMessageBus()}
    options = {"host": "127.0.0.1", "port": redis.port, "db": number}
    parts["storage"] = RedisStorage(**options)
    if TeamRecord is None:
        return parts
    from agentscope.app.message_bus import RedisMessageBus

    return {**parts, "message_bus": RedisMessageBus(**options)}


if __name__ == "__main__":
    sys.exit(main())
