// The physical limit: crypto.verify over the signatures of a repository on as many threads as there are cores, all parsing done before.

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { BareTask } from './bare-worker.ts';
import type { BenchRepository } from './repositories.ts';

async function reply(worker: Worker): Promise<number> {
  const count: number = (await once(worker, 'message'))[0];
  return count;
}

/** Threads that hold the prepared signatures of one repository; `close` ends them. */
export class BareCrypto implements AsyncDisposable {
  readonly #workers: readonly Worker[];
  /** All signatures prepared. */
  readonly signatures: number;

  private constructor(workers: readonly Worker[], signatures: number) {
    this.#workers = workers;
    this.signatures = signatures;
  }

  static async prepare(bench: BenchRepository): Promise<BareCrypto> {
    const { repository } = bench;
    const oids = repository.git('rev-list', 'HEAD').split('\n');
    const keyring = join(repository.home, 'keyring.asc');
    const certificates = existsSync(keyring) ? readFileSync(keyring, 'latin1') : '';
    const threads = availableParallelism();
    const workers = Array.from({ length: threads }, (_, thread) => {
      // Every n-th commit to each thread, so that all have the same mixture of keys.
      const task: BareTask = {
        path: repository.path,
        env: repository.env,
        oids: oids.filter((_oid, index) => index % threads === thread),
        certificates,
      };
      return new Worker(new URL('bare-worker.ts', import.meta.url), { workerData: task });
    });
    const counts = await Promise.all(workers.map(reply));
    return new BareCrypto(
      workers,
      counts.reduce((sum, count) => sum + count, 0),
    );
  }

  /** Verifies all once; milliseconds from the word go until the last thread is done. */
  async round(): Promise<number> {
    const start = performance.now();
    const replies = this.#workers.map(reply);
    for (const worker of this.#workers) worker.postMessage('go');
    const good = (await Promise.all(replies)).reduce((sum, count) => sum + count, 0);
    const ms = performance.now() - start;
    if (good !== this.signatures) throw new Error(`crypto.verify: ${good} of ${this.signatures} signatures good: the benchmark is wrong`);
    return ms;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => worker.terminate()));
  }
}
