"""Doors."""

from __future__ import annotations

from flask import Blueprint

dashboards = Blueprint("dashboards", __name__)
