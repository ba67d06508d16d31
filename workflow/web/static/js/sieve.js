// Shortens a list of choices to those whose label has what is typed; those already chosen stay in sight.
import { announce } from "./live.js";

export function sieves(root) {
  root.addEventListener("input", (event) => {
    if (!isSieve(event.target)) return;
    event.stopPropagation();
    sift(event.target);
  }, true);
  root.addEventListener("change", (event) => { if (isSieve(event.target)) event.stopPropagation(); }, true);
  root.addEventListener("keydown", (event) => { if (event.key === "Enter" && isSieve(event.target)) event.preventDefault(); });
}

// The server knows nothing of what is looked for: after it worked the section out again, the lists are shortened anew.
export function siftAgain(root) {
  for (const sieve of root.querySelectorAll("[data-sieve]")) if (sieve.value.trim()) hide(sieve);
}

const isSieve = (field) => field.dataset?.sieve !== undefined;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function sift(sieve) {
  const left = hide(sieve);
  announce(sieve.dataset.left.replace("{count}", String(left)));
}

function hide(sieve) {
  const wanted = plain(sieve.value.trim());
  const choices = [...document.getElementById(sieve.dataset.sieve).querySelectorAll(".choice")];
  for (const choice of choices) {
    choice.hidden = !plain(choice.textContent).includes(wanted) && !choice.querySelector("input").checked;
  }
  return choices.filter((choice) => !choice.hidden).length;
}
