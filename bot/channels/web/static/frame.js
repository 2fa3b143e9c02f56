// In a frame on another site: tells the page around it how many messages nobody has seen, and when to close.
import { FRAMED } from "./door.js";

// the server names those who may show the frame; the browser lets no other page do it either
const trusted = new Set([location.origin, ...(document.documentElement.dataset.parents || "").split(" ")]);
let around = ""; // the origin of the page around us, once it has greeted
let open = false;

/** Does somebody look at the page? A frame may be folded away in a page that is looked at. */
export function isSeen() {
  return document.visibilityState === "visible" && (!FRAMED || open);
}

/** Say something to the page around us: { unread: 2 }, { close: true }. */
export function tell(words) {
  if (around) window.parent.postMessage({ motcua: words }, around);
}

/** Wire the frame: `onGreeted` runs when the page around us can be told something, `onOpen` when the frame is opened. */
export function watchFrame({ onGreeted, onOpen }) {
  if (!FRAMED) return;
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent || !trusted.has(origin) || !data || !data.motcua) return;
    const words = data.motcua;
    if (words.hello) {
      around = origin;
      tell({ ready: true });
      onGreeted();
    }
    if (typeof words.open !== "boolean") return;
    open = words.open;
    document.dispatchEvent(new Event("visibilitychange"));
    if (open) onOpen();
  });
  document.addEventListener("keydown", (event) => {
    // a question of the page's own closes first; while a word is being composed the key belongs to it
    if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
    tell({ close: true });
  });
}
