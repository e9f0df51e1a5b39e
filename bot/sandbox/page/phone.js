// One phone: a chat with the bot, what its person does, and how both look to somebody who knows Telegram.

import { drawn, messageText } from "./message.js";
import { sample } from "./samples.js";
import { day, second, translate, words } from "./words.js";

const HELD = 500; // milliseconds after which a finger on a message means a reply

export class Phone {
  #page;
  #messages = new Map(); // by id: what the bot's server says of it, and its node
  #commands = [];
  #replyTo = null;
  #following = true; // the newest message comes into sight by itself, until the person scrolls up
  #atEnd = true;
  #read = 0;
  #unfolded = new Set();

  /**
   * What a phone needs of its `page`: `post(path, body)`, `now()` of the demo's clock in milliseconds, `heard(phone, text)`
   * for what a screen reader should say, and `counted()` for when `unread` may have changed.
   */
  constructor(person, page) {
    this.person = person;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.#page = page;
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
      this.#messages.clear();
      this.#find(".chat").replaceChildren();
      this.#read = Math.min(this.#read, messages.at(-1)?.message_id ?? 0); // another world counts from one again
    }
    for (const id of gone) this.#remove(id);
    const newest = Math.max(0, ...this.#messages.keys());
    for (const data of messages) this.#put(data, fresh);
    this.#commands = commands;
    this.#pin(pinned);
    this.#find(".start").hidden = this.#find(".empty").hidden = this.#messages.size > 0;
    if (this.#following && messages.some(({ message_id }) => message_id > newest)) this.follow();
    else this.#stay();
    this.seen();
  }

  /** Draws everything anew, in the page's language. */
  paint() {
    translate(this.node);
    this.#find(".role").textContent = this.role;
    const all = [...this.#messages.values()];
    this.#messages.clear();
    this.#find(".chat").replaceChildren();
    for (const { data } of all) this.#put(data, true);
    this.follow();
  }

  /** Brings the newest message into sight: its beginning, where it is taller than the screen. */
  follow() {
    this.#find(".chat").scrollTop = this.#newest();
    this.#look();
  }

  /** Counts as read what can be seen. */
  seen() {
    const visible = getComputedStyle(this.node).visibility === "visible" && !document.hidden;
    if (visible && this.#following) this.#read = Math.max(this.#read, ...this.#messages.keys());
    sessionStorage.setItem(`read-${this.person.id}`, this.#read);
    const newest = this.#find(".newest");
    newest.hidden = this.#atEnd;
    newest.lastElementChild.textContent = this.unread || "";
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

  #find(selector) {
    return this.node.querySelector(selector);
  }

  #newest() {
    const chat = this.#find(".chat");
    return Math.max(0, Math.min(chat.scrollHeight - chat.clientHeight, (chat.lastElementChild?.offsetTop ?? 0) - 8));
  }

  /** Remembers where the person looks. */
  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.#find(".chat");
    this.#atEnd = scrollTop >= scrollHeight - clientHeight - 2;
    this.#following = scrollTop >= this.#newest() - 24;
    this.seen();
  }

  /** Whoever looks at the end goes on doing so when a card or the screen changes its height; nobody else is moved. */
  #stay() {
    const chat = this.#find(".chat");
    if (this.#atEnd) chat.scrollTop = chat.scrollHeight;
  }

  #put(data, silent) {
    const known = this.#messages.get(data.message_id);
    const node = drawn(data, this.#unfolded, {
      say: (text) => this.#say(text),
      tap: (button, key) => this.#tap(data.message_id, button, key),
      reply: () => this.#reply(data.message_id),
    });
    if (known) this.#exchange(known.node, node);
    else this.#append(data, node);
    this.#messages.set(data.message_id, { data, node });
    if (!known && !data.from.is_bot) this.#following = true;
    if (!silent && data.from.is_bot) this.#page.heard(this, messageText(data));
  }

