"""One archive with the database, the files and the keys; verified before it gets its name."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pysqlite3
from sqlalchemy.engine import make_url

from workflow.config import DEMONSTRATION, Config, private_dir
from workflow.errors import Refused

DATABASE, MANIFEST = "relais.db", "manifest.json"
KEPT = ("keys", "authority", "files", DEMONSTRATION)


def backup(settings: Config, file: Path) -> int:
    """Write `file` (mode 600) while Relais runs; how many files it holds. Raises Refused on PostgreSQL.

    The database is copied first: a paper is stored before its row is written, so every row finds its file.
    """
    database = _database(settings)
    if not database.exists():
        raise Refused("nothing", "There is nothing to keep yet: no database was made.")
    partial = file.with_name(f"{file.name}.partial")
    with tempfile.TemporaryDirectory(dir=private_dir(settings.home / "run")) as folder:
        copy = Path(folder) / DATABASE
        _copy(database, copy)
        names = {DATABASE: copy} | {str(path.relative_to(settings.home)): path for path in _files(settings.home)}
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            _write(handle, names)
            handle.flush()
            os.fsync(handle.fileno())
    count = sum(1 for _ in _members(partial))
    partial.replace(file)
    return count


def restore(settings: Config, file: Path) -> int:
    """Put the files of an archive into a home without a database; how many. Raises Refused when one is altered."""
    database = _database(settings)
    if database.exists():
        raise Refused("not_empty", "There is a database in this folder already: restore into an empty one.")
    if not file.is_file() or not tarfile.is_tarfile(file):
        raise Refused("not_a_backup", "%(file)s is not a backup of Relais.", file=file.name)
    count = sum(1 for _ in _members(file))  # all of it is read and found whole before anything is written
    for name, data in _members(file):
        _put(database if name == DATABASE else settings.home / name, data)
    return count


def _database(settings: Config) -> Path:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Refused(
            "postgresql", "The database is PostgreSQL: keep it with pg_dump, and copy the folder named by RELAIS_HOME."
        )
    return Path(url.database)


def _copy(database: Path, copy: Path) -> None:
    """SQLite's own online copy, checked: a file copied under way may be torn."""
    source, target = pysqlite3.connect(str(database)), pysqlite3.connect(str(copy))
    try:
        source.backup(target, pages=2000)
        if target.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Refused("damaged", "The database is damaged: no backup was made.")
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        source.close()
        target.close()


def _files(home: Path) -> Iterator[Path]:
    for name in KEPT:
        path = home / name
        yield from sorted(found for found in path.rglob("*") if found.is_file()) if path.is_dir() else ()
        if path.is_file():
            yield path


def _write(handle: io.BufferedWriter, names: dict[str, Path]) -> None:
    hashes = {}
    with tarfile.open(fileobj=handle, mode="w") as archive:
        for name, path in names.items():
            with path.open("rb") as file:
                hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
            archive.add(path, arcname=name, recursive=False)
        listed = json.dumps({"relais": 1, "files": hashes}, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(listed), 0o600
        archive.addfile(info, io.BytesIO(listed))


def _members(file: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of an archive with its bytes, checked against the archive's own list."""
    with tarfile.open(file) as archive:
        found = {member.name: member for member in archive.getmembers() if member.isfile()}
        if MANIFEST not in found:
            raise Refused("not_a_backup", "%(file)s is not a backup of Relais.", file=file.name)
        hashes = json.loads(_bytes(archive, found[MANIFEST]))["files"]
        for name, expected in hashes.items():
            data = _bytes(archive, found[name]) if name in found and _inside(name) else None
            if data is None or hashlib.sha256(data).hexdigest() != expected:
                raise Refused(
                    "altered", "%(file)s was altered: %(name)s is not what was kept.", file=file.name, name=name
                )
            yield name, data


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    handle = archive.extractfile(member)
    return handle.read() if handle else b""


def _inside(name: str) -> bool:
    """Only what a backup holds, and nowhere but under the home."""
    parts = PurePosixPath(name).parts
    return bool(parts) and ".." not in parts and parts[0] in (DATABASE, *KEPT)


def _put(path: Path, data: bytes) -> None:
    private_dir(path.parent)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
