#!/usr/bin/env python3
"""Opens a report in headless Chromium at three widths and fails on any error in its console.

usage: scripts/check_report.py INDEX.HTML [--screenshots DIR]

Also an error: a resource from outside the file, a page that scrolls sideways, a table that does so without a sign of
it, a figure whose text is cut or covers other text, and an explorer (canvas and table of every measurement) that does
not follow the pointer, the keyboard, its bounds or its table's heads, or is slow to. The figures beside the page
(figures/*.svg) are looked at, too.
"""

import argparse
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

WIDTHS = (1400, 900, 500)  # pixels; Chromium's windows are not narrower than 500
SPY = """<script>
(() => {
  const found = [], say = (...words) => found.push(words.map(String).join(' '));
  addEventListener('error', e => say(e.message || 'cannot load ' + (e.target.src || e.target.href)), true);
  addEventListener('unhandledrejection', e => say('unhandled rejection:', e.reason));
  addEventListener('securitypolicyviolation', e => say('blocked:', e.blockedURI));
  const original = console.error;
  console.error = (...words) => { say(...words); original(...words); };
  function use(host) {
    const canvas = host.querySelector('canvas'), count = document.getElementById('explored'), tip = document.getElementById('tip');
    const rows = () => [...host.querySelectorAll('tbody tr')], cell = (row, i) => Number(row.children[i].textContent);
    const expect = (what, fine) => { if (!fine) say('explorer:', what); };
    const chosen = () => Number(count.textContent.split(' ')[0].replace(/,/g, ''));
    const key = name => canvas.dispatchEvent(new KeyboardEvent('keydown', {key: name, bubbles: true, cancelable: true}));
    const all = chosen(), began = performance.now();
    expect('lists nothing', all > 0 && rows().length > 0);
    const attack = host.querySelector('[data-sort=attack]');
    attack.click(); attack.click();
    expect('a head does not sort', attack.parentElement.getAttribute('aria-sort') === 'ascending' &&
      rows().every((row, i, list) => i === 0 || cell(list[i - 1], 4) <= cell(row, 4)));
    const box = canvas.getBoundingClientRect();
    const pointer = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 1, pointerType: 'mouse',
      clientX: box.left + box.width * x, clientY: box.top + box.height * y}));
    canvas.setPointerCapture = () => {};
    pointer('pointerdown', .02, .02); pointer('pointermove', .5, .98); pointer('pointerup', .5, .98);
    const half = chosen(), button = host.querySelector('.clear');
    expect('a drag selects nothing or everything, or leaves no way back', half <= all && !button.disabled);
    button.click();
    expect('the selection cannot be cleared', chosen() === all && button.disabled);
    const bound = host.querySelector('[data-range=attack-to]');
    bound.value = cell(rows()[0], 4);
    bound.dispatchEvent(new Event('input'));
    expect('bounds do not select', chosen() > 0 && rows().every(row => cell(row, 4) <= Number(bound.value)));
    key('Escape');
    expect('Escape does not clear', chosen() === all);
    key('ArrowRight');
    const marked = rows()[0].classList.contains('here');
    expect('the arrow keys mark nothing', marked && !tip.hidden && tip.textContent.includes('Accuracy'));
    key('Escape');
    expect('the tip stays', tip.hidden);
    const took = performance.now() - began;
    if (took > 2000) say('explorer: seven actions took', Math.round(took), 'ms');
  }
  const shown = box => box.width > 0 && box.height > 0;
  function look(chart) {
    const frame = chart.getBoundingClientRect();
    if (!shown(frame)) return;
    const name = (chart.getAttribute('aria-label') || 'a figure').slice(0, 60);
    const texts = [...chart.querySelectorAll('text')].map(element => ({text: element.textContent, box: element.getBoundingClientRect()}))
      .filter(one => one.text && shown(one.box));
    for (const {text, box} of texts)
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        say('figure:', name + ':', 'cut: ' + text);
    texts.sort((a, b) => a.box.left - b.box.left);
    texts.forEach(({text, box: a}, i) => {
      for (let k = i + 1; k < texts.length && texts[k].box.left < a.right; ++k) {
        const b = texts[k].box, across = Math.min(a.right, b.right) - b.left;
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > .35 * Math.min(a.height, b.height)) say('figure:', name + ':', text + ' and ' + texts[k].text + ' overlap');
      }
    });
  }
  function signs() {
    for (const box of document.querySelectorAll('body *')) {
      const style = getComputedStyle(box);
      if (box.scrollWidth <= box.clientWidth + 1 || !/auto|scroll/.test(style.overflowX)) continue;
      if (!/local/.test(style.backgroundAttachment) || !/gradient/.test(style.backgroundImage))
        say('scrolls sideways without a sign of it:', box.localName, box.className);
    }
  }
  addEventListener('load', () => setTimeout(() => {
    document.querySelectorAll('svg.chart, svg[data-file]').forEach(look);
    signs();
    const host = document.getElementById('explorer');
    if (host) try { use(host); } catch (error) { say('explorer:', error); }
    const page = document.documentElement, out = document.createElement('script');
    if (page.scrollWidth > innerWidth + 2) say('scrolls sideways:', page.scrollWidth, 'px in a window of', innerWidth);
    out.type = 'application/json';
    out.id = 'spy-found';
    out.textContent = JSON.stringify({found, text: document.body.innerText.length}).replace(/</g, '\\\\u003c');
    document.body.append(out);
  }, 1000));
})();
</script>"""
OUTSIDE = re.compile(r"<(?:script|img|iframe|link|source|video)\b[^>]*?\b(?:src|href)\s*=\s*[\"']?((?:https?:)?//[^\"'\s>]+)", re.I)
FOUND = re.compile(r'<script type="application/json" id="spy-found">(.*?)</script>', re.S)


