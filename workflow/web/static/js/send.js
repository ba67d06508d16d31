// Posts a form by fetch and says in one word how it went.
// outcome: saved, expired (signed out), moved (changed by somebody else), refused, offline (try again).
// merged: what was saved in passing lacks what somebody else wrote meanwhile: the page is to be drawn again.
// stored: the server says it kept the draft (204, or the header X-Relais-Saved).

const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

const outcomes = { 401: "expired", 409: "moved" };

function outcomeOf(response) {
  if (response.ok) return "saved";
  if (response.type === "opaqueredirect") return "expired";
  if (response.status >= 500) return "offline";
  return outcomes[response.status] ?? "refused";
}

export async function send(form, url, purpose, button = null) {
  const body = new FormData(form);
  const files = purpose === "autosave" ? [] : chosen(form);
  if (purpose === "autosave") for (const field of fileFields(form)) body.delete(field.name);
  if (button) body.set(button.name, button.value);
  const request = {
    method: "POST",
    body,
    redirect: "manual",
    credentials: "same-origin",
    headers: { "X-CSRFToken": token(), "X-Relais": purpose },
  };
  try {
    const response = await fetch(url, request);
    const outcome = outcomeOf(response);
    takeVersion(form, response);
    const html = outcome === "saved" && response.status !== 204 ? await response.text() : "";
    const savedAt = response.headers.get("X-Relais-Saved") ?? "";
    if (savedAt) forget(files);
    const merged = purpose === "autosave" && response.headers.has("X-Relais-Merged");
    return { outcome, html, savedAt, merged, stored: response.status === 204 || savedAt !== "" };
  } catch (error) {
    if (error instanceof TypeError) return { outcome: "offline", html: "", savedAt: "", stored: false };
    throw error;
  }
}

const fileFields = (form) => form.querySelectorAll("input[type=file]");
const chosen = (form) => [...fileFields(form)].filter((field) => field.files.length).map((field) => [field, field.files[0]]);

// A file travels once: the server has it, or said why it cannot be kept.
function forget(files) {
  for (const [field, file] of files) if (field.files[0] === file) field.value = "";
}

function takeVersion(form, response) {
  for (const [header, name] of [["X-Relais-Version", "version"], ["X-Relais-Seen", "seen"]]) {
    const told = response.headers.get(header);
    const field = form.elements.namedItem(name);
    if (told !== null && field) field.value = told;
  }
}

// After a new sign-in the old token is void: the page is asked again for a fresh one.
export async function refreshToken() {
  const response = await fetch(location.href, { redirect: "manual", credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("meta[name=csrf-token]")?.content;
  if (!fresh) return false;
  document.querySelector("meta[name=csrf-token]").content = fresh;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = fresh;
  return true;
}
