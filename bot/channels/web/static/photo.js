// A photo of the receipt slip: chosen or taken, made light enough for a small data plan, handed on. Nothing of it is kept.
import { make } from "./text.js";

export const SAID = "Ảnh giấy hẹn";
const LARGEST = 10 * 1024 * 1024; // what the server takes
const LIGHT = 2 * 1024 * 1024; // heavier ones are made smaller first …
const LONG = 4000; // … and those of more pixels on the longer side
const SIDE = 2200; // the longer side then: the fine bars of an A4 slip are still apart
const PREVIEW = 320;
const READABLE = ["image/jpeg", "image/png", "image/webp"];

/** The picture unpacked, or null where the browser cannot. */
async function unpacked(file) {
  // older browsers do not know the option that follows the camera's note of which way is up
  for (const options of [{ imageOrientation: "from-image" }, undefined]) {
    try {
      return await createImageBitmap(file, ...(options ? [options] : []));
    } catch {
      // the next way, or none
    }
  }
  return null;
}

/** The picture on a canvas, `side` pixels on its longer side at most. */
function drawn(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = make("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height); // a JPEG knows no transparency
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const jpeg = (canvas) => new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));

/** What is sent of a chosen file, and a small picture of it; throws an Error whose message is for the citizen. */
export async function prepare(file) {
  const picture = await unpacked(file);
  let photo = READABLE.includes(file.type) ? file : null;
  let preview = null;
  if (picture) {
    if (!photo || file.size > LIGHT || Math.max(picture.width, picture.height) > LONG) {
      photo = (await jpeg(drawn(picture, SIDE))) || photo;
    }
    preview = drawn(picture, PREVIEW);
    picture.close();
  }
  if (!photo) throw new Error("Máy không mở được ảnh này. Anh/chị chọn ảnh khác, hoặc gõ mã hồ sơ giúp em.");
  if (photo.size > LARGEST) throw new Error("Ảnh lớn quá 10 MB. Anh/chị chọn ảnh nhỏ hơn, hoặc gõ mã hồ sơ giúp em.");
  return { photo, preview, title: SAID };
}

/** Wire the hidden file input: every button that chooses a photo opens it, what was chosen is sent. */
export function watchPhotos(input, { send, say }) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = ""; // the same photo may be chosen again
    if (!file) return;
    say("Em đang chuẩn bị ảnh…");
    try {
      const item = await prepare(file);
      say("");
      send(item);
    } catch (problem) {
      say(problem.message);
    }
  });
}
