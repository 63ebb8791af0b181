import { theme } from "./figures/theme.ts";

const { colour } = theme;

/** Okabe and Ito's colours, lightened to stand out as clearly on a dark page. */
const onDark: readonly (readonly [string, string])[] = [
  [colour.model, "#4FA8E0"],
  [colour.exact, "#F08A4B"],
];

const darkFigures = onDark
  .map(([light, dark]) => `figure [stroke="${light}"]{stroke:${dark}}figure [fill="${light}"]{fill:${dark}}`)
  .join("");

/**
 * The style sheet of a report page: one column, figures side by side if they fit, ink on white when printed.
 */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#1c2126;--soft:#5a646e;--line:#d9dee3;--page:#fff;--well:#f4f6f8;--alert:#b34700}
@media (prefers-color-scheme:dark){
:root{--ink:#e4e8ec;--soft:#9aa5b0;--line:#343b43;--page:#15181c;--well:#1e2328;--alert:#f08a4b}
@media screen{${darkFigures}}
}
*{box-sizing:border-box}
body{margin:0 auto;padding:2.5rem 1.5rem 4rem;max-width:66rem;background:var(--page);color:var(--ink);
font:16px/1.5 ${theme.fontFamily}}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem;font-weight:600;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.5rem 0 .75rem;font-weight:600}
h3{font-size:.95rem;margin:0 0 .4rem;font-weight:600}
p.summary{font-size:1.15rem;margin:0;max-width:46rem;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.4rem 1.2rem .4rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:400;border-bottom-color:var(--soft)}
tbody th{font-weight:600}
td.number{white-space:nowrap}
table.columns th:first-child{min-width:8rem;overflow-wrap:anywhere}
td.away{color:var(--alert);font-weight:600}
td.note{color:var(--soft);min-width:10rem}
p.note{color:var(--soft);font-size:.9rem;margin:.6rem 0 0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:2rem 2.5rem}
figure{margin:0;min-width:0}
figure svg{display:block;width:100%;max-width:${theme.width}px;height:auto}
figcaption{color:var(--soft);font-size:.9rem;margin-top:.5rem;max-width:${theme.width}px;overflow-wrap:anywhere}
figure.wide{grid-column:1/-1}
figure.wide svg,figure.wide figcaption{max-width:44rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.75rem 2.5rem}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1rem;margin:0;font-size:.92rem}
dt{color:var(--soft);max-width:12rem;overflow-wrap:anywhere}
dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
pre{background:var(--well);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;margin:0;
white-space:pre-wrap;overflow-wrap:anywhere;font:.88rem/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace}
pre code{font:inherit;user-select:all}
.empty{color:var(--soft)}
@media print{
:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--page:#fff;--well:#fff;--alert:#8a3700}
body{padding:0;max-width:none;font-size:10pt}
.figures,.facts{grid-template-columns:1fr 1fr;gap:1rem 1.5rem}
figure,tr,section.fact,pre{break-inside:avoid}
h2,h3{break-after:avoid}
}
`;
