"""Doors of nobody's in particular: fonts, health, language, accessibility statement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible
import fontpkg_noto_sans_arabic
from flask import Blueprint, abort, render_template, send_from_directory

web = Blueprint("web", __name__)

PACKAGES = {"atkinson": fontpkg_atkinson_hyperlegible, "noto-arabic": fontpkg_noto_sans_arabic}
FONTS = {
    (family, path.name): path
    for family, package in PACKAGES.items()
    for path in Path(package.__file__).parent.rglob("*.ttf")
}


@web.get("/fonts/<family>/<path:name>")
def font(family: str, name: str) -> Any:
    found = FONTS.get((family, name))
    if found is None:
        abort(404)
    response = send_from_directory(found.parent, found.name, max_age=31_536_000)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@web.get("/health")
def health() -> Any:
    return {"ok": True}


@web.get("/accessibility")
def accessibility() -> Any:
    return render_template("accessibility.html")
