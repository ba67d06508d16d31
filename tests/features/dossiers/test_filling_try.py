from tests import factories as made
import time
def test_try(app, sign_in):
    from workflow.db import db; db.create_all(); db.session.rollback()
    row = made.a_dossier()
    ref = row.reference
    from workflow.db import db; db.session.rollback()
    app.config["PROPAGATE_EXCEPTIONS"]=True
    import workflow.web.errors as we
    app.error_handler_spec[None][None].pop(Exception,None)
    claire = sign_in("claire-maurin")
    for path in (f"/dossiers/{ref}", f"/dossiers/{ref}/fill/A", f"/dossiers/{ref}/fill/E", f"/dossiers/{ref}/check"):
        t=time.time()
        answer = claire.get(path)
        print(path, answer.status_code, time.time()-t)
        open("/tmp/h2-" + path.replace("/", "_") + ".html", "w").write(answer.text)
