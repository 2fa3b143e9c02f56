// Plain text of an answer -> DOM nodes. Only textContent is ever used: no text can become markup.

// The only hosts that become links: a chat answer must not be a way to any other site.
export const LINK_HOSTS = new Set([
  "dichvucong.gov.vn",
  "lienthong.dichvucong.gov.vn",
  "dichvucong.lamdong.gov.vn",
  "lamdong.gov.vn",
  "vneid.gov.vn",
  "hcconline.vnpost.vn",
  "vnpost.vn",
  "hokinhdoanh.dkkd.gov.vn",
]);

const URL_LIKE = /(?:https?:\/\/)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?/gi;
const BULLET = /^(\s*)[-•]\s+(.*)$/;
const NUMBER = /^(\s*)(\d{1,2})[.)]\s+(.*)$/;
const SOURCE = /^\s*nguồn\s*:/i;
const FIELD = /^\s*(?:[-•]\s+)?([^:,?]{2,40}):\s+(.+)$/;

/** Make an element with an optional class and text. */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** The https address of an allowed host, or null. */
export function allowedAddress(raw) {
  let url;
  try {
    url = new URL(/^https?:/i.test(raw) ? raw : `https://${raw}`);
  } catch {
    return null;
  }
  if (!LINK_HOSTS.has(url.hostname) || url.username || url.password || url.port) return null;
  url.protocol = "https:";
  return url.href;
}

/** Append text, with links for allowed hosts only. */
export function appendInline(parent, text) {
  let done = 0;
  for (const match of text.matchAll(URL_LIKE)) {
    const raw = match[0].replace(/[.,;:!?)\]}"'”’»]+$/, "");
    const before = text[match.index - 1] || " ";
    const after = text[match.index + raw.length] || " ";
    // "a@vnpost.vn" is an e-mail address and "vnpost.vn@evil.example" a trick: neither is a link.
    const address = /[\w@./-]/.test(before) || after === "@" ? null : allowedAddress(raw);
    if (!address) continue;
    parent.append(text.slice(done, match.index));
    const link = make("a", "", raw);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.append(make("span", "hear", " (mở trang mới)"));
    parent.append(link);
    done = match.index + raw.length;
  }
  parent.append(text.slice(done));
}

/** Append an answer: paragraphs, line breaks, real lists, a quieter source line; `fields` sets "Tên: giá trị" as rows. */
export function appendText(parent, text, { fields = false } = {}) {
  let open = null; // the paragraph, list or table of fields that takes the next line
  let item = null; // the last item of the open list
  const start = (tag, className = "") => {
    open = make(tag, className);
    item = null;
    parent.append(open);
  };
  for (const line of text.split(/\r?\n/)) {
    const field = fields && FIELD.exec(line);
    const bullet = BULLET.exec(line);
    const number = NUMBER.exec(line);
    if (!line.trim()) {
      open = item = null;
    } else if (SOURCE.test(line)) {
      start("p", "source");
      appendInline(open, line.trim());
      open = null;
    } else if (field) {
      if (!open || open.tagName !== "DL") start("dl", "fields");
      open.append(make("dt", "", field[1].trim()), make("dd"));
      appendInline(open.lastChild, field[2]);
    } else if (bullet || number) {
      const tag = bullet ? "UL" : "OL";
      const [indent, words] = bullet ? [bullet[1], bullet[2]] : [number[1], number[3]];
      let list = open;
      if (indent && item && open.tagName !== tag) {
        // an indented list of the other kind belongs to the item above it
        if (!item.lastChild || item.lastChild.tagName !== tag) item.append(make(tag));
        list = item.lastChild;
      } else if (!open || open.tagName !== tag) {
        start(tag);
        list = open;
      }
      const entry = make("li");
      if (number) entry.value = Number(number[2]);
      appendInline(entry, words);
      list.append(entry);
      if (list === open) item = entry;
    } else if (item && /^\s{2,}/.test(line)) {
      item.append(make("br"));
      appendInline(item, line.trim());
    } else {
      if (open && open.tagName === "P") open.append(make("br"));
      else start("p");
      appendInline(open, line.trim());
    }
  }
}
