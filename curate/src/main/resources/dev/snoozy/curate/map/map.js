'use strict';
// The page of a map: points on the graphics card (or on a plain canvas), what is above them on a second canvas.
const $ = id => document.getElementById(id);
const head = JSON.parse($('map').textContent);
const n = head.count;

function numbers(name, Type) {
  const text = atob(head[name]);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Type(bytes.buffer);
}
const places = numbers('places', Uint16Array);
const source = numbers('source', Uint32Array);
const topic = numbers('topic', Uint32Array);
const lengths = numbers('length', Uint32Array);
const duplicate = numbers('duplicate', Uint8Array);
const loss = numbers('loss', Float32Array);

// Texts are parsed when they are asked for: 500 rows to an element.
const CHUNK = 500;
const chunks = [...document.querySelectorAll('script.rows')];
const parsed = new Array(chunks.length);
function row(i) {
  const c = Math.floor(i / CHUNK);
  return (parsed[c] ??= JSON.parse(chunks[c].textContent))[i % CHUNK];
}

// --- what is chosen
const marked = new Uint8Array(n);
const selected = new Uint8Array(n);
const found = new Uint8Array(n).fill(1);
let searching = false;
let focus = -1;
let only = -1; // a class of the legend

// --- colours
const DUPLICATES = ['unique', 'kept of a group', 'exact duplicate', 'near duplicate', 'same meaning'];
const topicAt = [0, 1, 2].map(level => head.topics.map((_, t) => {
  while (t >= 0 && head.topics[t][1] > level) t = head.topics[t][0];
  return t;
}));

function hue(i) { return hsl((i * 137.508) % 360, 62, i % 2 ? 42 : 56); }
function hsl(h, s, l) {
  s /= 100; l /= 100;
  const f = k => { const x = (k + h / 30) % 12; return l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(x - 3, 9 - x, 1)); };
  return [f(0), f(8), f(4)].map(v => Math.round(255 * v));
}
const RAMP = [[59, 76, 192], [98, 170, 190], [160, 200, 120], [240, 190, 70], [190, 40, 50]];
function ramp(part) {
  const x = Math.max(0, Math.min(1, part)) * (RAMP.length - 1);
  const i = Math.min(RAMP.length - 2, Math.floor(x));
  return RAMP[i].map((v, c) => Math.round(v + (RAMP[i + 1][c] - v) * (x - i)));
}

// A colouring: the class of each row, and of each class a name and a colour.
function classes(kind) {
  const of = new Int32Array(n);
  if (kind.startsWith('topic')) {
    const at = topicAt[+kind[5]];
    const names = new Map();
    for (let i = 0; i < n; i++) {
      const t = at[topic[i]];
      if (!names.has(t)) names.set(t, names.size);
      of[i] = names.get(t);
    }
    return { of, names: [...names.keys()].map(t => head.topics[t][2]), colours: [...names.keys()].map((_, i) => hue(i)) };
  }
  if (kind === 'source') {
    of.set(source);
    return { of, names: head.sources, colours: head.sources.map((_, i) => hue(i)) };
  }
  if (kind === 'duplicate') {
    of.set(duplicate);
    return { of, names: DUPLICATES, colours: [[140, 140, 145], [60, 140, 80], [200, 50, 50], [225, 135, 40], [150, 80, 190]] };
  }
  const values = kind === 'length' ? Float32Array.from(lengths, v => Math.log10(v + 1)) : loss;
  const STEPS = 8;
  let least = Infinity, most = -Infinity;
  for (const v of values) if (Number.isFinite(v)) { least = Math.min(least, v); most = Math.max(most, v); }
  const step = (most - least) / STEPS || 1;
  for (let i = 0; i < n; i++) {
    of[i] = Number.isFinite(values[i]) ? Math.min(STEPS - 1, Math.floor((values[i] - least) / step)) : STEPS;
  }
  const names = [], colours = [];
  for (let s = 0; s < STEPS; s++) {
    const from = least + s * step;
    names.push(kind === 'length' ? `from ${Math.round(10 ** from - 1)} characters` : `from ${from.toFixed(2)}`);
    colours.push(ramp((s + 0.5) / STEPS));
  }
  names.push('not measured');
  colours.push([140, 140, 145]);
  return { of, names, colours };
}
let colouring = classes('topic0');

