// What some kinds of message show above their words: a dossier's way, a guide's step, a summary's title.
import { make } from "./text.js";

const WAY = ["Gửi hồ sơ", "Tiếp nhận", "Giải quyết", "Có kết quả", "Đã trả"];
// status 1-10 of a dossier -> place on the way, and whether it moves, waits for the citizen, or ended there
const PLACES = {
  1: [0, "now"], 2: [1, "now"], 3: [1, "stopped"], 4: [2, "now"], 5: [2, "waits"],
  6: [2, "waits"], 7: [2, "stopped"], 8: [2, "stopped"], 9: [3, "now"], 10: [4, "done"],
};
// never colour alone: each state has its own sign and its own word
const SIGNS = { done: "✓", now: "●", waits: "!", stopped: "✕", ahead: "" };
const WORDS = { done: "đã qua", now: "đang ở đây", waits: "đang chờ anh/chị", stopped: "dừng ở đây", ahead: "chưa tới" };
const STEP_LINE = /^[✓●!✕○] /; // how a timeline stands in the text, for channels that do not draw
const PROGRESS_LINE = /^Bước \d+\/\d+ ●+○*$/;

const ZONE = { timeZone: "Asia/Ho_Chi_Minh" };
const DAY = new Intl.DateTimeFormat("vi-VN", { ...ZONE, day: "2-digit", month: "2-digit", year: "numeric" });
const CLOCK = new Intl.DateTimeFormat("vi-VN", { ...ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A date in Vietnam, as 24/11/2026; a plain date stays that date in every time zone. */
export function dayOf(value) {
  const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (plain) return `${plain[3]}/${plain[2]}/${plain[1]}`;
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? "" : DAY.format(moment);
}

/** A line that ends in a dossier's code; the code is not torn apart at its dashes. */
function withCode(className, words, code) {
  const line = make("p", className, `${words} `);
  line.append(make("span", "code", code));
  return line;
}

function sign(state) {
  const mark = make("span", "sign", SIGNS[state]);
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

/** The five places of every dossier, with the one where this one stands. */
function way(at, state) {
  const list = make("ol", "way");
  WAY.forEach((name, index) => {
    const here = index === at ? state : index < at ? "done" : "ahead";
    const step = make("li");
    step.dataset.step = here;
    if (index === at) step.setAttribute("aria-current", "step");
    step.append(sign(here), make("span", "way-name", name), make("span", "hear", `: ${WORDS[here]}`));
    list.append(step);
  });
  // small screens show the dots without their names: this line names the place
  const now = make("p", "way-now", `Bước ${at + 1}/${WAY.length}: ${WAY[at]}`);
  if (state === "waits" || state === "stopped") now.append(` – ${WORDS[state]}`);
  now.setAttribute("aria-hidden", "true");
  return [list, now];
}

function stepsOf(custom) {
  const states = Object.keys(SIGNS);
  const steps = Array.isArray(custom.timeline) ? custom.timeline : [];
  return steps.filter((step) => step && step.label && states.includes(step.state));
}

/** Every step that a dossier has taken, one below the other, the last with what it means now. */
function timeline(steps) {
  const list = make("ol", "steps");
  const last = steps.map((step) => step.state !== "ahead").lastIndexOf(true);
  steps.forEach(({ label, at, state }, index) => {
    const step = make("li");
    step.dataset.step = state;
    if (index === last) step.setAttribute("aria-current", "step");
    const words = make("div");
    words.append(make("p", "step-name", label));
    const day = at ? dayOf(at) : "";
    // of what lies ahead only the day is promised
    const when = day && state !== "ahead" && at.includes("T") ? `${CLOCK.format(new Date(at))}, ${day}` : day;
    const told = make("p", "step-when", when);
    const word = make("span", state === "done" ? "hear" : "step-word", WORDS[state]);
    if (when) told.append(make("span", state === "done" ? "hear" : "", " · "));
    told.append(word);
    words.append(told);
    step.append(sign(state), words);
    list.append(step);
  });
  return list;
}

/** The lines of a message without those that its card draws: a timeline, a progress bar. */
export function withoutDrawn(custom, lines) {
  if (custom.kind === "account_guide") {
    return lines.filter((line) => !PROGRESS_LINE.test(line) && line !== `${custom.title}:`);
  }
  if (custom.kind !== "dossier_status" || !stepsOf(custom).length) return lines;
  return lines
    .map((line, index) => (STEP_LINE.test(lines[index + 1] || "") ? line.replace(/:$/, ".") : line))
    .filter((line) => !STEP_LINE.test(line));
}

function dossierStatus(custom) {
  const place = PLACES[custom.status];
  const steps = stepsOf(custom);
  const card = make("div", "card");
  // tier 0: a notice that came by itself
  if (custom.code) card.append(withCode("card-over", custom.tier === 0 ? "Tin báo về hồ sơ" : "Hồ sơ", custom.code));
  if (custom.upstream_label) {
    card.append(make("p", "card-title", `Hệ thống ghi: ${custom.upstream_label}`));
  } else if (custom.title || custom.label) {
    card.append(make("p", "card-title", custom.title || custom.label));
  }
  if (steps.length) card.append(timeline(steps));
  else if (place && !custom.upstream_label) card.append(...way(...place));
  const dates = make("dl", "fields");
  const row = (name, value) => value && dates.append(make("dt", "", name), make("dd", "", value));
  row("Hẹn trả", custom.due_at && dayOf(custom.due_at));
  row("Hẹn lại", custom.new_due_at && dayOf(custom.new_due_at));
  row("Hạn bổ sung", custom.supplement_due_at && dayOf(custom.supplement_due_at));
  row("Dự kiến (ước tính)", custom.estimate_due_at && dayOf(custom.estimate_due_at));
  row("Trễ hẹn", custom.late_working_days > 0 && `${custom.late_working_days} ngày làm việc`);
  if (dates.firstChild) card.append(dates);
  return card;
}

function accountGuide(custom) {
  const [step, of] = [Number(custom.step), Number(custom.of)];
  if (!(step >= 1 && of >= step && of <= 30)) return null;
  const guide = make("div", "guide");
  const bar = make("span", "guide-bar");
  bar.setAttribute("aria-hidden", "true");
  for (let index = 1; index <= of; index += 1) bar.append(make("i", index <= step ? "on" : ""));
  guide.append(make("p", "card-over", `Bước ${step}/${of}`), bar);
  if (custom.title) guide.append(make("p", "card-title", custom.title));
  return guide;
}

const titled = (text) => make("p", "card-title", text);

const CARDS = {
  dossier_status: dossierStatus,
  account_guide: accountGuide,
  subscribed: ({ code }) => (code ? withCode("card-title", "Đang theo dõi hồ sơ", code) : null),
  unsubscribed: ({ code }) => (code ? withCode("card-title", "Đã ngừng báo tin hồ sơ", code) : null),
  pickup_summary: () => titled("Anh/chị xem lại giúp em"),
  pickup_booked: (custom) => (custom.booking ? titled(`Mã hẹn ${custom.booking}`) : null),
};

// kinds whose "Tên: giá trị" lines are set as rows
export const FIELD_KINDS = new Set(["pickup_summary", "pickup_booked"]);

/** The extra sign of a message, or null when its kind has none. */
export function cardFor(custom) {
  const build = custom && CARDS[custom.kind];
  return build ? build(custom) : null;
}
