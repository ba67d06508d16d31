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

const isSieve = (field) => field.dataset?.sieve !== undefined;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function sift(sieve) {
  const wanted = plain(sieve.value.trim());
  const choices = [...document.getElementById(sieve.dataset.sieve).querySelectorAll(".choice")];
  for (const choice of choices) {
    choice.hidden = !plain(choice.textContent).includes(wanted) && !choice.querySelector("input").checked;
  }
  announce(sieve.dataset.left.replace("{count}", String(choices.filter((choice) => !choice.hidden).length)));
}
