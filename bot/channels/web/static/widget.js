// <script src="https://…/widget.js" async></script> puts a button into the corner of a page; it opens the chat in a frame.
// It sets no cookie, reads nothing of the page, leaves nothing behind in `window`; its styles stay in a shadow tree.
(() => {
  const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
  if (!script || document.querySelector("[data-motcua]")) return; // twice in one page is once
  const server = new URL(script.src).origin;
  const { label = "Hỏi Một Cửa", side = "right", bottom = "16", layer = "1000" } = script.dataset;
  const NARROW = matchMedia("(max-width: 30rem), (max-height: 34rem)"); // then the chat takes the whole window
  const KEY = "motcua.widget.open"; // in this tab: the next page of the site shows the chat as this one left it
  const PATIENCE_MS = 10000;

  const rise = Number(bottom) || 0;
  const edge = side === "left" ? "left" : "right";
  // !important: no rule of the page may pull the button out of its corner
  const STYLE = `
    :host { all: initial !important; position: fixed !important; z-index: ${Number(layer) || 1000} !important;
      bottom: calc(${rise}px + env(safe-area-inset-bottom)) !important; ${edge}: 16px !important; color-scheme: light dark !important;
      font: 600 16px/1.3 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif !important;
      --deep: #0b4f43; --ink: #fff; --sun: #f5c033; --paper: #fff; --words: #17251f; --line: #c6d4cc; --link: #0d6353; }
    [hidden] { display: none !important; }
    button { all: unset; box-sizing: border-box; min-width: 44px; min-height: 44px; cursor: pointer; touch-action: manipulation; }
    button:focus-visible, a:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #0b57c2; }
    .launch { position: relative; display: flex; align-items: center; gap: 10px; height: 56px; padding: 0 20px 0 14px; border-radius: 28px;
      border: 2px solid var(--sun); background: var(--deep); color: var(--ink); box-shadow: 0 3px 12px rgb(0 0 0 / 30%); }
    svg { width: 26px; height: 26px; flex: none; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    .badge { position: absolute; top: -8px; right: -6px; min-width: 24px; padding: 2px 6px; box-sizing: border-box; border-radius: 12px;
      background: #b3261e; color: #fff; border: 2px solid #fff; font-size: 13px; line-height: 16px; text-align: center; }
    .hear { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    dialog { all: unset; display: none; position: fixed; box-sizing: border-box; overflow: hidden; background: var(--paper); color: var(--words); }
    dialog[open] { display: block; }
    dialog.panel { ${edge}: 16px; bottom: calc(${rise + 68}px + env(safe-area-inset-bottom));
      width: 400px; max-width: calc(100vw - 32px); height: 480px; height: min(680px, 100vh - ${rise + 84}px);
      border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 8px 32px rgb(0 0 0 / 35%); }
    dialog.whole { inset: 0; width: 100vw; height: 100vh; height: 100dvh; }
    dialog::backdrop { background: transparent; }
    iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; opacity: 0; }
    .ready iframe { opacity: 1; }
    .ready .wait { display: none; }
    .wait { position: absolute; inset: 72px 24px auto; font-weight: 400; }
    .wait a { display: inline-block; padding-block: 10px; color: var(--link); font-weight: 600; }
    .close { position: absolute; top: 6px; right: 6px; display: grid; place-items: center; width: 44px; height: 44px; border-radius: 12px;
      background: var(--deep); color: var(--ink); }
    @media (max-width: 30rem) { .launch { padding: 0 13px; } .launch .label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }
    @media (prefers-color-scheme: dark) { :host { --deep: #0b2e28; --ink: #f2f8f5; --paper: #1a2521; --words: #e8f0ec; --line: #3a4a44; --link: #86d9c1; }
      .launch { box-shadow: 0 3px 12px rgb(0 0 0 / 60%); } }
    @media (prefers-reduced-motion: no-preference) { dialog.panel[open] { animation: rise .18s ease-out; } iframe { transition: opacity .15s; }
      @keyframes rise { from { opacity: 0; transform: translateY(12px); } } }
    @media (forced-colors: active) { .launch, .close, dialog, .badge { border: 2px solid ButtonText; } button:focus-visible { outline-color: Highlight; } }
    @media print { :host { display: none !important; } }`;

  /** Make an element with attributes and children; no text ever becomes markup. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function drawing(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  const host = make("div", { "data-motcua": "", role: "region", "aria-label": label });
  const root = host.attachShadow({ mode: "open" });
  const badge = make("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  const unread = make("span", { class: "hear" });
  const launch = make(
    "button",
    { type: "button", class: "launch", "aria-expanded": "false", "aria-haspopup": "dialog", "aria-controls": "panel" },
    drawing("M4 5h16v11H11l-4.500 4v-4H4zM8.500 10.500h7"),
    make("span", { class: "label" }, label),
    unread,
    badge,
  );
  const shut = make("button", { type: "button", class: "close", "aria-label": "Đóng khung trò chuyện" }, drawing("M6 6l12 12M18 6 6 18"));
  const words = make("span", {}, "Đang mở…");
  const elsewhere = make("a", { href: `${server}/`, target: "_blank", rel: "noopener" }, "Mở trang Một Cửa");
  const wait = make("div", { class: "wait", role: "status" }, words, make("br"), elsewhere);
  const dialog = make("dialog", { class: "panel", id: "panel", "aria-label": label }, wait, shut);
  elsewhere.hidden = true;

  let frame = null;
  let loaded = false;
  let isOpen = false;
  let timer = 0;

  // a site may forbid styles that are written into the page; a sheet made by a script is none of those
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make("style", {}, STYLE));
  }
  root.append(launch, dialog);

  function remember() {
    try {
      sessionStorage.setItem(KEY, isOpen ? "1" : "0");
    } catch {
      // the next page starts with the chat folded away
    }
  }

  function recall() {
    try {
      return sessionStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  /** Speak to the chat, and to nobody else that may have come into the frame. */
  function tell(what) {
    if (loaded) frame.contentWindow.postMessage({ motcua: what }, server);
  }

  function load() {
    if (frame) return;
    frame = make("iframe", {
      title: label,
      src: `${server}/widget`,
      allow: "geolocation",
      referrerpolicy: "no-referrer",
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals",
    });
    frame.addEventListener("load", () => {
      loaded = true;
      tell({ hello: true });
      tell({ open: isOpen });
    });
    timer = setTimeout(() => {
      // not allowed here, or no network: nothing of the frame is shown, but a way that works
      words.textContent = "Khung trò chuyện chưa mở được ở trang này.";
      frame.hidden = true;
      elsewhere.hidden = false;
      if (isOpen) elsewhere.focus();
    }, PATIENCE_MS);
    dialog.insertBefore(frame, shut);
  }

  function show() {
    const whole = NARROW.matches;
    dialog.className = `${whole ? "whole" : "panel"}${dialog.classList.contains("ready") ? " ready" : ""}`;
    if (dialog.open) dialog.close();
    // over the whole window nothing behind it can be reached; in the corner the page goes on to be used
    if (!dialog.show) dialog.setAttribute("open", "");
    else if (whole) dialog.showModal();
    else dialog.show();
  }

  function open(byHand = true) {
    load();
    isOpen = true;
    launch.setAttribute("aria-expanded", "true");
    show();
    if (byHand) frame.focus();
    tell({ open: true });
    remember();
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    launch.setAttribute("aria-expanded", "false");
    if (dialog.close) dialog.close();
    else dialog.removeAttribute("open");
    tell({ open: false });
    launch.focus();
    remember();
  }

  function count(number) {
    badge.hidden = !number;
    badge.textContent = number > 9 ? "9+" : String(number);
    unread.textContent = number ? `, ${number} tin chưa đọc` : "";
  }

  launch.addEventListener("click", () => (isOpen ? close() : open()));
  shut.addEventListener("click", close);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen) close();
  });
  NARROW.addEventListener?.("change", () => isOpen && show());
  window.addEventListener("message", ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== server || !data || !data.motcua) return;
    const said = data.motcua;
    if (said.ready) {
      clearTimeout(timer);
      frame.hidden = false;
      dialog.classList.add("ready");
    }
    if (Number.isInteger(said.unread)) count(Math.max(0, said.unread));
    if (said.close) close();
  });

  function settle() {
    document.body.append(host);
    const before = recall();
    if (before === "1" && !NARROW.matches) open(false); // over the whole window it would hide the page that was chosen
    else if (before !== null) load(); // who has talked here before hears of news
  }

  if (document.body) settle();
  else document.addEventListener("DOMContentLoaded", settle, { once: true });
})();
