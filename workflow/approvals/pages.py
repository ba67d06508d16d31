"""Doors: what waits for me."""

from __future__ import annotations

from flask import Blueprint

approvals = Blueprint("approvals", __name__)
