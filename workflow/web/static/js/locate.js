// Fills latitude and longitude with the position of the device, when its owner asks and the browser agrees.
import { announce } from "./live.js";

export function locating(root) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-locate]");
    if (button) locate(button);
  });
}

function locate(button) {
  const { locate: id, waiting, found, refused } = button.dataset;
  if (!navigator.geolocation) return announce(refused);
  announce(waiting);
  const settle = (position) => { fill(id, position.coords); announce(found); };
  return navigator.geolocation.getCurrentPosition(settle, () => announce(refused), { enableHighAccuracy: true, timeout: 20000 });
}

function fill(id, { latitude, longitude, altitude, accuracy }) {
  const [lat, lon] = [latitude, longitude].map((degrees) => String(Number(degrees.toFixed(6))));
  const local = (number) => (document.documentElement.lang === "en" ? number : number.replace(".", ","));
  const first = document.getElementById(id);
  document.getElementById(`${id}-measured`).value = `${lat} ${lon} ${rounded(altitude)} ${rounded(accuracy)}`;
  document.getElementById(`${id}-lon`).value = local(lon);
  first.value = local(lat);
  first.dispatchEvent(new Event("input", { bubbles: true }));
  first.dispatchEvent(new Event("change", { bubbles: true }));
}

const rounded = (metres) => String(Number((metres ?? 0).toFixed(1)));
