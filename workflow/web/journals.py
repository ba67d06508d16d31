"""Short transactions beside the request's own: last seen, reads of sensitive answers, counted attempts."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from flask import current_app, request
from sqlalchemy import bindparam, delete, func, select

from workflow import clock
from workflow.db import db, new_id, own_transaction
from workflow.web.models import Attempt, Recent, SensitiveRead, WebSession

KEPT = 30  # things opened last, for each person
SEEN_EVERY = timedelta(minutes=1)  # no need to write on every click
_SIGNED_IN = select(WebSession.account_id, WebSession.made_at, WebSession.seen_at).where(
    WebSession.token_hash == bindparam("token")
)


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def start_session(account_id: str) -> str:
    """Sign an account in on this device; returns the secret for the cookie."""
    token = secrets.token_urlsafe(32)
    with own_transaction() as session:
        now = clock.now()
        session.add(WebSession(token_hash=token_hash(token), account_id=account_id, made_at=now, seen_at=now))
    return token


def account_of(token: str) -> str | None:
    """The account signed in with this secret, if the session is still alive. Read in the request's own transaction."""
    config = current_app.config["RELAIS"]
    now = clock.now()
    row = db.session.execute(_SIGNED_IN, {"token": token_hash(token)}).one_or_none()
    if row is None:
        return None
    idle, age = now - row.seen_at, now - row.made_at
    if idle > timedelta(minutes=config.session_idle_minutes) or age > timedelta(hours=config.session_hours):
        return None
    if idle > SEEN_EVERY and request.headers.get("X-Relais") != "presence":  # a page left open is nobody at work
        with own_transaction() as session:
            found = session.get(WebSession, token_hash(token))
            if found:
                found.seen_at = now
    return row.account_id


def account_behind(token: str) -> str | None:
    """Whose session this was, even when it has ended by itself since."""
    with own_transaction(read_only=True) as session:
        row = session.get(WebSession, token_hash(token))
        return row.account_id if row else None


def end_session(token: str) -> None:
    with own_transaction() as session:
        session.execute(delete(WebSession).where(WebSession.token_hash == token_hash(token)))


def end_sessions_of(account_id: str) -> None:
    """Sign an account out everywhere."""
    with own_transaction() as session:
        session.execute(delete(WebSession).where(WebSession.account_id == account_id))


def note_sensitive_read(subject: str, person: str, levels: Iterable[str]) -> None:
    """Keep who is about to read answers of level V3 or V4. Committed before the answer leaves."""
    found = sorted({level for level in levels if level in ("V3", "V4")})
    if not found:
        return
    with own_transaction() as session:
        session.add(
            SensitiveRead(
                id=new_id(),
                subject=subject,
                person=person,
                levels=" ".join(found),
                page=request.endpoint or "",
                at=clock.now(),
            )
        )


def too_many(what: str, who: str, limit: int, within: timedelta) -> bool:
    """Count one attempt; whether there were more than `limit` within that time. `who` is kept only as a keyed hash."""
    secret = current_app.config["RELAIS"].secret_key.encode()
    bucket = f"{what}:{hmac.new(secret, who.lower().encode(), 'sha256').hexdigest()[:32]}"
    now = clock.now()
    with own_transaction() as session:
        session.execute(delete(Attempt).where(Attempt.bucket == bucket, Attempt.at < now - within))
        count = session.scalar(select(func.count()).select_from(Attempt).where(Attempt.bucket == bucket)) or 0
        session.add(Attempt(id=new_id(), bucket=bucket, at=now))
    return count >= limit


def note_opened(person: str, kind: str, ref: str) -> None:
    """Keep that somebody opened this page, so that they find it again."""
    now = clock.now()
    with own_transaction(read_only=True) as session:
        known = session.get(Recent, (person, kind, ref))
    if known and now - known.at < SEEN_EVERY:
        return
    with own_transaction() as session:
        session.merge(Recent(person=person, kind=kind, ref=ref, at=now))
        kept = select(Recent.at).where(Recent.person == person).order_by(Recent.at.desc()).limit(1).offset(KEPT - 1)
        oldest = session.scalar(kept)
        if oldest:
            session.execute(delete(Recent).where(Recent.person == person, Recent.at < oldest))


def opened_lately(person: str, most: int) -> list[tuple[str, str]]:
    """(kind, ref) of what somebody opened last, newest first."""
    with own_transaction(read_only=True) as session:
        asked = select(Recent.kind, Recent.ref).where(Recent.person == person).order_by(Recent.at.desc()).limit(most)
        return [(kind, ref) for kind, ref in session.execute(asked)]
