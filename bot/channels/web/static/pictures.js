// Pictures and files of a message: a sketch of a guide's step, papers to keep.
import { make } from "./text.js";

/** The server names itself by its public address; here the page's own address is as good. */
function here(address) {
  const { pathname, search, hash } = new URL(address, window.location.href);
  return pathname + search + hash;
}

function opens(className, address, text = "") {
  const link = make("a", className, text);
  link.href = here(address);
  link.target = "_blank";
  return link;
}

/** The sketch of a step, with its sentence for those who do not see it, and the way to the whole guide. */
export function sketchOf({ url, alt, width, height }, page) {
  const box = make("div", "sketch");
  const image = make("img");
  image.src = here(url);
  image.alt = alt || "";
  // known before it is loaded, so that nothing jumps
  image.width = Number(width) || 316;
  image.height = Number(height) || 400;
  // without it the text is still complete: no broken sign in its place
  image.addEventListener("error", () => image.remove());
  box.append(image);
  if (page) box.append(opens("file", page, "Xem cả hướng dẫn, chữ lớn"));
  return box;
}

/** Files to keep: the first picture is shown small, every file gets a link of its own. */
export function filesOf(files) {
  const box = make("div", "files");
  const picture = files.find((file) => file.media_type.startsWith("image/"));
  if (picture) {
    const link = opens("file-picture", picture.url);
    const image = make("img");
    image.src = here(picture.url);
    image.alt = picture.title;
    image.loading = "lazy";
    link.append(image);
    box.append(link);
  }
  for (const file of files) box.append(opens("file", file.url, file.title));
  return box;
}
