"""One blueprint for what waits and who acts."""

from __future__ import annotations

from flask import Blueprint

approvals = Blueprint("approvals", __name__)
