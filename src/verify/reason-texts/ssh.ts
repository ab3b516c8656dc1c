// Words for the reasons of SSH signatures and certificates.

import type { SshReason } from '../../signature/index.ts';
import type { ReasonText } from './types.ts';

const SIGN_AGAIN = ['git commit --amend --no-edit -S', "git tag -s -f NAME 'NAME^{}'"];
const NEW_KEY = [
  'ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519_signing',
  'git config --global gpg.format ssh',
  'git config --global user.signingKey ~/.ssh/id_ed25519_signing.pub',
];

export const SSH_TEXTS = {
  SSH_SIGNATURE_MALFORMED: {
    title: 'unreadable SSH signature',
    severity: 'error',
    explain:
      'The signature says that it is an SSH one, but its armor or content breaks the format, so there is nothing to check. ' +
      'Usually it was damaged on the way: by a tool that re-wraps or trims text, by a conversion of line ends, or by hand.',
    fix: 'If it is yours, sign it again.',
    commands: SIGN_AGAIN,
  },
  SSH_SIGNATURE_BAD: {
    title: 'bad SSH signature',
    severity: 'error',
    explain:
      'The signature is well formed, but it was not made over this content by the key it names. Either the object was changed after it was signed, or the signature was taken from another object. ' +
      'A tool that rewrites history (filter-repo, an import, a bot) and copies the old signature causes this as well.',
    fix: 'Do not trust the content. Compare it with what its author has. If you rewrote it yourself, sign it again.',
    commands: ['git show --format=raw OBJECT', ...SIGN_AGAIN],
  },
  SSH_SIGNATURE_NOT_CANONICAL: {
    title: 'SSH signature in a second spelling',
    severity: 'error',
    explain:
      'The signature verifies only in lax programs: it is the same signature written in a way that the standard (RFC 8032 for Ed25519) forbids. ' +
      'Older OpenSSH takes it, newer OpenSSH does not. Nobody needs the key to make such a copy of a good signature, and the copy gives the object a new id.',
    fix: 'Look for the original object with the same content. If it is yours, sign it again.',
    commands: SIGN_AGAIN,
  },
  SSH_KEY_UNSUPPORTED: {
    title: 'SSH key of an unsupported type',
    severity: 'error',
    explain:
      'The key or the signature is of a type that is not checked: `ssh-dss`, which OpenSSH has given up, a signature with SHA-1, or one that this version does not know.',
    fix: 'Sign with an Ed25519, ECDSA, RSA or security-key key.',
    commands: NEW_KEY,
  },
  SSH_KEY_TOO_SHORT: {
    title: 'RSA key too short',
    severity: 'error',
    explain: 'The RSA key has fewer than 1,024 bits. Such keys have been broken; OpenSSH refuses them as well.',
    fix: 'Make a new key, have it listed in the allowed signers, and sign again.',
    commands: NEW_KEY,
  },
  SSH_NAMESPACE_WRONG: {
    title: 'SSH signature made for something else',
    severity: 'error',
    explain:
      'Every SSH signature says what it was made for, its namespace; git makes and takes `git` only. This one names another, for example `file`. It may be a real signature by a real key, but its owner did not sign a commit or tag with it.',
    fix: 'If it is yours, sign with git and not by calling `ssh-keygen -Y sign` with another namespace.',
    commands: SIGN_AGAIN,
  },
  SSH_TRUST_NOT_GIVEN: {
    title: 'no allowed signers given',
    severity: 'error',
    explain:
      'The signature is an SSH one, and nothing says whose keys to trust: no allowed signers file was given, and git is configured with none. An SSH key carries no name of its own, so a good signature by an unknown key says nothing.',
    fix: 'Give a file with one line for each person and key, from a source that the people you judge cannot change.',
    commands: ['countersign verify --allowed-signers FILE', 'git config gpg.ssh.allowedSignersFile FILE'],
  },
  SSH_TRUST_TOO_LOW: {
    title: 'more trust demanded than SSH keys get',
    severity: 'error',
    explain:
      'The signature is good and its key is listed, but `gpg.minTrustLevel` is `ultimate`. git trusts a listed SSH key `fully` and no more, so with this setting it accepts no SSH signature at all.',
    fix: 'Set the least trust to `fully`, or sign with OpenPGP. Keys named with --allowed-signers are judged without this setting.',
    commands: ['git config gpg.minTrustLevel fully'],
  },
  SSH_KEY_UNKNOWN: {
    title: 'SSH key that nobody vouches for',
    severity: 'error',
    explain:
      'The signature is good, but no line of the allowed signers lists its key for this use. Whoever holds the key made it; who that is, is not known. The name and e-mail in the object prove nothing.',
    fix: 'Ask the person for the key over a channel you trust, compare the fingerprint, and add a line to the allowed signers.',
    commands: ['ssh-keygen -lf KEY.pub', 'echo "MAIL namespaces=\\"git\\" $(cat KEY.pub)" >> ALLOWED_SIGNERS'],
  },
  SSH_TIME_INVALID: {
    title: 'date that no key can be valid at',
    severity: 'error',
    explain:
      'The object claims a date beyond the year 9999, or one before 1970 once it is in the local time zone. Whether a key was valid at the time cannot be asked, and git gives the signature up as bad.',
    fix: 'If it is yours, correct the clock and sign again.',
    commands: ['git log -1 --format=%cI OBJECT', 'git commit --amend --no-edit --date=now -S'],
  },
  SSH_KEY_NOT_YET_VALID: {
    title: 'SSH key not valid yet when signing',
    severity: 'error',
    explain:
      'The key is listed with a `valid-after` that lies later than the time the object claims. Either the date of the object is wrong, or the key was used before it was meant to be.',
    fix: 'Compare the date of the object with the line in the allowed signers. Times without a `Z` are in the local time zone.',
    commands: ['git log -1 --format=%cI OBJECT'],
  },
  SSH_KEY_EXPIRED: {
    title: 'SSH key no longer valid when signing',
    severity: 'error',
    explain:
      'The key is listed with a `valid-before` that lies earlier than the time the object claims: it had been retired when this was signed.',
    fix: 'Sign again with a current key, or, where the key is still in use, set a later `valid-before` in the allowed signers. Times without a `Z` are in the local time zone.',
    commands: ['git log -1 --format=%cI OBJECT', ...SIGN_AGAIN],
  },
  SSH_NAMESPACE_NOT_ALLOWED: {
    title: 'SSH key not allowed to sign for git',
    severity: 'error',
    explain: 'The key is listed, but its line names the `namespaces` it may sign for, and `git` is not one of them.',
    fix: 'If the key is meant for git as well, add it to the line: `namespaces="git,file"`. Otherwise sign with a key that is.',
    commands: SIGN_AGAIN,
  },
  SSH_PRINCIPAL_NEGATED: {
    title: 'SSH principal excluded',
    severity: 'error',
    explain:
      'The line that lists the key excludes the only principal under which it could be found, by a pattern that begins with `!`. Some versions of OpenSSH and git take such a line as a match and show the pattern as the name; a line that says no is taken as no here.',
    fix: 'If the key is trusted, list it on a line of its own with the plain principal.',
    commands: ['echo "MAIL namespaces=\\"git\\" $(cat KEY.pub)" >> ALLOWED_SIGNERS'],
  },
  SSH_KEY_REVOKED: {
    title: 'revoked SSH key',
    severity: 'error',
    explain:
      'The key, or the authority that certified it, is listed in a revocation file. That list knows no dates: every signature by the key is refused, whenever it was made.',
    fix: 'Have what you still need signed again with a key that is trusted. For a key that was merely retired, prefer a `valid-before` in the allowed signers, which keeps its history.',
    commands: ['git config --get gpg.ssh.revocationFile', ...SIGN_AGAIN],
  },
  SSH_CERTIFICATE_MALFORMED: {
    title: 'unreadable SSH certificate',
    severity: 'error',
    explain: 'The signature was made with an SSH certificate whose content breaks the format, so what it certifies cannot be told.',
    fix: 'Have the certificate issued again, and sign again.',
    commands: ['ssh-keygen -Lf KEY-cert.pub'],
  },
  SSH_CERTIFICATE_BAD: {
    title: 'SSH certificate not signed by its authority',
    severity: 'error',
    explain:
      "The authority's signature on the certificate does not verify: the certificate was changed or forged. The key in it is not certified by anyone.",
    fix: 'Do not trust the content. If the certificate is yours, have it issued again, and sign again.',
    commands: ['ssh-keygen -Lf KEY-cert.pub'],
  },
  SSH_CERTIFICATE_NOT_USER: {
    title: 'SSH certificate that is not for a user',
    severity: 'error',
    explain: 'The certificate is for a host, not for a user. Host certificates name machines and are no proof of who made a commit.',
    fix: 'Sign with a user certificate (`ssh-keygen -s` without `-h`).',
    commands: ['ssh-keygen -s CA_KEY -I KEY_ID -n PRINCIPAL -V +52w KEY.pub'],
  },
  SSH_CERTIFICATE_NOT_YET_VALID: {
    title: 'SSH certificate not valid yet when signing',
    severity: 'error',
    explain:
      'The certificate begins to be valid later than the time the object claims. Either the date of the object or the clock of the authority is wrong.',
    fix: 'Compare the two times; sign again if the date of the object is wrong.',
    commands: ['ssh-keygen -Lf KEY-cert.pub', 'git log -1 --format=%cI OBJECT'],
  },
  SSH_CERTIFICATE_EXPIRED: {
    title: 'SSH certificate expired when signing',
    severity: 'error',
    explain: 'The certificate had run out at the time the object claims. (A certificate that ran out after that time is no fault.)',
    fix: 'Get a new certificate and sign again.',
    commands: ['ssh-keygen -Lf KEY-cert.pub', ...SIGN_AGAIN],
  },
  SSH_CERTIFICATE_CA_UNKNOWN: {
    title: 'SSH certificate of an unknown authority',
    severity: 'error',
    explain:
      'The certificate is sound, but no line of the allowed signers marks the key that issued it as `cert-authority`. Anyone can be an authority of their own making.',
    fix: 'If you trust the authority, compare its fingerprint over a channel you trust and add a line for it.',
    commands: ['ssh-keygen -lf CA.pub', 'echo "PRINCIPALS cert-authority,namespaces=\\"git\\" $(cat CA.pub)" >> ALLOWED_SIGNERS'],
  },
  SSH_CERTIFICATE_CA_WEAK: {
    title: 'SSH certificate signed with SHA-1',
    severity: 'error',
    explain:
      'The authority signed the certificate with RSA and SHA-1. SHA-1 collisions can be made to order, so such a certificate may have a forged twin. Older OpenSSH, and git with it, takes it.',
    fix: 'Have the certificate issued again with a SHA-2 signature, which OpenSSH has made by default since 8.2.',
    commands: ['ssh-keygen -s CA_KEY -t rsa-sha2-512 -I KEY_ID -n PRINCIPAL KEY.pub'],
  },
  SSH_CERTIFICATE_PRINCIPAL_UNKNOWN: {
    title: 'SSH certificate for a person who is not allowed',
    severity: 'error',
    explain: 'The authority is trusted, but only for some principals, and the certificate names none of them (or names none at all).',
    fix: 'Have the certificate issued for the right principal, or widen the line of the authority in the allowed signers.',
    commands: ['ssh-keygen -Lf KEY-cert.pub', 'ssh-keygen -s CA_KEY -I KEY_ID -n PRINCIPAL KEY.pub'],
  },
  SSH_CERTIFICATE_CRITICAL_OPTION: {
    title: 'SSH certificate with a restriction',
    severity: 'error',
    explain:
      'The certificate carries a critical option (such as `force-command` or `source-address`): its authority allows its use only under a condition. A verifier that does not know the condition must refuse; git and ssh-keygen pass over it.',
    fix: 'Have a certificate without critical options issued for signing.',
    commands: ['ssh-keygen -Lf KEY-cert.pub', 'ssh-keygen -s CA_KEY -I KEY_ID -n PRINCIPAL KEY.pub'],
  },
} as const satisfies Record<SshReason, ReasonText>;
