"""Runs real servers as told by lines of JSON on stdin, one answer line each on stdout, until stdin ends.

A world is one server on a port of its own with data of its own. All worlds of a process share the imported platform, which
takes seconds to import.
"""

import json
import os
import platform
import socket
import sys
import threading
from importlib.metadata import version

import uvicorn

# Libraries print what they like: the protocol has the real stdout for itself.
_answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


class WorldServer(uvicorn.Server):
    """A server in a thread that says when it is ready, and in which loop it runs."""

    def __init__(self, app):
        super().__init__(uvicorn.Config(app, log_level="warning", access_log=False))
        self.ready = threading.Event()
        self.loop = None
        # Named as TCP, or asyncio does not switch off Nagle's algorithm and each answer takes 40 ms more.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run_to_the_end, daemon=True)

    def _run_to_the_end(self):
        try:
            self.run(sockets=[self._socket])
        finally:
            self.ready.set()

    async def startup(self, sockets=None):
        import asyncio

        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready.set()

    def open(self):
        self._thread.start()
        self.ready.wait()
        if not self.started:
            raise RuntimeError("The server did not start.")
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self):
        self.should_exit = True
        self._thread.join()
        self._socket.close()


def describe(packages, **more):
    return {"python": platform.python_version(), "packages": {name: version(name) for name in packages}, **more}


def serve(hello, open_world):
    """`open_world(seed)` answers an object with `url`, `insert(rows)`, `close()`, and maybe `make(user)` and `tell(rows)`."""
    worlds = {}
    _answer({"ready": hello})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            _answer({"id": request["id"], "result": _act(worlds, request, open_world)})
        except Exception as error:  # The other side decides what a failure means.
            import traceback

            traceback.print_exc()
            _answer({"id": request["id"], "error": f"{type(error).__name__}: {error}"})
    for world in worlds.values():
        world.close()


def _act(worlds, request, open_world):
    action = request["action"]
    if action == "open":
        world = open_world(request["seed"])
        worlds[world.url] = world
        return world.url
    if action == "close":
        return worlds.pop(request["world"]).close()
    world = worlds[request["world"]]
    if action == "insert":
        return world.insert(request["rows"])
    if action == "make":
        return world.make(request["user"])
    if action == "tell":
        return world.tell(request["rows"])
    raise ValueError(f"There is no action {action}.")


def _answer(message):
    _answers.write(json.dumps(message) + "\n")
    _answers.flush()
