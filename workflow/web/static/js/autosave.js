// Keeps a draft safe: a few seconds after a change, on leaving a field, on hiding the page.
// When it fails it says so in words and colour, keeps the text, and tries again.
import { savedLine } from "./saved-line.js";
import { refreshToken, send } from "./send.js";

const PAUSE = 3000;
const RETRIES = [4000, 8000, 15000, 30000];

export function autosave(form) {
  const line = savedLine(document.querySelector("[data-saved-line]"), form);
  const draft = { edits: 0, saved: 0, failures: 0, timer: 0, running: null, state: "saved", leaving: false };

  const dirty = () => draft.edits > draft.saved;
  const later = (delay) => { clearTimeout(draft.timer); draft.timer = setTimeout(save, delay); };

  function edited() {
    draft.edits += 1;
    if (draft.state === "moved" || draft.state === "expired") return;
    show("waiting");
    later(PAUSE);
  }

  function show(state, time = "") {
    draft.state = state;
    line.show(state, time);
  }

  // What was typed while the request travelled stays unsaved.
  function settle(answer, edits) {
    if (answer.outcome === "saved" && answer.stored) {
      draft.saved = Math.max(draft.saved, edits);
      draft.failures = 0;
      show(dirty() ? "waiting" : "saved", answer.savedAt);
      if (dirty()) later(PAUSE);
      if (answer.merged) form.dispatchEvent(new CustomEvent("merged"));
      return;
    }
    if (answer.outcome === "saved") return unstored();
    show(answer.outcome);
    if (answer.outcome === "offline") later(RETRIES[Math.min(draft.failures++, RETRIES.length - 1)]);
  }

  // The section was worked out again but not kept: what waits still waits.
  function unstored() {
    show(dirty() ? "waiting" : "saved");
    if (dirty()) later(PAUSE);
  }

  // One request at a time: two would race for the version of the draft.
  function exclusively(request) {
    const turn = async () => {
      const edits = draft.edits;
      show("saving");
      const answer = await request();
      settle(answer, edits);
      return answer;
    };
    draft.running = (draft.running ?? Promise.resolve()).then(turn, turn);
    return draft.running;
  }

  function save() {
    clearTimeout(draft.timer);
    if (!dirty() || draft.state === "moved" || draft.state === "saving") return;
    exclusively(() => send(form, form.dataset.autosave, "autosave"));
  }

  async function comeBack() {
    if (draft.state === "offline") save();
    if (draft.state === "expired" && (await refreshToken())) {
      draft.edits += 1;
      draft.state = "waiting";
      save();
    }
  }

  form.addEventListener("input", edited);
  form.addEventListener("change", (event) => { if (!dirty()) edited(event); });
  form.addEventListener("focusout", () => { if (!form.dataset.swap) save(); });
  form.addEventListener("submit", () => { draft.leaving = true; clearTimeout(draft.timer); });
  document.addEventListener("visibilitychange", () => (document.hidden ? save() : comeBack()));
  addEventListener("focus", comeBack);
  addEventListener("online", comeBack);
  addEventListener("pageshow", () => { draft.leaving = false; });
  addEventListener("beforeunload", (event) => { if (dirty() && !draft.leaving) event.preventDefault(); });

  return { exclusively };
}
