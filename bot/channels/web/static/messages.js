// Messages -> elements, and their order in the log.
import { cardFor, FIELD_KINDS, withoutDrawn } from "./cards.js";
import { filesOf, sketchOf } from "./pictures.js";
import { appendText, make } from "./text.js";

const SENDERS = { bot: "Trợ lý AI", citizen: "Anh/chị", staff: "Cán bộ hỗ trợ" };
const ZONE = { timeZone: "Asia/Ho_Chi_Minh" };
const CLOCK = new Intl.DateTimeFormat("vi-VN", { ...ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DATE = new Intl.DateTimeFormat("vi-VN", { ...ZONE, day: "2-digit", month: "2-digit" });

function timeOf(at) {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return null;
  const today = DATE.format(new Date()) === DATE.format(moment);
  const time = make("time", "", today ? CLOCK.format(moment) : `${CLOCK.format(moment)}, ${DATE.format(moment)}`);
  time.dateTime = at;
  return time;
}

function buttonsOf(buttons) {
  const row = make("div", "buttons");
  for (const { title, payload } of buttons) {
    const button = make("button", "", title);
    button.type = "button";
    button.dataset.payload = payload;
    row.append(button);
  }
  return row;
}

/** A row with a button of the page's own: it does something that the server cannot. */
function ownButton(title, act) {
  const row = make("div", "buttons");
  const button = make("button", "", title);
  button.type = "button";
  button.dataset.act = act;
  row.append(button);
  return row;
}

function foot(element, ...parts) {
  let line = element.querySelector(".foot");
  if (!line) element.append((line = make("p", "foot")));
  line.replaceChildren(...parts.filter(Boolean));
}

/** Build the element of one message. */
export function messageElement(message) {
  const custom = message.custom || {};
  const from = SENDERS[message.from] ? message.from : "bot";
  const element = make("article", "msg");
  element.dataset.from = from;
  if (from !== "citizen") element.dataset.kind = custom.kind || "text";
  element.append(make("p", "who", SENDERS[from]));
  const bubble = make("div", "bubble");
  if (from === "citizen") {
    bubble.append(make("p", "as-typed", message.text));
  } else {
    const card = cardFor(custom);
    if (card) bubble.append(card);
    const files = Array.isArray(custom.files) ? custom.files : [];
    // a file has a link of its own here: its address need not be read
    const lines = (message.text || "").split("\n").filter((line) => !files.some((file) => line.includes(file.url)));
    appendText(bubble, withoutDrawn(custom, lines).join("\n"), { fields: FIELD_KINDS.has(custom.kind) });
    if (custom.image && custom.image.url) {
      // what to do and how it looks stand together; what if not comes after
      const list = bubble.querySelector(":scope > ul");
      const sketch = sketchOf(custom.image, custom.page);
      if (list) list.after(sketch);
      else bubble.append(sketch);
    }
    if (files.length) bubble.append(filesOf(files));
  }
  element.append(bubble);
  if (message.at) foot(element, timeOf(message.at));
  if (message.buttons && message.buttons.length) element.append(buttonsOf(message.buttons));
  // shares where the citizen is, to about a kilometre; the page sends it as a message like any other
  if (custom.asks_location && navigator.geolocation) element.append(ownButton("Gửi vị trí của tôi", "locate"));
  if (custom.asks_photo) element.append(ownButton("Gửi ảnh giấy hẹn", "photo"));
  return element;
}

/** The citizen's own message before the server has it. */
export function localElement(item) {
  const element = messageElement({ from: "citizen", text: item.title });
  element.dataset.messageId = item.id;
  if (item.photo) element.dataset.photo = "";
  if (item.preview) {
    // what was chosen is seen at once; the words below it say it to those who do not see
    item.preview.className = "preview";
    item.preview.setAttribute("aria-hidden", "true");
    element.querySelector(".bubble").prepend(item.preview);
  }
  return element;
}

/** Show how far a local message is: sending, failed (may be tried again) or refused (with the server's reason). */
export function setState(element, state, reason = "") {
  element.dataset.state = state;
  if (state === "sending") {
    foot(element, "Đang gửi…");
    return;
  }
  const again = make("button", "small", "thử lại");
  again.type = "button";
  again.dataset.act = "retry";
  const words = make("span", "warn", state === "refused" && reason ? reason : "Chưa gửi được – ");
  const change = "photo" in element.dataset ? "chọn ảnh khác" : "sửa lại";
  const edit = state === "refused" ? make("button", "small", change) : null;
  if (edit) {
    edit.type = "button";
    edit.dataset.act = "edit";
  }
  foot(element, words, again, edit);
}

/** The messages in order: numbered ones by their number, those not yet sent after them. */
export class Log {
  constructor(root) {
    this.root = root;
    this.bySeq = new Map();
    this.loose = [];
  }

  /** Put a message at its place; returns its element if it is new, null if it is already there. */
  add(message) {
    if (!Number.isInteger(message.seq) || this.bySeq.has(message.seq)) return null;
    const element = messageElement(message);
    this.#number(element, message.seq);
    const later = [...this.root.children].find(
      (other) => other.dataset.messageId || Number(other.dataset.seq) > message.seq,
    );
    this.root.insertBefore(element, later || null);
    return element;
  }

  /** The server has it: the local element becomes the stored message, so that it is not read aloud twice. */
  adopt(element, message) {
    const known = !message || this.bySeq.has(message.seq);
    const changed = message && element.querySelector(".as-typed").textContent !== message.text;
    const inOrder = message && Math.max(0, ...this.bySeq.keys()) < message.seq;
    if (known || changed || !inOrder) {
      element.remove();
      if (message) this.add(message);
      return;
    }
    delete element.dataset.messageId;
    delete element.dataset.state;
    this.#number(element, message.seq);
    foot(element, timeOf(message.at));
  }

  /** Show what was said in the conversation before this one: its number and its buttons mean nothing here. */
  addLoose(message) {
    const here = this.bySeq.get(message.seq);
    const element = messageElement({ ...message, buttons: [] });
    const words = (of) => of.querySelector(".bubble").textContent;
    if (here && words(here) === words(element)) return; // it is of this one after all
    this.loose.push(element);
    this.root.append(element);
  }

  /** Take every message away that the server has: another conversation comes in their place. */
  clear() {
    for (const element of [...this.bySeq.values(), ...this.loose]) element.remove();
    this.bySeq.clear();
    this.loose = [];
  }

  #number(element, seq) {
    element.dataset.seq = String(seq);
    this.bySeq.set(seq, element);
  }
}
