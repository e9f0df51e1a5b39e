// Photos drawn on the spot, so that a newcomer needs no file. Each bears its second: no two are the same.

const [WIDTH, HEIGHT] = [960, 720];

// What stands in a picture, back to front: a colour, and a box (left, top, width, height) or words (text, left, bottom)
const SCENES = {
  laptop: [
    ["#cfd8dc", 0, 0, 960, 500], ["#8d6e63", 0, 500, 960, 220], ["#37474f", 250, 170, 460, 300],
    ["#64b5f6", 275, 195, 410, 250], ["#546e7a", 190, 470, 580, 40], ["#eceff1", 300, 225, 180, 24],
    ["#eceff1", 300, 265, 300, 14], ["#eceff1", 300, 295, 260, 14], ["#fff59d", 525, 375, 160, 50],
    ["#263238", "BMN 0312", 540, 410],
  ],
  receipt: [
    ["#6d4c41", 0, 0, 960, 720], ["#fffde7", 290, 60, 380, 560], ["#263238", "KUITANSI", 400, 125],
    ["#b0bec5", 330, 170, 300, 14], ["#b0bec5", 330, 220, 220, 14], ["#b0bec5", 330, 270, 300, 14],
    ["#b0bec5", 330, 320, 260, 14], ["#b0bec5", 330, 370, 300, 14], ["#263238", "Rp 1.250.000", 330, 480],
    ["#5e35b1", "Lunas", 520, 570],
  ],
  room: [
    ["#e3f2fd", 0, 0, 960, 500], ["#a1887f", 0, 500, 960, 220], ["#ffffff", 300, 70, 360, 200],
    ["#1565c0", 320, 90, 320, 60], ["#455a64", 175, 330, 90, 96], ["#455a64", 315, 330, 90, 96],
    ["#455a64", 455, 330, 90, 96], ["#455a64", 595, 330, 90, 96], ["#795548", 130, 430, 700, 60],
    ["#5d4037", 170, 490, 40, 150], ["#5d4037", 750, 490, 40, 150],
  ],
};

/** A JPEG of the scene `laptop`, `receipt` or `room`, with `stamp` written in its corner. */
export function sample(scene, stamp) {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  pen.font = "bold 30px sans-serif";
  for (const [colour, ...what] of [...SCENES[scene], ["#fff176", stamp, 24, HEIGHT - 24]]) {
    pen.fillStyle = colour;
    if (what.length === 4) pen.fillRect(...what);
    else pen.fillText(...what);
  }
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}
