// What the citizen has sent and the server has not yet confirmed: in order, one at a time, kept over a reload.
import { CALLS, KEPT } from "./door.js";

const KEY = `${KEPT}outbox`;
const PATIENCE_MS = 40000;
const PHOTO_PATIENCE_MS = 120000; // a photo over a slow network
const TRIES = 4; // after so many answers of 5xx a message steps aside, so that it does not hold up those behind it

/** A failure with the server's words; its `status` is 0 when it was the network. */
export class SendError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }

  /** Will the same message not pass later either? */
  get lasting() {
    return this.status >= 400 && this.status < 500 && ![408, 425, 429].includes(this.status);
  }
}

/** A random UUID; crypto.randomUUID is missing on plain http and on older phones. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** One request that answers {"messages": […], …}, or a SendError. */
export async function request(path, options = {}, patience = PATIENCE_MS) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const response = await fetch(path, { ...options, signal: stop.signal, credentials: "same-origin", cache: "no-store" });
    const body = await response.json().catch(() => ({}));
    if (response.ok && Array.isArray(body.messages)) return body;
    throw new SendError((body.error && body.error.message) || "", response.status);
  } catch (problem) {
    throw problem instanceof SendError ? problem : new SendError("", 0);
  } finally {
    clearTimeout(timer);
  }
}

/** Post one message of the queue: a text, a pressed button, or a photo. */
function post(item) {
  if (item.photo) {
    const headers = { "Content-Type": item.photo.type };
    const options = { method: "POST", headers, body: item.photo };
    return request(`${CALLS}/slip?message_id=${encodeURIComponent(item.id)}`, options, PHOTO_PATIENCE_MS);
  }
  const body = { message_id: item.id, ...(item.button ? { button: item.button } : { text: item.text }) };
  return request(`${CALLS}/messages`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** The queue. sessionStorage, not localStorage: nothing stays on a shared computer when the tab is closed. */
export class Outbox {
  constructor() {
    this.busy = false;
    this.items = [];
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) || "[]");
      if (Array.isArray(kept)) this.items = kept.filter((item) => item && item.id && item.title);
    } catch {
      // storage is switched off or holds rubbish: start empty
    }
  }

  /** Are there messages that a further try may bring through? */
  get waiting() {
    return this.items.some((item) => !item.refused);
  }

  push(item) {
    this.items.push(item);
    this.#keep();
  }

  remove(id) {
    this.items = this.items.filter((item) => item.id !== id);
    this.#keep();
  }

  /** Forget everything, even what waits to be sent. */
  clear() {
    this.items = [];
    this.#keep();
  }

  /** Take back a refusal, so that the next run tries the message again. */
  reopen(id) {
    for (const item of this.items) if (item.id === id) Object.assign(item, { refused: "", tries: 0 });
    this.#keep();
  }

  /** Send what waits, oldest first. The same message_id is sent again after a failure, so a second try has no second effect. */
  async run({ onSending, onSent, onFailed, onRefused }) {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let item; (item = this.items.find((one) => !one.refused)); ) {
        onSending(item);
        try {
          const answer = await post(item);
          this.remove(item.id);
          onSent(item, answer);
        } catch (problem) {
          if (!(problem instanceof SendError)) throw problem;
          item.tries = (item.tries || 0) + (problem.status >= 500 ? 1 : 0);
          // too many photos: what is typed must not wait behind this one for minutes
          const aside = problem.lasting || item.tries >= TRIES || (item.photo && problem.status === 429);
          if (!aside) {
            this.#keep();
            for (const one of this.items) if (!one.refused) onFailed(one, problem.message);
            return;
          }
          item.refused = problem.message || "Tin này chưa gửi được.";
          this.#keep();
          onRefused(item, item.refused);
        }
      }
    } finally {
      this.busy = false;
    }
  }

  #keep() {
    try {
      // a photo lives as long as the page, no longer
      sessionStorage.setItem(KEY, JSON.stringify(this.items.filter((item) => !item.photo)));
    } catch {
      // without storage the queue still lives as long as the page
    }
  }
}
