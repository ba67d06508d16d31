"""One blueprint for every page of drafts submitted to contributions."""

from __future__ import annotations

from flask import Blueprint

charter = Blueprint("charter", __name__)