const colours = new Uint8Array(4 * n);
function shown(i) { return found[i] && (only < 0 || colouring.of[i] === only); }
function paint() {
  for (let i = 0; i < n; i++) {
    const c = marked[i] ? [20, 20, 20] : selected[i] ? [255, 60, 160] : colouring.colours[colouring.of[i]];
    colours[4 * i] = c[0];
    colours[4 * i + 1] = c[1];
    colours[4 * i + 2] = c[2];
    colours[4 * i + 3] = shown(i) ? (selected[i] || marked[i] ? 255 : 200) : 14;
  }
  coloursChanged = true;
  redraw();
}

// --- the view: scale pixels for the whole square, and where its left upper corner is
const points = $('points'), above = $('above');
const view = { scale: 1, x: 0, y: 0 };
let ratio = 1, width = 1, height = 1, dirty = false, coloursChanged = true;
function fit(left, right, top, bottom) {
  view.scale = 0.92 * Math.min(width / (right - left), height / (bottom - top));
  view.x = width / 2 - view.scale * (left + right) / 2;
  view.y = height / 2 - view.scale * (top + bottom) / 2;
  redraw();
}
function whole() { fit(0, 1, 0, 1); }
// Where nearly all points are: a few that lie far off would make the others a blot.
function most() {
  if (n < 50) { whole(); return; }
  const part = (axis, at) => {
    const sorted = Float64Array.from({ length: n }, (_, i) => places[2 * i + axis] / 65535).sort();
    return sorted[Math.floor(at * (n - 1))];
  };
  fit(part(0, 0.01), part(0, 0.99) + 1e-3, 1 - part(1, 0.99), 1 - part(1, 0.01) + 1e-3);
}
function screenX(i) { return places[2 * i] / 65535 * view.scale + view.x; }
function screenY(i) { return (1 - places[2 * i + 1] / 65535) * view.scale + view.y; }
function pointSize() { return Math.max(2, Math.min(9, 1.6 * Math.sqrt(view.scale / 500) * (n > 20000 ? 1 : 1.8))); }

function redraw() {
  if (!dirty) {
    dirty = true;
    requestAnimationFrame(() => { dirty = false; draw(); });
  }
}
function resize() {
  const before = { width, height };
  ratio = window.devicePixelRatio || 1;
  width = above.clientWidth || 1;
  height = above.clientHeight || 1;
  for (const canvas of [points, above]) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  view.x += (width - before.width) / 2;
  view.y += (height - before.height) / 2;
  redraw();
}

// --- points by WebGL2
// WebGL without a graphics card is several times slower than the plain canvas below.
function software() {
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  return !gl || /swiftshader|llvmpipe|softpipe|basic render/i.test(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}
function graphics() {
  if (software()) return null;
  const gl = points.getContext('webgl2', { antialias: false, alpha: true, premultipliedAlpha: false });
  if (!gl) return null;
  const program = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, `#version 300 es
in vec2 place; in vec4 colour; uniform vec4 view; uniform float size; out vec4 paint;
void main() { vec2 p = vec2(place.x, 1.0 - place.y) * view.x + view.yz;
gl_Position = vec4(p.x * 2.0 - 1.0, 1.0 - p.y * 2.0 * view.w, 0, 1); gl_PointSize = size; paint = colour; }`],
  [gl.FRAGMENT_SHADER, `#version 300 es
precision mediump float; in vec4 paint; out vec4 result;
void main() { vec2 d = gl_PointCoord - 0.5; if (dot(d, d) > 0.25) discard; result = paint; }`]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
  gl.useProgram(program);
  const attribute = (name, data, size, type) => {
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    const at = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, size, type, true, 0, 0);
    return buffer;
  };
  attribute('place', places, 2, gl.UNSIGNED_SHORT);
  const colourBuffer = attribute('colour', colours, 4, gl.UNSIGNED_BYTE);
  gl.enable(gl.BLEND);
  gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const where = gl.getUniformLocation(program, 'view'), size = gl.getUniformLocation(program, 'size');
  return () => {
    if (coloursChanged) {
      gl.bindBuffer(gl.ARRAY_BUFFER, colourBuffer);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, colours);
      coloursChanged = false;
    }
    gl.viewport(0, 0, points.width, points.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform4f(where, view.scale / width, view.x / width, view.y / width, width / height);
    gl.uniform1f(size, pointSize() * ratio);
    gl.drawArrays(gl.POINTS, 0, n);
  };
}

