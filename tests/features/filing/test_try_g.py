import pytest, time
from tests import factories
from workflow import outbox
from workflow.db import db
from workflow.filing import queries
def test_try(app):
    row=factories.a_dossier_before_the_committee()
    for s in ("patrice-odier","francois-delaunay","mireille-santoni"): factories.decide(s,row,"Approve","validation")
    subject=row.subject; db.session.rollback()
    t=time.time(); n=outbox.drain(); print("drained",n,time.time()-t)
    for o in db.session.query(outbox.Outbox): print(o.kind,o.state,o.last_error)
    for p in queries.papers(subject):
        print(p.reference,p.audience,p.state,p.pdf_size,p.docx_size,p.missing_characters)
        if p.state=='ready':
            open(f'/tmp/G/{p.audience}.pdf','wb').write(queries.bytes_of(p,'pdf'))
            open(f'/tmp/G/{p.audience}.docx','wb').write(queries.bytes_of(p,'docx'))
    assert 0
