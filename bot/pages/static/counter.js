// One step at a time, for somebody who helps a citizen at the counter. Nothing about the citizen is asked or kept:
// the page makes a random name for the run and reports only which step was shown, done or stuck at.
const byId = (id) => document.getElementById(id);
const counter = byId("counter");
const steps = [...counter.querySelectorAll("[data-step]")];
const [where, progress, end, times, back, next, stuck, again] = [
  "where", "progress", "end", "times", "back", "next", "stuck", "again",
].map(byId);
const [later, code] = ["later", "code"].map(byId);
const KEYS = { ArrowRight: next, ArrowLeft: back, x: "tick", v: stuck };
const RETRY_MS = 10000;

let run = newRun();
let at = 0; // the step that is shown; steps.length: the end
let spent = steps.map(() => 0); // milliseconds
let since = performance.now();
let told = new Set(); // reports that were made: none is sent twice
let waiting = [];
let sending = false;

function newRun() {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Count the time of the step that is shown; a page in the background stands still. */
function count() {
  const now = performance.now();
  if (at < steps.length && document.visibilityState === "visible") spent[at] += now - since;
  since = now;
}

function report(event, step) {
  const key = `${event} ${step}`;
  if (told.has(key)) return;
  told.add(key);
  waiting.push({ run, step, event });
  send();
}

/** Send what waits, in order. Without a network it waits; the work at the counter goes on. */
async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    try {
      const answer = await fetch(counter.dataset.address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(waiting[0]),
        keepalive: true,
      });
      if (answer.status >= 500) throw new Error(answer.status);
      waiting.shift();
    } catch {
      setTimeout(send, RETRY_MS);
      break;
    }
  }
  sending = false;
}

const tickOf = (step) => step.querySelector("[data-tick]");

function show(place, focus = true) {
  count();
  at = Math.max(0, Math.min(place, steps.length));
  const over = at === steps.length;
  steps.forEach((step, index) => (step.hidden = index !== at));
  end.hidden = !over;
  back.disabled = at === 0;
  next.hidden = stuck.hidden = over;
  again.hidden = !over;
  where.textContent = over ? "Hết các bước" : `Bước ${at + 1}/${steps.length}`;
  if (over) listTimes();
  else report("shown", steps[at].dataset.step);
  tell();
  if (focus) (over ? end : steps[at]).querySelector("h2").focus();
}

function tell() {
  byId("this-step").textContent = clock(at < steps.length ? spent[at] : 0);
  byId("total").textContent = clock(spent.reduce((sum, ms) => sum + ms, 0));
  progress.value = steps.filter((step) => tickOf(step).checked).length;
}

function listTimes() {
  const rows = steps.map((step, index) => {
    const row = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = `${index + 1}. ${step.querySelector("h2").textContent}`;
    const time = document.createElement("td");
    time.textContent = `${clock(spent[index])}${tickOf(step).checked ? "" : " (chưa xong)"}`;
    row.append(name, time);
    return row;
  });
  times.replaceChildren(...rows);
}

function ticked(step) {
  if (tickOf(step).checked) report("done", step.dataset.step);
  tell();
}

/** Ask for the code with which the citizen goes on at home; what was reported before must have arrived. */
async function keep() {
  const asked = run;
  code.hidden = false;
  code.textContent = "Đang lấy mã…";
  let said = "Chưa lấy được mã, bấm lại sau vài giây giúp em.";
  try {
    const answer = await fetch(counter.dataset.codes, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ run: asked }),
    });
    if (answer.ok) {
      const given = await answer.json();
      said = `Mã làm tiếp: ${given.code}. Người dân nhắn mã này cho Một Cửa là làm tiếp từ bước ${given.step}, đến ${given.until}.`;
    }
  } catch {
    // without a network the sentence above says what to do
  }
  if (asked === run) code.textContent = said;
}

/** The next citizen: everything begins anew, under another random name. */
function begin() {
  code.hidden = true;
  run = newRun();
  spent = steps.map(() => 0);
  told = new Set();
  steps.forEach((step) => (tickOf(step).checked = false));
  since = performance.now();
  at = 0;
  show(0);
}

steps.forEach((step) => tickOf(step).addEventListener("change", () => ticked(step)));
next.addEventListener("click", () => show(at + 1));
back.addEventListener("click", () => show(at - 1));
again.addEventListener("click", begin);
later.addEventListener("click", keep);
stuck.addEventListener("click", () => {
  report("stuck", steps[at].dataset.step);
  where.textContent = `Bước ${at + 1}/${steps.length}: đã ghi là bị vướng`;
});
document.addEventListener("keydown", (event) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const does = KEYS[key];
  if (!does || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  event.preventDefault();
  if (does !== "tick") {
    if (!does.hidden && !does.disabled) does.click();
  } else if (at < steps.length) {
    tickOf(steps[at]).click();
  }
});
document.addEventListener("visibilitychange", () => {
  // what was counted until now is kept; from now on the page is hidden, or seen again
  if (document.visibilityState === "visible") since = performance.now();
  else if (at < steps.length) spent[at] += performance.now() - since;
});
setInterval(() => {
  count();
  tell();
}, 1000);
counter.hidden = false;
show(0, false);
