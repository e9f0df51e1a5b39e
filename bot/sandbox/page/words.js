// Every word of the page itself, in both languages, and its dates. What the bot says is the bot's affair.

const ID = {
  about: "Pemandu SOP di Telegram. Empat telepon ini hanya ada di komputer ini.",
  moves: "Majukan waktu; waktu tidak bisa mundur", hour: "+1 jam", day: "+1 hari", week: "+1 minggu", month: "+1 bulan",
  language: "EN", languageLong: "Use this page in English", phones: "Pilih telepon",
  offline: "Demo tidak menjawab. Halaman ini mencoba menyambung lagi.",
  pinned: "Pesan disematkan", chat: "Percakapan dengan Pandu", newest: "Ke pesan terbaru",
  empty: "Belum ada pesan", emptyLong: "Ketuk Mulai untuk menyapa Pandu dari telepon ini.", start: "Mulai",
  commands: "Daftar perintah", menu: "Menu perintah", attach: "Lampirkan", photo: "Foto dari perangkat ini",
  laptop: "Contoh foto: laptop", receipt: "Contoh foto: kuitansi", room: "Contoh foto: ruang rapat",
  document: "Dokumen", write: "Tulis pesan", send: "Kirim", cancel: "Batal membalas", reply: "Balas",
  edited: "diedit", ok: "OK", more: "Selengkapnya", less: "Ringkas", hidden: "Teks tersembunyi, ketuk untuk membuka",
  photoNote: "Foto", pinnedNote: "Pandu menyematkan pesan", unsupported: "Pesan jenis ini tidak ditampilkan di sini",
  unsent: "Tidak terkirim. Mungkin terlalu besar (batas 20 MB), atau demo sudah berhenti.",
  unanswered: "Bot belum menjawab.", unread: (count) => `${count} belum dibaca`,
  roles: {}, // they are told in Indonesian
};

const EN = {
  about: "An SOP guide on Telegram. These four phones exist on this computer only.",
  moves: "Move the time on; it cannot go back", hour: "+1 hour", day: "+1 day", week: "+1 week", month: "+1 month",
  language: "ID", languageLong: "Halaman ini dalam bahasa Indonesia", phones: "Choose a phone",
  offline: "The demo does not answer. This page keeps trying.",
  pinned: "Pinned message", chat: "Chat with Pandu", newest: "To the newest message",
  empty: "No messages yet", emptyLong: "Tap Start to greet Pandu from this phone.", start: "Start",
  commands: "List of commands", menu: "Menu of commands", attach: "Attach", photo: "Photo from this device",
  laptop: "Sample photo: laptop", receipt: "Sample photo: receipt", room: "Sample photo: meeting room",
  document: "Document", write: "Write a message", send: "Send", cancel: "Cancel the reply", reply: "Reply",
  edited: "edited", ok: "OK", more: "Show more", less: "Show less", hidden: "Hidden text, tap to open",
  photoNote: "Photo", pinnedNote: "Pandu pinned a message", unsupported: "A message of this kind is not shown here",
  unsent: "Not sent. It may be too large (at most 20 MB), or the demo has stopped.",
  unanswered: "The bot has not answered yet.", unread: (count) => `${count} unread`,
  roles: { Pelaksana: "Employee", Pengawas: "Supervisor", Penulis: "Author", Pimpinan: "Manager" },
};

export let words = localStorage.getItem("language") === "en" ? EN : ID;

export function switchLanguage() {
  words = words === ID ? EN : ID;
  localStorage.setItem("language", words === EN ? "en" : "id");
}

/** Fills in the words that the markup under `root` asks for by name. */
export function translate(root) {
  document.documentElement.lang = words === EN ? "en" : "id";
  for (const node of root.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
  for (const node of root.querySelectorAll("[data-hint]")) node.placeholder = words[node.dataset.hint];
  for (const node of root.querySelectorAll("[data-label]")) node.ariaLabel = words[node.dataset.label];
  for (const node of root.querySelectorAll("button[data-label]")) node.title = node.ariaLabel;
}

const locale = () => (words === EN ? "en-GB" : "id");
const show = (look) => (at) => new Intl.DateTimeFormat(locale(), { timeZone: "Asia/Makassar", ...look }).format(at);

export const hour = show({ timeStyle: "short" });
export const second = show({ dateStyle: "long", timeStyle: "medium" });
export const day = show({ dateStyle: "full" });
const date = show({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
export const moment = (at) => `${date(at)}, ${hour(at)} WITA`;
