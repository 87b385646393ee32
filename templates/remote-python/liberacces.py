"""The platform's protocol for applications in other languages, with nothing but Python's standard library (3.9 or later).

It is small on purpose: read it, change it, or write the same in your language. What goes over the wire is said by the OpenAPI document
of the platform, docs/reference/remote-protocol.json.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable

PROTOCOL = 1
# A signed request is taken for this long, in seconds, and once.
TOLERANCE = 300
# Largest call that is read, in bytes: a raw body of 32 MiB in base64, and a little.
LARGEST_CALL = 48 * 1024 * 1024
# Longest wait for the platform to answer a question, in seconds; the call's own limit is mostly shorter.
LONGEST_ANSWER = 60


class Refused(Exception):
    """The platform refused what was asked; `code` is one of docs/reference/errors.md."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class WrongSignature(Exception):
    """A request that does not come from the platform, or not just now, or a second time."""


class Signature:
    """Checks who signed a request (Standard Webhooks): the platform, just now, and no second time."""

    def __init__(self, secret: str) -> None:
        """@param secret - empty: nobody is let in"""
        self._seen: dict[str, float] = {}
        # What was taken by the process before this one is not remembered: no call from before its start is taken. It is called by the platform's clock, which must not be
        # behind this one by more than it takes to start.
        self._since = int(time.time())
        self._lock = threading.Lock()
        self._key = b""
        if not secret:
            return
        if not secret.startswith("whsec_"):
            raise ValueError("A secret begins with whsec_: `liberacces plugin add-remote` gives it.")
        self._key = base64.b64decode(secret[len("whsec_"):], validate=True)
        if not 24 <= len(self._key) <= 64:
            raise ValueError("A secret has 24 to 64 bytes.")

    def check(self, headers: Any, body: bytes, now: float | None = None) -> None:
        now = time.time() if now is None else now
        name, sent, given = (headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
        if not self._key:
            raise WrongSignature("There is no secret here yet.")
        if not name or not sent.isdigit() or abs(now - int(sent)) > TOLERANCE:
            raise WrongSignature("It bears no time, or one that is too far away.")
        if int(sent) < self._since:
            raise WrongSignature("It was signed before this application was started, which may have taken it then.")
        wanted = hmac.new(self._key, f"{name}.{sent}.".encode() + body, hashlib.sha256).digest()
        signatures = [part[len("v1,"):] for part in given.split() if part.startswith("v1,")]
        if not any(hmac.compare_digest(base64.b64encode(wanted).decode(), one) for one in signatures):
            raise WrongSignature("It is signed by somebody else.")
        with self._lock:
            self._seen = {known: until for known, until in self._seen.items() if until > now}
            if name in self._seen:
                raise WrongSignature("It came before.")
            # Beyond it the time alone refuses it.
            self._seen[name] = now + 2 * TOLERANCE


class Call:
    """One call of the platform: on which tenant, for whom, and what may be asked for it."""

    def __init__(self, message: dict[str, Any], messages: dict[str, dict[str, str]], path: str) -> None:
        facts = message.get("facts") or {}
        self.release: str = message["release"]
        self.tenant: dict[str, Any] = facts.get("tenant", {})
        self.actor: dict[str, Any] = facts.get("actor", {})
        self.locale: str = facts.get("locale", "fr")
        self.settings: dict[str, Any] = facts.get("settings") or {}
        self.now: float = facts.get("now", time.time() * 1000) / 1000
        self._facts = facts
        self._callback = message["callback"]
        self._messages = messages
        self._path = path
        self._asked = 0
        self._lock = threading.Lock()

    def can(self, permission: str) -> bool:
        """Whether the person holds a permission of this application."""
        held = self.actor.get("can", [])
        return held == "*" or permission in held

    def t(self, key: str, **values: object) -> str:
        """A text in the reader's language; `{name}` stands for a value."""
        return self._messages[self.locale][key].format(**values)

    def url(self, path: str) -> str:
        """The address of a path of this application, for links."""
        local = f"/apps/{self._path}{path}"
        return self._facts.get("baseUrl", "") + local if self._facts.get("isElsewhere") else local

    def ask(self, question: str, **content: object) -> Any:
        """Asks the platform something for this call, such as `ask("audit", action="…", target="…")`.

        Raises Refused for what it refuses, OSError when it cannot be reached.
        """
        with self._lock:
            self._asked += 1
            number = self._asked
        request = urllib.request.Request(
            f"{self._callback['url']}/{question}", method="POST", data=json.dumps({"id": number, "with": content}).encode(),
            headers={"content-type": "application/json", "liberacces-call": self._callback["token"]},
        )
        try:
            with _STRAIGHT.open(request, timeout=LONGEST_ANSWER) as answer:
                return json.load(answer).get("value")
        except urllib.error.HTTPError as error:
            with error:
                problem = _json_or_nothing(error.read(65_536))
            raise Refused(str(problem.get("code", error.code)), str(problem.get("detail", ""))) from None

    def outbox(self, **content: object) -> None:
        """Events and mails that leave together or not at all: `outbox(events=[{"event": id, "data": {…}}], mails=[…])`."""
        self.ask("outbox", **content)

    def log(self, level: str, message: str, **detail: object) -> None:
        """A line in the platform's log, which adds tenant and trace."""
        self.ask("log", level=level, message=message, detail=detail)


# Slots whose contributions have content of their own; the others are data alone.
_RENDERED = {"fr.liberacces.bureau-tile/v1", "fr.liberacces.guichet-block/v1"}

# The platform is reached as it says, and not through a proxy that the environment names for others.
_STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _json_or_nothing(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# What routes, pages, forms and contributions answer with.

def reply(status: int, body: object, headers: dict[str, str] | None = None) -> dict[str, Any]:
    return {"kind": "reply", "status": status, "body": body, "headers": headers or {}}


def html(content: str, title: str | None = None) -> dict[str, Any]:
    """HTML of the main part. The platform keeps harmless elements and attributes alone."""
    return {"kind": "html", "html": content, **({} if title is None else {"title": title})}


def redirect(to: str, notice: str | None = None) -> dict[str, Any]:
    """@param notice - key of a message that is shown once"""
    return {"kind": "redirect", "to": to, **({} if notice is None else {"notice": notice})}


def invalid(errors: dict[str, str]) -> dict[str, Any]:
    return {"kind": "invalid", "errors": errors}


def not_found() -> dict[str, Any]:
    return {"kind": "not-found"}


Handler = Callable[..., Any]


class Application:
    """What `plugin.json` declares, and the functions that do it."""

    def __init__(self, description: Path, secret: str) -> None:
        self.description: dict[str, Any] = json.loads(description.read_text("utf-8"))
        self._signature = Signature(secret)
        self._handlers: dict[tuple[str, ...], Handler] = {}

    def on(self, at: str, *name: str) -> Callable[[Handler], Handler]:
        """Names the function for one thing that `plugin.json` declares: `@app.on("route", "GET", "/signalements")`."""
        def register(handler: Handler) -> Handler:
            self._handlers[(at, *name)] = handler
            return handler
        return register

    def check(self) -> None:
        """Raises LookupError for what is declared and has no function, before anybody calls it."""
        missing = [name for name in self._declared() if name not in self._handlers]
        if missing:
            raise LookupError(f"Nothing answers {missing}.")

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """Runs what a call is for. Whatever fails is told as a failure, with its message and no more."""
        plugin = self.description["plugin"]
        call = Call(message, plugin["messages"], plugin["path"])
        try:
            value = self._handlers[self._name_of(message["target"])](call, message.get("input"))
            return {"kind": "result", "value": value}
        except Refused as error:
            return {"kind": "failure", "error": {"name": "Refused", "message": str(error), "code": error.code}}
        except Exception as error:  # noqa: BLE001: a call must not end the server
            print(f"{message['target']} failed: {error!r}", flush=True)
            return {"kind": "failure", "error": {"name": type(error).__name__, "message": str(error)[:2_000]}}

    def serve(self, host: str, port: int) -> ThreadingHTTPServer:
        """A server that is ready; `serve_forever()` runs it. Speaks HTTP: put HTTPS in front of it, unless the platform is on the same machine."""
        self.check()
        application = self

        class Endpoint(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def do_GET(self) -> None:
                if self.path == "/plugin.json":
                    self._send(200, application.description)
                else:
                    self._send(404, {"error": "There is nothing here."})

            def do_POST(self) -> None:
                length = self.headers.get("content-length", "")
                if self.path != "/call" or not length.isdigit() or int(length) > LARGEST_CALL:
                    self.close_connection = True
                    self._send(404 if self.path != "/call" else 413, {"error": "This is not taken here."})
                    return
                body = self.rfile.read(int(length))
                try:
                    application._signature.check(self.headers, body)
                except WrongSignature as wrong:
                    self._send(401, {"error": str(wrong)})
                    return
                self._send(200, application.answer(json.loads(body)))

            def _send(self, status: int, content: object) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    # The platform went away: its time was up.
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Nothing: the platform logs each call."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

        return Server((host, port), Endpoint)

    def _declared(self) -> list[tuple[str, ...]]:
        said = self.description
        found = [self._endpoint(one) for one in said.get("endpoints", [])]
        found += [("contribution", one["slot"], one["title"]) for one in said.get("contributions", []) if one["slot"] in _RENDERED]
        found += [("handler", one["id"]) for one in said.get("handlers", [])]
        found += [("schedule", one["id"]) for one in said.get("schedules", [])]
        found += [("command", one["name"]) for one in said.get("commands", [])]
        found += [("service", one["id"], operation) for one in said.get("services", []) for operation in one["operations"]]
        if said["privacy"]["stores"]:
            found += [("privacy", "export"), ("privacy", "erase")]
        if said["privacy"].get("expire"):
            found.append(("privacy", "expire"))
        return found

    def _name_of(self, target: dict[str, Any]) -> tuple[str, ...]:
        said, at = self.description, target["at"]
        if at == "endpoint":
            return self._endpoint(said["endpoints"][target["index"]])
        if at == "initial":
            return ("initial", said["endpoints"][target["index"]]["path"])
        if at == "contribution":
            one = said["contributions"][target["index"]]
            return ("contribution", one["slot"], one["title"])
        if at == "handler":
            return ("handler", said["handlers"][target["index"]]["id"])
        if at == "schedule":
            return ("schedule", said["schedules"][target["index"]]["id"])
        if at == "command":
            return ("command", said["commands"][target["index"]]["name"])
        if at == "service":
            return ("service", said["services"][target["index"]]["id"], target["operation"])
        if at == "privacy":
            return ("privacy", target["what"])
        return (at,)

    @staticmethod
    def _endpoint(one: dict[str, Any]) -> tuple[str, ...]:
        return ("route", one["method"], one["path"]) if one["kind"] == "route" else (one["kind"], one["path"])
