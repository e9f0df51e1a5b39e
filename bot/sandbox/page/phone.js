// One phone: a chat with the bot, and what its person does there, as somebody who knows Telegram expects it.

import { drawn, inWords } from "./message.js";
import { made, pressed } from "./rich.js";
import { sample } from "./samples.js";
import { day, second, translate, words } from "./words.js";

const HELD = 500; // milliseconds after which a finger on a message means a reply

export class Phone {
  #page;
  #find;
  #chat;
  #box;
  #messages = new Map(); // by id: what Telegram says of it, and its node
  #commands = [];
  #replyTo = null;
  #read; // the last message that was in sight
  #following = true; // the newest message comes into sight by itself, until the person scrolls up
  #atEnd = true;
  #unfolded = new Set(); // the quotes that stand open, by their texts

  /**
   * What a phone needs of its `page`: `post(path, body)`, `now()` in milliseconds of the demo's clock,
   * `heard(phone, text)` for what a screen reader should say, `counted()` for when `unread` may have changed.
   */
  constructor(person, page) {
    this.person = person;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.#page = page;
    this.#find = (selector) => this.node.querySelector(selector);
    this.#chat = this.#find(".chat");
    this.#box = this.#find("textarea");
    this.#read = Number(sessionStorage.getItem(`read-${person.id}`));
    this.node.setAttribute("aria-label", person.name);
    this.#find(".avatar").textContent = person.name.slice(0, 1);
    this.#find("h2").textContent = person.name;
    this.#listen();
    this.paint();
  }

  get role() {
    return words.roles[this.person.role] ?? this.person.role;
  }

  get unread() {
    return [...this.#messages.values()].filter(({ data }) => data.from.is_bot && data.message_id > this.#read).length;
  }

  /** Takes what changed on this phone. Where `fresh`, it is everything: what is not in it is gone. */
  update({ messages, gone, commands, pinned }, fresh) {
    if (fresh) {
      this.#clear();
      this.#read = Math.min(this.#read, messages.at(-1)?.message_id ?? 0); // another world counts from one again
    }
    const last = Math.max(0, ...this.#messages.keys());
    for (const id of gone) {
      this.#messages.get(id)?.node.remove();
      this.#messages.delete(id);
    }
    for (const data of messages) this.#put(data, fresh);
    this.#commands = commands;
    this.#pin(pinned);
    this.#find(".start").hidden = this.#find(".empty").hidden = this.#messages.size > 0;
    if (this.#following && messages.some(({ message_id }) => message_id > last)) this.#follow();
    else this.#stay();
    this.seen();
  }

  /** Draws everything anew, in the page's language. */
  paint() {
    translate(this.node);
    this.#find(".role").textContent = this.role;
    for (const { data } of this.#clear()) this.#put(data, true);
    this.#follow();
  }

  /** Counts as read what is in sight. */
  seen() {
    const visible = getComputedStyle(this.node).visibility === "visible" && !document.hidden;
    if (visible && this.#following) this.#read = Math.max(this.#read, ...this.#messages.keys());
    sessionStorage.setItem(`read-${this.person.id}`, this.#read);
    this.#find(".newest").hidden = this.#atEnd;
    this.#find(".newest b").textContent = this.unread || "";
    this.#page.counted();
  }

  /** Shows `text` for as long as it takes to read. */
  toast(text) {
    const node = this.#find(".toast");
    node.textContent = text;
    node.hidden = false;
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => (node.hidden = true), 4000 + 60 * text.length);
  }

  // What the phone shows

  #clear() {
    const all = [...this.#messages.values()];
    this.#messages.clear();
    this.#chat.replaceChildren();
    return all;
  }

  #put(data, silent) {
    const id = data.message_id;
    const mine = !data.from.is_bot;
    const known = this.#messages.get(id);
    const node = drawn(data, this.#unfolded, {
      say: (text) => this.#say(text),
      tap: (button, data) => this.#tap(id, button, data),
      reply: () => this.#reply(id),
    });
    if (known) this.#exchange(known.node, node);
    else this.#append(data, node);
    this.#messages.set(id, { data, node });
    if (mine && !known) this.#following = true;
    if (!mine && !silent) this.#page.heard(this, inWords(data));
  }

  #append(data, node) {
    const date = day(data.date * 1000);
    const last = [...this.#chat.querySelectorAll(".day")].at(-1)?.textContent;
    if (date !== last) this.#chat.append(made("li", "day", date));
    this.#chat.append(node);
  }

  /** Puts an edited message in its own place; whoever works with a keyboard stays on the button that they pressed. */
  #exchange(old, node) {
    const at = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    old.replaceWith(node);
    if (at >= 0) ([...node.querySelectorAll("button, a")][at] ?? node).focus({ preventScroll: true });
  }

  #pin(id) {
    const message = this.#messages.get(id);
    this.#find(".pinned").hidden = !message;
    this.#find(".pinned span").textContent = message ? inWords(message.data) : "";
    this.#find(".pinned").onclick = () => message.node.scrollIntoView({ block: "center" });
  }

  /** Where the newest message is in sight: its beginning, if it is taller than the screen. */
  #newest() {
    const { scrollHeight, clientHeight, lastElementChild: last } = this.#chat;
    return Math.max(0, Math.min(scrollHeight - clientHeight, (last?.offsetTop ?? 0) - 8));
  }

