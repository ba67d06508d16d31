"""The blueprint on which the doors of surveys hang."""

from flask import Blueprint

surveys = Blueprint("surveys", __name__)