def chromium(page, width, *arguments):
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        sys.exit("report: no Chromium here; install the package chromium")
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                   "--no-first-run", f"--user-data-dir={profile}", f"--window-size={width},1000",
                   "--virtual-time-budget=10000", *arguments, page.as_uri()]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": profile})


def problems_at(page, width):
    answer = chromium(page, width, "--dump-dom")
    match = FOUND.search(answer.stdout)
    if not match:
        yield f"Chromium gave no page (exit status {answer.returncode}): {answer.stderr.strip()[-500:]}"
        return
    seen = json.loads(html.unescape(match.group(1)))
    yield from seen["found"]
    if seen["text"] == 0:
        yield "the page shows no text"


def svg_page(figure):
    """The figure's file in a page of its own, at its own size."""
    source = figure.read_text(encoding="utf-8").replace("<svg ", f'<svg data-file="{html.escape(figure.name)}" ', 1)
    return f'<!doctype html><html><head>{SPY}</head><body style="margin: 0"><p>{html.escape(figure.name)}</p>{source}</body></html>'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path, metavar="DIR")
    arguments = parser.parse_args()
    source = arguments.report.read_text(encoding="utf-8")
    problems = [f"needs {url}, which is outside the file" for url in OUTSIDE.findall(source)]
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "index.html"
        spied = re.sub(r"<head[^>]*>", lambda head: head.group(0) + SPY, source, count=1, flags=re.I)
        page.write_text(spied if spied != source else SPY + source, encoding="utf-8")
        for width in WIDTHS:
            problems += [f"{width} px wide: {problem}" for problem in problems_at(page, width)]
            if arguments.screenshots:
                arguments.screenshots.mkdir(parents=True, exist_ok=True)
                picture = (arguments.screenshots / f"report_{width}.png").resolve()
                chromium(arguments.report.resolve(), width, f"--screenshot={picture}")
        for figure in sorted((arguments.report.parent / "figures").glob("*.svg")):
            page.write_text(svg_page(figure), encoding="utf-8")
            problems += [f"{figure.name}: {problem}" for problem in problems_at(page, WIDTHS[0])]
    for problem in problems:
        print(f"report: {problem}")
    print(f"report: {arguments.report}: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
