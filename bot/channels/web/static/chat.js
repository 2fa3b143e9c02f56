// The citizen chat page: wires the box, the log, the queue and the news together.
import { CALLS, FRAMED, KEPT, recall, remember } from "./door.js";
import { watchEnd } from "./end.js";
import { isSeen, watchFrame } from "./frame.js";
import { News } from "./live.js";
import { Log, localElement, setState } from "./messages.js";
import { newId, Outbox, request } from "./outbox.js";
import { watchPhotos } from "./photo.js";
import { watchReading } from "./reading.js";
import { countUnseen, tellUnseen } from "./unseen.js";

const POLL_MS = 20000;
const LIVE_POLL_MS = 120000; // news come by themselves: only in case the connection died without a word
const HIDDEN_POLL_MS = 60000; // nobody looks: a notice may take a minute to show in the title
const AGAIN_MS = 8000; // after a failure
const SOON_MS = 3000; // no answer yet in the reply to a message: look again soon
const LONGEST = 4000;

const byId = (id) => document.getElementById(id);
const [scroller, logRoot, typing, box, form, status, toEnd, photo] = [
  "scroller", "log", "typing", "box", "form", "status", "to-end", "photo",
].map(byId);
const log = new Log(logRoot);
const outbox = new Outbox();
const localById = new Map();
const news = new News({ onNews: hear, onLost: () => plan(SOON_MS) });
const held = []; // news that came while a message was on its way: they may hold that very message
let conversation; // the server's name for the one on the page; undefined: not told yet, null: there is none
let cursor = 0; // moved by polls and news only: an answer to a POST may skip a message of the staff
let round = 0;
let pollTimer = 0;
let started = false; // the old conversation is on the page
let stale = null; // another conversation has to come in its place; what was answered to the message that changed it

// ---- scrolling and focus --------------------------------------------------------------------
const fromEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;

function scrollToEnd(first = null) {
  scroller.scrollTop = scroller.scrollHeight;
  // a long answer is read from its beginning, not from its end
  if (first) {
    const over = scroller.getBoundingClientRect().top + 12 - first.getBoundingClientRect().top;
    if (over > 0) scroller.scrollTop -= over;
  }
}

function focusBox() {
  // on phones a focus would raise the keyboard over the answer
  if (matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
  else if (document.activeElement === document.body) scroller.focus({ preventScroll: true });
}

/** Add messages; keep the reader's place when they have scrolled up. */
function addAll(messages, follow) {
  const near = follow || fromEnd() < 160;
  const added = messages.map((message) => log.add(message)).filter(Boolean);
  if (!added.length) return;
  const heard = added.filter((element) => element.dataset.from !== "citizen");
  if (near) scrollToEnd(heard[0]);
  else toEnd.hidden = false;
  if (started) countUnseen(heard.length);
}

// ---- sending --------------------------------------------------------------------------------
const handlers = {
  onSending(item) {
    setState(localById.get(item.id), "sending");
    typing.hidden = false;
    if (fromEnd() < 160) scrollToEnd();
  },
  onSent(item, { conversation: tag, messages }) {
    say("");
    typing.hidden = !outbox.waiting;
    const element = localById.get(item.id);
    localById.delete(item.id);
    // "linked": this visitor's channels have been joined, their conversation is another one now
    const linked = messages.some(({ custom }) => custom && custom.kind === "info" && custom.topic === "linked");
    if (linked || !belongs(tag)) {
      element.remove();
      // fetched whole when nothing is on its way any more
      stale = messages.filter((message) => message.from !== "citizen");
      return;
    }
    log.adopt(element, messages.find((message) => message.from === "citizen"));
    addAll(messages, true);
    if (!messages.some((message) => message.from !== "citizen")) plan(SOON_MS);
  },
  onFailed(item, reason) {
    setState(localById.get(item.id), "failed");
    say(reason || "Chưa có mạng. Tin của anh/chị vẫn giữ ở đây, có mạng em gửi lại.");
  },
  onRefused(item, reason) {
    setState(localById.get(item.id), "refused", reason);
  },
};

function showLocal(item) {
  const element = localElement(item);
  localById.set(item.id, element);
  logRoot.append(element);
  setState(element, item.refused ? "refused" : "sending", item.refused);
}

async function flush() {
  if (outbox.busy) return;
  round += 1;
  try {
    await outbox.run(handlers);
  } finally {
    typing.hidden = true;
    round += 1;
  }
  if (stale) await startOver(stale);
  if (!outbox.waiting) for (const body of held.splice(0)) hear(body);
}

function send(item) {
  const full = { id: newId(), ...item };
  outbox.push(full);
  showLocal(full);
  scrollToEnd();
  flush();
}

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

// ---- fetching -------------------------------------------------------------------------------
function plan(ms) {
  clearTimeout(pollTimer);
  pollTimer = setTimeout(poll, ms);
}

/** Is this of the conversation on the page? Another one has other numbers. */
function belongs(tag) {
  if (tag === undefined || tag === conversation) return true;
  if (conversation) return false;
  conversation = tag;
  return true;
}

/** Put messages on the page that follow each other without a gap. */
function take({ conversation: tag, messages }, follow = false) {
  if (!belongs(tag)) {
    startOver();
    return;
  }
  addAll(messages, follow);
  for (const message of messages) if (message.seq > cursor) cursor = message.seq;
}

/** News that came by themselves. */
function hear(body) {
  if (!outbox.busy && !outbox.waiting) {
    take(body);
    return;
  }
  held.push(body);
  flush(); // what waits to be sent may be in the news: sending it again tells
}

async function fetchNew(follow = false) {
  const mine = round;
  const body = await request(`${CALLS}/messages?after=${cursor}`);
  // a message sent meanwhile could stand in this answer before it is adopted: ask again soon
  if (mine !== round || outbox.busy) return false;
  // this browser keeps no cookies in frames
  if (FRAMED) document.documentElement.dataset.session = body.session === false ? "none" : "kept";
  take(body, follow);
  if (status.dataset.poll) say("");
  delete status.dataset.poll;
  return true;
}

/** One look at the server; answers how long to wait before the next. */
async function look(follow = false) {
  try {
    if (outbox.waiting) await flush();
    if (outbox.waiting && !follow) return AGAIN_MS;
    if (!(await fetchNew(follow))) return SOON_MS;
    // who has said nothing and does not look will hear nothing: no connection for them
    if (conversation || isSeen()) news.listen(`${conversation || "-"}.${cursor}`);
    return news.live ? LIVE_POLL_MS : POLL_MS;
  } catch {
    if (!outbox.waiting) {
      say("Em chưa kết nối được, em đang thử lại.");
      status.dataset.poll = "1";
    }
    return AGAIN_MS;
  }
}

async function poll() {
  const hidden = document.visibilityState === "hidden";
  plan(hidden ? HIDDEN_POLL_MS : POLL_MS);
  // nothing was said yet, so nothing will come
  if (hidden && !outbox.waiting && !logRoot.querySelector("[data-seq]")) return;
  const next = await look();
  plan(hidden ? Math.max(next, HIDDEN_POLL_MS) : next);
}

// ---- the box --------------------------------------------------------------------------------
function fitBox() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  remember("sessionStorage", `${KEPT}draft`, box.value);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim().normalize("NFC");
  const length = [...text].length;
  if (length > LONGEST) {
    say(`Tin hơi dài (${length} trên ${LONGEST} ký tự). Anh/chị chia làm hai tin giúp em.`);
  } else if (text) {
    box.value = "";
    fitBox();
    send({ text, title: text });
  }
  if (matchMedia("(pointer: fine)").matches) box.focus();
});

