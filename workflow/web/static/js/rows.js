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
    const repeat = button.closest("[data-repeat]") ?? document.getElementById(button.dataset.repeatId);
    const place = placeOf(repeat, button);
    const count = repeat ? rowsOf(repeat).length : 0;
    if ((await refresh(button)) && repeat) land(repeat, { purpose, count, place });
  });
}

function stay(form, button) {
  const line = button.closest("[data-placed]");
  if (!line) return form.querySelector(`#${CSS.escape(button.dataset.lands)}`)?.focus();
  button.focus();
  return announce(line.dataset.placed.replace("{place}", line.querySelector("input").value));
}

const rowsOf = (repeat) => [...repeat.querySelectorAll("[data-row]")].filter((row) => row.closest("[data-repeat]") === repeat);

const placeOf = (repeat, button) => (repeat ? rowsOf(repeat).indexOf(button.closest("[data-row]")) : -1);
const firstField = (row) => row?.querySelector("input:not([type=hidden]), select, textarea, button");

// After a removal the focus goes to the row that took the place, or to the one before it.
function land(repeat, { purpose, count, place }) {
  const all = rowsOf(repeat);
  const add = [...repeat.querySelectorAll("button[data-rows=add]")].at(-1);
  if (purpose === "remove" && all.length < count) announce(document.querySelector("[data-saved-line]")?.dataset.removed);
  if (purpose === "add" && all.length > count) return (firstField(all.at(-1)) ?? add)?.focus();
  const target = purpose === "restore" ? all.at(-1) : all[Math.min(place, all.length - 1)];
  return (firstField(target) ?? add)?.focus();
}
