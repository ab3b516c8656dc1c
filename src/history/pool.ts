// Establishes facts for batches: on this thread while there are few, on worker threads once there are many.

import { Worker } from 'node:worker_threads';
import type { RecordBatch } from '../git/index.ts';
import type { HashAlgorithm } from '../object/index.ts';
import { openpgp, type OpenpgpVerificationKey } from '../signature/index.ts';
import { establishBatch } from './establish-batch.ts';
import type { WorkerAnswer, WorkerRequest } from './worker.ts';

/** Where facts are established. `run` answers with the facts of a batch as a JSON array. */
export interface FactPool {
  setKeys(keys: readonly OpenpgpVerificationKey[]): void;
  run(batch: RecordBatch): Promise<string>;
  /** Batches that may be under way at once without any of them waiting long. */
  readonly capacity: number;
  stop(): Promise<void>;
}

/** Works on the calling thread. */
export function createInlinePool(algorithm: HashAlgorithm): FactPool {
  let index = openpgp.indexOpenpgpKeys([]);
  return {
    capacity: 1,
    setKeys(keys) {
      index = openpgp.indexOpenpgpKeys(keys);
    },
    // The turn of the event loop between batches lets output and cancellation through.
    run: async (batch) => {
      await new Promise((resolve) => setImmediate(resolve));
      return JSON.stringify(establishBatch(batch, algorithm, index));
    },
    stop: () => Promise.resolve(),
  };
}

interface Job {
  readonly resolve: (facts: string) => void;
  readonly reject: (error: Error) => void;
}

// Beside this module in the source tree and in the bundle alike.
const WORKER_URL = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** Works on `size` threads; each has one batch in hand and one waiting. */
export function createWorkerPool(algorithm: HashAlgorithm, size: number): FactPool {
  const jobs = new Map<number, Job>();
  let nextId = 0;
  let failure: Error | null = null;

  function fail(error: Error): void {
    failure ??= error;
    for (const job of jobs.values()) job.reject(failure);
    jobs.clear();
  }

  const workers = Array.from({ length: size }, () => {
    const worker = new Worker(WORKER_URL, { workerData: { algorithm } });
    const state = { worker, load: 0 };
    worker.on('message', ({ id, facts }: WorkerAnswer) => {
      state.load--;
      jobs.get(id)?.resolve(facts);
      jobs.delete(id);
    });
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => fail(new Error('internal error: a worker thread ended')));
    return state;
  });

  return {
    capacity: size * 2,
    setKeys(keys) {
      const request: WorkerRequest = { keys };
      for (const { worker } of workers) worker.postMessage(request);
    },
    run({ bytes, count }) {
      if (failure !== null) return Promise.reject(failure);
      const idlest = workers.reduce((best, state) => (state.load < best.load ? state : best));
      const id = nextId++;
      idlest.load++;
      const request: WorkerRequest = { id, bytes, count };
      idlest.worker.postMessage(request, [bytes.buffer]);
      return new Promise((resolve, reject) => jobs.set(id, { resolve, reject }));
    },
    async stop() {
      // Whoever waits for an answer must not wait for ever.
      fail(new Error('internal error: stopped'));
      await Promise.all(workers.map(({ worker }) => worker.removeAllListeners('exit').terminate()));
    },
  };
}
