// The page around the phones: one stream of changes in, the clock, the language, and which phone a small screen shows.

import { Phone } from "./phone.js";
import { moment, switchLanguage, translate, words } from "./words.js";

const phones = new Map();
const tabs = document.querySelector(".tabs");
const aloud = document.querySelector(".aloud");
let ahead = 0; // milliseconds that the demo's clock is ahead of this machine's
let shown;

async function post(path, body) {
  const sent = body instanceof Blob ? body : new Blob([JSON.stringify(body)], { type: "application/json" });
  const answer = await fetch(path, { method: "POST", body: sent });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

function add(person) {
  const phone = new Phone(person, { post, heard, counted: paintTabs, now: () => Date.now() + ahead });
  phones.set(String(person.id), phone);
  document.querySelector(".phones").append(phone.node);
  const tab = document.createElement("button");
  tab.setAttribute("role", "tab");
  tab.append(document.createElement("span"), document.createElement("b"));
  tab.addEventListener("click", () => show(phone));
  tabs.append(tab);
  phone.tab = tab;
}

function show(phone) {
  shown = phone;
  for (const other of phones.values()) other.node.classList.toggle("shown", other === phone);
  paintTabs();
  phone.follow();
}

function paintTabs() {
  for (const phone of phones.values()) {
    const [name, count] = phone.tab.children;
    name.textContent = phone.role;
    count.textContent = phone.unread || "";
    const unread = phone.unread ? `, ${words.unread(phone.unread)}` : "";
    phone.tab.setAttribute("aria-label", `${phone.person.name}, ${phone.role}${unread}`);
    phone.tab.setAttribute("aria-selected", phone === shown);
  }
}

function heard({ person }, text) {
  const line = document.createElement("p");
  line.textContent = `${person.name}: ${text}`;
  aloud.append(line);
  while (aloud.children.length > 8) aloud.firstChild.remove();
}

function paintClock() {
  const now = Date.now() + ahead;
  const node = document.querySelector(".time time");
  node.textContent = moment(now);
  node.dateTime = new Date(now).toISOString();
}

function say() {
  translate(document);
  paintTabs();
  paintClock();
}

function listen() {
  const stream = new EventSource("/events");
  const offline = (is) => (document.querySelector(".offline").hidden = !is);
  stream.addEventListener("open", () => offline(false));
  stream.addEventListener("error", () => {
    offline(true);
    // A browser gives up for good on an answer that is no stream, as a restarting server may give
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
  stream.addEventListener("message", ({ data }) => {
    const change = JSON.parse(data);
    ahead = change.now - Date.now();
    paintClock();
    if (change.people && !phones.size) change.people.forEach(add);
    if (!shown) show(phones.values().next().value);
    for (const [id, news] of Object.entries(change.phones)) phones.get(id).update(news, Boolean(change.people));
    paintTabs();
  });
}

document.querySelector(".time").addEventListener("click", ({ currentTarget }) => {
  const open = currentTarget.getAttribute("aria-expanded") !== "true";
  currentTarget.setAttribute("aria-expanded", open);
});
document.querySelector(".moves").addEventListener("click", async ({ target }) => {
  const by = target.dataset.by;
  if (!by || target.getAttribute("aria-busy")) return;
  target.setAttribute("aria-busy", "true");
  try {
    await post("/clock", { by });
  } catch {
    shown.toast(words.unsent);
  } finally {
    target.removeAttribute("aria-busy");
  }
});
document.querySelector(".language").addEventListener("click", () => {
  switchLanguage();
  say();
  for (const phone of phones.values()) phone.paint();
});
document.addEventListener("visibilitychange", () => phones.forEach((phone) => phone.seen()));
setInterval(paintClock, 1000);
say();
listen();
