// News as they come: one connection that the server writes to. Where there is none, the page asks now and then.
import { CALLS } from "./door.js";

const REST_MS = 60000; // the server has no room, or a proxy lets no stream through: not before

/** The stream of this page. `live` says whether news come by themselves now. */
export class News {
  #source = null;
  #notBefore = 0;

  /** `onNews` gets what the server writes, `onLost` is told when the connection is gone. */
  constructor({ onNews, onLost }) {
    this.live = false;
    this.onNews = onNews;
    this.onLost = onLost;
  }

  /** Listen from a place in the conversation on; one connection is enough. */
  listen(place) {
    if (this.#source || !window.EventSource || Date.now() < this.#notBefore) return;
    const source = new EventSource(`${CALLS}/events?from=${encodeURIComponent(place)}`);
    this.#source = source;
    // only what has come says that it does come: a proxy may hold everything back
    source.addEventListener("ready", () => (this.live = true));
    source.addEventListener("news", (event) => {
      this.live = true;
      this.onNews(JSON.parse(event.data));
    });
    // newer pages of the same visitor took the place: this one asks, until it is looked at again
    source.addEventListener("overtaken", () => this.close(Infinity));
    source.addEventListener("error", () => {
      const lost = this.live;
      this.live = false;
      // the browser comes back by itself after a cut, but not after a refusal
      if (source.readyState === EventSource.CLOSED) this.close(REST_MS);
      if (lost) this.onLost();
    });
  }

  /** Hang up; listening again has no effect before `restMs` have passed. */
  close(restMs = 0) {
    if (this.#source) this.#source.close();
    this.#source = null;
    this.live = false;
    this.#notBefore = Date.now() + restMs;
  }

  /** Whoever looks at the page again may listen at once. */
  hurry() {
    this.#notBefore = 0;
  }
}
