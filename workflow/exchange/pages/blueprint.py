"""Where the doors of the exchange are hung."""

from flask import Blueprint

exchange = Blueprint("exchange", __name__)
