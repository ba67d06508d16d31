"""One blueprint for every page of rooms for signing."""

from __future__ import annotations

from flask import Blueprint

signing = Blueprint("signing", __name__)
