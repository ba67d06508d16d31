import time, cProfile, pstats, sys
from tests import factories
from workflow import outbox
from workflow.db import db
import pytest
@pytest.mark.parametrize("n", range(6))
def test_try(app, n):
    row=factories.a_validated_dossier(); db.session.rollback()
    p=cProfile.Profile(); c=time.process_time(); p.enable(); outbox.drain(); p.disable()
    d=time.process_time()-c
    print("CPU", d, file=sys.__stderr__)
    if d>2: pstats.Stats(p, stream=sys.__stderr__).sort_stats("cumulative").print_stats(45)
