import { escapeMarkup } from "../escape.ts";
import { formatNumber } from "./format.ts";
import { textWidth } from "./legend.ts";
import { emptyFigure, px, svgOpening } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link couplingGraph} draws. */
export interface CouplingGraphData {
  /** Shape of one configuration: sites of two dimensions lie on their lattice, all others on a circle. */
  readonly shape: readonly number[];
  /** Couplings K of pairs of sites, and fields of single ones; products of more spins are not drawn. */
  readonly couplings: readonly { readonly sites: readonly number[]; readonly value: number }[];
}

const side = 392;
const border = 44;
const keyHeight = 58;
/** Widths in px of the weakest line there can be and of the strongest there is. */
const [thinnest, thickest] = [0.4, 5.5];
/** Maximum number of sites with legible numbers around a circle. */
const mostNumbered = 40;

const positive = theme.colour.model;
const negative = theme.colour.exact;

/**
 * Couplings as a graph: one node a site, one line a pair, as wide as |K| and coloured by its sign; fields fill the nodes
 * alike. On a lattice a pair is joined the shorter way around the torus, across the border if need be.
 */
export function couplingGraph({ shape, couplings }: CouplingGraphData): string {
  const sites = shape.reduce((count, n) => count * n, 1);
  const pairs = couplings.filter((coupling) => coupling.sites.length === 2);
  const fields = couplings.filter((coupling) => coupling.sites.length === 1);
  if (pairs.length + fields.length === 0) return emptyFigure("no couplings to draw");
  const plane = shape.length === 2 ? latticeLayout(shape as [number, number]) : circleLayout(sites);
  const strongest = Math.max(...pairs.map(({ value }) => Math.abs(value)), 0);
  const field = Math.max(...fields.map(({ value }) => Math.abs(value)), 0);
  const widthOf = (value: number) => thinnest + (thickest - thinnest) * (Math.abs(value) / (strongest || 1));

  // Strong lines last, on top of the others.
  const lines = [...pairs]
    .sort((a, b) => Math.abs(a.value) - Math.abs(b.value))
    .map(
      ({ sites: [a = 0, b = 0], value }) =>
        `<path d="${plane.line(a, b)}" stroke="${colourOf(value)}" stroke-width="${px(widthOf(value))}"/>`,
    );
  const filled = new Map(fields.map(({ sites: [site = 0], value }) => [site, value]));
  const nodes = Array.from({ length: sites }, (_, site) => {
    const [x, y] = plane.at(site);
    const value = filled.get(site);
    const share = value === undefined ? 0 : Math.abs(value) / field;
    const fill = value === undefined ? "none" : colourOf(value);
    return (
      `<circle cx="${px(x)}" cy="${px(y)}" r="${px(plane.radius)}" fill="${theme.spin.down}"/>` +
      `<circle cx="${px(x)}" cy="${px(y)}" r="${px(plane.radius)}" fill="${fill}" fill-opacity="${px(share)}" ` +
      `stroke="currentColor" stroke-opacity="0.5" stroke-width="0.75"/>`
    );
  });
  const height = plane.height + keyHeight;
  const description = `coupling graph: ${pairs.length} pairs and ${fields.length} fields of ${sites} sites`;
  return (
    `${svgOpening(theme.width, Math.ceil(height), description)}` +
    `<defs><clipPath id="coupling-plane"><rect width="${theme.width}" height="${px(plane.height)}"/></clipPath></defs>` +
    `<g class="couplings" fill="none" stroke-linecap="round" stroke-opacity="0.85" clip-path="url(#coupling-plane)">${lines.join("")}</g>` +
    `<g class="sites">${nodes.join("")}</g>${plane.labels}` +
    `${key(strongest, field, widthOf, plane.height)}</svg>`
  );
}

const colourOf = (value: number) => (value < 0 ? negative : positive);

interface Layout {
  readonly height: number;
  readonly radius: number;
  readonly labels: string;
  at(site: number): readonly [x: number, y: number];
  /** The path of a line between two sites. */
  line(a: number, b: number): string;
}

