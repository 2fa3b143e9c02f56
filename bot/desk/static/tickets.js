// Tickets: what is typed stays until it was taken; the list says when something changed and reloads only when asked.
import { keep, onLive } from "/desk/static/desk.js";

// The page that follows says what was done: only then is the kept text of it forgotten.
const done = new URLSearchParams(location.search).get("done");
const fields = [...document.querySelectorAll("[data-keep]")];
if (done) {
  const id = location.pathname.split("/").pop();
  const name = { close: `ticket-${id}`, note: `ticket-note-${id}`, new: "ticket-new" }[done];
  try { if (name) sessionStorage.removeItem(`motcua.desk.${name}`); } catch { /* storage is switched off */ }
}
for (const field of fields) keep(field, field.dataset.keep);

const news = document.querySelector("[data-news]");
onLive("tickets", () => { if (news) news.hidden = false; });
