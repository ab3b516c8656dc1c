// Words for what is wrong with an object as bytes.

import type { ObjectReason } from '../../object/index.ts';
import type { ReasonText } from './types.ts';

const CRAFTED = 'git itself never writes such an object, so it was made by another program or by hand.';
const LOOK =
  'Look at the raw object and find out which program wrote it. If you cannot explain it, treat it as an attack. If it is yours, write it again with git.';
const LOOK_COMMANDS = ['git cat-file -p OBJECT', 'git fsck --strict'];

export const OBJECT_TEXTS = {
  OBJECT_TOO_LARGE: {
    title: 'object larger than the limit',
    severity: 'error',
    explain:
      'The commit or tag is larger than 16 MiB. Real ones are a few hundred bytes to some kilobytes; the limit keeps crafted objects from using up memory. It was not looked at.',
    fix: 'Find out how it came to be so large (usually a generated message) and write it again with a shorter one.',
    commands: ['git cat-file -s OBJECT'],
  },
  OBJECT_MALFORMED: {
    title: 'not a well-formed commit or tag',
    severity: 'error',
    explain: `Headers that every commit (tree, author, committer) or tag (object, type, tag) has are missing, or the object names what it is about by something that is no id in lower-case hex. ${CRAFTED}`,
    fix: LOOK,
    commands: LOOK_COMMANDS,
  },
  OBJECT_UNREADABLE: {
    title: 'commit that git cannot read',
    severity: 'error',
    explain: `The commit does not begin with a tree and its parents, each an id and a line feed. git stops with an error (bogus commit object, bad parents) wherever it meets it. ${CRAFTED}`,
    fix: LOOK,
    commands: LOOK_COMMANDS,
  },
  OBJECT_ID_MISMATCH: {
    title: 'content does not match its id',
    severity: 'error',
    explain:
      'The bytes that git handed out do not hash to the id they were asked for by. The repository is damaged, or something stands between: ' +
      'a replace ref, or a git that is not what it seems. The signature on these bytes says nothing about the object with that id.',
    fix: 'Check the repository, remove replace refs that you did not make, and fetch the object again from a source you trust.',
    commands: ['git fsck --full', 'git replace --list'],
  },
  HEADER_DUPLICATE: {
    title: 'header given twice',
    severity: 'error',
    explain: `A header that may stand once (such as tree, author or committer) stands more than once. Programs disagree on which one counts, so a reader may be shown another content or author than the one that was meant. ${CRAFTED}`,
    fix: LOOK,
    commands: LOOK_COMMANDS,
  },
  HEADER_MISORDERED: {
    title: 'headers out of order',
    severity: 'error',
    explain: `The headers do not stand in the order in which git writes them. Programs that read by position and programs that read by name then see two different objects. ${CRAFTED}`,
    fix: LOOK,
    commands: LOOK_COMMANDS,
  },
  HEADER_UNKNOWN_GPGSIG: {
    title: 'unsigned header in the disguise of a signature',
    severity: 'error',
    explain:
      'A header whose name begins with `gpgsig`, but is none that git knows, stands in the object. git leaves every such header out of what is signed, ' +
      'so anyone can add one, with any content, and the signature still verifies under a new object id.',
    fix: LOOK,
    commands: LOOK_COMMANDS,
  },
  HEADER_PARENTS_DIFFER: {
    title: 'parents differ from those that were signed',
    severity: 'error',
    explain:
      'The parents that git follows from this commit are not the parents that its signer signed: a line between them ends the list early. ' +
      'History that was signed is hidden from everything that walks it. This does not happen by accident.',
    fix: 'Do not use this commit. Find out who pushed it, and compare with the commit that its signer has.',
    commands: LOOK_COMMANDS,
  },
  HEADER_NUL: {
    title: 'NUL byte in the header',
    severity: 'error',
    explain: `There is a NUL byte in the header. Programs written in C stop reading there, others read on, so they see different objects. ${CRAFTED}`,
    fix: LOOK,
    commands: LOOK_COMMANDS,
  },
  MESSAGE_NUL: {
    title: 'NUL byte in the message',
    severity: 'error',
    explain: `There is a NUL byte in the message. git shows the message only up to it, while the signature covers what is hidden behind it. ${CRAFTED}`,
    fix: LOOK,
    commands: LOOK_COMMANDS,
  },
  HEADER_TOO_MANY: {
    title: 'too many headers',
    severity: 'error',
    explain:
      'The object has more than 1,024 header lines. The limit keeps crafted objects from costing time without end; the header was not looked at.',
    fix: LOOK,
    commands: LOOK_COMMANDS,
  },
  PARENTS_TOO_MANY: {
    title: 'too many parents',
    severity: 'error',
    explain: 'The commit has more than 256 parents. The largest real merges have some dozens.',
    fix: 'Merge in several steps.',
  },
  SIGNATURE_SEVERAL: {
    title: 'several signature headers',
    severity: 'error',
    explain:
      'The object carries more than one signature header of the same kind. git strings them together, other programs take the first or the last, so they may judge different signatures. One object, one signature.',
    fix: 'If it is yours, sign it again; that leaves one signature.',
    commands: ['git commit --amend --no-edit -S', "git tag -s -f NAME 'NAME^{}'"],
  },
  SIGNATURE_OTHER_HASH: {
    title: 'signature for the other object format',
    severity: 'warning',
    explain:
      "The object carries a signature header for the hash (SHA-1 or SHA-256) that this repository does not use. It signs the object's translation into the other format and is not checked here; " +
      'git ignores it as well, and leaves it out of what is signed. Only the signature for the hash of this repository counts.',
    fix: 'Nothing, where repositories of both formats are kept in step. Otherwise sign the object again in this repository.',
    commands: ['git rev-parse --show-object-format'],
  },
  SIGNATURE_TOO_LARGE: {
    title: 'signature larger than the limit',
    severity: 'error',
    explain: 'The signature is larger than 256 KiB. Real ones have a few hundred bytes to some kilobytes. It was not checked.',
    fix: 'If it is yours, sign it again.',
    commands: ['git commit --amend --no-edit -S'],
  },
  IDENTITY_MALFORMED: {
    title: 'no readable committer or tagger',
    severity: 'error',
    explain:
      'The committer line (in a tag: the tagger line) is missing or cannot be read as `Name <mail> seconds zone`. git refuses to check the signature of such an object and answers that there is none.',
    fix: 'If it is yours, write it again with git, with a name and an e-mail set.',
    commands: ['git config user.name NAME', 'git config user.email MAIL', 'git commit --amend --no-edit --reset-author -S'],
  },
} as const satisfies Record<ObjectReason, ReasonText>;
