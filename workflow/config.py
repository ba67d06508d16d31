"""Settings: each documented here, each with a safe default or none."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from environs import Env, EnvError

DEMONSTRATION = "demonstration"
"""The mark that `relais demo` leaves in a home full of invented data."""


@dataclass(frozen=True)
class Config:
    """Everything an installation may set. Read once at start; handed to `create_app`."""

    home: Path  # RELAIS_HOME: everything written lies under it
    port: int  # PORT: where the web process listens
    host: str  # HOST: 127.0.0.1 unless a proxy on another machine must reach it
    database_url: str  # DATABASE_URL: PostgreSQL, or SQLite under the home
    redis_url: str  # REDIS_URL: empty means the embedded Valkey under the home
    storage_url: str  # STORAGE_URL: s3://… or a folder under the home
    base_url: str  # BASE_URL: the address people type; printed in mails and on papers
    smtp_url: str  # SMTP_URL: smtp://user:password@host:587; empty means mails are kept and readable by the operator
    mail_from: str  # MAIL_FROM: the sender of every mail
    demonstration: bool  # DEMONSTRATION: invented data, one click to enter; on where `relais demo` made the data
    issuer: str  # ISSUER: the name on seals and papers
    proxies: int  # TRUSTED_PROXIES: how many proxies stand in front (0: none is believed)
    session_idle_minutes: int  # SESSION_IDLE_MINUTES: signed out after this much silence
    session_hours: int  # SESSION_HOURS: signed out after this long in any case
    web_workers: int  # WEB_WORKERS: gunicorn processes
    web_threads: int  # WEB_THREADS: threads in each
    log_level: str  # LOG_LEVEL
    max_upload_mb: int  # MAX_UPLOAD_MB: the largest request accepted
    row_limit: int  # RELAIS_ROW_LIMIT: the most lines one list of a form may have (persons, visits…)
    secret_key: str  # SECRET_KEY, or keys/secret under the home
    master_key: bytes  # 32 bytes from MASTER_KEY_FILE, or keys/master under the home
    tsa_url: str  # TSA_URL: a time-stamping service (RFC 3161), whose stamp stands under ours in closed files
    seal_file: Path | None  # SEAL_FILE: the organisation's certificate with its key (.p12), which seals instead of ours
    seal_password: str  # from SEAL_PASSWORD_FILE: what opens SEAL_FILE
    seal_library: str  # SEAL_LIBRARY: the maker's PKCS#11 library of the device that holds the organisation's key
    seal_token: str  # SEAL_TOKEN: label of the token in that device
    seal_key: str  # SEAL_KEY: label of the key and of its certificate in the token
    seal_pin: str  # from SEAL_PIN_FILE: what opens the token

    @property
    def embedded_queue(self) -> bool:
        return self.redis_url.startswith("unix://") and str(self.home) in self.redis_url

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def authority(self) -> Path:
        """Where the installation's own authority keeps its keys."""
        return self.home / "authority"


def private_dir(path: Path) -> Path:
    """Make `path` a folder only this user may enter."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def private_file(path: Path, make: bytes) -> bytes:
    """The bytes of `path`, written with mode 600 when it does not exist yet. Two starters agree on the first."""
    private_dir(path.parent)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(make)
        file.flush()
        os.fsync(file.fileno())
    return make


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings. Raises environs' error naming the setting that is wrong."""
    with _environment(environ):
        env = Env()
        home = Path(env.str("RELAIS_HOME", "./var")).resolve()
        port = env.int("PORT", 8000)
        private_dir(home)
        master = env.path("MASTER_KEY_FILE", None)
        return Config(
            home=home,
            port=port,
            host=env.str("HOST", "127.0.0.1"),
            database_url=_database(env.str("DATABASE_URL", "") or f"sqlite:///{home / 'relais.db'}"),
            redis_url=env.str("REDIS_URL", "") or f"unix://{home / 'queue' / 'valkey.sock'}",
            storage_url=env.str("STORAGE_URL", "") or f"file://{home / 'files'}",
            base_url=env.str("BASE_URL", f"http://localhost:{port}").rstrip("/"),
            smtp_url=env.str("SMTP_URL", ""),
            mail_from=env.str("MAIL_FROM", "Relais <relais@localhost>"),
            demonstration=env.bool("DEMONSTRATION", (home / DEMONSTRATION).exists()),
            issuer=env.str("ISSUER", "Relais"),
            proxies=env.int("TRUSTED_PROXIES", 0),
            session_idle_minutes=env.int("SESSION_IDLE_MINUTES", 30),
            session_hours=env.int("SESSION_HOURS", 12),
            web_workers=env.int("WEB_WORKERS", 2),
            web_threads=env.int("WEB_THREADS", 8),
            log_level=env.str("LOG_LEVEL", "INFO"),
            max_upload_mb=env.int("MAX_UPLOAD_MB", 25),
            row_limit=env.int("RELAIS_ROW_LIMIT", 500),
            secret_key=env.str("SECRET_KEY", "")
            or private_file(home / "keys" / "secret", secrets.token_hex(32).encode()).decode(),
            master_key=master.read_bytes()
            if master
            else private_file(home / "keys" / "master", secrets.token_bytes(32)),
            tsa_url=_web_address(env.str("TSA_URL", "")),
            seal_file=env.path("SEAL_FILE", None),
            seal_password=_secret(env.path("SEAL_PASSWORD_FILE", None)),
            seal_library=env.str("SEAL_LIBRARY", ""),
            seal_token=env.str("SEAL_TOKEN", ""),
            seal_key=env.str("SEAL_KEY", ""),
            seal_pin=_secret(env.path("SEAL_PIN_FILE", None)),
        )


def _secret(path: Path | None) -> str:
    """What a file of secrets holds, without the end of its line."""
    return path.read_text("utf-8").rstrip("\r\n") if path else ""


def _web_address(url: str) -> str:
    """A service is asked over the web alone: no file of this machine is ever read for an answer."""
    if url and not url.startswith(("http://", "https://")):
        raise EnvError("TSA_URL must begin with http:// or https://")
    return url


def _database(url: str) -> str:
    """Name the driver we ship: operators write postgresql://…"""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


class _environment:
    """Let environs read a given mapping instead of the process environment."""

    def __init__(self, environ: Mapping[str, str] | None) -> None:
        self.environ = environ

    def __enter__(self) -> None:
        if self.environ is not None:
            self.saved = dict(os.environ)
            os.environ.clear()
            os.environ.update(self.environ)

    def __exit__(self, *_: object) -> None:
        if self.environ is not None:
            os.environ.clear()
            os.environ.update(self.saved)