  #append(data, node) {
    const date = day(data.date * 1000);
    const chat = this.#find(".chat");
    if (date !== [...chat.querySelectorAll(".day")].at(-1)?.textContent) {
      chat.append(Object.assign(document.createElement("li"), { className: "day", textContent: date }));
    }
    chat.append(node);
  }

  /** Puts the edited message in the old one's place; a keyboard's focus stays where it was. */
  #exchange(old, node) {
    const focused = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    old.replaceWith(node);
    if (focused >= 0) ([...node.querySelectorAll("button, a")][focused] ?? node).focus({ preventScroll: true });
  }

  #remove(id) {
    this.#messages.get(id)?.node.remove();
    this.#messages.delete(id);
  }

  #pin(id) {
    const bar = this.#find(".pinned");
    const message = this.#messages.get(id);
    bar.hidden = !message;
    if (message) bar.lastElementChild.textContent = messageText(message.data);
    bar.onclick = () => message.node.scrollIntoView({ block: "center" });
  }

  async #send(action, body) {
    try {
      return await this.#page.post(`/phones/${this.person.id}/${action}`, body);
    } catch {
      this.toast(words.unsent);
      return null;
    }
  }

  async #say(text) {
    const reply_to = this.#replyTo;
    this.#reply(null);
    this.#open(null);
    this.follow();
    return this.#send("say", { text, reply_to });
  }

  async #write() {
    const box = this.#find("textarea");
    const text = box.value.trim();
    if (!text) return;
    this.#type("");
    if (!(await this.#say(text))) this.#type(text);
  }

  async #attach(kind, file, name) {
    const caption = this.#find("textarea").value.trim();
    this.#open(null);
    const query = new URLSearchParams({ name, caption, mime: file.type });
    if (await this.#send(`${kind}?${query}`, file)) this.#type("");
  }

  async #tap(message, button, key) {
    if (key.url) return void open(key.url, "_blank", "noopener");
    if (key.copy_text) {
      await navigator.clipboard.writeText(key.copy_text.text);
      return this.toast(words.copied);
    }
    if (button.ariaBusy) return;
    button.ariaBusy = "true";
    const answer = await this.#send("tap", { message, data: key.callback_data });
    button.ariaBusy = null;
    if (answer?.alert) this.#alert(answer.text);
    else if (answer?.text) this.toast(answer.text);
    else if (answer && !answer.answered) this.toast(words.unanswered);
  }

  #alert(text) {
    const box = this.#find(".alert");
    const before = document.activeElement;
    box.querySelector("p").textContent = text;
    box.hidden = false;
    this.#find(".inside").inert = true;
    box.querySelector("button").focus();
    box.querySelector("button").onclick = () => {
      box.hidden = true;
      this.#find(".inside").inert = false;
      before.focus({ preventScroll: true });
    };
  }

  #reply(id) {
    this.#replyTo = id;
    const bar = this.#find(".answering");
    bar.hidden = id === null;
    if (id === null) return;
    bar.firstElementChild.textContent = messageText(this.#messages.get(id).data);
    this.#find("textarea").focus();
  }

  #type(text) {
    const box = this.#find("textarea");
    box.value = text;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    this.node.classList.toggle("typing", Boolean(text.trim()));
    if (/^\/\w*$/.test(text)) this.#open("commands", text.slice(1));
    else if (!this.#find(".commands").hidden) this.#open(null);
  }

  /** Opens one of the two lists above the writing line, `commands` or `attach`, or with null none. */
  #open(which, begins = "") {
    const found = this.#commands.filter(({ command }) => command.startsWith(begins));
    this.#find(".commands").replaceChildren(...found.map((command) => this.#command(command)));
    for (const [list, button] of [["commands", ".menu"], ["attach", ".clip"]]) {
      this.#find(`.${list}`).hidden = which !== list;
      this.#find(button).setAttribute("aria-expanded", which === list);
    }
  }

  #command({ command, description }) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.append(Object.assign(document.createElement("b"), { textContent: `/${command}` }), ` ${description}`);
    button.addEventListener("click", () => {
      this.#type("");
      this.#say(`/${command}`);
    });
    item.append(button);
    return item;
  }

  #listen() {
    const on = (selector, event, act) => this.#find(selector).addEventListener(event, act);
    const toggle = (which) => () => this.#open(this.#find(`.${which}`).hidden ? which : null);
    const chat = this.#find(".chat");
    on(".chat", "scroll", () => this.#look());
    on(".chat", "click", () => this.#look());
    new ResizeObserver(() => this.#stay()).observe(chat);
    this.#holding(chat);
    on(".newest", "click", () => chat.scrollTo({ top: chat.scrollHeight }));
    on(".start", "click", () => this.#say("/start"));
    on(".menu", "click", toggle("commands"));
    on(".clip", "click", toggle("attach"));
    on(".answering button", "click", () => this.#reply(null));
    on("textarea", "input", ({ target }) => this.#type(target.value));
    on("textarea", "keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#write();
    });
    on(".write", "submit", (event) => {
      event.preventDefault();
      this.#write();
    });
    this.node.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      if (!this.#find(".alert").hidden) this.#find(".alert button").click();
      this.#open(null);
      this.#reply(null);
    });
    for (const button of this.node.querySelectorAll("[data-sample]")) {
      button.addEventListener("click", async () => {
        this.#attach("photo", await sample(button.dataset.sample, second(this.#page.now())), "");
      });
    }
    for (const input of this.node.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        const [file] = input.files;
        if (file) this.#attach(input.dataset.kind, file, file.name);
        input.value = "";
      });
    }
  }

  #holding(chat) {
    let held;
    const letGo = () => clearTimeout(held);
    chat.addEventListener("pointerdown", ({ pointerType, target }) => {
      const message = target.closest(".message");
      if (pointerType !== "mouse" && message) held = setTimeout(() => this.#reply(Number(message.dataset.id)), HELD);
    });
    for (const end of ["pointerup", "pointercancel", "pointermove"]) chat.addEventListener(end, letGo);
  }
}
