// The line that tells whether the work is safe. Its sentences come from the page (data attributes).
import { announce } from "./live.js";

const ALARMS = new Set(["offline", "expired", "moved", "refused"]);

export function savedLine(element, form) {
  let said = "";

  function show(state, time = "") {
    if (!element) return;
    if (state === "saved" && !time) time = clock();
    const sentence = (element.dataset[state] ?? "").replace("{time}", time);
    element.dataset.state = state;
    element.textContent = sentence;
    if (state === "expired") element.append(" ", signIn());
    if (state === "moved") element.append(" ", settle());
    if (ALARMS.has(state) && state !== said) announce(sentence);
    said = state;
  }

  function signIn() {
    const link = document.createElement("a");
    link.href = form.dataset.signInUrl ?? "/";
    link.target = "_blank";
    link.rel = "opener";
    link.textContent = element.dataset.signIn;
    return link;
  }

  // The page is sent as without a script: the answer shows both texts.
  function settle() {
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "button button-small";
    button.textContent = element.dataset.settle;
    return button;
  }

  return { show };
}

const clock = () => new Date().toLocaleTimeString(document.documentElement.lang || "fr", { hour: "2-digit", minute: "2-digit" });
