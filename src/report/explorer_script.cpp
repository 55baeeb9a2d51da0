#include "report/explorer.h"

namespace theriac::report {

// Uses `all`, `press`, `placeTip` and `hide` of the page's script. The points are drawn once into a
// buffer; pointing at one copies the buffer and adds a ring.
const char* const kExplorerScript = R"js(
function explore(host, d) {
  const canvas = host.querySelector('canvas'), context = canvas.getContext('2d'), buffer = document.createElement('canvas');
  const body = host.querySelector('tbody'), count = document.getElementById('explored');
  const clear = host.querySelector('.clear'), more = host.querySelector('.more'), size = d.x.length, cell = 16;
  const values = {accuracy: d.y, attack: d.x, epoch: d.epoch, run: d.run, series: d.series}, off = new Set();
  const pad = {left: 46, right: 14, top: 26, bottom: 40};
  let set = 0, brush = null, drag = null, sort = {column: 'accuracy', down: true}, rows = 50;
  let shown = [], chosen = [], marked = -1, scale, grid, width, height;
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const inside = i => !brush || (d.x[i] >= brush[0] && d.x[i] <= brush[1] && d.y[i] >= brush[2] && d.y[i] <= brush[3]);
  const percent = v => (v / 1000).toFixed(2);

  function measure() {
    let low = 1e9, high = -1e9;
    for (const i of shown.length ? shown : d.x.keys()) { low = Math.min(low, d.y[i]); high = Math.max(high, d.y[i]); }
    const room = Math.max((high - low) * .06, 500);
    const y0 = Math.max(low - room, -1000), y1 = Math.min(high + room, 101000);
    width = canvas.clientWidth; height = canvas.clientHeight;
    const w = width - pad.left - pad.right, h = height - pad.top - pad.bottom;
    scale = {x: v => pad.left + (v + 2000) / 104000 * w, y: v => pad.top + (y1 - v) / (y1 - y0) * h,
      vx: px => (px - pad.left) / w * 104000 - 2000, vy: py => y1 - (py - pad.top) / h * (y1 - y0), y0, y1};
  }
  function steps(low, high, about) {
    const raw = (high - low) / about, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= raw), list = [];
    for (let v = Math.ceil(low / step) * step; v <= high; v += step) list.push(v);
    return list;
  }
  function paint() {
    const ratio = devicePixelRatio || 1;
    for (const target of [canvas, buffer]) { target.width = Math.round(width * ratio); target.height = Math.round(height * ratio); }
    const c = buffer.getContext('2d');
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.font = '12px ' + getComputedStyle(document.body).fontFamily;
    c.fillStyle = style('--c4'); c.globalAlpha = .12;
    c.fillRect(scale.x(-2000), pad.top, scale.x(5000) - scale.x(-2000), height - pad.top - pad.bottom);
    c.globalAlpha = 1; c.strokeStyle = style('--c3'); c.fillStyle = style('--c2');
    c.beginPath();
    c.textAlign = 'right';
    for (const v of steps(scale.y0, scale.y1, 6)) {
      const y = scale.y(v);
      c.moveTo(pad.left, y); c.lineTo(width - pad.right, y);
      c.fillText(String(Math.round(v) / 1000), pad.left - 6, y + 4);
    }
    c.textAlign = 'center';
    for (const v of steps(0, 100000, width < 500 ? 5 : 10)) {
      const x = scale.x(v);
      c.moveTo(x, height - pad.bottom); c.lineTo(x, height - pad.bottom + 4);
      c.fillText(String(v / 1000), x, height - pad.bottom + 17);
    }
    c.stroke();
    c.textAlign = 'left'; c.fillText('Accuracy, %', 4, 14);
    c.textAlign = 'right'; c.fillText('Attack success rate, %', width - pad.right, height - 6);
    const side = shown.length > 20000 ? 2 : shown.length > 4000 ? 3 : 5;
    const colours = d.names.map((_, i) => style('--c' + (5 + i % 12)));
    for (const within of [false, true]) {
      c.globalAlpha = within ? (shown.length > 4000 ? .5 : .75) : .12;
      let last = -1;
      for (const i of shown) {
        if (inside(i) !== within) continue;
        if (d.series[i] !== last) c.fillStyle = colours[last = d.series[i]];
        c.fillRect(scale.x(d.x[i]) - side / 2, scale.y(d.y[i]) - side / 2, side, side);
      }
    }
    c.globalAlpha = 1;
    grid = new Map();
    for (const i of shown) {
      const key = (scale.x(d.x[i]) / cell | 0) * 65536 + (scale.y(d.y[i]) / cell | 0);
      const list = grid.get(key);
      if (list) list.push(i); else grid.set(key, [i]);
    }
    overlay();
  }
  function overlay() {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(buffer, 0, 0);
    const ratio = devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.strokeStyle = style('--c1');
    if (brush) {
      const x = scale.x(Math.max(brush[0], -2000)), y = scale.y(Math.min(brush[3], scale.y1));
      context.setLineDash([4, 3]); context.lineWidth = 1;
      context.strokeRect(x, y, scale.x(Math.min(brush[1], 102000)) - x, scale.y(Math.max(brush[2], scale.y0)) - y);
      context.setLineDash([]);
    }
    if (marked >= 0) {
      context.lineWidth = 2;
      context.beginPath();
      context.arc(scale.x(d.x[marked]), scale.y(d.y[marked]), 7, 0, 7);
      context.stroke();
    }
  }
  function table() {
    body.textContent = '';
    for (const i of chosen.slice(0, rows)) {
      const row = body.insertRow();
      row.dataset.row = i;
      const name = document.createElement('th');
      name.scope = 'row';
      name.textContent = d.runs[d.run[i]];
      row.append(name);
      const chip = document.createElement('i');
      chip.className = 'chip b' + (5 + d.series[i] % 12);
      row.insertCell().append(chip, d.names[d.series[i]]);
      for (const text of [d.epoch[i], percent(d.y[i]), percent(d.x[i])]) {
        const part = row.insertCell();
        part.className = 'number';
        part.textContent = text;
      }
    }
    more.hidden = chosen.length <= rows;
    count.textContent = `${chosen.length.toLocaleString('en')} of ${shown.length.toLocaleString('en')} measurements` +
      (chosen.length > rows ? `, the first ${rows} listed` : '');
    for (const head of all('[data-sort]', host)) {
      const here = head.dataset.sort === sort.column;
      head.parentElement.setAttribute('aria-sort', here ? (sort.down ? 'descending' : 'ascending') : 'none');
    }
  }
  function select() {
    chosen = shown.filter(inside);
    const v = values[sort.column], names = {run: d.runs, series: d.names}[sort.column], sign = sort.down ? -1 : 1;
    const rank = names && new Map(names.map((name, i) => [i, name]).sort((a, b) => a[1].localeCompare(b[1], 'en', {numeric: true})).map(([i], k) => [i, k]));
    const key = rank ? i => rank.get(v[i]) : i => v[i];
    chosen.sort((a, b) => sign * (key(a) - key(b)) || a - b);
    clear.disabled = !brush;
    table();
  }
  function update() {
    shown = [];
    for (let i = 0; i < size; i++) if (d.set[i] === set && !off.has(d.series[i])) shown.push(i);
    unmark();
    measure();
    select();
    paint();
  }
  function unmark() {
    marked = -1;
    for (const row of all('.here', body)) row.classList.remove('here');
    hide();
  }
  function mark(i, scroll) {
    if (i === marked) return;
    unmark();
    marked = i;
    overlay();
    const box = canvas.getBoundingClientRect(), x = box.left + scale.x(d.x[i]), y = box.top + scale.y(d.y[i]);
    placeTip(`${d.runs[d.run[i]]}\n${d.names[d.series[i]]}, ${d.epochs.toLowerCase()} ${d.epoch[i]}\nAccuracy ${percent(d.y[i])} %\nASR ${percent(d.x[i])} %\n${d.sets[d.set[i]]}`,
      {left: x - 7, right: x + 7, top: y, bottom: y + 7, width: 14});
    const row = body.querySelector(`[data-row="${i}"]`);
    if (!row) return;
    row.classList.add('here');
    const frame = row.closest('.scroll');
    if (scroll) frame.scrollTop = row.offsetTop - frame.clientHeight / 2;
  }
  function nearest(px, py) {
    let best = -1, least = 14 ** 2;
    for (let a = -1; a <= 1; a++) for (let b = -1; b <= 1; b++)
      for (const i of grid.get(((px / cell | 0) + a) * 65536 + (py / cell | 0) + b) || []) {
        const distance = (scale.x(d.x[i]) - px) ** 2 + (scale.y(d.y[i]) - py) ** 2;
        if (distance < least) [best, least] = [i, distance];
      }
    return best;
  }
  function setBrush(next) {
    brush = next;
    rows = 50;
    for (const field of all('[data-range]', host)) {
      if (field === document.activeElement) continue;
      const k = ['attack-from', 'attack-to', 'accuracy-from', 'accuracy-to'].indexOf(field.dataset.range);
      field.value = brush && Math.abs(brush[k]) < 1e8 ? percent(brush[k]) : '';
    }
    unmark();
    select();
    paint();
  }
  const place = event => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.addEventListener('pointerdown', event => {
    if (event.pointerType === 'touch' || event.button) return;
    drag = place(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', event => {
    const [x, y] = place(event);
    if (drag && Math.hypot(x - drag[0], y - drag[1]) > 4) {
      brush = [scale.vx(Math.min(x, drag[0])), scale.vx(Math.max(x, drag[0])), scale.vy(Math.max(y, drag[1])), scale.vy(Math.min(y, drag[1]))];
      unmark();
      overlay();
      return;
    }
    const i = nearest(x, y);
    if (i >= 0) mark(i, true); else if (marked >= 0) { unmark(); overlay(); }
  });
  canvas.addEventListener('pointerup', event => {
    const moved = drag && Math.hypot(place(event)[0] - drag[0], place(event)[1] - drag[1]) > 4;
    drag = null;
    if (moved) setBrush(brush);
  });
  canvas.addEventListener('pointerleave', () => { if (!drag) { unmark(); overlay(); } });
  canvas.addEventListener('blur', () => { unmark(); overlay(); });
  canvas.addEventListener('keydown', event => {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (event.key === 'Escape') { if (marked >= 0) { unmark(); overlay(); } else setBrush(null); }
    if (!step || !chosen.length) return;
    event.preventDefault();
    const k = chosen.indexOf(marked), next = k < 0 ? 0 : (k + step + chosen.length) % chosen.length;
    if (next >= rows) { rows = next + 50; table(); }
    mark(chosen[next], true);
  });
  body.addEventListener('pointerover', event => {
    const row = event.target.closest('[data-row]');
    if (row) { mark(Number(row.dataset.row), false); }
  });
  body.addEventListener('pointerleave', () => { unmark(); overlay(); });
  for (const head of all('[data-sort]', host)) head.addEventListener('click', () => {
    const column = head.dataset.sort, words = column === 'run' || column === 'series';
    sort = {column, down: sort.column === column ? !sort.down : !words};
    select();
  });
  for (const button of all('[data-set]', host)) button.addEventListener('click', () => {
    for (const other of all('[data-set]', host)) press(other, other === button);
    set = Number(button.dataset.set);
    update();
  });
  for (const button of all('[data-series]', host)) button.addEventListener('click', () => {
    const i = Number(button.dataset.series), on = off.has(i);
    if (on) off.delete(i); else off.add(i);
    press(button, on);
    update();
  });
  for (const field of all('[data-range]', host)) field.addEventListener('input', () => {
    const read = name => { const v = host.querySelector(`[data-range=${name}]`).value; return v === '' ? NaN : v * 1000; };
    const [a, b, c, e] = ['attack-from', 'attack-to', 'accuracy-from', 'accuracy-to'].map(read);
    const or = (v, other) => Number.isNaN(v) ? other : v;
    const none = [a, b, c, e].every(Number.isNaN);
    setBrush(none ? null : [or(a, -1e9), or(b, 1e9), or(c, -1e9), or(e, 1e9)]);
  });
  clear.addEventListener('click', () => { setBrush(null); canvas.focus(); });
  more.addEventListener('click', () => { rows += 200; table(); });
  const again = () => { measure(); paint(); };
  addEventListener('resize', again);
  addEventListener('beforeprint', again);
  addEventListener('afterprint', again);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  update();
}
)js";

}  // namespace theriac::report