function latticeLayout([rows, columns]: readonly [number, number]): Layout {
  const step = Math.min(side / columns, side / rows, 48);
  const left = (theme.width - (columns - 1) * step) / 2;
  const top = border * 0.8;
  const place = (row: number, column: number) => [left + column * step, top + row * step] as const;
  /** The shorter way from 0 to `d` around a ring of `n`; half way around it is the way inside. */
  const shorter = (d: number, n: number) => (2 * d > n ? d - n : 2 * d < -n ? d + n : d);
  return {
    height: (rows - 1) * step + 2 * top,
    radius: Math.max(1.2, Math.min(6, 0.16 * step)),
    labels: "",
    at: (site) => place(Math.floor(site / columns), site % columns),
    line(a, b) {
      const [r, c] = [Math.floor(a / columns), a % columns];
      const [toR, toC] = [Math.floor(b / columns), b % columns];
      const [dr, dc] = [shorter(toR - r, rows), shorter(toC - c, columns)];
      const from = arc(place(r, c), place(r + dr, c + dc), bend(dr, dc));
      if (r + dr === toR && c + dc === toC) return from;
      // Around the torus: as it leaves one end, and again as it arrives at the other.
      return from + arc(place(toR - dr, toC - dc), place(toR, toC), bend(dr, dc));
    },
  };
}

/** Lines that would run through other sites bend around them. */
const bend = (dr: number, dc: number) => (Math.max(Math.abs(dr), Math.abs(dc)) > 1 ? 0.12 : 0);

function arc([x, y]: readonly [number, number], [u, v]: readonly [number, number], bent: number): string {
  if (bent === 0) return `M${px(x)},${px(y)}L${px(u)},${px(v)}`;
  const [cx, cy] = [(x + u) / 2 - bent * (v - y), (y + v) / 2 + bent * (u - x)];
  return `M${px(x)},${px(y)}Q${px(cx)},${px(cy)} ${px(u)},${px(v)}`;
}

function circleLayout(sites: number): Layout {
  const radius = side / 2 - 12;
  const centre = [theme.width / 2, radius + border * 0.8] as const;
  const on = (site: number, r: number) => {
    const angle = (2 * Math.PI * site) / sites - Math.PI / 2;
    return [centre[0] + r * Math.cos(angle), centre[1] + r * Math.sin(angle)] as const;
  };
  const at = (site: number) => on(site, radius);
  const labels = Array.from({ length: sites <= mostNumbered ? sites : 0 }, (_, site) => {
    const [x, y] = on(site, radius + 17);
    return `<text x="${px(x)}" y="${px(y)}" dy="0.35em" text-anchor="middle" font-size="12">${site}</text>`;
  });
  return {
    height: 2 * (radius + border * 0.8),
    radius: Math.max(1.5, Math.min(6, (1.6 * side) / sites)),
    labels: labels.join(""),
    at,
    line: (a, b) => arc(at(a), at(b), 0),
  };
}

/** Lines of the largest |K| and half of it, both signs; and how strong a full node is. */
function key(strongest: number, field: number, widthOf: (value: number) => number, top: number): string {
  const parts: string[] = [];
  let left = 12;
  const entry = (mark: string, label: string) => {
    parts.push(
      `${mark}<text x="${px(left + 34)}" y="${px(top + 14)}" dy="0.33em">${escapeMarkup(label)}</text>`,
    );
    left += 34 + textWidth(label) + 20;
  };
  const line = (value: number) =>
    `<path d="M${px(left)},${px(top + 14)}h28" fill="none" stroke="${colourOf(value)}" stroke-width="${px(widthOf(value))}"/>`;
  if (strongest > 0)
    for (const value of [strongest, strongest / 2, -strongest / 2, -strongest])
      entry(line(value), `K = ${formatNumber(value, 2)}`);
  const text = `full nodes: a field of ±${formatNumber(field, 2)}`;
  const note = field > 0 ? `<text x="12" y="${px(top + 40)}" dy="0.33em">${escapeMarkup(text)}</text>` : "";
  return `<g class="key">${parts.join("")}${note}</g>`;
}
