"""The doors that read across share one blueprint."""

from flask import Blueprint

dashboards = Blueprint("dashboards", __name__)