  #follow() {
    this.#chat.scrollTop = this.#newest();
    this.#look();
  }

  /** Whoever looks at the end goes on doing so when a card or the screen changes its height; nobody else is moved. */
  #stay() {
    if (this.#atEnd) this.#chat.scrollTop = this.#chat.scrollHeight;
  }

  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.#chat;
    this.#atEnd = scrollTop >= scrollHeight - clientHeight - 2;
    this.#following = scrollTop >= this.#newest() - 24;
    this.seen();
  }

  // What its person does

  async #send(action, body) {
    try {
      return await this.#page.post(`/phones/${this.person.id}/${action}`, body);
    } catch {
      this.toast(words.unsent);
      return null;
    }
  }

  #say(text) {
    const reply_to = this.#replyTo;
    this.#reply(null);
    this.#open(null);
    return this.#send("say", { text, reply_to });
  }

  async #write() {
    const text = this.#box.value.trim();
    this.#type("");
    if (text && !(await this.#say(text))) this.#type(text);
  }

  async #attach(kind, file, name) {
    const caption = this.#box.value.trim();
    this.#type("");
    this.#open(null);
    const query = new URLSearchParams({ name, mime: file.type, caption });
    if (!(await this.#send(`${kind}?${query}`, file))) this.#type(caption);
  }

  async #tap(message, button, data) {
    if (button.ariaBusy) return;
    button.ariaBusy = "true";
    const answer = await this.#send("tap", { message, data });
    button.ariaBusy = null;
    if (answer?.alert) this.#alert(answer.text);
    else if (answer?.text) this.toast(answer.text);
    else if (answer && !answer.answered) this.toast(words.unanswered);
  }

  #alert(text) {
    const { left, width } = this.node.getBoundingClientRect();
    const dialog = this.#find("dialog");
    dialog.firstElementChild.textContent = text;
    dialog.style.left = `${left + width / 2}px`;
    dialog.showModal();
  }

  #reply(id) {
    this.#replyTo = id;
    this.#find(".answering").hidden = id === null;
    if (id === null) return;
    this.#find(".answering span").textContent = inWords(this.#messages.get(id).data);
    this.#box.focus();
  }

  #type(text) {
    this.#box.value = text;
    this.#box.style.height = "auto";
    this.#box.style.height = `${this.#box.scrollHeight}px`;
    const begun = text.match(/^\/(\w*)$/);
    if (begun) this.#open("commands", begun[1]);
    else if (!this.#find(".commands").hidden) this.#open(null);
  }

  /** Opens one of the lists above the writing line, `commands` or `attach`, or with null none. */
  #open(which, begun = "") {
    const found = this.#commands.filter(({ command }) => command.startsWith(begun));
    this.#find(".commands").replaceChildren(...found.map((command) => this.#command(command)));
    for (const [list, button] of [["commands", ".menu"], ["attach", ".clip"]]) {
      this.#find(`.${list}`).hidden = which !== list;
      this.#find(button).ariaExpanded = which === list;
    }
  }

  #command({ command, description }) {
    const send = () => {
      this.#type("");
      this.#say(`/${command}`);
    };
    return made("li", "", pressed("", send, made("b", "", `/${command}`), ` ${description}`));
  }

  #listen() {
    const on = (selector, event, act) => this.#find(selector).addEventListener(event, act);
    const toggle = (which) => () => this.#open(this.#find(`.${which}`).hidden && which);
    const write = (event) => {
      event.preventDefault();
      this.#write();
    };
    on(".start", "click", () => this.#say("/start"));
    on(".menu", "click", toggle("commands"));
    on(".clip", "click", toggle("attach"));
    on(".answering button", "click", () => this.#reply(null));
    on(".newest", "click", () => (this.#chat.scrollTop = this.#chat.scrollHeight));
    on(".write", "submit", write);
    on("textarea", "input", () => this.#type(this.#box.value));
    on("textarea", "keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) write(event);
    });
    on(".inside", "keydown", ({ key }) => {
      if (key !== "Escape") return;
      this.#reply(null);
      this.#open(null);
    });
    on("dialog button", "click", () => this.#find("dialog").close());
    for (const button of this.node.querySelectorAll("[data-sample]")) {
      button.addEventListener("click", async () => {
        this.#attach("photo", await sample(button.dataset.sample, second(this.#page.now())), "");
      });
    }
    for (const input of this.node.querySelectorAll("[type=file]")) {
      input.addEventListener("change", () => this.#attach(input.dataset.kind, input.files[0], input.files[0].name));
      input.addEventListener("click", () => (input.value = "")); // so that the same file can be chosen again
    }
    this.#chat.addEventListener("scroll", () => this.#look());
    this.#chat.addEventListener("click", ({ target }) => target.closest("blockquote") && this.#look());
    new ResizeObserver(() => this.#stay()).observe(this.#chat);
    this.#listenToFingers();
  }

  #listenToFingers() {
    let held;
    this.#chat.addEventListener("pointerdown", ({ pointerType, target }) => {
      const id = target.closest(".message")?.dataset.id;
      if (pointerType !== "mouse" && id) held = setTimeout(() => this.#reply(Number(id)), HELD);
    });
    for (const end of ["pointerup", "pointercancel", "pointermove"]) {
      this.#chat.addEventListener(end, () => clearTimeout(held));
    }
  }
}
