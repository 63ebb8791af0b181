import { addMultiple, multiply } from "./columns.ts";
import { productKey, type SpinProduct } from "./products.ts";
import { blockRows } from "./spins.ts";
import type { Term } from "./terms.ts";

/** The pair of one site and one term: the column with the sum of the term's products with that site. */
interface Incidence {
  readonly term: number;
  readonly column: number;
}

/**
 * The columns that some terms need: one for each product of spins, one for each sum of several of them. Filled for a
 * block of rows at a time.
 */
export class Design {
  readonly terms: readonly Term[];
  /** By site: the terms with products that contain it, each with the column of the sum of those products. */
  readonly bySite: readonly (readonly Incidence[])[];
  /** By term: the column of the sum of all its products. */
  readonly whole: Int32Array;
  /** `[columns, blockRows]`. */
  readonly values: Float64Array;
  readonly #products: readonly SpinProduct[];
  /** Columns that are sums of the columns of products. */
  readonly #sums: readonly { readonly column: number; readonly of: readonly number[] }[];

  constructor(terms: readonly Term[], sites: number) {
    this.terms = terms;
    const products: SpinProduct[] = [];
    const place = new Map<number, number>();
    const columnOf = (product: SpinProduct) => {
      const key = productKey(product, sites);
      const known = place.get(key);
      if (known !== undefined) return known;
      place.set(key, products.length);
      products.push(product);
      return products.length - 1;
    };
    const columns = terms.map((term) => term.products.map(columnOf));
    const sums: { column: number; of: readonly number[] }[] = [];
    const sumOf = (of: readonly number[]) => {
      if (of.length === 1) return of[0]!;
      sums.push({ column: products.length + sums.length, of });
      return products.length + sums.length - 1;
    };
    const bySite: Incidence[][] = Array.from({ length: sites }, () => []);
    terms.forEach((term, t) => {
      const own = new Map<number, number[]>();
      term.products.forEach((product, p) => {
        for (const site of product) own.set(site, [...(own.get(site) ?? []), columns[t]![p]!]);
      });
      for (const [site, of] of own) bySite[site]!.push({ term: t, column: sumOf(of) });
    });
    this.whole = Int32Array.from(columns, sumOf);
    this.bySite = bySite;
    this.#products = products;
    this.#sums = sums;
    this.values = new Float64Array((products.length + sums.length) * blockRows);
  }

  /** The sum of all products of a term, for the rows that were filled. */
  column(term: number, count: number): Float64Array {
    const at = this.whole[term]! * blockRows;
    return this.values.subarray(at, at + count);
  }

  /** Fills the columns for `count` rows from their spins, `[sites, blockRows]`. */
  fill(spins: Float64Array, count: number): void {
    const { values } = this;
    this.#products.forEach((product, p) => {
      const to = p * blockRows;
      const [first, ...others] = product;
      if (first === undefined) values.fill(1, to, to + count);
      else values.set(spins.subarray(first * blockRows, first * blockRows + count), to);
      for (const site of others) multiply(spins, site * blockRows, values, to, values, to, count);
    });
    for (const { column, of } of this.#sums) {
      const to = column * blockRows;
      values.fill(0, to, to + count);
      for (const source of of) addMultiple(1, values, source * blockRows, values, to, count);
    }
  }
}
