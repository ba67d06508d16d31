"""Write operations: from a description, and one thing after the other."""

from workflow.operations.actions.charge import take_charge
from workflow.operations.actions.describing import put_operation
from workflow.operations.actions.ground import change_operation, check_days, free_name
from workflow.operations.actions.land import put_building, put_tranche, remove_building, remove_tranche
from workflow.operations.actions.naming import put_named, remove_named
from workflow.operations.actions.parameters import add_value, correct_value, remove_value
from workflow.operations.actions.partners import put_partner, remove_partner

__all__ = [
    "add_value",
    "change_operation",
    "check_days",
    "correct_value",
    "free_name",
    "put_building",
    "put_named",
    "put_operation",
    "put_partner",
    "put_tranche",
    "remove_building",
    "remove_named",
    "remove_partner",
    "remove_tranche",
    "remove_value",
    "take_charge",
]
