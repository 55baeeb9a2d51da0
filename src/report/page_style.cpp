#include "report/page.h"

namespace theriac::report {

// .f0-.f16 fill, .k0-.k16 stroke and .b5-.b16 paint the background with the colours of drawing.h.
const char* const kPageStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --c0: #ffffff; --c1: #1c2430; --c2: #5b6675; --c3: #dfe3e8; --c4: #0a7d5a;
  --c5: #1f6fb4; --c6: #c2500d; --c7: #0a7d5a; --c8: #8f4a8c; --c9: #866700; --c10: #0e7c9c;
  --c11: #b0324f; --c12: #5b6675;
  --c13: #7a4a21; --c14: #4d6f00; --c15: #3a3fb5; --c16: #c01f8f; --bad: #b3261e; --bad-back: #fdeceb; --good-back: #e3f4ee;
  --shadow: 0 1px 2px rgb(20 30 45 / 6%), 0 4px 16px rgb(20 30 45 / 5%); --edge: rgb(20 30 45 / 26%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --c0: #1a2028; --c1: #e8ecf1; --c2: #a3adba; --c3: #323b47; --c4: #4cc79a;
    --c5: #6bb1f0; --c6: #f59a5c; --c7: #4cc79a; --c8: #d79ad3; --c9: #e0bd4f; --c10: #62c8e6;
    --c11: #f28ba3; --c12: #a3adba;
    --c13: #d0a27c; --c14: #a6cf4f; --c15: #a3a8ff; --c16: #f58fd0; --bad: #ff9d94; --bad-back: #3a2020; --good-back: #17352b;
    --shadow: none; --edge: rgb(255 255 255 / 30%);
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 40px 28px 64px; max-width: 1080px; background: var(--page);
  color: var(--c1); line-height: 1.55; -webkit-text-size-adjust: 100%;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
h1 { margin: 0 0 14px; font-size: 36px; line-height: 1.15; letter-spacing: -.02em; overflow-wrap: anywhere; }
h2 { margin: 52px 0 14px; font-size: 21px; letter-spacing: -.01em; }
h3 { margin: 22px 0 8px; font-size: 16px; }
p { margin: 8px 0; }
a { color: var(--c5); }
small { color: var(--c2); font-size: 12px; font-weight: 400; white-space: nowrap; }
td small { display: block; }
.brand { margin: 0 0 4px; color: var(--c2); font-size: 13px; letter-spacing: .08em; text-transform: uppercase; }
.nowrap { white-space: nowrap; }
.quiet { color: var(--c2); font-size: 14px; }
.good { color: var(--c4); } .bad { color: var(--bad); }
.facts { display: flex; flex-wrap: wrap; gap: 10px 36px; margin: 0 0 22px; }
.facts dt { color: var(--c2); font-size: 13px; } .facts dd { margin: 0; font-weight: 550; }
.progress { display: flex; height: 8px; border-radius: 4px; overflow: hidden; background: var(--c3); }
.progress .done { background: var(--c4); } .progress .failed { background: var(--bad); }
.alert { padding: 10px 14px; border-left: 4px solid var(--bad); border-radius: 4px; background: var(--bad-back); overflow-wrap: anywhere; white-space: pre-wrap; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: 18px; }
.card, .figure, figure { background: var(--c0); }
.card, .figure, .scroll, figure { border: 1px solid var(--c3); border-radius: 10px; box-shadow: var(--shadow); }
.card { padding: 18px 22px 14px; }
.card h3 { display: flex; align-items: center; margin: 0 0 14px; font-size: 18px; overflow-wrap: anywhere; }
.card p { margin: 12px 0 0; color: var(--c2); font-size: 14px; }
.badge { margin-left: auto; padding: 1px 11px; border-radius: 11px; font-size: 13px; font-weight: 550; white-space: nowrap; background: var(--c3); }
.badge.good { background: var(--good-back); } .badge.bad { background: var(--bad-back); }
.meter { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; margin-top: 10px; font-variant-numeric: tabular-nums; }
.meter .label { align-self: end; color: var(--c2); font-size: 14px; }
.meter .figures b { font-size: 24px; letter-spacing: -.01em; }
.bar { position: relative; grid-column: 1 / 3; height: 8px; border-radius: 4px; background: var(--page); overflow: hidden; }
.bar i { position: absolute; inset: 0 auto 0 0; min-width: 2px; border-radius: 4px; }
.bar .was { opacity: .28; }
.words { margin: 18px 0 0; padding-left: 20px; } .words li { margin: 5px 0; }
.chip { display: inline-block; flex: none; width: 11px; height: 11px; margin-right: 8px; border-radius: 3px; }
.figure { padding: 18px 20px 14px; }
.tools { display: flex; flex-wrap: wrap; gap: 10px 16px; margin-bottom: 12px; }
.choice { display: inline-flex; border: 1px solid var(--c3); border-radius: 7px; overflow: hidden; }
button { font: inherit; font-size: 14px; color: var(--c1); background: none; border: 0; cursor: pointer; }
.choice button { padding: 4px 13px; } .choice button[aria-pressed=true] { background: var(--c1); color: var(--c0); }
.keys { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 4px; margin: 0 -8px 2px; }
.keys > span { padding: 0 4px 0 8px; }
.key { display: inline-flex; align-items: center; padding: 3px 8px; border-radius: 6px; }
.key:hover { background: var(--page); } .key[aria-pressed=false] { opacity: .4; text-decoration: line-through; }
.icon { width: 15px; height: 15px; margin-right: 5px; }
.chart { display: block; width: 100%; height: auto; font-family: inherit; border-radius: 6px; }
.chart .p { cursor: pointer; }
.chart .here { stroke: var(--c1) !important; stroke-width: 2.5; fill-opacity: 1; }
.only-last .mid, .only-last .way { display: none; }
.caption { margin: 10px 2px 0; color: var(--c2); font-size: 14px; max-width: 86ch; }
.narrow { display: none; }
.scroll, pre { overflow-x: auto; scrollbar-width: thin; scrollbar-color: var(--c2) transparent; }
/* A box that scrolls sideways is shaded at the side where more of it is. */
.scroll, pre { background:
  linear-gradient(to right, var(--c0) 40%, transparent) left / 48px 100% no-repeat local,
  linear-gradient(to left, var(--c0) 40%, transparent) right / 48px 100% no-repeat local,
  linear-gradient(to right, var(--edge), transparent) left / 18px 100% no-repeat scroll,
  linear-gradient(to left, var(--edge), transparent) right / 18px 100% no-repeat scroll, var(--c0); }
.scrolls > table tr > :first-child { position: sticky; left: 0; z-index: 1; background: var(--c0); box-shadow: 1px 0 var(--c3); }
table { width: 100%; border-collapse: collapse; font-size: 14.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 13px; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--c3); font-weight: 400; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--c2); font-size: 13px; vertical-align: bottom; }
tbody th { font-weight: 550; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
td.quiet, th.nowrap { white-space: nowrap; }
.quiet { color: var(--c2); font-weight: 400; font-size: inherit; }
td.good, td.bad { font-weight: 550; }
details { margin-top: 12px; } summary { cursor: pointer; color: var(--c2); font-size: 15px; }
details .scroll, details pre { margin-top: 12px; }
pre { margin: 12px 0; padding: 14px 18px; font-size: 13.5px; line-height: 1.5; border: 1px solid var(--c3); border-radius: 10px; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
figure { margin: 0 0 16px; padding: 16px; text-align: center; } figure img { max-width: 100%; height: auto; }
figcaption { color: var(--c2); font-size: 14px; }
#tip { position: absolute; z-index: 9; max-width: 340px; padding: 9px 13px; border-radius: 8px; pointer-events: none; background: var(--c1); color: var(--c0); font-size: 13.5px; line-height: 1.5; white-space: pre-line; font-variant-numeric: tabular-nums; }
#tip::first-line { font-weight: 650; }
:focus-visible { outline: 2px solid var(--c5); outline-offset: 2px; }
.f0 { fill: var(--c0) } .f1 { fill: var(--c1) } .f2 { fill: var(--c2) } .f3 { fill: var(--c3) } .f4 { fill: var(--c4) }
.f5 { fill: var(--c5) } .f6 { fill: var(--c6) } .f7 { fill: var(--c7) } .f8 { fill: var(--c8) } .f9 { fill: var(--c9) }
.f10 { fill: var(--c10) } .f11 { fill: var(--c11) } .f12 { fill: var(--c12) }
.f13 { fill: var(--c13) } .f14 { fill: var(--c14) } .f15 { fill: var(--c15) } .f16 { fill: var(--c16) }
.k0 { stroke: var(--c0) } .k1 { stroke: var(--c1) } .k2 { stroke: var(--c2) } .k3 { stroke: var(--c3) } .k4 { stroke: var(--c4) }
.k5 { stroke: var(--c5) } .k6 { stroke: var(--c6) } .k7 { stroke: var(--c7) } .k8 { stroke: var(--c8) } .k9 { stroke: var(--c9) }
.k10 { stroke: var(--c10) } .k11 { stroke: var(--c11) } .k12 { stroke: var(--c12) }
.k13 { stroke: var(--c13) } .k14 { stroke: var(--c14) } .k15 { stroke: var(--c15) } .k16 { stroke: var(--c16) }
.b5 { background: var(--c5) } .b6 { background: var(--c6) } .b7 { background: var(--c7) } .b8 { background: var(--c8) }
.b9 { background: var(--c9) } .b10 { background: var(--c10) } .b11 { background: var(--c11) } .b12 { background: var(--c12) }
.b13 { background: var(--c13) } .b14 { background: var(--c14) } .b15 { background: var(--c15) } .b16 { background: var(--c16) }
[hidden] { display: none !important; }
#explorer canvas { display: block; width: 100%; height: 460px; border-radius: 6px; touch-action: manipulation; cursor: crosshair; }
#explorer .scroll { max-height: 420px; overflow: auto; position: relative; margin-top: 8px; }
#explorer thead th { position: sticky; top: 0; z-index: 2; background: var(--c0); padding: 0; }
#explorer thead button { width: 100%; padding: 7px 13px; text-align: inherit; color: inherit; font-size: 13px; white-space: nowrap; }
#explorer [aria-sort=ascending] button::after { content: " ↑"; } #explorer [aria-sort=descending] button::after { content: " ↓"; }
#explorer td { white-space: nowrap; }
#explorer tr.here > * { background: var(--page); box-shadow: inset 0 0 0 999px rgb(127 127 127 / 12%); }
.ranges { display: flex; flex-wrap: wrap; align-items: end; gap: 8px 16px; margin-top: 10px; }
.ranges fieldset { margin: 0; padding: 0; border: 0; display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: baseline; }
.ranges legend { float: left; padding: 0 4px 0 0; color: var(--c2); font-size: 14px; }
.ranges label { color: var(--c2); font-size: 14px; }
.ranges input { width: 76px; padding: 3px 6px; font: inherit; font-size: 14px; color: var(--c1); background: var(--page); border: 1px solid var(--c3); border-radius: 6px; }
.clear, .more { padding: 4px 13px; border: 1px solid var(--c3); border-radius: 7px; } .clear:disabled { opacity: .4; cursor: default; }
@media (max-width: 960px) { th, td { padding: 7px 9px; } }
@media (max-width: 640px) {
  body { padding: 24px 14px 48px; } h1 { font-size: 28px; } h2 { margin-top: 40px; }
  .figure { padding: 14px 10px 12px; } .wide { display: none; } .narrow { display: block; }
  #explorer canvas { height: 360px; }
  th, td { padding: 7px 10px; } tbody th { min-width: 112px; max-width: 44vw; white-space: normal; overflow-wrap: break-word; } .card { padding: 16px 16px 12px; }
}
@media print {
  :root { --page: #fff; --shadow: none; }
  body { max-width: none; padding: 0; font-size: 11pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .tools, .file, .ranges, .more, .config { display: none; } .chart { max-height: 215mm; } #explorer .scroll { max-height: none; } .card, .figure, figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
  .scroll, pre { overflow: visible; background: none; } table { font-size: 8.5pt; } th, td { padding: 4px 6px; } pre { white-space: pre-wrap; }
}
)css";

}  // namespace theriac::report
