// Adds and removes rows of a repeat in place. Asked by hand, so here the focus does move: to the new row.
// Enter in a field (data-rows=refresh) works the section out again and leaves the focus alone.

export function rows(form, refresh) {
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-rows]");
    if (!button) return;
    event.preventDefault();
    const repeat = button.closest("[data-repeat]");
    const count = repeat ? rowsOf(repeat).length : 0;
    if ((await refresh(button)) && repeat) land(repeat, button.dataset.rows, count);
  });
}

const rowsOf = (repeat) => [...repeat.querySelectorAll("[data-row]")].filter((row) => row.closest("[data-repeat]") === repeat);

function land(repeat, purpose, before) {
  const all = rowsOf(repeat);
  const target = purpose === "add" && all.length > before
    ? all.at(-1).querySelector("input:not([type=hidden]), select, textarea, button")
    : [...repeat.querySelectorAll("button[data-rows=add]")].at(-1);
  target?.focus();
}
