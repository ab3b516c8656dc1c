// What commands know of the terminal: whether it shows colour, and how to write to it without losing or flooding anything.

import process from 'node:process';
import { styleText } from 'node:util';
import { PLAIN_STYLE, showText, type Style, type Write } from '../report/index.ts';
import type { ToolError } from '../errors.ts';

function wantsColour(stream: { isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && TERM !== 'dumb';
}

function paint(format: Parameters<typeof styleText>[0]): (text: string) => string {
  return (text) => styleText(format, text, { validateStream: false });
}

/** Colours for a stream, or none: blue and red tell apart for every kind of colour blindness. State is never in the colour alone. */
export function styleFor(stream: { isTTY?: boolean }): Style {
  if (!wantsColour(stream)) return PLAIN_STYLE;
  return { good: paint('blue'), bad: paint(['bold', 'red']), strong: paint('bold'), faint: paint('dim') };
}

/** Writes to a stream and waits when the reader is slow. A reader that goes away (`| head`) is told by an error of code `EPIPE`. */
export function writerTo(stream: NodeJS.WritableStream): Write {
  let failure: Error | null = null;
  stream.on('error', (error: Error) => {
    failure ??= error;
  });
  return (chunk) => {
    if (failure !== null) throw failure;
    if (stream.write(chunk)) return undefined;
    return new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => {
        stream.removeListener('drain', done).removeListener('error', done);
        if (error === undefined || error === null) resolve();
        else reject(error);
      };
      stream.once('drain', done).once('error', done);
    });
  };
}

/** What, where, and the hint, on stderr. */
export function tellError(error: ToolError): void {
  const hint = error.hint === undefined ? '' : `hint: ${showText(error.hint)}\n`;
  process.stderr.write(`countersign: ${showText(error.message)}\n${hint}`);
}

/** A warning on stderr, escaped: it may quote a file or git. */
export function tellWarning(message: string): void {
  process.stderr.write(`warning: ${showText(message)}\n`);
}
