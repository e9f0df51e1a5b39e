// Every word of the page itself, in both languages. What the bot says is the bot's affair.

const ID = {
  about: "Pemandu SOP di Telegram. Empat telepon ini hanya ada di komputer ini.",
  moves: "Majukan waktu; waktu tidak bisa mundur",
  hour: "+1 jam", day: "+1 hari", week: "+1 minggu", month: "+1 bulan",
  language: "EN", languageLong: "Use this page in English",
  phones: "Pilih telepon", offline: "Demo tidak menjawab. Halaman ini mencoba menyambung lagi.",
  pinned: "Pesan disematkan", chat: "Percakapan dengan Pandu", newest: "Ke pesan terbaru",
  empty: "Belum ada pesan", emptyLong: "Ketuk Mulai untuk menyapa Pandu dari telepon ini.", start: "Mulai",
  commands: "Daftar perintah", menu: "Menu perintah", attach: "Lampirkan",
  photo: "Foto dari perangkat ini", document: "Dokumen", laptop: "Contoh foto: laptop",
  receipt: "Contoh foto: kuitansi", room: "Contoh foto: ruang rapat",
  write: "Tulis pesan", send: "Kirim", cancel: "Batal membalas", ok: "OK",
  edited: "diedit", reply: "Balas", more: "Selengkapnya", less: "Ringkas", hidden: "Teks tersembunyi, ketuk untuk membuka",
  photoNote: "Foto", voice: "Pesan suara", pinnedNote: "Pandu menyematkan pesan", unsupported: "Pesan jenis ini tidak ditampilkan di sini",
  copied: "Disalin", unsent: "Tidak terkirim. Periksa apakah demo masih berjalan.", unanswered: "Bot belum menjawab.",
  unread: (count) => `${count} belum dibaca`,
  roles: { employee: "Pegawai", supervisor: "Atasan", author: "Penyusun", manager: "Pimpinan" },
};

const EN = {
  about: "An SOP guide on Telegram. These four phones exist on this computer only.",
  moves: "Move the time on; it cannot go back",
  hour: "+1 hour", day: "+1 day", week: "+1 week", month: "+1 month",
  language: "ID", languageLong: "Halaman ini dalam bahasa Indonesia",
  phones: "Choose a phone", offline: "The demo does not answer. This page keeps trying.",
  pinned: "Pinned message", chat: "Chat with Pandu", newest: "To the newest message",
  empty: "No messages yet", emptyLong: "Tap Start to greet Pandu from this phone.", start: "Start",
  commands: "List of commands", menu: "Menu of commands", attach: "Attach",
  photo: "Photo from this device", document: "Document", laptop: "Sample photo: laptop",
  receipt: "Sample photo: receipt", room: "Sample photo: meeting room",
  write: "Write a message", send: "Send", cancel: "Cancel the reply", ok: "OK",
  edited: "edited", reply: "Reply", more: "Show more", less: "Show less", hidden: "Hidden text, tap to open",
  photoNote: "Photo", voice: "Voice message", pinnedNote: "Pandu pinned a message", unsupported: "A message of this kind is not shown here",
  copied: "Copied", unsent: "Not sent. Check that the demo is still running.", unanswered: "The bot has not answered yet.",
  unread: (count) => `${count} unread`,
  roles: { employee: "Employee", supervisor: "Supervisor", author: "Author", manager: "Manager" },
};

let language = localStorage.getItem("language") === "en" ? "en" : "id";
export let words = language === "en" ? EN : ID;

export function switchLanguage() {
  language = language === "en" ? "id" : "en";
  words = language === "en" ? EN : ID;
  localStorage.setItem("language", language);
}

/** Fills in the words that the markup under `root` asks for by name. */
export function translate(root) {
  document.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
  for (const node of root.querySelectorAll("[data-hint]")) node.placeholder = words[node.dataset.hint];
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", words[node.dataset.label]);
    if (node.matches("button")) node.title = words[node.dataset.label];
  }
}

const ZONE = { timeZone: "Asia/Makassar" };
const show = (options) => (at) => new Intl.DateTimeFormat(language, { ...ZONE, ...options }).format(at);

export const hour = show({ hour: "2-digit", minute: "2-digit", hour12: false });
export const second = show({ dateStyle: "long", timeStyle: "medium" });
export const day = show({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const shortDay = show({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
export const moment = (at) => `${shortDay(at)}, ${hour(at)} WITA`;
