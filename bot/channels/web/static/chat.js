// The citizen chat page: wires the box, the log, the queue and the poll together.
import { watchEnd } from "./end.js";
import { Log, localElement, setState } from "./messages.js";
import { newId, Outbox, request } from "./outbox.js";
import { watchPhotos } from "./photo.js";
import { countUnseen } from "./unseen.js";

const POLL_MS = 20000;
const HIDDEN_POLL_MS = 60000; // nobody looks: a notice may take a minute to show in the title
const AGAIN_MS = 8000; // after a failure
const SOON_MS = 3000; // no answer yet in the reply to a message: look again soon
const LONGEST = 4000;
const SIZES = [["A", "thường", "lớn hơn"], ["A+", "lớn", "lớn hơn nữa"], ["A++", "rất lớn", "về cỡ thường"]];

const byId = (id) => document.getElementById(id);
const [scroller, logRoot, typing, box, form, status, toEnd, photo] = [
  "scroller", "log", "typing", "box", "form", "status", "to-end", "photo",
].map(byId);
const log = new Log(logRoot);
const outbox = new Outbox();
const localById = new Map();
let cursor = 0; // moved by polls only: an answer to a POST may skip a message of the staff
let round = 0;
let pollTimer = 0;
let started = false; // the old conversation is on the page

// ---- storage that may be switched off -------------------------------------------------------
function recall(store, key) {
  try {
    return window[store].getItem(key);
  } catch {
    return null;
  }
}

function remember(store, key, value) {
  try {
    window[store].setItem(key, value);
  } catch {
    // not remembered, nothing else breaks
  }
}

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
  onSent(item, messages) {
    say("");
    typing.hidden = !outbox.waiting;
    log.adopt(localById.get(item.id), messages.find((message) => message.from === "citizen"));
    localById.delete(item.id);
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

async function fetchNew(follow = false) {
  const mine = round;
  const messages = await request(`/web/messages?after=${cursor}`);
  // a message sent meanwhile could stand in this answer before it is adopted: ask again soon
  if (mine !== round || outbox.busy) return false;
  addAll(messages, follow);
  for (const message of messages) if (message.seq > cursor) cursor = message.seq;
  if (status.dataset.poll) say("");
  delete status.dataset.poll;
  return true;
}

/** One look at the server; answers how long to wait before the next. */
async function look(follow = false) {
  try {
    if (outbox.waiting) await flush();
    if (outbox.waiting && !follow) return AGAIN_MS;
    return (await fetchNew(follow)) ? POLL_MS : SOON_MS;
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
  remember("sessionStorage", "motcua.draft", box.value);
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

// ---- reading: end button, text size, height above the phone's keyboard -----------------------
toEnd.addEventListener("click", () => {
  scrollToEnd();
  focusBox();
});
scroller.addEventListener("scroll", () => {
  if (fromEnd() < 60) toEnd.hidden = true;
});

function setSize(index) {
  const [sign, name, next] = SIZES[index];
  document.documentElement.dataset.size = String(index);
  byId("size-now").textContent = sign;
  byId("size-hint").textContent = `(${name}), bấm để chữ ${next}`;
  fitBox();
}

byId("size").addEventListener("click", () => {
  const index = (Number(document.documentElement.dataset.size) + 1) % SIZES.length;
  const near = fromEnd() < 160;
  setSize(index);
  remember("localStorage", "motcua.size", String(index));
  if (near) scrollToEnd();
});

if (window.visualViewport) {
  // iOS lays its keyboard over the page: follow the visible height, so that header and box both stay in view
  visualViewport.addEventListener("resize", () => {
    if (visualViewport.scale > 1.01) return;
    const near = fromEnd() < 160;
    document.documentElement.style.setProperty("--seen", `${visualViewport.height}px`);
    if (near) scrollToEnd();
  });
}

// ---- start ----------------------------------------------------------------------------------
window.addEventListener("online", poll);
window.addEventListener("offline", () => say("Đang mất mạng. Anh/chị cứ gõ, có mạng em gửi."));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && poll());

async function start() {
  box.value = recall("sessionStorage", "motcua.draft") || box.value;
  setSize(Number(recall("localStorage", "motcua.size")) % SIZES.length || 0);
  // the old conversation is shown, not read aloud
  logRoot.setAttribute("aria-live", "off");
  outbox.items.forEach(showLocal);
  const next = await look(true);
  if (outbox.items.length || cursor) scrollToEnd();
  started = true;
  setTimeout(() => logRoot.setAttribute("aria-live", "polite"), 300);
  plan(next);
}

if (matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
start();