box.addEventListener("input", fitBox);
box.addEventListener("keydown", (event) => {
  // keyCode 229: the key still belongs to the Vietnamese input method
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit ? form.requestSubmit() : form.dispatchEvent(new Event("submit", { cancelable: true }));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { say: sentence, payload, act } = button.dataset;
  if (sentence) {
    send({ text: sentence, title: sentence });
  } else if (payload) {
    // an impatient second press while the first is on its way is the same press
    if (outbox.items.some((item) => item.button === payload && !item.refused)) return;
    send({ button: payload, title: button.textContent });
  } else if (act === "locate") {
    locate(button);
    return;
  } else if (act === "photo") {
    photo.click();
    return;
  } else if (act) {
    const element = button.closest(".msg");
    const item = outbox.items.find((one) => one.id === element.dataset.messageId);
    if (!item) return;
    if (act === "retry") {
      outbox.reopen(item.id);
      flush();
    } else {
      outbox.remove(item.id);
      localById.delete(item.id);
      element.remove();
      if (item.photo) {
        photo.click();
        return;
      }
      box.value = [item.title, box.value].filter(Boolean).join("\n");
      fitBox();
      box.focus();
    }
  } else {
    return;
  }
  focusBox();
});

/** Send where the citizen is, to two decimals (about a kilometre): enough for the nearest office, no more. */
function locate(button) {
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => send({ text: `geo:${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`, title: "Vị trí của tôi" }),
    () => {
      button.disabled = false;
      say("Máy chưa cho xem vị trí. Anh/chị gõ tên xã, phường giúp em.");
    },
    { timeout: 15000, maximumAge: 600000 },
  );
}

watchPhotos(photo, { send, say });
watchEnd(() => {
  clearTimeout(pollTimer);
  outbox.clear();
  box.value = "";
});

// ---- reading ----------------------------------------------------------------------------------
toEnd.addEventListener("click", () => {
  scrollToEnd();
  focusBox();
});
scroller.addEventListener("scroll", () => {
  if (fromEnd() < 60) toEnd.hidden = true;
});
watchReading((change) => {
  const near = fromEnd() < 160;
  change();
  fitBox();
  if (near) scrollToEnd();
});

// ---- start ----------------------------------------------------------------------------------
window.addEventListener("online", poll);
window.addEventListener("offline", () => say("Đang mất mạng. Anh/chị cứ gõ, có mạng em gửi."));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  news.hurry();
  poll();
});
window.addEventListener("pagehide", () => news.close());

/** Fetch the whole conversation and show it: it is not read aloud, only what comes after it. */
async function showAll() {
  started = false;
  logRoot.setAttribute("aria-live", "off");
  const next = await look(true);
  if (outbox.items.length || cursor) scrollToEnd();
  started = true;
  setTimeout(() => logRoot.setAttribute("aria-live", "polite"), 300);
  plan(next);
}

/** This visitor's conversation is another one now: it comes in the place of the one on the page, with the answer last. */
async function startOver(answer = []) {
  stale = null;
  round += 1; // what is being fetched is of the old one
  news.close();
  held.length = 0;
  log.clear();
  [conversation, cursor] = [undefined, 0];
  await showAll();
  for (const message of answer) log.addLoose(message);
  if (answer.length) scrollToEnd();
}

watchFrame({ onOpen: focusBox, onGreeted: tellUnseen });
box.value = recall("sessionStorage", `${KEPT}draft`) || box.value;
fitBox();
outbox.items.forEach(showLocal);
// a frame that is still folded away takes no focus from the page around it
if (!FRAMED && matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
showAll();
