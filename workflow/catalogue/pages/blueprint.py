"""Where the doors of the catalogue are hung."""

from flask import Blueprint

catalogue = Blueprint("catalogue", __name__)
