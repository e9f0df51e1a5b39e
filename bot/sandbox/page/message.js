// One message as a bubble with its keyboard, drawn from the Bot API's own words for it.

import { rich, startOf } from "./rich.js";
import { hour, words } from "./words.js";

/** A node `tag` of class `name` that holds `parts`. */
export function made(tag, name, ...parts) {
  const node = document.createElement(tag);
  node.className = name;
  node.append(...parts);
  return node;
}

/** What a message says in plain words, for a quote of it or for a screen reader. */
export function messageText({ text, caption, photo, document: file, voice, pinned_message }) {
  if (text ?? caption) return text ?? caption;
  if (photo) return words.photoNote;
  if (file) return file.file_name ?? words.document;
  if (voice) return words.voice;
  return pinned_message ? words.pinnedNote : words.unsupported;
}

/**
 * The list item of a message. `acts` are `say(text)`, `tap(button, key)` and `reply()`;
 * `unfolded` holds the texts of the quotes that stand open.
 */
export function drawn(data, unfolded, acts) {
  if (data.pinned_message) return made("li", "note", words.pinnedNote);
  const card = made("div", "card", made("div", "bubble", ...inside(data, unfolded, acts)));
  if (data.reply_markup?.inline_keyboard) card.append(keyboard(data.reply_markup.inline_keyboard, acts));
  const answer = made("button", "answer", "↩");
  answer.setAttribute("aria-label", words.reply);
  answer.addEventListener("click", acts.reply);
  const item = made("li", `message ${data.from.is_bot ? "theirs" : "mine"}`, card, answer);
  item.dataset.id = data.message_id;
  item.tabIndex = -1;
  return item;
}

function* inside(data, unfolded, acts) {
  if (data.reply_to_message) yield made("p", "quoted", messageText(data.reply_to_message));
  if (data.photo) yield photo(data.photo.at(-1), messageText(data));
  if (data.document) yield file(data.document);
  if (data.voice) yield voice(data.voice);
  const plain = data.text ?? data.caption ?? "";
  const known = plain || data.photo || data.document || data.voice;
  const text = known ? rich(plain, data.entities ?? data.caption_entities, acts.say, unfolded) : words.unsupported;
  const edited = data.edit_date ? `${words.edited} ` : "";
  yield made("div", "text", text, made("span", "when", `${edited}${hour(data.date * 1000)}`));
}

function photo({ file_id, width, height }, alt) {
  const image = Object.assign(new Image(width, height), { src: `/files/${file_id}`, alt });
  return Object.assign(made("a", "photo", image), { href: image.src, target: "_blank" });
}

function file({ file_id, file_name, file_size }) {
  const size = file_size ? `${Math.ceil(file_size / 1024)} kB` : "";
  const link = made("a", "file", "📄 ", made("b", "", file_name ?? words.document), ` ${size}`);
  return Object.assign(link, { href: `/files/${file_id}`, download: file_name ?? "" });
}

function voice({ file_id }) {
  const player = Object.assign(made("audio", "voice"), { src: `/files/${file_id}`, controls: true, preload: "none" });
  player.setAttribute("aria-label", words.voice);
  return player;
}

function keyboard(rows, acts) {
  return made("div", "keys", ...rows.map((row) => made("div", "row", ...row.map((key) => button(key, acts)))));
}

function button(key, acts) {
  const node = made("button", `key ${key.style ?? ""}`, key.text);
  if (key.url) node.append(made("span", "away", " ↗"));
  const start = key.url && startOf(key.url);
  node.addEventListener("click", () => (start ? acts.say(start) : acts.tap(node, key)));
  return node;
}
