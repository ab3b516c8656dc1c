#!/usr/bin/env node
// argv -> command -> exit code. Kept to what the oldest Node with modules can read: it is what says that Node is too old.

const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number);

/** `engines` of package.json: 22.22.2 and later of Node 22, and everything from 24 on. */
const isNodeSupported = major >= 24 || (major === 22 && (minor > 22 || (minor === 22 && patch >= 2)));

if (!isNodeSupported) {
  process.stderr.write(
    `countersign: needs Node.js 22.22.2 or later of 22, or 24 and later; this is ${process.version} (${process.execPath})\n` +
      'hint: install the current LTS release (https://nodejs.org), or in a project: npm install --save-dev node@24, then npx countersign\n',
  );
  process.exitCode = 2;
} else {
  const { run } = await import('./commands/index.ts');
  process.exitCode = await run(process.argv.slice(2));
}
