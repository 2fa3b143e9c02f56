// "Xóa màn hình": on a shared computer nothing of the conversation is left to the next person.
import { CALLS, DOOR, KEPT } from "./door.js";
import { request } from "./outbox.js";

const byId = (id) => document.getElementById(id);
const others = "BroadcastChannel" in window ? new BroadcastChannel(`motcua.${DOOR}`) : null;

/** Remove what this page has stored; storage may be switched off. */
function forget() {
  for (const store of ["sessionStorage", "localStorage"]) {
    try {
      const keys = Object.keys(window[store]).filter((key) => key.startsWith(KEPT));
      for (const key of keys) window[store].removeItem(key);
    } catch {
      // nothing was stored either
    }
  }
}

/** Wire the button in the header; `empty` drops what the page itself holds: the queue and the draft. */
export function watchEnd(empty) {
  const [open, ask, yes, no, problem] = ["end", "end-ask", "end-yes", "end-no", "end-problem"].map(byId);

  function leave() {
    empty();
    forget();
    location.reload();
  }

  async function end() {
    yes.disabled = true;
    problem.textContent = "";
    try {
      // the session is a cookie that scripts cannot touch: the server has to replace it
      await request(`${CALLS}/end`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    } catch {
      yes.disabled = false;
      problem.textContent = "Chưa có mạng nên em chưa xóa được. Có mạng, anh/chị bấm lại giúp em.";
      yes.focus();
      return;
    }
    if (others) others.postMessage("ended");
    leave();
  }

  open.addEventListener("click", () => {
    problem.textContent = "";
    if (ask.showModal) {
      ask.showModal();
      no.focus(); // what does no harm comes first
    } else if (confirm(`${byId("end-title").textContent} ${byId("end-text").textContent}`)) end();
  });
  yes.addEventListener("click", end);
  no.addEventListener("click", () => ask.close());
  // other tabs of the same browser show the same conversation
  if (others) others.addEventListener("message", leave);
  // "back" may bring up a page as it was before the end
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}
