// A model or a clause is written: the pages follow the text, a remark leads to its line, a click puts a field in.
// Without this file the button "See the document" does the same, one page at a time.
import { announce } from "./live.js";
import { send } from "./send.js";

const PAUSE = 900;

const form = document.querySelector("form[data-studio]");
if (form) studio(form);

function studio(form) {
  const text = form.elements.namedItem("text");
  const look = document.createElement("input");
  Object.assign(look, { type: "hidden", name: "look" });
  if ("settings" in form.elements) form.append(look);
  let waiting = 0;
  let busy = false;
  let again = false;
  let written = false;

  // One proof at a time: what is typed meanwhile is seen by the next one.
  async function see() {
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    form.classList.add("studio-waiting");
    const nothing = form.querySelector("[data-nothing]");
    if (nothing) nothing.textContent = form.dataset.working;
    look.value = written ? lineAt(text) : "";
    const answer = await send(form, form.dataset.studio, "proof");
    busy = false;
    if (again) { see(); return; }
    form.classList.remove("studio-waiting");
    if (answer.outcome === "saved") show(form, answer.html);
    else announce(form.dataset.late);
  }

  const soon = () => { clearTimeout(waiting); waiting = setTimeout(see, PAUSE); };
  for (const field of form.querySelectorAll("textarea")) field.addEventListener("input", () => { written = field === text; soon(); });
  for (const name of ["case", "model", "large"]) form.elements.namedItem(name)?.addEventListener("change", see);
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (event.submitter?.value !== "see") return;
    event.preventDefault();
    see();
  });
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-line]");
    if (line) { event.preventDefault(); select(form, line.dataset.field, Number(line.dataset.line)); }
    const insert = event.target.closest("[data-insert]");
    if (insert) { put(text, insert.closest(".insert").querySelector(".insert-code").textContent); soon(); }
  });
  for (const button of document.querySelectorAll("[data-insert]")) button.hidden = false;
  follow(form);
  if (!form.querySelector("[data-pages]") && !form.querySelector("[data-announce]")) see();
}

// The new pages take the place of the old ones; one goes on looking at the same place.
function show(form, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-proof]");
  const old = form.querySelector("[data-proof]");
  if (!fresh || !old) return;
  const place = old.querySelector("[data-pages]")?.scrollTop ?? 0;
  const before = said(old);
  const last = old.querySelector("[data-pages]");
  if (last && !fresh.querySelector("[data-pages]")) { last.classList.add("proof-stale"); fresh.append(last); }
  old.replaceWith(fresh);
  const pages = fresh.querySelector("[data-pages]");
  if (pages) goTo(pages, place, Number(pages.dataset.seek));
  if (said(fresh) !== before) announce(said(fresh));
  follow(form);
}

// Where one was; on the page of the words being written, when that one is out of sight.
function goTo(pages, place, number) {
  pages.scrollTop = place;
  const page = pages.querySelector(`[data-page="${number}"]`);
  if (!page) return;
  const top = page.offsetTop - pages.offsetTop;
  if (top > pages.scrollTop + pages.clientHeight * 0.7 || top + page.offsetHeight < pages.scrollTop + pages.clientHeight * 0.3) pages.scrollTop = top;
}

const said = (box) => box.querySelector("[data-announce] .state")?.textContent.trim() ?? "";

// Which page one looks at.
function follow(form) {
  const pages = form.querySelector("[data-pages]");
  const at = form.querySelector("[data-at]");
  if (!pages || !at || at.dataset.of === "0") return;
  const tell = () => {
    const middle = pages.getBoundingClientRect().top + pages.clientHeight / 2;
    const seen = [...pages.querySelectorAll("[data-page]")].filter((page) => page.getBoundingClientRect().top <= middle).pop();
    at.textContent = at.dataset.words.replace("{page}", seen?.dataset.page ?? "1").replace("{count}", at.dataset.of);
  };
  pages.addEventListener("scroll", tell, { passive: true });
  tell();
}

function lineAt(text) {
  const start = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  const end = text.value.indexOf("\n", text.selectionStart);
  return text.value.slice(start, end < 0 ? undefined : end).slice(0, 1000);
}

function select(form, name, line) {
  const text = form.elements.namedItem(name);
  text.closest("details")?.setAttribute("open", "");
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  const height = parseFloat(getComputedStyle(text).lineHeight) || 24;
  text.scrollTop = Math.max(0, (line - 4) * height);
}

function put(text, snippet) {
  text.focus();
  text.setRangeText(snippet, text.selectionStart, text.selectionEnd, "end");
}
