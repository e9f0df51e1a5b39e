// Telegram's formatted text as nodes. Words only ever become text nodes, so nothing that a bot says is read as HTML.

import { words } from "./words.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const FOLDED = { letters: 110, lines: 3 }; // about three lines of a phone, from where Telegram folds a quote

/**
 * `text` with its Bot API `entities` (offsets in UTF-16 units, as strings have here).
 * `say(words)` sends a command that is tapped; `unfolded` holds the quotes that stand open, as a Set of their texts.
 */
export function rich(text, entities, say, unfolded) {
  const rest = [...(entities ?? [])].sort((one, two) => one.offset - two.offset || two.length - one.length);

  function build(from, to) {
    const parts = document.createDocumentFragment();
    let at = from;
    while (rest.length && rest[0].offset < to) {
      const entity = rest.shift();
      const start = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      const block = BLOCKS.has(entity.type);
      const before = text.slice(at, start);
      parts.append(block ? before.replace(/\n$/, "") : before);
      parts.append(wrap(entity, text.slice(start, end), build(start, end), say, unfolded));
      at = block && text[end] === "\n" ? end + 1 : end; // a block breaks the line by itself
    }
    parts.append(text.slice(Math.min(at, to), to));
    return parts;
  }

  return build(0, text.length);
}

function wrap(entity, inner, content, say, unfolded) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, content, say);
    case "url":
      return link(/^[a-z]+:/i.test(inner) ? inner : `https://${inner}`, content, say);
    case "email":
      return link(`mailto:${inner}`, content, say);
    case "bot_command":
      return button("command", content, () => say(inner));
    case "spoiler":
      return spoiler(content);
    case "expandable_blockquote":
      return quote(inner, content, unfolded);
    default:
      return filled(TAGS[entity.type] ?? "span", content);
  }
}

function filled(tag, content) {
  const node = document.createElement(tag);
  node.append(content);
  return node;
}

function button(name, content, press) {
  const node = filled("button", content);
  node.className = name;
  node.addEventListener("click", press);
  return node;
}

/** The words of `/start` that a link to a bot stands for, else null. */
export function startOf(address) {
  if (!URL.canParse(address)) return null;
  const { host, searchParams } = new URL(address);
  return host === "t.me" && searchParams.has("start") ? `/start ${searchParams.get("start")}` : null;
}

function link(address, content, say) {
  if (!URL.canParse(address) || !/^(https?|mailto|tel):/i.test(address)) return filled("span", content);
  const start = startOf(address);
  if (start) return button("command", content, () => say(start));
  const node = filled("a", content);
  Object.assign(node, { href: address, target: "_blank", rel: "noopener noreferrer" });
  return node;
}

function spoiler(content) {
  const node = button("spoiler", content, () => {
    node.classList.add("open");
    node.removeAttribute("aria-label");
  });
  node.setAttribute("aria-label", words.hidden);
  return node;
}

function quote(inner, content, unfolded) {
  if (inner.length <= FOLDED.letters && inner.split("\n").length <= FOLDED.lines) return filled("blockquote", content);
  const node = filled("blockquote", filled("div", content));
  const toggle = filled("button", "");
  toggle.className = "fold";
  const paint = () => {
    const open = unfolded.has(inner);
    node.classList.toggle("folded", !open);
    toggle.setAttribute("aria-expanded", open);
    toggle.textContent = open ? `${words.less} ▴` : `${words.more} ▾`;
  };
  node.addEventListener("click", ({ target }) => {
    if (target.closest("a, button:not(.fold)") || !getSelection().isCollapsed) return;
    if (!unfolded.delete(inner)) unfolded.add(inner);
    paint();
  });
  node.append(toggle);
  paint();
  return node;
}
