// Telegram's formatted text as nodes. Words only ever become text nodes, so nothing that a bot says is read as HTML.

import { words } from "./words.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const PLAIN = new Set(["code", "pre", "blockquote"]); // HTML has the same names for them
const SHORT = { letters: 110, lines: 3 }; // about three lines of a phone: what Telegram shows of a folded quote

/**
 * `text` with its Bot API `entities`, whose offsets count UTF-16 units as strings here do.
 * `say(words)` sends a command that is tapped; `unfolded` is the Set of the quotes that stand open, by their texts.
 */
export function rich(text, entities = [], say, unfolded) {
  const rest = [...entities].sort((one, two) => one.offset - two.offset || two.length - one.length);

  function build(from, to) {
    const parts = document.createDocumentFragment();
    let at = from;
    while (rest.length && rest[0].offset < to) {
      const entity = rest.shift();
      const block = BLOCKS.has(entity.type); // it breaks the line by itself
      const end = Math.min(entity.offset + entity.length, to);
      const before = text.slice(at, entity.offset);
      const inside = text.slice(entity.offset, end);
      parts.append(block ? before.replace(/\n$/, "") : before);
      parts.append(wrapped(entity, inside, build(entity.offset, end), say, unfolded));
      at = block && text[end] === "\n" ? end + 1 : end;
    }
    parts.append(text.slice(at, to));
    return parts;
  }

  return build(0, text.length);
}

/** A node `tag` of class `name` around `parts`. */
export function made(tag, name, ...parts) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...parts);
  return node;
}

/** A button of class `name` around `parts`. */
export function pressed(name, press, ...parts) {
  const node = made("button", name, ...parts);
  node.addEventListener("click", press);
  return node;
}

function wrapped(entity, inside, content, say, unfolded) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, content);
    case "url":
      return link(/^[a-z]+:/i.test(inside) ? inside : `https://${inside}`, content);
    case "bot_command":
      return pressed("command", () => say(inside), content);
    case "spoiler":
      return spoiler(content);
    case "expandable_blockquote":
      return quote(inside, content, unfolded);
    default:
      return made(TAGS[entity.type] ?? (PLAIN.has(entity.type) ? entity.type : "span"), "", content);
  }
}

function link(address, content) {
  if (!/^https?:/i.test(address)) return made("span", "", content);
  return Object.assign(made("a", "", content), { href: address, target: "_blank", rel: "noopener noreferrer" });
}

function spoiler(content) {
  const open = ({ currentTarget: node }) => {
    node.classList.add("open");
    node.ariaLabel = null;
  };
  return Object.assign(pressed("spoiler", open, content), { ariaLabel: words.hidden });
}

function quote(inside, content, unfolded) {
  const short = inside.length <= SHORT.letters && inside.split("\n").length <= SHORT.lines;
  if (short) return made("blockquote", "", content);
  const toggle = made("button", "fold");
  const node = made("blockquote", "", made("div", "", content), toggle);
  const paint = () => {
    toggle.ariaExpanded = unfolded.has(inside);
    toggle.ariaLabel = unfolded.has(inside) ? words.less : words.more;
    toggle.textContent = unfolded.has(inside) ? "▴" : "▾";
    node.className = unfolded.has(inside) ? "foldable" : "foldable folded";
  };
  node.addEventListener("click", ({ target }) => {
    if (target.closest("a, button:not(.fold)") || !getSelection().isCollapsed) return;
    if (!unfolded.delete(inside)) unfolded.add(inside);
    paint();
  });
  paint();
  return node;
}
