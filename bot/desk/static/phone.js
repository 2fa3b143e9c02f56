// Phone mode: a suggestion while it is typed, one key to take it, one to go on, one to send it.
import { call, keep, tell } from "./desk.js";

const page = document.querySelector("[data-call]");
const id = page?.dataset.call;
const at = (path) => `/desk/phone/${id}/${path}`;
const $ = (what) => page.querySelector(what);
const DEBOUNCE = 120;

document.querySelector("[data-print-now]")?.addEventListener("click", () => print());
document.querySelector("[data-wrong]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    tell((await (await call(form.action, { form: new FormData(form) })).json()).said, 10);
    form.hidden = true;
  } catch (error) { tell(error.message, 12); }
});

// --- the words of the caller -------------------------------------------------------------------------------------
const say = page?.querySelector("[data-say]");
const field = say?.elements.text;
const box = page?.querySelector("[data-suggestion]");
let asking = false, waiting, asked = "", signedOut = false, busy = false, forget = () => {}, messageId = null;

function newId() { return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`; }

function hideSuggestion() {
  clearTimeout(waiting);
  asked = "";
  box.hidden = true;
}

// One question at a time: what was typed meanwhile is asked when the answer is there, so fifty desks stay quick.
async function suggest() {
  const text = field.value.trim();
  if (text === asked || asking || signedOut || busy) return;
  asked = text;
  if (text.length < 2) { box.hidden = true; return; }
  const form = new FormData();
  form.set("text", text);
  asking = true;
  try {
    const answer = await call(at("suggest"), { form });
    const found = answer.status === 200 ? await answer.json() : null;
    if (found && asked === text && !busy) show(found);
  } catch (error) {
    signedOut = /Phiên làm việc/.test(error.message);
  } finally {
    asking = false;
    if (asked && field.value.trim() !== text) suggest();
  }
}

function paragraph(name, text) {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
}

function show(found) {
  $("[data-warning]").textContent = found.warning;
  $("[data-warning]").hidden = !found.warning;
  const told = found.answers.map((one) => paragraph("lines", one.text));
  const source = $("[data-source]");
  source.textContent = found.answers.map((one) => one.source).filter(Boolean).join(" ");
  source.hidden = !source.textContent;
  if (found.helpless) told.push(paragraph("quiet", "Chưa rõ ý; hỏi thêm người gọi, hoặc chọn thủ tục bên cạnh."));
  $("[data-answers]").replaceChildren(...told);
  const ask = $("[data-ask]");
  ask.hidden = !found.ask.length;
  ask.lastElementChild.textContent = found.ask.join(" · ");
  const guide = $("[data-guide]");
  guide.hidden = !found.guide;
  if (found.guide) {
    guide.querySelector("b").textContent = `Hướng dẫn, bước ${found.guide.step}/${found.guide.of}: ${found.guide.title}`;
    guide.querySelector("a").href = found.guide.counter;
  }
  box.hidden = false;
  if (found.procedures.length) listProcedures(found.procedures);
  const code = $("[data-dossier]").elements.code;
  if (found.dossier && code !== document.activeElement) {
    code.value = found.dossier;
    code.closest("details").open = true;
  }
}

async function take(values) {
  if (busy) return;
  busy = true;
  hideSuggestion();
  const form = new FormData();
  messageId ??= newId();
  form.set("message_id", messageId);
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  try {
    const answer = await call(at("say"), { form });
    $("[data-live]").innerHTML = await answer.text();
    messageId = null;
    signedOut = false;
    taken();
    return true;
  } catch (error) {
    tell(error.message, 12);  // the number of the message stays: sending it again does nothing twice
    return false;
  } finally {
    busy = false;
    field.focus();
  }
}

function taken() {
  const about = $("[data-about]").dataset;
  if (about.linked) $("[data-linked]").textContent = `Đã nối với ${about.linked}.`;
  printLink();
  if (about.procedure && about.procedure !== $("[data-listed]")?.dataset.listed) open(about.procedure);
}

function printLink() {
  const inbox = $("[data-about]").dataset.inbox;
  $("[data-print]").href = at(`print${inbox ? `?inbox=${inbox}` : ""}`);
}

// --- procedures and papers ---------------------------------------------------------------------------------------
const chosen = () => $("[data-listed]")?.dataset.listed;

function listProcedures(found) {
  $("[data-procedures]").replaceChildren(...found.map((one) => {
    const row = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.dataset.code = one.code;
    button.setAttribute("aria-pressed", String(one.code === chosen()));
    const name = document.createElement("span"), chance = document.createElement("span");
    name.textContent = one.name;
    chance.className = "quiet";
    chance.textContent = one.chance >= 0.01 ? `${Math.round(100 * one.chance)} %` : "";
    button.append(name, chance);
    row.append(button);
    return row;
  }));
}

async function open(code, which = "") {
  const answer = await call(at(`papers/${encodeURIComponent(code)}?case=${encodeURIComponent(which)}`)).catch((error) => tell(error.message));
  if (!answer) return;
  $("[data-papers]").innerHTML = await answer.text();
  for (const button of page.querySelectorAll("[data-code]")) button.setAttribute("aria-pressed", String(button.dataset.code === code));
  const had = remembered().split(",");
  for (const tick of ticks()) tick.checked = had.includes(tick.value);
  count();
}

const ticks = () => [...page.querySelectorAll("[data-paper]")];
const ticksKey = () => `motcua.desk.papers.${id}.${chosen()}.${$("[data-listed]").dataset.case}`;
function remembered() { try { return sessionStorage.getItem(ticksKey()) ?? ""; } catch { return ""; } }
const have = () => ticks().filter((one) => one.checked).map((one) => one.value).join(",");

function count() {
  const left = $("[data-left]");
  if (!left) return;
  left.textContent = `${ticks().filter((one) => one.checked).length}/${ticks().length}`;
  const listed = $("[data-listed]").dataset;
  $("[data-print-papers]").href = at(`print?${new URLSearchParams({ code: listed.listed, case: listed.case, have: have() })}`);
}

async function send(values) {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  try {
    tell((await (await call(at("send"), { form })).json()).said);
  } catch (error) { tell(error.message, 12); }
}

const sendAnswer = () => send({ inbox: $("[data-about]").dataset.inbox });

// --- keys and presses --------------------------------------------------------------------------------------------
async function copy(text) {
  try { await navigator.clipboard.writeText(text); tell("Đã chép."); } catch { tell("Trình duyệt không cho chép, anh/chị bôi đen rồi Ctrl+C."); }
}

if (say) {
  forget = keep(field, `call.${id}`);
  const takeTyped = async () => {
    const text = field.value.trim();
    if (text && await take({ text })) { if (field.value.trim() === text) forget(); else suggest(); }
  };
  field.addEventListener("input", (event) => {
    messageId = null;
    clearTimeout(waiting);
    // A word that is finished, or a text that was pasted, is asked about at once; a half word waits a moment.
    const whole = /\s$/.test(field.value) || event.inputType?.startsWith("insertFrom");
    waiting = setTimeout(suggest, whole ? 0 : DEBOUNCE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); takeTyped(); }
    if (event.key === "Escape") hideSuggestion();
  });
  say.addEventListener("submit", (event) => { event.preventDefault(); takeTyped(); });
  suggest();

  const link = $("[data-link]"), dossier = $("[data-dossier]"), note = $("[data-note]");
  link.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await take({ text: link.elements.text.value.trim() })) link.reset();
  });
  dossier.elements.reason.addEventListener("change", () => {
    const other = dossier.elements.reason.selectedIndex === dossier.elements.reason.options.length - 1;
    $("[data-other]").hidden = !other;
    dossier.elements.other.required = other;
  });
  dossier.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      $("[data-card]").innerHTML = await (await call(dossier.action, { form: new FormData(dossier) })).text();
      note.elements.subject.value ||= $("[data-card] h3")?.textContent ?? "";
    } catch (error) { tell(error.message, 12); }
  });
  const noted = keep(note.elements.text, `note.${id}`);
  note.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = new FormData(note), ends = event.submitter?.name === "end";
    if (ends) form.set("end", "1");
    try {
      const answer = await call(note.action, { form });
      noted();
      if (ends) { forget(); location.assign("/desk/phone"); return; }
      $("[data-noted]").textContent = (await answer.json()).said;
      note.elements.topic.value = "";
    } catch (error) { tell(error.message, 12); }
  });

  page.addEventListener("click", (event) => {
    const on = (what) => event.target.closest(what);
    if (on("[data-press]")) { messageId = null; take({ press: on("[data-press]").dataset.press }); }
    else if (on("[data-quick]")) { messageId = null; take({ text: on("[data-quick]").dataset.quick }); }
    else if (on("[data-send-papers]")) { const { listed, case: which } = $("[data-listed]").dataset; send({ code: listed, case: which, have: have() }); }
    else if (on("[data-send]")) sendAnswer();
    else if (on("[data-copy]")) copy($("[data-plain]").textContent);
  });
  const keys = { KeyG: sendAnswer, KeyI: () => $("[data-print]").click(), KeyK: () => document.querySelector("button[name=end]").click() };
  addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const number = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const what = number ? () => page.querySelectorAll("[data-press]")[number - 1]?.click() : keys[event.code];
    if (what) { event.preventDefault(); what(); }
  });
}

if (page) {
  page.addEventListener("click", (event) => { const code = event.target.closest("[data-code]")?.dataset.code; if (code) open(code); });
  page.addEventListener("change", (event) => {
    if (event.target.matches("[data-cases]")) open(chosen(), event.target.value);
    if (event.target.matches("[data-paper]")) { try { sessionStorage.setItem(ticksKey(), have()); } catch { /* the boxes alone keep it */ } count(); }
  });
  taken();
}
