// The page around the phones: one stream of changes in, the clock, the language, and which phone a small screen shows.

import { Phone } from "./phone.js";
import { moment, switchLanguage, translate, words } from "./words.js";

const find = (selector) => document.querySelector(selector);
const phones = new Map();
let shown;
let ahead = 0; // milliseconds that the demo's clock is ahead of this machine's

const page = {
  now: () => Date.now() + ahead,

  /** What the demo answers to `body`, a file or a value. Throws where there is no good answer. */
  async post(path, body) {
    const sent = body instanceof Blob ? body : JSON.stringify(body);
    const answer = await fetch(path, { method: "POST", body: sent });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  },

  heard({ person }, text) {
    const line = document.createElement("p");
    line.textContent = `${person.name}: ${text}`;
    find(".aloud").append(line);
    if (find(".aloud").children.length > 8) find(".aloud").firstChild.remove();
  },

  counted() {
    for (const { person, role, unread, node, tab } of phones.values()) {
      const [name, count] = tab.children;
      name.textContent = role;
      count.textContent = unread || "";
      tab.setAttribute("aria-label", `${person.name}, ${role}${unread ? `, ${words.unread(unread)}` : ""}`);
      tab.setAttribute("aria-current", node.classList.contains("shown"));
    }
  },
};

function add(person) {
  const phone = new Phone(person, page);
  phone.tab = document.createElement("button");
  phone.tab.append(document.createElement("span"), document.createElement("b"));
  phone.tab.addEventListener("click", () => show(phone));
  phones.set(String(person.id), phone);
  find(".tabs").append(phone.tab);
  find(".phones").append(phone.node);
}

function show(phone) {
  shown?.node.classList.remove("shown");
  shown = phone;
  shown.node.classList.add("shown");
  shown.seen();
}

function tick() {
  find("time").textContent = moment(page.now());
  find("time").dateTime = new Date(page.now()).toISOString();
}

function set(now) {
  ahead = now - Date.now();
  tick();
}

function listen() {
  const stream = new EventSource("/events");
  stream.addEventListener("open", () => (find(".offline").hidden = true));
  stream.addEventListener("error", () => {
    find(".offline").hidden = false;
    // After an answer that is no stream, as a restarting server may give, a browser does not try again by itself
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
  stream.addEventListener("message", ({ data }) => {
    const { now, people, phones: news } = JSON.parse(data);
    set(now);
    if (people && !shown) {
      people.forEach(add);
      show(phones.values().next().value);
    }
    for (const [id, change] of Object.entries(news)) phones.get(id).update(change, Boolean(people));
  });
}

find(".time").addEventListener("click", ({ currentTarget }) => {
  currentTarget.setAttribute("aria-expanded", currentTarget.getAttribute("aria-expanded") !== "true");
});
find(".moves").addEventListener("click", async ({ target }) => {
  if (!target.dataset.by || target.ariaBusy) return;
  target.ariaBusy = "true";
  try {
    set((await page.post("/clock", { by: target.dataset.by })).now);
  } catch {
    shown.toast(words.unsent);
  }
  target.ariaBusy = null;
});
find(".language").addEventListener("click", () => {
  switchLanguage();
  translate(document);
  tick();
  for (const phone of phones.values()) phone.paint();
});
document.addEventListener("visibilitychange", () => phones.forEach((phone) => phone.seen()));
setInterval(tick, 1000);
translate(document);
tick();
listen();
