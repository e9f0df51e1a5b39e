// One message as a bubble with its keyboard, drawn from the Bot API's own words for it.

import { made, pressed, rich } from "./rich.js";
import { hour, words } from "./words.js";

/** What a message says in plain words, for a quote of it or for a screen reader. */
export function inWords({ text, caption, photo, document: file, pinned_message }) {
  if (text ?? caption) return text ?? caption;
  if (photo) return words.photoNote;
  if (pinned_message) return words.pinnedNote;
  return file?.file_name ?? words.unsupported;
}

/** The list item of a message. `acts` are `say(text)`, `tap(button, data)` and `reply()`; for `unfolded` see `rich`. */
export function drawn(data, unfolded, acts) {
  if (data.pinned_message) return made("li", "note", words.pinnedNote);
  const card = made("div", "card", made("div", "bubble", ...inside(data, unfolded, acts)));
  if (data.reply_markup?.inline_keyboard) card.append(keyboard(data.reply_markup.inline_keyboard, acts));
  const answer = Object.assign(pressed("answer", acts.reply, "↩"), { ariaLabel: words.reply });
  const item = made("li", `message ${data.from.is_bot ? "theirs" : "mine"}`, card, answer);
  item.dataset.id = data.message_id;
  item.tabIndex = -1;
  return item;
}

function* inside(data, unfolded, acts) {
  const { text = data.caption, entities = data.caption_entities } = data;
  const held = data.photo ?? data.document;
  if (data.reply_to_message) yield made("p", "quoted", inWords(data.reply_to_message));
  if (data.photo) yield photo(data.photo.at(-1), inWords(data));
  if (data.document) yield file(data.document);
  const edited = data.edit_date && !data.from.is_bot; // Telegram does not say so of a bot
  const when = `${edited ? `${words.edited} ` : ""}${hour(data.date * 1000)}`;
  const said = rich(text ?? (held ? "" : words.unsupported), entities, acts.say, unfolded);
  yield made("div", text || !data.photo ? "text" : "text over", said, made("span", "when", when));
}

function photo({ file_id, width, height }, alt) {
  const image = Object.assign(new Image(width, height), { src: `/files/${file_id}`, alt });
  return Object.assign(made("a", "photo", image), { href: image.src, target: "_blank" });
}

function file({ file_id, file_name, file_size }) {
  const name = file_name ?? words.document;
  const link = made("a", "file", "📄 ", made("b", "", name), ` ${Math.ceil(file_size / 1024)} kB`);
  return Object.assign(link, { href: `/files/${file_id}`, download: name });
}

function keyboard(rows, acts) {
  return made("div", "keys", ...rows.map((row) => made("div", "row", ...row.map((key) => button(key, acts)))));
}

function button({ text, style = "", url, callback_data }, acts) {
  const visit = () => open(url, "_blank", "noopener");
  const tap = ({ currentTarget }) => acts.tap(currentTarget, callback_data);
  return pressed(`key ${style}`, url ? visit : tap, url ? `${text} ↗` : text);
}