// --- points on a plain canvas, pixel by pixel: a hundred thousand calls of fillRect would take too long
function plain() {
  const context = points.getContext('2d');
  if (!context) return null;
  let image = null;
  return () => {
    const w = points.width, h = points.height;
    if (!image || image.width !== w || image.height !== h) image = context.createImageData(w, h);
    const pixels = new Uint32Array(image.data.buffer);
    pixels.fill(0);
    const ink = new Uint32Array(colours.buffer);
    const side = Math.max(1, Math.round(pointSize() * ratio * 0.8));
    const scale = view.scale * ratio / 65535, x0 = view.x * ratio, y0 = view.y * ratio + view.scale * ratio;
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < n; i++) {
        if ((colours[4 * i + 3] < 100) === (pass === 1)) continue;
        const x = Math.round(places[2 * i] * scale + x0), y = Math.round(y0 - places[2 * i + 1] * scale);
        if (x < 0 || y < 0 || x + side > w || y + side > h) continue;
        for (let dy = 0, at = y * w + x; dy < side; dy++, at += w) {
          for (let dx = 0; dx < side; dx++) pixels[at + dx] = ink[i];
        }
      }
    }
    context.putImageData(image, 0, 0);
    coloursChanged = false;
  };
}
let drawPoints = graphics();
if (!drawPoints) {
  drawPoints = plain() ?? (() => {});
  $('notice').textContent = 'Drawn without a graphics card: this browser has none for WebGL2.';
}
points.addEventListener('webglcontextlost', e => e.preventDefault());
points.addEventListener('webglcontextrestored', () => { drawPoints = graphics() ?? drawPoints; coloursChanged = true; redraw(); });

// --- what is above the points
const ink = above.getContext('2d');
let loop = null; // the lasso: x, y, x, y …
const centres = head.topics.map(() => [0, 0, 0]);
for (let i = 0; i < n; i++) {
  for (let t = topic[i]; t >= 0; t = head.topics[t][0]) {
    centres[t][0] += places[2 * i];
    centres[t][1] += places[2 * i + 1];
    centres[t][2]++;
  }
}
function draw() {
  drawPoints();
  ink.setTransform(ratio, 0, 0, ratio, 0, 0);
  ink.clearRect(0, 0, width, height);
  const style = getComputedStyle(document.body);
  const zoom = view.scale / Math.min(width, height);
  const level = zoom > 6 ? 2 : zoom > 2.5 ? 1 : 0;
  ink.textAlign = 'center';
  ink.lineWidth = 3;
  ink.font = '600 13px system-ui, sans-serif';
  const taken = [];
  head.topics.forEach(([, l, label], t) => {
    if (l !== level || !centres[t][2]) return;
    const x = centres[t][0] / centres[t][2] / 65535 * view.scale + view.x;
    const y = (1 - centres[t][1] / centres[t][2] / 65535) * view.scale + view.y;
    const half = label.length * 4;
    if (taken.some(b => Math.abs(b[0] - x) < b[2] + half && Math.abs(b[1] - y) < 16)) return;
    taken.push([x, y, half]);
    ink.strokeStyle = style.backgroundColor;
    ink.strokeText(label, x, y);
    ink.fillStyle = style.color;
    ink.fillText(label, x, y);
  });
  if (focus >= 0) {
    ink.strokeStyle = style.color;
    ink.lineWidth = 2;
    ink.beginPath();
    ink.arc(screenX(focus), screenY(focus), pointSize() + 4, 0, 2 * Math.PI);
    ink.stroke();
  }
  if (loop) {
    ink.strokeStyle = 'rgb(255 60 160)';
    ink.lineWidth = 2;
    ink.beginPath();
    for (let i = 0; i < loop.length; i += 2) ink.lineTo(loop[i], loop[i + 1]);
    ink.closePath();
    ink.stroke();
  }
}

