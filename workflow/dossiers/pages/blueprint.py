"""One blueprint for every page of the journey."""

from __future__ import annotations

from flask import Blueprint

dossiers = Blueprint("dossiers", __name__)
