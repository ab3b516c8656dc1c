// The face of report/: verdicts into text for people and programs, counts into an exit code.

export { encodeVerdict } from './encode-verdict.ts';
export { renderJson } from './render-json.ts';
export { renderJunit } from './render-junit.ts';
export { renderNdjson } from './render-ndjson.ts';
export { renderSarif } from './render-sarif.ts';
export { renderText } from './render-text.ts';
export type { Renderer, Report, Write } from './report.ts';
export { showText } from './show-text.ts';
export { PLAIN_STYLE, type Style } from './style.ts';
export { exitCodeOf, type Summary } from './summary.ts';
export { encodeCount } from './words.ts';
