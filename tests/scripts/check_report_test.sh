#!/usr/bin/env bash
# scripts/check_report.py accepts a sound page and names every fault of a broken one. Needs Chromium.
# usage: check_report_test.sh
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

expect() { # expect STATUS TEXT...
  local status=0 expected=$1
  shift
  python3 "$source_dir/scripts/check_report.py" "$work/index.html" >"$work/out" 2>&1 || status=$?
  for text; do
    [ "$status" = "$expected" ] && grep -qF -- "$text" "$work/out" && continue
    echo "expected status $expected and '$text', received status $status and:"
    cat "$work/out"
    exit 1
  done
}

echo '<!doctype html><html><head><title>t</title></head><body><h1>Sound</h1><script>console.log(1)</script></body></html>' >"$work/index.html"
expect 0 ': 0 problems'
cat >"$work/index.html" <<'PAGE'
<!doctype html><html><head></head><body><div style="width: 900px">wide</div><img src="https://example.org/a.png">
<script>missing_function()</script><script>console.error('said', 7)</script><script>Promise.reject('late')</script></body></html>
PAGE
expect 1 'needs https://example.org/a.png, which is outside the file' '1400 px wide: Uncaught ReferenceError: missing_function' \
  '1400 px wide: said 7' '1400 px wide: unhandled rejection: late' '500 px wide: scrolls sideways: 908 px'
cat >"$work/index.html" <<'PAGE'
<!doctype html><html><head></head><body><div id="explorer"><canvas></canvas><table><tbody></tbody></table></div>
<p id="explored">0 of 0</p><p id="tip" hidden></p></body></html>
PAGE
expect 1 'explorer: lists nothing' 'explorer: TypeError'
cat >"$work/index.html" <<'PAGE'
<!doctype html><html><head></head><body><p>Figures</p><div class="dumb" style="overflow-x: auto"><div style="width: 3000px">wide</div></div>
<svg class="chart" aria-label="Bars" viewBox="0 0 400 100" width="400" height="100"><text x="10" y="50">here</text>
<text x="14" y="52">there</text><text x="380" y="20">far outside</text><text x="100" y="90">fine</text></svg></body></html>
PAGE
mkdir "$work/figures"
echo '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50" width="200" height="50" aria-label="File"><text x="150" y="30">too long a label</text></svg>' >"$work/figures/bars.svg"
expect 1 '500 px wide: scrolls sideways without a sign of it: div dumb' '900 px wide: figure: Bars: here and there overlap' \
  'figure: Bars: cut: far outside' 'bars.svg: figure: File: cut: too long a label' ': 10 problems'
echo 'report: the check finds what it has to find'