// --- choosing
function inside(x, y) {
  let odd = false;
  for (let i = 0, j = loop.length - 2; i < loop.length; j = i, i += 2) {
    if ((loop[i + 1] > y) !== (loop[j + 1] > y)
        && x < (loop[j] - loop[i]) * (y - loop[i + 1]) / (loop[j + 1] - loop[i + 1]) + loop[i]) odd = !odd;
  }
  return odd;
}
function endLasso() {
  for (let i = 0; i < n; i++) if (shown(i) && inside(screenX(i), screenY(i))) selected[i] = 1;
  loop = null;
  paint();
  tell();
}
function nearest(x, y) {
  let best = -1, least = 12 * 12;
  for (let i = 0; i < n; i++) {
    const d = (screenX(i) - x) ** 2 + (screenY(i) - y) ** 2;
    if (d < least && shown(i)) { least = d; best = i; }
  }
  return best;
}
function count(flags) { let sum = 0; for (const f of flags) sum += f; return sum; }
function tell() {
  const visible = searching || only >= 0 ? ` · ${found.reduce((s, _, i) => s + (shown(i) ? 1 : 0), 0)} shown` : '';
  $('count').textContent = `${n} rows${visible}`;
  $('selection').textContent = `${count(selected)} selected${count(selected) ? '' : ': draw a lasso, or search: then what is shown is meant'}`;
  $('marks').textContent = `${count(marked)} marked for removal`;
  $('export').disabled = count(marked) === 0;
  $('row-mark').textContent = focus >= 0 && marked[focus] ? 'Unmark this row' : 'Mark this row';
}
function read(i) {
  focus = i;
  $('row').hidden = i < 0;
  if (i >= 0) {
    const [id, prompt, response] = row(i);
    const path = [];
    for (let t = topic[i]; t >= 0; t = head.topics[t][0]) path.unshift(head.topics[t][2]);
    $('row-facts').textContent = [id, head.sources[source[i]], path.join(' › '), `${lengths[i]} characters`,
      DUPLICATES[duplicate[i]], Number.isFinite(loss[i]) ? `loss ${loss[i].toFixed(3)}` : ''].filter(Boolean).join(' · ');
    $('row-prompt').textContent = prompt;
    $('row-response').textContent = response;
  }
  tell();
  redraw();
}
function step(by) {
  const among = count(selected) ? i => selected[i] : shown;
  for (let k = 1; k <= n; k++) {
    const i = (((focus + by * k) % n) + n) % n;
    if (among(i)) { read(i); return; }
  }
}

// --- legend and search
function legend() {
  const box = $('legend');
  box.replaceChildren();
  const counts = new Array(colouring.names.length).fill(0);
  for (let i = 0; i < n; i++) counts[colouring.of[i]]++;
  colouring.names.forEach((name, c) => {
    if (!counts[c]) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-pressed', only === c);
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('width', 10);
    svg.setAttribute('height', 10);
    const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    for (const [key, value] of Object.entries({ cx: 5, cy: 5, r: 5, fill: `rgb(${colouring.colours[c].join(' ')})` })) dot.setAttribute(key, value);
    svg.append(dot);
    const label = document.createElement('span');
    label.textContent = name;
    const number = document.createElement('span');
    number.textContent = counts[c];
    button.append(svg, label, number);
    button.addEventListener('click', () => { only = only === c ? -1 : c; legend(); paint(); tell(); });
    box.append(button);
  });
}
let pause = 0;
function search() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  searching = words.length > 0;
  for (let i = 0; i < n; i++) {
    if (!searching) { found[i] = 1; continue; }
    const [id, prompt, response] = row(i);
    const text = `${id}\n${prompt}\n${response}`.toLowerCase();
    found[i] = words.every(w => text.includes(w)) ? 1 : 0;
  }
  paint();
  tell();
}

