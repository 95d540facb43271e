"""A PostgreSQL of its own for one process: its files in a folder, reached by a socket in it, gone with the process."""

import os
import shutil
import subprocess
from pathlib import Path


class Cluster:
    def __init__(self, folder):
        self._folder = folder / "postgresql"
        self._folder.mkdir()
        # PostgreSQL refuses to run as root; Debian's packages bring a user for it.
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as:
            for place in (folder, self._folder):
                place.chmod(0o755)
            shutil.chown(self._folder, "postgres")
        self._run("initdb", "--pgdata", str(self._folder / "data"), "--auth", "trust", "--username", "agno", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' -c fsync=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "--wait", "--pgdata", str(self._folder / "data"), "--log", log, "--options", options)

    def create(self, name):
        self._run("createdb", "--host", str(self._folder), "--username", "agno", name)
        return f"postgresql+psycopg://agno@/{name}?host={self._folder}"

    def close(self):
        self._run("pg_ctl", "stop", "--mode", "immediate", "--pgdata", str(self._folder / "data"))

    def _run(self, program, *arguments):
        subprocess.run(
            [*self._as, _find(program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )


def release():
    line = subprocess.run([_find("postgres"), "--version"], check=True, capture_output=True, text=True).stdout
    return line.split()[2].split(".")[0]


def _find(program):
    """Debian keeps the programs of a server out of the path, one folder for each version."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / program).exists():
            return str(folder / program)
    return shutil.which(program) or program
