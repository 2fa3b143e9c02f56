// How the page reads: text size, light or dark, and the height that a phone's keyboard leaves.
import { recall, remember } from "./door.js";

const SIZES = [["A", "thường", "lớn hơn"], ["A+", "lớn", "lớn hơn nữa"], ["A++", "rất lớn", "về cỡ thường"]];
const root = document.documentElement;
const byId = (id) => document.getElementById(id);

function setSize(index) {
  const [sign, name, next] = SIZES[index];
  root.dataset.size = String(index);
  byId("size-now").textContent = sign;
  byId("size-hint").textContent = `(${name}), bấm để chữ ${next}`;
}

/** Is it dark now, by choice or by the system? */
function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function nameTheme() {
  byId("theme-hint").textContent = isDark() ? "Chuyển sang nền sáng" : "Chuyển sang nền tối";
}

/** Wire the controls; `keepPlace` runs a change of layout and brings the reader back to where they were. */
export function watchReading(keepPlace) {
  setSize(Number(recall("localStorage", "motcua.size")) % SIZES.length || 0);
  nameTheme();

  byId("size").addEventListener("click", () => {
    const index = (Number(root.dataset.size) + 1) % SIZES.length;
    keepPlace(() => setSize(index));
    remember("localStorage", "motcua.size", String(index));
  });

  byId("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("localStorage", "motcua.theme", root.dataset.theme);
    nameTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener?.("change", nameTheme);

  if (!window.visualViewport) return;
  // iOS lays its keyboard over the page: follow the visible height, so that header and box both stay in view
  visualViewport.addEventListener("resize", () => {
    if (visualViewport.scale > 1.01) return;
    keepPlace(() => root.style.setProperty("--seen", `${visualViewport.height}px`));
  });
}
