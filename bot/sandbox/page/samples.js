// Photos drawn on the spot, so that a newcomer needs no file. Each bears its moment: no two are the same.

const SIZE = { width: 960, height: 720 };

const SCENES = {
  laptop(pen) {
    room(pen, "#cfd8dc", "#8d6e63");
    box(pen, "#37474f", 250, 170, 460, 300);
    box(pen, "#64b5f6", 275, 195, 410, 250);
    box(pen, "#546e7a", 190, 470, 580, 40);
    box(pen, "#eceff1", 300, 225, 180, 24);
    box(pen, "#eceff1", 300, 265, 300, 14);
    box(pen, "#eceff1", 300, 295, 260, 14);
    box(pen, "#fff59d", 560, 380, 100, 44);
    write(pen, "BMN 0312", 569, 409, 20, "#263238");
  },
  receipt(pen) {
    room(pen, "#6d4c41", "#5d4037");
    box(pen, "#fffde7", 290, 60, 380, 560);
    write(pen, "KUITANSI", 395, 125, 36, "#263238");
    for (let line = 0; line < 7; line += 1) box(pen, "#b0bec5", 330, 170 + line * 46, line % 3 ? 300 : 220, 14);
    write(pen, "Rp 1.250.000", 330, 530, 34, "#263238");
    pen.strokeStyle = "#5e35b1";
    pen.lineWidth = 6;
    pen.beginPath();
    pen.arc(570, 555, 48, 0, 7);
    pen.stroke();
  },
  room(pen) {
    room(pen, "#e3f2fd", "#a1887f");
    box(pen, "#ffffff", 300, 70, 360, 200);
    box(pen, "#1565c0", 320, 90, 320, 60);
    box(pen, "#795548", 130, 430, 700, 60);
    box(pen, "#5d4037", 170, 490, 40, 150);
    box(pen, "#5d4037", 750, 490, 40, 150);
    for (let seat = 0; seat < 5; seat += 1) box(pen, "#455a64", 175 + seat * 130, 330, 80, 96);
  },
};

function room(pen, wall, floor) {
  box(pen, wall, 0, 0, SIZE.width, SIZE.height);
  box(pen, floor, 0, 500, SIZE.width, SIZE.height - 500);
}

function box(pen, colour, left, top, width, height) {
  pen.fillStyle = colour;
  pen.fillRect(left, top, width, height);
}

function write(pen, text, left, bottom, size, colour) {
  pen.fillStyle = colour;
  pen.font = `bold ${size}px sans-serif`;
  pen.fillText(text, left, bottom);
}

/** A JPEG of one of the scenes `laptop`, `receipt` and `room`, with `stamp` written in its corner. */
export function sample(scene, stamp) {
  const canvas = Object.assign(document.createElement("canvas"), SIZE);
  const pen = canvas.getContext("2d");
  SCENES[scene](pen);
  write(pen, stamp, 24, SIZE.height - 24, 28, "#fff176");
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}
