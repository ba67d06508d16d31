"""One blueprint for every page of papers written outside a procedure."""

from __future__ import annotations

from flask import Blueprint

writing_blueprint = Blueprint("writing", __name__)
