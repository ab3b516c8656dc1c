// Medians, and rounds in which the competitors take turns, since the machine is noisy.

/** The middle of the values, or the mean of the two in the middle; NaN of none. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Something that is measured again and again; its figure is the median of what it took. */
export class Competitor {
  readonly #measure: () => Promise<number>;
  readonly #samples: number[] = [];

  /** `measure` does the work once and returns milliseconds. */
  constructor(measure: () => Promise<number>) {
    this.#measure = measure;
  }

  async takeTurn(): Promise<void> {
    this.#samples.push(await this.#measure());
  }

  /** Milliseconds; NaN before the first turn. */
  get median(): number {
    return median(this.#samples);
  }
}

/** Measures each competitor once a round, another one first each time. */
export async function takeTurns(rounds: number, competitors: readonly Competitor[]): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const first = round % competitors.length;
    for (const competitor of [...competitors.slice(first), ...competitors.slice(0, first)]) await competitor.takeTurn();
  }
}
