/** How the panel looks: light and dark, without motion where people ask for none. */

export const STYLE = `
:host { all: initial; }
.heat {
  --bg: #ffffff; --surface: #f5f7fa; --text: #0e1526; --muted: #5b6675; --border: #dfe5ec; --strong: #c3ccd6;
  --accent: #1f6fb2; --on-accent: #ffffff; --flame: #e2571c; --bad: #b3261e; --ring: rgba(31,111,178,.35);
  --cool: #9cc9ee; --on-cool: #12263a; --normal: #4fa98a; --on-normal: #06231a; --warm: #f2a33a; --on-warm: #3a2300;
  --critical: #b3261e; --on-critical: #ffffff;
  --routine: #dcebf8; --on-routine: #123f6b; --focused: #fbe3b8; --on-focused: #5a3a00; --intense: #f8d0c6; --on-intense: #7a1a10;
  --routine-on: #1f6fb2; --focused-on: #8f5600; --intense-on: #b3261e;
  --shadow: 0 1px 2px rgba(14,21,38,.08), 0 12px 32px rgba(14,21,38,.18);
  color: var(--text); font: 400 13px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  letter-spacing: 0; text-align: start; color-scheme: light; -webkit-font-smoothing: antialiased;
}
@media (prefers-color-scheme: dark) {
  .heat {
    --bg: #161b22; --surface: #1e252f; --text: #e6eaf0; --muted: #9aa6b5; --border: #2c3542; --strong: #465262;
    --accent: #6cb2f0; --on-accent: #06131f; --flame: #ff7a3d; --bad: #ff8a7d; --ring: rgba(108,178,240,.4);
    --cool: #2b5c8c; --on-cool: #e6f1fb; --normal: #3c9f86; --on-normal: #04241c; --warm: #f5c451; --on-warm: #332000;
    --critical: #ff5a4a; --on-critical: #2b0500;
    --routine: #1d3349; --on-routine: #b9d9f5; --focused: #3d3016; --on-focused: #f6d58f; --intense: #45211d; --on-intense: #ffb9ae;
    --routine-on: #6cb2f0; --focused-on: #f5c451; --intense-on: #ff7a6b;
    --shadow: 0 1px 2px rgba(0,0,0,.4), 0 12px 36px rgba(0,0,0,.55); color-scheme: dark;
  }
}
.heat *, .heat *::before { box-sizing: border-box; }
.heat button, .heat input { font: inherit; color: inherit; margin: 0; }
.heat button { cursor: pointer; background: none; border: 0; padding: 0; }
.heat [hidden] { display: none !important; }
.heat :focus { outline: none; }
.heat :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.corner { position: fixed; inset-block-end: 18px; inset-inline-end: 18px; z-index: 2147483647; display: flex; flex-direction: column; align-items: flex-end; gap: 8px; }
.corner.left { inset-inline-end: auto; inset-inline-start: 18px; align-items: flex-start; }
.pill { display: inline-flex; align-items: center; gap: 6px; height: 32px; padding: 0 13px 0 10px !important; border-radius: 999px; background: var(--bg) !important;
  border: 1px solid var(--border) !important; box-shadow: 0 1px 2px rgba(14,21,38,.1), 0 3px 10px rgba(14,21,38,.12); font-weight: 600; font-size: 12.5px; max-width: 260px; }
.pill:hover { border-color: var(--strong) !important; }
.pill svg { color: var(--flame); flex: none; }
.pill.idle { padding: 0 8px !important; opacity: .82; } .pill.idle:hover, .pill.idle:focus-visible { opacity: 1; }
.pill bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.toast { display: inline-flex; align-items: center; gap: 8px; min-height: 36px; padding: 5px 7px 5px 12px; border-radius: 10px; background: var(--bg); border: 1px solid var(--border); box-shadow: var(--shadow); }
.toast svg { color: var(--normal); flex: none; }
.toast.bad { border-color: var(--bad); padding-inline-end: 12px; max-width: 320px; }
.toast button { color: var(--accent); font-weight: 600; padding: 4px 8px; border-radius: 6px; white-space: nowrap; }
.toast button:hover { background: var(--surface); }
.panel { width: 348px; max-width: calc(100vw - 24px); max-height: calc(100vh - 36px); overflow: auto; overscroll-behavior: contain; background: var(--bg); border: 1px solid var(--border); border-radius: 14px; box-shadow: var(--shadow);
  animation: rise .13s ease-out; scrollbar-width: thin; }
@keyframes rise { from { opacity: 0; transform: translateY(6px); } }
@media (prefers-reduced-motion: reduce) { .panel { animation: none; } .heat * { transition: none !important; } }
.head { display: grid; grid-template-columns: auto 1fr auto auto; gap: 3px 9px; align-items: center; padding: 12px 12px 11px 15px; border-block-end: 1px solid var(--border); }
.head > svg { color: var(--flame); }
.head .id { font-weight: 650; font-size: 12.5px; color: var(--muted); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.head .title { grid-column: 1 / -1; font-weight: 600; font-size: 14.5px; line-height: 1.35; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.head .run { grid-column: 1 / -1; font-size: 12px; color: var(--muted); }
.head .fields { grid-column: 1 / -1; display: grid; grid-template-columns: 110px 1fr; gap: 6px; padding-inline-end: 3px; margin-block-start: 4px; }
.icon { width: 26px; height: 26px; display: inline-grid; place-items: center; border-radius: 7px; color: var(--muted) !important; }
.icon:hover { background: var(--surface); color: var(--text) !important; }
.body { padding: 12px 15px 13px; display: grid; gap: 11px; }
.heat fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.heat legend, .caption { padding: 0; margin: 0 0 6px; font-size: 11.5px; font-weight: 600; color: var(--muted); display: flex; justify-content: space-between; width: 100%; }
.types { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px; }
.types button { display: flex; align-items: center; gap: 7px; height: 34px; padding: 0 8px; border: 1px solid var(--border); border-radius: 9px; font-weight: 550; background: var(--bg); transition: background .1s, border-color .1s; }
.types kbd { padding: 0; font: 600 10.5px/17px ui-monospace, SFMono-Regular, Menlo, monospace; width: 18px; text-align: center; border-radius: 4px; background: var(--surface); color: var(--muted); border: 1px solid var(--border); }
.types button:hover { border-color: var(--strong); background: var(--surface); }
.types [aria-checked="true"] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); background: var(--surface); }
.types [aria-checked="true"] kbd { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
.scale { display: grid; grid-template-columns: repeat(10, 1fr); gap: 4px; }
.scale button { height: 32px; border-radius: 8px; font-weight: 600; font-variant-numeric: tabular-nums; border: 1px solid transparent; transition: transform .08s; }
.scale .routine { background: var(--routine); color: var(--on-routine); }
.scale .focused { background: var(--focused); color: var(--on-focused); }
.scale .intense { background: var(--intense); color: var(--on-intense); }
.scale button:hover { border-color: currentColor; }
.scale .routine[aria-checked="true"] { background: var(--routine-on); color: var(--bg); }
.scale .focused[aria-checked="true"] { background: var(--focused-on); color: var(--bg); }
.scale .intense[aria-checked="true"] { background: var(--intense-on); color: var(--bg); }
.bands { display: grid; grid-template-columns: 3fr 3fr 4fr; gap: 4px; margin-block-start: 4px; font-size: 11.5px; color: var(--muted); text-align: center; }
.bands .on { color: var(--text); font-weight: 650; }
.hint { font-size: 12px; color: var(--muted); min-height: 17px; margin: 3px 0 0; }
.pairs { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
.field { display: grid; gap: 4px; min-width: 0; }
.field > span { font-size: 11.5px; font-weight: 600; color: var(--muted); }
.heat input[type="text"] { width: 100%; height: 30px; padding: 0 9px; border: 1px solid var(--border); border-radius: 8px; background: var(--bg); }
.heat input::placeholder { color: var(--muted); opacity: .85; }
.heat input[type="text"]:focus { border-color: var(--accent); outline: 2px solid var(--ring); outline-offset: 0; }
.chips { display: flex; flex-wrap: wrap; gap: 5px; }
.chip { height: 24px; padding: 0 9px !important; border-radius: 999px; border: 1px solid var(--border) !important; font-size: 12px; font-weight: 550; background: var(--bg) !important; white-space: nowrap; }
.chip:hover { border-color: var(--strong) !important; background: var(--surface) !important; }
.chip[aria-pressed="true"] { background: var(--accent) !important; color: var(--on-accent); border-color: var(--accent) !important; }
.row { display: flex; align-items: center; gap: 7px; flex-wrap: wrap; }
.row > .name { font-size: 11.5px; font-weight: 600; color: var(--muted); min-width: 58px; }
.days { display: inline-grid; grid-template-columns: 1fr 1fr; padding: 2px; border-radius: 8px; background: var(--surface); border: 1px solid var(--border); }
.days button { height: 21px; padding: 0 8px; border-radius: 6px; font-size: 11.5px; font-weight: 550; color: var(--muted); }
.days [aria-checked="true"] { background: var(--bg); color: var(--text); box-shadow: 0 1px 2px rgba(14,21,38,.16); }
.actions { display: grid; grid-template-columns: 1.12fr 1fr; gap: 8px; margin-block-start: 2px; }
.actions button { height: 36px; border-radius: 9px; font-weight: 650; border: 1px solid var(--border); white-space: nowrap; }
.actions .first { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.actions .first:hover { filter: brightness(1.08); } .actions button:not(.first):hover { background: var(--surface); border-color: var(--strong); }
.actions kbd { font: 500 11px/1 ui-monospace, SFMono-Regular, Menlo, monospace; opacity: .75; background: none; border: 0; padding: 0; margin-inline-start: 6px; }
.actions button[aria-disabled="true"] { opacity: .5; }
.note { font-size: 12.5px; border-inline-start: 3px solid var(--warm); background: var(--surface); padding: 6px 10px; border-radius: 6px; }
.note.bad { border-color: var(--bad); }
.note.good { border-color: var(--normal); display: flex; justify-content: space-between; align-items: center; }
.note button { color: var(--accent); font-weight: 600; padding: 1px 6px; border-radius: 5px; }
.foot { border-block-start: 1px solid var(--border); padding: 9px 15px 10px; background: var(--surface); border-radius: 0 0 14px 14px; }
.foot .sum { display: flex; align-items: center; gap: 8px; width: 100%; font-weight: 550; text-align: start; border-radius: 6px; }
.foot .sum .more { margin-inline-start: auto; color: var(--muted); font-weight: 500; font-size: 12px; }
.band { display: inline-block; padding: 0 8px; border-radius: 999px; font-size: 12px; font-weight: 650; line-height: 19px; font-variant-numeric: tabular-nums; }
.band.cool { background: var(--cool); color: var(--on-cool); } .band.normal { background: var(--normal); color: var(--on-normal); }
.band.warm { background: var(--warm); color: var(--on-warm); } .band.critical { background: var(--critical); color: var(--on-critical); }
.tags { list-style: none; margin: 6px 0 0; max-height: 132px; overflow: auto; padding: 0; display: grid; gap: 1px; }
.tags li { display: grid; grid-template-columns: 1fr auto auto; align-items: center; gap: 2px; padding: 3px 0; min-width: 0; }
.tags .what { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tags .what small { color: var(--muted); font-size: 12px; }
@media (forced-colors: active) { .heat [aria-checked="true"], .heat [aria-pressed="true"] { outline: 2px solid Highlight; } }
`;
