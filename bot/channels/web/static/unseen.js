// How many messages came while nobody looked: the tab's title tells.

const title = document.title;
let unseen = 0;

function show() {
  document.title = unseen ? `(${unseen}) ${title}` : title;
}

/** Count messages that have just come, if the page is hidden. */
export function countUnseen(more) {
  if (document.visibilityState !== "hidden") return;
  unseen += more;
  show();
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  unseen = 0;
  show();
});
