// What every page of the desk has: theme and size, calls to the server that lose nothing, live news, keys.
const root = document.documentElement;
const told = document.querySelector("[data-told]");
let hiding;

/** Say something in the corner, for people and for screen readers. */
export function tell(text, seconds = 6) {
  told.textContent = text;
  told.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { told.hidden = true; }, seconds * 1000);
}

/** Fetch a page or a piece of one; a thrown error has a sentence for the member of the staff. */
export async function call(address, { form = null, signal = null } = {}) {
  const headers = { "X-Requested-With": "desk", "X-CSRF": document.querySelector('meta[name="csrf"]').content };
  let answer;
  try {
    answer = await fetch(address, { method: form ? "POST" : "GET", headers, signal, body: form ? new URLSearchParams(form) : null });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("Mạng đang chập chờn, chưa gửi được; chữ đang gõ vẫn còn.");
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => null);
  if (answer.status === 401) {
    // What is being written stays on this page; the sign-in opens beside it.
    const again = confirm("Phiên làm việc đã hết. Mở trang đăng nhập ở thẻ mới? Chữ đang gõ vẫn còn ở đây.");
    if (again) window.open("/desk/sign-in", "_blank", "noopener");
  }
  throw new Error(said?.error?.message ?? "Máy chủ trục trặc, anh/chị thử lại giúp.");
}

/** Keep what is typed in a field across reloads, lost networks and ended sessions, until it was sent. */
export function keep(field, name) {
  const key = `motcua.desk.${name}`;
  try {
    field.value ||= sessionStorage.getItem(key) ?? "";
    field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  } catch { /* storage is switched off: the field alone keeps it */ }
  return () => { field.value = ""; try { sessionStorage.removeItem(key); } catch { /* as above */ } };
}

// Fields of plain forms, by the name in data-keep: what was not saved (the session had ended, say) stands there again.
const KEPT = "motcua.desk.form.", SENT = "motcua.desk.sent";
try {
  if (new URLSearchParams(location.search).has("done")) {
    for (const key of JSON.parse(sessionStorage.getItem(SENT) ?? "[]")) sessionStorage.removeItem(key);
  }
  sessionStorage.removeItem(SENT);
  for (const field of document.querySelectorAll("[data-keep]")) {
    const key = KEPT + field.dataset.keep;
    field.value = sessionStorage.getItem(key) ?? field.value;  // also over what the server filled in
    keep(field, `form.${field.dataset.keep}`);
    field.form.addEventListener("submit", () => {
      const keys = [...field.form.querySelectorAll("[data-keep]")].map((one) => KEPT + one.dataset.keep);
      sessionStorage.setItem(SENT, JSON.stringify(keys));
    });
  }
} catch { /* storage is switched off: the fields alone keep it */ }

const listeners = new Map();
/** Call `what` with the data of each live event of a kind ("chats", "tickets"). */
export function onLive(kind, what) {
  listeners.set(kind, [...(listeners.get(kind) ?? []), what]);
}

function listen() {
  const source = new EventSource("/desk/live");
  for (const kind of ["chats", "tickets"]) {
    source.addEventListener(kind, (event) => {
      const data = JSON.parse(event.data);
      for (const what of listeners.get(kind) ?? []) what(data);
    });
  }
}

let before = null;
onLive("chats", ({ waiting }) => {
  const count = document.querySelector('[data-count="waiting"]');
  if (!count) return;
  count.hidden = !waiting;
  count.textContent = waiting;
  if (before !== null && waiting > before) tell("Có người dân mới đang chờ nhân viên.");
  before = waiting;
});

function remember(name, value) { try { localStorage.setItem(name, value); } catch { /* for this page only */ } }
try { root.dataset.size = localStorage.getItem("motcua.desk.size") ?? ""; } catch { /* the usual size */ }
document.querySelector("[data-size-toggle]")?.addEventListener("click", () => {
  root.dataset.size = String((Number(root.dataset.size || 0) + 1) % 3);
  remember("motcua.desk.size", root.dataset.size);
});
document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  remember("motcua.theme", root.dataset.theme);
});

// "/" goes to the search of the page, wherever nothing is being typed.
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, textarea, select") || event.altKey || event.ctrlKey) return;
  const search = document.querySelector("[data-search]");
  if (search) { event.preventDefault(); search.focus(); search.select?.(); }
});
if (document.querySelector(".me")) listen();
