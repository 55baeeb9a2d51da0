#include "report/page.h"

namespace theriac::report {

// The explorer's script follows inside the same function.
const char* const kPageScript = R"js(
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent), tips = data.tips;
  const tip = document.getElementById('tip');
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const press = (button, on) => button.setAttribute('aria-pressed', String(on));
  let here = null;

  function hide() {
    if (here) here.classList.remove('here');
    here = null;
    tip.hidden = true;
  }
  function show(mark) {
    if (mark === here) return;
    hide();
    here = mark;
    mark.classList.add('here');
    placeTip(tips[mark.dataset.tip], mark.getBoundingClientRect());
  }
  function placeTip(text, at) {
    tip.textContent = text;
    tip.hidden = false;
    const page = document.documentElement;
    let left = at.right + 12, top = at.top - tip.offsetHeight / 2;
    if (left + tip.offsetWidth > page.clientWidth - 8) left = at.left - tip.offsetWidth - 12;
    if (left < 8) {
      left = Math.max(8, Math.min(at.left - tip.offsetWidth / 2, page.clientWidth - tip.offsetWidth - 8));
      top = at.bottom + 12;
    }
    tip.style.left = left + scrollX + 'px';
    tip.style.top = Math.max(top, 8) + scrollY + 'px';
  }

  const visible = chart => all('[data-tip]', chart).filter(mark => mark.getClientRects().length);
  const middle = mark => {
    const box = mark.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  function nearest(chart, x, y) {
    let best = null, least = 20 ** 2;
    for (const mark of visible(chart)) {
      const [mx, my] = middle(mark), distance = (mx - x) ** 2 + (my - y) ** 2;
      if (distance <= least) [best, least] = [mark, distance];
    }
    return best;
  }
  for (const chart of all('svg.chart')) {
    const point = event => {
      const mark = nearest(chart, event.clientX, event.clientY);
      if (mark) show(mark); else hide();
    };
    chart.addEventListener('pointermove', point);
    chart.addEventListener('pointerdown', point);
    chart.addEventListener('pointerleave', hide);
    chart.addEventListener('blur', hide);
    chart.addEventListener('keydown', event => {
      const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
      if (event.key === 'Escape') hide();
      if (!step) return;
      const marks = visible(chart);
      if (!marks.length) return;
      event.preventDefault();
      const at = marks.indexOf(here);
      show(marks[at < 0 ? 0 : (at + step + marks.length) % marks.length]);
    });
  }
  function markScrollers() {
    for (const box of all('.scroll')) box.classList.toggle('scrolls', box.scrollWidth > box.clientWidth + 1);
  }
  addEventListener('resize', () => { hide(); markScrollers(); });
  for (const part of all('details')) part.addEventListener('toggle', markScrollers);

  for (const button of all('[data-hides]')) button.addEventListener('click', () => {
    press(button, button.getAttribute('aria-pressed') !== 'true');
    const off = all('[data-hides][aria-pressed=false]').map(key => key.dataset.hides);
    for (const mark of all('#scatter .p, #scatter .way, #scatter .ring'))
      mark.style.display = off.some(name => mark.classList.contains(name)) ? 'none' : '';
  });
  function choose(selector, apply) {
    const buttons = all(selector);
    for (const button of buttons) button.addEventListener('click', () => {
      for (const other of buttons) press(other, other === button);
      apply(button);
      hide();
    });
  }
  choose('[data-epochs]', button =>
    document.getElementById('scatter').classList.toggle('only-last', button.dataset.epochs === 'last'));
  choose('[data-shows]', button => {
    for (const sheet of all('[data-sheet]')) sheet.hidden = sheet.dataset.sheet !== button.dataset.shows;
  });
  if (data.explorer) explore(document.getElementById('explorer'), data.explorer);
  markScrollers();
  addEventListener('beforeprint', () => all('details:not(.config)').forEach(part => { part.open = true; }));
)js";

const char* const kPageScriptEnd = "})();\n";

}  // namespace theriac::report
