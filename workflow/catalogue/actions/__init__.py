"""What is done to the published forms, one verb per function."""

from workflow.catalogue.actions.choosing import choose_course
from workflow.catalogue.actions.following import follow, look_again, stay
from workflow.catalogue.actions.paper_models import publish_models
from workflow.catalogue.actions.proposing import propose, release, take_common, withdraw
from workflow.catalogue.actions.publishing import adopt, publish, refit
from workflow.catalogue.actions.retiring import bring_back, retire

__all__ = [
    "adopt",
    "bring_back",
    "choose_course",
    "follow",
    "look_again",
    "propose",
    "publish",
    "publish_models",
    "refit",
    "release",
    "retire",
    "stay",
    "take_common",
    "withdraw",
]
