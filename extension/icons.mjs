/**
 * Draws icons/*.png: a white flame on a warm rounded square. Run by hand: `node icons.mjs`.
 *
 * Written without a drawing library: shapes are sampled 8 × 8 times per pixel.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

import { crc32 } from "./zip.mjs";

const GRID = 8;

/** Flame as cubic curves in a 24-unit square: the outer body, then the hollow. */
const OUTER = [[12.6, 2.6], [13.1, 5.6, 11.9, 7.3, 10.4, 9], [8.6, 11, 6.6, 12.7, 6.6, 15.8], [6.6, 19.2, 9.1, 21.6, 12.2, 21.6], [15.4, 21.6, 17.8, 19.2, 17.8, 16], [17.8, 13.9, 16.9, 12.1, 15.6, 10.7], [15.5, 11.9, 15.1, 12.8, 14.3, 13.4], [14.7, 9.3, 14.5, 5.2, 12.6, 2.6]];
const HOLLOW = [[12.3, 20], [10.8, 20, 9.8, 18.9, 9.8, 17.5], [9.8, 15.9, 11, 15.1, 12, 13.5], [13.2, 14.6, 14.7, 15.9, 14.7, 17.6], [14.7, 19, 13.7, 20, 12.3, 20]];

function outline(curves) {
  const points = [curves[0]];
  for (const [x1, y1, x2, y2, x3, y3] of curves.slice(1)) {
    const [x0, y0] = points.at(-1);
    for (let step = 1; step <= 24; step++) {
      const t = step / 24;
      const u = 1 - t;
      points.push([
        u ** 3 * x0 + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t ** 3 * x3,
        u ** 3 * y0 + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t ** 3 * y3,
      ]);
    }
  }
  return points;
}

function isInside(points, x, y) {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [xi, yi] = points[i];
    const [xj, yj] = points[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

const outer = outline(OUTER);
const hollow = outline(HOLLOW);

function inSquare(x, y, radius = 5.6) {
  const dx = Math.max(radius - x, x - (24 - radius), 0);
  const dy = Math.max(radius - y, y - (24 - radius), 0);
  return dx * dx + dy * dy <= radius * radius;
}

function colorAt(x, y) {
  if (!inSquare(x, y)) return [0, 0, 0, 0];
  const flame = isInside(outer, x, y) && !isInside(hollow, x, y);
  if (flame) return [255, 255, 255, 255];
  const t = (x + y) / 48;
  return [Math.round(242 - 22 * t), Math.round(124 - 66 * t), Math.round(48 - 14 * t), 255];
}

function png(size) {
  const rows = [];
  for (let py = 0; py < size; py++) {
    const row = Buffer.alloc(1 + size * 4);
    for (let px = 0; px < size; px++) {
      const sum = [0, 0, 0, 0];
      for (let s = 0; s < GRID * GRID; s++) {
        const x = ((px + ((s % GRID) + 0.5) / GRID) * 24) / size;
        const y = ((py + (Math.floor(s / GRID) + 0.5) / GRID) * 24) / size;
        const [r, g, b, a] = colorAt(x, y);
        sum[0] += r * a;
        sum[1] += g * a;
        sum[2] += b * a;
        sum[3] += a;
      }
      const alpha = sum[3];
      for (let channel = 0; channel < 3; channel++) row[1 + px * 4 + channel] = alpha ? Math.round(sum[channel] / alpha) : 0;
      row[1 + px * 4 + 3] = Math.round(alpha / (GRID * GRID));
    }
    rows.push(row);
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const folder = join(import.meta.dirname, "icons");
mkdirSync(folder, { recursive: true });
for (const size of [16, 32, 48, 128]) writeFileSync(join(folder, `${size}.png`), png(size));
