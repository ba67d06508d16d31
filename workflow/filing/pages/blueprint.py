"""The doors of papers."""

from __future__ import annotations

from flask import Blueprint

filing = Blueprint("filing", __name__)
