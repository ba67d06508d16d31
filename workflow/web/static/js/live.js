// Says a sentence politely to those who listen to the page.
export function announce(sentence) {
  const live = document.getElementById("live");
  if (!live || !sentence) return;
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = sentence; });
}
