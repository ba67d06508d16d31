// Adds and removes rows of a repeat in place. Asked by hand, so here the focus does move: to the new row.
// Enter in a field (data-rows=refresh) works the section out again and leaves the focus alone.
// A choice moved in a ranking keeps the focus on its button; a file taken away gives it to the box for another.
import { announce } from "./live.js";

export function rows(form, refresh) {
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-rows]");
    if (!button) return;
    event.preventDefault();
    const purpose = button.dataset.rows;
    if (purpose === "rank" || purpose === "file") return (await refresh(button)) ? stay(form, button) : undefined;
    const repeat = button.closest("[data-repeat]");
    const count = repeat ? rowsOf(repeat).length : 0;
    if ((await refresh(button)) && repeat) land(repeat, button.dataset.rows, count);
  });
}

function stay(form, button) {
  const line = button.closest("[data-placed]");
  if (!line) return form.querySelector(`#${CSS.escape(button.dataset.lands)}`)?.focus();
  button.focus();
  return announce(line.dataset.placed.replace("{place}", line.querySelector("input").value));
}

const rowsOf = (repeat) => [...repeat.querySelectorAll("[data-row]")].filter((row) => row.closest("[data-repeat]") === repeat);

function land(repeat, purpose, before) {
  const all = rowsOf(repeat);
  const target = purpose === "add" && all.length > before
    ? all.at(-1).querySelector("input:not([type=hidden]), select, textarea, button")
    : [...repeat.querySelectorAll("button[data-rows=add]")].at(-1);
  target?.focus();
}
