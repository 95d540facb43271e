"""A real Agno AgentOS, without a model: no run is ever started."""

import dataclasses
import inspect
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

os.environ["AGNO_TELEMETRY"] = "false"

from agno.agent import Agent  # noqa: E402
from agno.media import File, Image  # noqa: E402
from agno.models.message import Message  # noqa: E402
from agno.models.response import ToolExecution  # noqa: E402
from agno.os import AgentOS  # noqa: E402
from agno.run.agent import RunInput, RunOutput  # noqa: E402
from agno.run.base import RunStatus  # noqa: E402
from agno.run.team import TeamRunInput, TeamRunOutput  # noqa: E402
from agno.run.workflow import WorkflowRunOutput  # noqa: E402
from agno.session import AgentSession, TeamSession, WorkflowSession  # noqa: E402
from agno.session.summary import SessionSummary  # noqa: E402
from agno.team import Team  # noqa: E402
from agno.workflow import Step, Workflow  # noqa: E402

from sqlalchemy import text  # noqa: E402

import postgresql  # noqa: E402
from worlds import WorldServer, describe, serve  # noqa: E402

ON_POSTGRESQL = os.environ.get("AGNO_STORAGE") == "postgresql"
DB_ID = "db-1"
TABLE = "agno_sessions"
# Later versions have more.
TOOL_FIELDS = {field.name for field in dataclasses.fields(ToolExecution)}


def sqlite_in(folder):
    from agno.db.sqlite import SqliteDb

    return SqliteDb(id=DB_ID, db_file=str(folder / "agno.db"), session_table=TABLE)


def postgres_at(url):
    from agno.db.postgres import PostgresDb

    return PostgresDb(id=DB_ID, db_url=url, db_schema="public", session_table=TABLE)


class World:
    def __init__(self, seed, db):
        self._db = db
        self._agents = {}
        self.insert(seed["sessions"])
        by_kind = {"agent": [], "team": [], "workflow": []}
        for component in seed["components"]:
            by_kind[component["kind"]].append(self._component(component))
        os_app = AgentOS(
            id="contoso-os",
            agents=by_kind["agent"],
            teams=by_kind["team"],
            workflows=by_kind["workflow"],
            telemetry=False,
            **({"db": self._db} if "db" in inspect.signature(AgentOS.__init__).parameters else {}),
        )
        self._server = WorldServer(os_app.get_app())
        self.url = self._server.open()

    def insert(self, rows):
        for row in rows:
            self._db.upsert_session(to_session(row))
            if version("agno").startswith("3."):
                # They have a table of their own from then on.
                for index, run in enumerate(to_runs(row) or []):
                    self._db.upsert_run(run, session_id=row["id"], run_index=index)
        # The table is made with the first row.
        if rows == []:
            return
        # On insert the platform sets this to the time of creation, or to now.
        with self._db.db_engine.begin() as connection:
            connection.execute(
                text(f"UPDATE {TABLE} SET updated_at = :updated WHERE session_id = :id"),
                [{"updated": row["updatedAt"], "id": row["id"]} for row in rows],
            )

    def close(self):
        self._server.close()

    def _component(self, component):
        shared = {
            "name": component["name"],
            "description": component["description"],
            "db": self._db,
            "telemetry": False,
        }
        own_id = {} if component["id"] is None else {"id": component["id"]}
        parts = [self._component(part) for part in component["parts"]]
        if component["kind"] == "workflow":
            steps = [
                Step(name=part.name, **{"agent" if isinstance(part, Agent) else "team": part}) for part in parts
            ]
            return Workflow(**own_id, **shared, steps=steps)
        spoken = {"role": component["role"], "instructions": [component["instructions"]], "markdown": True}
        if component["kind"] == "team":
            return Team(**own_id, **shared, **spoken, members=parts)
        if component["id"] is None:
            return Agent(**shared, **spoken)
        # One object wherever it is used, as in the code of a deployment.
        if component["id"] not in self._agents:
            self._agents[component["id"]] = Agent(**own_id, **shared, **spoken)
        return self._agents[component["id"]]


def to_session(row):
    kind, component_id = row["kind"], row["componentId"]
    shared = {
        "session_id": row["id"],
        "user_id": row["user"],
        "session_data": row["sessionData"],
        "metadata": row["metadata"],
        "created_at": row["createdAt"],
        "updated_at": row["updatedAt"],
        f"{kind}_id": component_id,
    }
    if kind == "workflow":
        return WorkflowSession(**shared, workflow_name=row["workflowName"], runs=to_runs(row))
    summary = None if row["summary"] is None else SessionSummary(**row["summary"])
    owned = {} if component_id is None else {f"{kind}_data": {f"{kind}_id": component_id}}
    session = AgentSession if kind == "agent" else TeamSession
    return session(**shared, **owned, summary=summary, runs=to_runs(row))


def to_runs(row):
    return [to_run(run, row) for run in row["runs"]] or None


def to_run(run, row):
    owner = None if run["component"] is None else run["component"]["id"]
    shared = {
        "run_id": run["id"],
        "session_id": row["id"],
        "content": run["content"],
        "created_at": run["createdAt"],
        "status": RunStatus(run["status"]),
    }
    if run["kind"] == "workflow":
        steps = [to_run(step, row) for step in run["steps"]]
        return WorkflowRunOutput(**shared, workflow_id=owner, input=run["input"], step_executor_runs=steps)
    shared["parent_run_id"] = run["parentId"]
    shared["messages"] = [to_message(message) for message in run["messages"]]
    shared["tools"] = [to_tool(tool) for tool in run["tools"]] or None
    if run["kind"] == "team":
        return TeamRunOutput(**shared, team_id=owner, input=TeamRunInput(input_content=run["input"]))
    return RunOutput(**shared, agent_id=owner, input=RunInput(input_content=run["input"]))


def to_tool(sent):
    return ToolExecution(**{name: value for name, value in sent.items() if name in TOOL_FIELDS})


def to_message(sent):
    parts = dict(sent)
    if "images" in parts:
        parts["images"] = [to_image(image) for image in parts["images"]]
    if "files" in parts:
        parts["files"] = [File(**file) for file in parts["files"]]
    if "metrics" in parts:
        parts["metrics"] = Message.model_fields["metrics"].annotation(**parts["metrics"])
    return Message(**parts)


def to_image(image):
    if "content" not in image:
        return Image(**image)
    rest = {key: value for key, value in image.items() if key != "content"}
    return Image.from_base64(image["content"], **rest)


def main():
    with tempfile.TemporaryDirectory(prefix="session-graph-agno-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        cluster = postgresql.Cluster(folder) if ON_POSTGRESQL else None
        opened = 0

        def open_world(seed):
            nonlocal opened
            opened += 1
            if cluster is not None:
                return World(seed, postgres_at(cluster.create(f"world{opened}")))
            place = folder / str(opened)
            place.mkdir()
            return World(seed, sqlite_in(place))

        storage = f"PostgreSQL {postgresql.release()}" if ON_POSTGRESQL else "SQLite"
        try:
            serve(describe(["agno", "fastapi", "SQLAlchemy"], storage=storage), open_world)
        finally:
            if cluster is not None:
                cluster.close()


if __name__ == "__main__":
    sys.exit(main())
