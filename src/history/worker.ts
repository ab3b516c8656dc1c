// A worker thread: establishes the facts of batches and answers with them as JSON text.

import { parentPort, workerData } from 'node:worker_threads';
import type { HashAlgorithm } from '../object/index.ts';
import { openpgp, type OpenpgpVerificationKey } from '../signature/index.ts';
import { establishBatch } from './establish-batch.ts';

/** What a worker is sent: keys to verify OpenPGP signatures with from now on, or a batch. */
export type WorkerRequest =
  | { readonly keys: readonly OpenpgpVerificationKey[] }
  | { readonly id: number; readonly bytes: Uint8Array<ArrayBuffer>; readonly count: number };

/** What a worker answers: the facts of batch `id`, an array as JSON. */
export interface WorkerAnswer {
  readonly id: number;
  readonly facts: string;
}

const { algorithm } = workerData as { readonly algorithm: HashAlgorithm };
let keys = openpgp.indexOpenpgpKeys([]);

parentPort?.on('message', (request: WorkerRequest) => {
  if ('keys' in request) {
    keys = openpgp.indexOpenpgpKeys(request.keys);
    return;
  }
  const facts = JSON.stringify(establishBatch(request, algorithm, keys));
  const answer: WorkerAnswer = { id: request.id, facts };
  parentPort?.postMessage(answer);
});