// --- pointers and keys
let drag = null;
const hands = new Map();
above.addEventListener('pointerdown', e => {
  above.setPointerCapture(e.pointerId);
  hands.set(e.pointerId, [e.offsetX, e.offsetY]);
  const lasso = e.shiftKey || $('lasso').getAttribute('aria-pressed') === 'true';
  drag = { x: e.offsetX, y: e.offsetY, moved: false, lasso };
  if (lasso) loop = [e.offsetX, e.offsetY];
});
above.addEventListener('pointermove', e => {
  const before = hands.get(e.pointerId);
  if (!before) return;
  if (hands.size === 2) {
    const other = [...hands].find(([id]) => id !== e.pointerId)[1];
    const apart = Math.hypot(before[0] - other[0], before[1] - other[1]) || 1;
    zoom(Math.hypot(e.offsetX - other[0], e.offsetY - other[1]) / apart, other[0], other[1]);
    loop = null;
    drag.moved = true;
  } else if (drag.lasso && loop) {
    loop.push(e.offsetX, e.offsetY);
    drag.moved = true;
  } else {
    view.x += e.offsetX - before[0];
    view.y += e.offsetY - before[1];
    drag.moved ||= Math.hypot(e.offsetX - drag.x, e.offsetY - drag.y) > 4;
  }
  hands.set(e.pointerId, [e.offsetX, e.offsetY]);
  redraw();
});
for (const kind of ['pointerup', 'pointercancel']) {
  above.addEventListener(kind, e => {
    if (!hands.delete(e.pointerId) || hands.size) return;
    if (loop && loop.length > 6) endLasso();
    else if (!drag.moved && kind === 'pointerup') read(nearest(e.offsetX, e.offsetY));
    loop = null;
  });
}
function zoom(by, x, y) {
  const scale = Math.max(50, Math.min(5e6, view.scale * by));
  view.x = x - (x - view.x) * scale / view.scale;
  view.y = y - (y - view.y) * scale / view.scale;
  view.scale = scale;
  redraw();
}
above.addEventListener('wheel', e => {
  e.preventDefault();
  zoom(Math.exp(-Math.max(-200, Math.min(200, e.deltaY)) * 0.0025), e.offsetX, e.offsetY);
}, { passive: false });
above.addEventListener('keydown', e => {
  const far = 40;
  const move = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] }[e.key];
  if (move) { view.x += move[0]; view.y += move[1]; redraw(); }
  else if (e.key === '+' || e.key === '-') zoom(e.key === '+' ? 1.3 : 1 / 1.3, width / 2, height / 2);
  else if (e.key === '0') whole();
  else if (e.key === 'n' || e.key === 'p') step(e.key === 'n' ? 1 : -1);
  else return;
  e.preventDefault();
});

// --- buttons
$('lasso').addEventListener('click', () => {
  const on = $('lasso').getAttribute('aria-pressed') !== 'true';
  $('lasso').setAttribute('aria-pressed', on);
  above.classList.toggle('drawing', on);
});
$('all').addEventListener('click', whole);
$('colour').addEventListener('change', () => { only = -1; colouring = classes($('colour').value); legend(); paint(); tell(); });
$('search').addEventListener('input', () => { clearTimeout(pause); pause = setTimeout(search, 200); });
function set(flags, value) {
  // Without a selection, what a search or the legend shows is meant.
  const some = count(selected) > 0;
  if (!some && !searching && only < 0) return;
  for (let i = 0; i < n; i++) if (some ? selected[i] : shown(i)) flags[i] = value;
  paint();
  tell();
}
$('mark').addEventListener('click', () => set(marked, 1));
$('unmark').addEventListener('click', () => set(marked, 0));
$('clear').addEventListener('click', () => { selected.fill(0); paint(); tell(); });
$('row-mark').addEventListener('click', () => { if (focus >= 0) { marked[focus] ^= 1; paint(); tell(); } });
$('previous').addEventListener('click', () => step(-1));
$('next').addEventListener('click', () => step(1));
$('export').addEventListener('click', () => {
  const remove = [];
  for (let i = 0; i < n; i++) if (marked[i]) remove.push(row(i)[0]);
  remove.sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
  const text = JSON.stringify({ format: 'snoozy-marks-1', remove }, null, 1) + '\n';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'marks.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});

$('title').textContent = head.title;
document.title = head.title;
if (!loss.some(Number.isFinite)) $('colour').querySelector('[value=loss]').disabled = true;
new ResizeObserver(resize).observe($('view'));
resize();
most();
legend();
paint();
tell();
