// Words for the reasons that belong to no single signature format.

import type { VerifyReason } from '../verdict.ts';
import type { ReasonText } from './types.ts';

export const GENERAL_TEXTS = {
  UNSIGNED: {
    title: 'unsigned',
    severity: 'error',
    explain:
      'The object carries no signature. Anyone can write any name and e-mail into a commit or tag, so without a signature nothing says who made it. ' +
      'A signed tag does not sign the commits before it one by one, and a merge by a signer does not sign what was merged.',
    fix: 'If it is yours, sign it again; signing changes its id, so do it before others build on it. If it is not yours, ask its author to.',
    commands: ['git commit --amend --no-edit -S', 'git rebase --force-rebase -S BASE', "git tag -s -f NAME 'NAME^{}'"],
  },
  SIGNATURE_FORMAT_UNKNOWN: {
    title: 'signature of no known format',
    severity: 'error',
    explain:
      'There is a signature header, but its text begins like none of the formats that git knows (OpenPGP, SSH, X.509). ' +
      'No tool can check it, and `git log --format=%G?` stops with an error at this object. git writes no such header; something else did, or it was damaged.',
    fix: 'Look at the raw object and find out which program wrote it. If it is yours, sign it again.',
    commands: ['git cat-file -p OBJECT', 'git commit --amend --no-edit -S'],
  },
  X509_UNSUPPORTED: {
    title: 'X.509 signature, which is not checked yet',
    severity: 'error',
    explain:
      'The signature is an X.509 (S/MIME, or keyless) one. This version checks SSH and OpenPGP signatures only. ' +
      'What cannot be checked is not accepted: the signature may be good or bad.',
    fix: 'Until X.509 is supported, check this object with the program that made it, or sign with an SSH or OpenPGP key.',
    commands: ['git -c gpg.x509.program=PROGRAM verify-commit OBJECT'],
  },
  OBJECT_MISSING: {
    title: 'object not in the repository',
    severity: 'error',
    explain:
      'The repository does not have the object that was asked for. It may be a partial or damaged clone, or the object was never fetched. What is not there cannot be judged, so it is not accepted.',
    fix: 'Fetch the whole history and try again.',
    commands: ['git fetch --unshallow', 'git fetch --refetch', 'git fsck --connectivity-only'],
  },
  OBJECT_NOT_SIGNABLE: {
    title: 'neither a commit nor a tag',
    severity: 'error',
    explain:
      'The object is a file or a directory (a blob or a tree). Only commits and annotated tags carry signatures; what they refer to is covered by theirs.',
    fix: 'Name the commit or tag that contains it.',
    commands: ['git cat-file -t OBJECT', 'git log --find-object=OBJECT'],
  },
  INTERNAL_ERROR: {
    title: 'internal error of countersign',
    severity: 'error',
    explain:
      'countersign itself failed on this object. That is a bug in countersign, and says nothing about the object; it is refused because it was not judged.',
    fix: 'Please report it with the raw object, if you may share it. If you think that somebody could use it to harm others, report it as SECURITY.md says.',
    commands: ['git cat-file commit OBJECT > object.txt'],
  },
} as const satisfies Record<VerifyReason, ReasonText>;
