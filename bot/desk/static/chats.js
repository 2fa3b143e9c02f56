// Chats: the list and the open conversation follow the server; what is being written is never lost.
import { call, keep, onLive, tell } from "./desk.js";

const page = document.querySelector("[data-chats]");
const rows = page.querySelector("[data-rows]");
const talk = page.querySelector("[data-talk]");
const open = Number(page.dataset.open ?? 0);
const scroll = page.querySelector("[data-scroll]");

async function refreshRows() {
  const answer = await call(`/desk/chats${open ? `/${open}` : ""}?tab=${page.dataset.tab}&only=list`).catch(() => null);
  if (answer) rows.innerHTML = await answer.text();
}

const lastSeq = () => Number(talk?.lastElementChild?.dataset.seq ?? 0);
const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 160;
const toEnd = () => { if (scroll) scroll.scrollTop = scroll.scrollHeight; };

async function refreshTalk() {
  if (!talk) return;
  const follow = atEnd();
  const answer = await call(`/desk/chats/${open}/talk?after=${lastSeq()}`).catch(() => null);
  if (!answer) return;
  const before = lastSeq();
  const piece = document.createRange().createContextualFragment(await answer.text());
  for (const line of [...piece.children]) if (Number(line.dataset.seq) > before) talk.append(line);
  if (follow) toEnd();
  if (lastSeq() !== before) suggest();
}

page.querySelector("[data-earlier]")?.addEventListener("click", async (event) => {
  const first = talk.firstElementChild;
  const answer = await call(`/desk/chats/${open}/talk?before=${first.dataset.seq}`).catch((error) => tell(error.message));
  if (!answer) return;
  const piece = document.createRange().createContextualFragment(await answer.text());
  if (piece.children.length < 100) event.target.hidden = true;
  talk.prepend(piece);
  first.scrollIntoView();
});

// A suggestion belongs to what the citizen said last; when they write again it vanishes, and a new one comes.
const box = page.querySelector("[data-suggestion]");
let asking = null;
async function suggest() {
  if (!box) return;
  box.hidden = true;
  asking?.abort();
  const from = [...talk.children].at(-1)?.dataset.from;
  if (from !== "citizen") return;
  asking = new AbortController();
  const answer = await call(`/desk/chats/${open}/suggestion`, { signal: asking.signal }).catch(() => null);
  const found = await answer?.json();
  if (!found?.messages.length) return;
  page.querySelector("[data-suggested]").textContent = found.messages.join("\n\n");
  box.hidden = false;
}

const reply = page.querySelector("[data-reply]");
if (reply) {
  const field = reply.elements.text;
  const sent = keep(field, `reply.${open}`);
  const use = () => { field.value = page.querySelector("[data-suggested]").textContent; field.dispatchEvent(new Event("input")); field.focus(); };
  page.querySelector("[data-use]").addEventListener("click", use);
  page.querySelector("[data-phrases]")?.addEventListener("change", (event) => {
    field.value = [field.value, event.target.value].filter(Boolean).join(" ");
    field.dispatchEvent(new Event("input"));
    event.target.value = "";
    field.focus();
  });
  addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "1" && !box.hidden) { event.preventDefault(); use(); }
    if (event.ctrlKey && event.key === "Enter" && event.target === field) reply.requestSubmit();
  });
  reply.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = reply.querySelector("button.main");
    button.disabled = true;
    try {
      await call(reply.action, { form: new FormData(reply) });
      sent();
      box.hidden = true;
      await refreshTalk();
      toEnd();
    } catch (error) {
      tell(error.message, 12);
    } finally {
      button.disabled = false;
      field.focus();
    }
  });
}

onLive("chats", ({ changed }) => {
  refreshRows();
  if (!changed.includes(open)) return;
  refreshTalk();
});

toEnd();
suggest();
