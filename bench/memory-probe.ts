// Loaded before a measured program: writes its peak memory in bytes to $COUNTERSIGN_BENCH_PEAK when it ends.

import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

function peakBytes(): number {
  // Not ru_maxrss where it can be helped: on Linux that starts out as what the parent had when it forked.
  if (process.platform === 'linux') {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (match !== null) return Number(match[1]) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}

const path = process.env['COUNTERSIGN_BENCH_PEAK'];
// Worker threads inherit --import; their memory is the process's, which the main thread tells.
if (isMainThread && path !== undefined) process.on('exit', () => writeFileSync(path, String(peakBytes())));
