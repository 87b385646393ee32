"""What is known of reports: one SQLite file per local authority, so that no query can mix two of them up."""

from __future__ import annotations

import re
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

_SCHEMA = """
  create table if not exists report (
    id text primary key, place text not null, kind text not null, email text, state text not null default 'open', at real not null,
    told integer not null default 0
  ) strict;
  create index if not exists report_state on report (state, at);
"""


class Reports:
    """The reports of one local authority."""

    def __init__(self, folder: Path, tenant: str) -> None:
        # It comes from the platform, signed; a file name is looked at all the same.
        if not re.fullmatch(r"[a-z0-9-]{1,100}", tenant):
            raise ValueError(f"{tenant!r} is no name of a tenant.")
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{tenant}.db"
        with self._open() as db:
            db.executescript(_SCHEMA)

    def add(self, place: str, kind: str, email: str | None, at: float) -> str:
        report = str(uuid.uuid4())
        self._run("insert into report (id, place, kind, email, at) values (?, ?, ?, ?, ?)", report, place, kind, email, at)
        return report

    def told(self, report: str) -> None:
        """Its event was taken by the platform."""
        self._run("update report set told = 1 where id = ?", report)

    def untold(self) -> list[dict[str, Any]]:
        """Those whose event did not leave yet: the platform was away, or this process ended in between."""
        return self._rows("select id, place, kind from report where told = 0 order by at limit 100")

    def list(self, state: str | None = None) -> list[dict[str, Any]]:
        where, values = ("", ()) if state is None else (" where state = ?", (state,))
        return self._rows(f"select id, place, kind, state from report{where} order by at desc limit 200", *values)

    def count_open(self) -> int:
        return self._rows("select count(*) as count from report where state = 'open'")[0]["count"]

    def close(self, report: str) -> bool:
        return self._run("update report set state = 'closed' where id = ? and state = 'open'", report) > 0

    def of(self, email: str) -> list[dict[str, Any]]:
        return self._rows("select id, place, kind, state from report where email = ?", email)

    def forget(self, email: str) -> int:
        """What was seen in the street stays; who saw it goes."""
        return self._run("update report set email = null where email = ?", email)

    def forget_before(self, at: float) -> int:
        return self._run("update report set email = null where email is not null and at < ?", at)

    def _run(self, statement: str, *values: object) -> int:
        with closing(self._open()) as db, db:
            return db.execute(statement, values).rowcount

    def _rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        with closing(self._open()) as db:
            return [dict(row) for row in db.execute(statement, values)]

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=10)
        db.row_factory = sqlite3.Row
        return db
