"""Street reports: an application of its own, in Python, that lives in the pages of the platform.

  LIBERACCES_SECRET=whsec_…  python3 app.py [--port 8100] [--data ./data]
"""

from __future__ import annotations

import argparse
import os
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from liberacces import Application, Call, Refused, html, not_found, redirect, reply
from reports import Reports

REPORTED = "org.example.reports.reported/v1"
TILE = "fr.liberacces.bureau-tile/v1"


def build(secret: str, data: Path) -> Application:
    app = Application(Path(__file__).with_name("plugin.json"), secret)

    def reports(c: Call) -> Reports:
        return Reports(data, c.tenant["slug"])

    def tell(c: Call, known: Reports) -> None:
        """Hands over events that did not leave yet, this one and those that were left behind. Whoever hears one twice knows it by its id."""
        for one in known.untold():
            c.outbox(events=[{"event": REPORTED, "data": {"reportId": one["id"], "place": one["place"], "kind": one["kind"]}}])
            known.told(one["id"])

    @app.on("page", "/")
    def page(c: Call, _: Any) -> dict[str, Any]:
        rows = "".join(
            f"<tr><td>{escape(one['place'])}</td><td>{escape(c.t('field.kind.' + one['kind']))}</td><td>{escape(c.t('list.' + one['state']))}</td></tr>"
            for one in reports(c).list()
        )
        head = f"<tr><th scope=\"col\">{escape(c.t('field.place'))}</th><th scope=\"col\">{escape(c.t('field.kind'))}</th><th scope=\"col\"></th></tr>"
        return html(f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else f"<p>{escape(c.t('list.none'))}</p>")

    @app.on("form", "/nouveau")
    def report(c: Call, given: dict[str, Any]) -> dict[str, Any]:
        known, data_ = reports(c), given["data"]
        known.add(data_["place"], data_["kind"], data_.get("email"), c.now)
        try:
            tell(c, known)
        except (Refused, OSError):
            # It is recorded here, and told with the next one: nobody has to type it again.
            c.log("warn", "an event waits")
        return redirect("/nouveau", "form.thanks")

    @app.on("route", "GET", "/reports")
    def list_reports(c: Call, given: dict[str, Any]) -> dict[str, Any]:
        return reply(200, reports(c).list((given.get("query") or {}).get("state")))

    @app.on("route", "POST", "/reports/:id/closing")
    def close_report(c: Call, given: dict[str, Any]) -> dict[str, Any]:
        name = given["params"]["id"]
        if not reports(c).close(name):
            return not_found()
        c.ask("audit", action="report.closed", target=name)
        return reply(200, {"id": name, "state": "closed"})

    @app.on("contribution", TILE, "page.reports")
    def tile(c: Call, _: Any) -> dict[str, Any]:
        count = reports(c).count_open()
        text = c.t("tile.none") if count == 0 else c.t("tile.one") if count == 1 else c.t("tile.open", count=count)
        return html(f"<p><a href=\"{escape(c.url('/'))}\">{escape(text)}</a></p>")

    @app.on("handler", "tell-administrators")
    def tell_administrators(c: Call, event: dict[str, Any]) -> None:
        if not c.settings.get("tellAdministrators", True):
            return
        what = {"place": event["data"]["place"], "kind": c.t("field.kind." + event["data"]["kind"])}
        # In the outbox: once, however often the event comes.
        c.outbox(mails=[{"to": {"administrators": True}, "subject": c.t("mail.subject", **what), "text": c.t("mail.text", **what)}])

    @app.on("privacy", "export")
    def export(c: Call, person: dict[str, Any]) -> dict[str, Any]:
        email = person.get("email")
        return {"data": {"reports": reports(c).of(email) if email else []}}

    @app.on("privacy", "erase")
    def erase(c: Call, person: dict[str, Any]) -> dict[str, Any]:
        email = person.get("email")
        return {"erased": reports(c).forget(email) if email else 0}

    @app.on("privacy", "expire")
    def expire(c: Call, what: dict[str, Any]) -> dict[str, Any]:
        before = datetime.fromisoformat(what["before"].replace("Z", "+00:00"))
        return {"expired": reports(c).forget_before(before.timestamp())}

    return app


def main() -> None:
    options = argparse.ArgumentParser(description="Street reports, for the LiberAccès platform.")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8100, help="0 for any free one")
    options.add_argument("--data", type=Path, default=Path("data"))
    chosen = options.parse_args()
    secret = os.environ.get("LIBERACCES_SECRET", "")
    if not secret:
        # Enough to be added; the platform then gives the secret, and nobody can call before.
        print("LIBERACCES_SECRET is not set: only plugin.json is served.", flush=True)
    server = build(secret, chosen.data).serve(chosen.host, chosen.port)
    print(f"Listening on http://{chosen.host}:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
