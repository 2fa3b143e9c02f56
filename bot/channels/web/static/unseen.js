// How many messages came while nobody looked: the tab's title tells, or the button of the frame.
import { isSeen, tell } from "./frame.js";

const title = document.title;
let unseen = 0;

/** Tell the page around a frame. */
export function tellUnseen() {
  tell({ unread: unseen });
}

function show() {
  document.title = unseen ? `(${unseen}) ${title}` : title;
  tellUnseen();
}

/** Count messages that have just come, if nobody looks. */
export function countUnseen(more) {
  if (isSeen() || !more) return;
  unseen += more;
  show();
}

document.addEventListener("visibilitychange", () => {
  if (!isSeen() || !unseen) return;
  unseen = 0;
  show();
});
