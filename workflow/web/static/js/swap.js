// After a change the server works the section out again; the answer is merged without moving the focus.
import { announce } from "./live.js";
import { merge } from "./merge.js";
import { send } from "./send.js";
import { siftAgain } from "./sieve.js";

export function swap(form, saver) {
  const section = () => form.querySelector("[data-section]");
  const updated = document.querySelector("[data-saved-line]")?.dataset.updated;
  let turn = 0;

  async function refresh(button = null) {
    const mine = ++turn;
    const before = valuesOf(form);
    const request = () => send(form, form.dataset.swap, "swap", button);
    const answer = await (saver ? saver.exclusively(request) : request());
    if (answer.outcome !== "saved" || mine !== turn) return false;
    const fresh = new DOMParser().parseFromString(answer.html, "text/html").querySelector("[data-section]");
    if (!fresh || !section()) return false;
    const shape = shapeOf(section());
    merge(section(), fresh, (field) => before.get(field) !== valueOf(field));
    siftAgain(section());
    if (shape !== shapeOf(section())) announce(updated);
    return true;
  }

  form.addEventListener("merged", () => refresh());
  form.addEventListener("change", (event) => {
    if (event.target.closest("[data-section]")) refresh();
  });
  return refresh;
}

const valueOf = (field) => (field.type === "checkbox" || field.type === "radio" ? String(field.checked) : field.value);
const valuesOf = (form) => new Map([...form.elements].map((field) => [field, valueOf(field)]));
const shapeOf = (section) => [...section.querySelectorAll("[data-item]")].map((item) => item.dataset.item + item.querySelector(":scope > .answer, :scope > .error")?.textContent).join();
