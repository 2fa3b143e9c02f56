// Which of its two places the page stands in: by itself, or in a frame on another site. Each has a session of its own.

export const DOOR = document.documentElement.dataset.door;
export const FRAMED = DOOR === "widget";
/** Where the calls of this door begin. */
export const CALLS = `/${DOOR}`;
/** What this door keeps in the browser is named so. */
export const KEPT = FRAMED ? "motcua.widget." : "motcua.";

/** Read what was kept; storage may be switched off. */
export function recall(store, key) {
  try {
    return window[store].getItem(key);
  } catch {
    return null;
  }
}

/** Keep something small. */
export function remember(store, key, value) {
  try {
    window[store].setItem(key, value);
  } catch {
    // not kept, nothing else breaks
  }
}
